"""The command on links between statements: `tasrih links propose`."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

import click
import orjson

from api.commands.terminal import opened, report_errors
from api.database.transactions import at_one_moment
from api.documents.record_types import Document
from api.errors import UnusableDate
from api.migrations.versions import require_current
from api.settings import Settings
from api.similarity.pairs import Pair, pairs
from api.similarity.reasons import KINDS, Facts, shown
from schemas.records.vocabularies import labels
from schemas.values import dates


@click.group()
def links() -> None:
    """Find statements that a person may link."""


@links.command("propose")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many pairs at most.")
@click.option("--since", help="Only pairs whose later statement was made then or later: a date, a month or a year.")
@click.option("--until", help="Only pairs whose later statement was made then or earlier.")
@click.option(
    "--reason",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Only pairs with this reason; may be given several times.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "ndjson"]),
    default="text",
    show_default=True,
    help="Lines to read; or all pairs as JSON; or each pair in a line of JSON.",
)
@report_errors
def propose_command(
    settings: Settings, limit: int, since: str | None, until: str | None, kinds: tuple[str, ...], format_: str
) -> None:
    """List pairs of statements worth a look, the latest first, each with the reason. Nothing is stored or decided.

    Listed are statements with opposed acts on one agreement or event, with the same figure, or with the same words. Those
    that are linked already are left out.
    """
    earliest = dates.FIRST_DAY if since is None else _days("--since", since).earliest
    latest = dates.LAST_DAY if until is None else _days("--until", until).latest
    with opened(settings):
        require_current()
        with at_one_moment():
            _WRITERS[format_](_at_most(limit, pairs(earliest, latest, kinds or KINDS)))


def _at_most(limit: int, found: Iterable[Pair]) -> Iterator[Pair]:
    """The first pairs; what follows is not even looked for, which may take long."""
    for place, pair in enumerate(islice(found, limit), 1):
        yield pair
        if place == limit:
            click.echo(
                f"Stopped at the limit of {limit}: a higher --limit lists more, --until begins at an earlier day.",
                err=True,
            )


def _days(option: str, written: str) -> dates.Days:
    try:
        return dates.parse(written)
    except ValueError as error:
        raise UnusableDate(f"{option} can't be {written[:50]!r}: {error}") from None


def _write_text(found: Iterable[Pair]) -> None:
    place = 0
    for place, pair in enumerate(found, 1):
        click.echo("\n".join(_lines(place, pair)))
    if not place:
        click.echo("No pair was found.")


def _lines(place: int, pair: Pair) -> list[str]:
    statements = chain.from_iterable(map(_shown, (pair.later, pair.earlier)))
    return [f"{place}.", *statements, *(f"  {reason.kind}: {reason.text}" for reason in pair.reasons)]


def _shown(statement: Facts) -> tuple[str, str]:
    act = labels("acts")[statement.act]["en"]
    return f"  {statement.id}  {statement.date}  {act}", f"    {' '.join(shown(statement.summary).split())}"


def _write_json(found: Iterable[Pair]) -> None:
    click.echo(orjson.dumps([_as_json(pair) for pair in found], option=orjson.OPT_INDENT_2).decode())


def _write_ndjson(found: Iterable[Pair]) -> None:
    for pair in found:
        click.echo(orjson.dumps(_as_json(pair)).decode())


_WRITERS: dict[str, Callable[[Iterable[Pair]], None]] = {
    "text": _write_text,
    "json": _write_json,
    "ndjson": _write_ndjson,
}


def _as_json(pair: Pair) -> Document:
    def statement(facts: Facts) -> dict[str, Any]:
        return {"id": facts.id, "name": facts.summary, "date": facts.date, "act": facts.act}

    given = [{"kind": reason.kind, "text": reason.text, "shared": reason.shared} for reason in pair.reasons]
    return {"statements": [statement(pair.later), statement(pair.earlier)], "reasons": given}
