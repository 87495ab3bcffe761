"""The commands on the log of changes: `tasrih changes expire`."""

import click
from marshmallow import ValidationError

from api.changelog.retention import expire
from api.commands.terminal import opened, report_errors
from api.errors import BadMoment
from api.migrations.versions import require_current
from api.settings import Settings
from schemas.parameters.values import Timestamp


@click.group()
def changes() -> None:
    """Look after the log of changes."""


@changes.command("expire")
@click.option(
    "--before", required=True, help="The moment up to which history is given up, such as 2026-01-31T12:00:00Z."
)
@report_errors
def expire_command(settings: Settings, before: str) -> None:
    """Drop old changes, but for the last of each record: what was said before that moment can't be told any more."""
    moment = _moment(before)
    with opened(settings):
        require_current()
        dropped = expire(moment)
    click.echo(f"Dropped {dropped} change{'s' if dropped > 1 else ''}." if dropped else "There was nothing to drop.")


def _moment(written: str) -> str:
    try:
        return str(Timestamp().deserialize(written))
    except ValidationError:
        raise BadMoment(
            f"'{written}' is not a moment: write it with its offset, such as 2026-01-31T12:00:00Z."
        ) from None
