"""The commands on tokens: `tasrih token create`, `list` and `revoke`."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import click
import orjson

from api.access import tokens
from api.commands.terminal import opened, report_errors
from api.errors import UnusableToken
from api.migrations.versions import require_current
from api.models.access import Token
from api.settings import Settings

NEVER = "never"
_SPAN = re.compile(r"([1-9][0-9]{0,5})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_COLUMNS: dict[str, Callable[[Token], str]] = {
    "name": lambda token: token.name,
    "id": lambda token: token.public_id,
    "state": tokens.state_of,
    "scopes": lambda token: token.scopes,
    "created": lambda token: token.created_at[:19] + "Z",
    "expires": lambda token: token.expires_at[:19] + "Z" if token.expires_at else NEVER,
    "last used": lambda token: token.last_used_at[:16] + "Z" if token.last_used_at else NEVER,
}


@click.group()
def token() -> None:
    """Make, list and revoke the tokens with which clients write."""


@token.command("create")
@click.option("--name", required=True, help="Who will write with it; the history shows this name.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(list(tokens.SCOPES)),
    multiple=True,
    required=True,
    help="What it is good for; may be given several times.",
)
@click.option(
    "--expires",
    default="365d",
    show_default=True,
    help="When it ends: 30m, 12h, 90d, a date, a moment such as 2030-01-31T12:00:00Z, or never.",
)
@report_errors
def create_command(settings: Settings, name: str, scopes: tuple[str, ...], expires: str) -> None:
    """Make a token and print it, alone, on standard output. It is shown this once; the database keeps its digest."""
    expires_at = _moment(expires)
    with opened(settings):
        require_current()
        secret = tokens.create(name, scopes, expires_at)
    click.echo("Keep this token: it can't be shown again. Whoever has it can do what it may do.", err=True)
    click.echo(secret)


def _moment(expires: str) -> datetime | None:
    """The moment in UTC at which a token expires; None for never."""
    if expires == NEVER:
        return None
    try:
        if span := _SPAN.fullmatch(expires):
            return datetime.now(UTC) + timedelta(**{_UNITS[span[2]]: int(span[1])})
        at = datetime.fromisoformat(expires)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnusableToken(
            f"--expires can't be {expires[:50]!r}: write 30m, 12h, 90d, 2030-01-31, 2030-01-31T12:00:00Z or never."
        ) from None


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@report_errors
def list_command(settings: Settings, as_json: bool) -> None:
    """Show every token ever made: its name, id, state, scopes and times, in UTC; never its secret."""
    with opened(settings):
        require_current()
        table = [{column: show(each) for column, show in _COLUMNS.items()} for each in tokens.everyone()]
    if as_json:
        click.echo(orjson.dumps([_as_json(row) for row in table], option=orjson.OPT_INDENT_2).decode())
    else:
        _show([list(_COLUMNS), *(list(row.values()) for row in table)])


def _as_json(row: dict[str, str]) -> dict[str, object]:
    plain: dict[str, object] = {
        column.replace(" ", "_"): None if value == NEVER else value for column, value in row.items()
    }
    return {**plain, "name": row["name"], "scopes": row["scopes"].split()}


def _show(table: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        click.echo("  ".join(_padded(row, widths)).rstrip())


def _padded(row: Iterable[str], widths: Iterable[int]) -> list[str]:
    return [value.ljust(width) for value, width in zip(row, widths, strict=True)]


@token.command("revoke")
@click.argument("name")
@report_errors
def revoke_command(settings: Settings, name: str) -> None:
    """End the token NAME at once, for good. Its name stays taken: the history shows it."""
    with opened(settings):
        require_current()
        was_good = tokens.revoke(name)
    click.echo(f"The token '{name}' is revoked." if was_good else f"The token '{name}' was revoked already.")
