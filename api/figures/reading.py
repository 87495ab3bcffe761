"""Figures page by page, each page read by exactly one SQL statement."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson

from api.cursors import Position, decode, encode, sides
from api.database.compression import decompressed
from api.database.statements import rows
from api.documents.record_types import Document
from api.figures.selecting import Selection, selection
from api.models.statements import Figure
from api.queries.fragments import LIMIT_AND_ONE, Arguments, Fragment, fragment
from api.queries.query import Query
from api.queries.reading import Page
from api.records.rendering import etag

COLUMNS = (
    "figure.sort_key, figure.number, figure.measure, figure.value, figure.unit, figure.bound, claimant.id,"
    " claimant.label, party.id, party.label, counted.id, counted.label, figure.period, statement.body"
)
"""The columns of `figure_of`, which are read from the tables of `joined_to`."""

Finished = Callable[[Document], Document]
"""Finishes a figure before it is written out, for instance in one language."""


class Row(NamedTuple):
    """A figure as it is read."""

    sort_key: int
    number: int
    measure: str
    value: float
    unit: str
    bound: str
    claimant: str
    claimant_label: str
    party: str | None
    party_label: str | None
    event: str | None
    event_label: str | None
    period: str | None
    statement: bytes


def joined_to(tables: str) -> str:
    """Tables with `figure` and `statement`, and the records that figures refer to beside them."""
    return (
        f"{tables} JOIN speaker AS claimant ON claimant.number = figure.claimant_id"
        " LEFT JOIN speaker AS party ON party.number = figure.party_id"
        " LEFT JOIN event AS counted ON counted.number = figure.event_id"
    )


def page(query: Query, finished: Finished) -> Page:
    """A page of the figures that a query finds, those of the latest statements first; raise InvalidParameters."""
    scope = query.cursor_scope("figures")
    position = None if query.cursor is None else decode(query.cursor, scope, int)
    statement = _page_statement(selection(query), position)
    read = [Row(*row) for row in rows(statement.sql, statement.values(Arguments(query, position)))]
    backwards = position is not None and position.backwards
    more, read = len(read) > query.limit, read[: query.limit]
    if backwards:
        read.reverse()
    documents = [orjson.dumps(finished(figure_of(row))) for row in read]
    has_next, has_previous = sides(position, bool(read), more)
    return Page(
        documents,
        [etag(document) for document in documents],
        next=encode(Position(False, *read[-1][:2]), scope) if has_next else None,
        previous=encode(Position(True, *read[0][:2]), scope) if has_previous else None,
    )


def _page_statement(selected: Selection, position: Position | None) -> Fragment:
    direction, sign = ("ASC", ">") if position is not None and position.backwards else ("DESC", "<")
    beyond = Fragment("1 = 1")
    if position is not None:
        key, number = position.key, position.number
        beyond = Fragment(f"(figure.sort_key, figure.number) {sign} (?, ?)", (lambda _: (key, number),))
    return fragment(
        f"SELECT {COLUMNS} FROM {joined_to(selected.tables)} WHERE {{}} AND {{}}"
        f" ORDER BY figure.sort_key {direction}, figure.number {direction} LIMIT {{}}",
        selected.condition,
        beyond,
        LIMIT_AND_ONE,
    )


def figure_of(row: Row) -> Document:
    """A figure with who claimed it where: `passed_on` by somebody else than the claimant, who did not speak for them."""
    statement = orjson.loads(decompressed(row.statement))
    speakers = [speaker["speaker"] for speaker in statement["speakers"]]
    return {
        "measure": Figure.measure.python_value(row.measure),
        "value": int(row.value) if row.value == int(row.value) else row.value,
        "unit": Figure.unit.python_value(row.unit),
        "bound": Figure.bound.python_value(row.bound),
        "claimant": _reference(row.claimant, row.claimant_label),
        "party": _reference(row.party, row.party_label),
        "period": row.period,
        "event": _reference(row.event, row.event_label),
        "passed_on": not _names(row.claimant, [*speakers, *statement["on_behalf_of"]]),
        "first_hand": _names(row.claimant, statement["first_hand_for"]),
        "statement": {"id": statement["id"], "name": statement["summary"]},
        "date": statement["date"],
        "speakers": speakers,
        "reports": [{key: report[key] for key in ("article", "mode")} for report in statement["reports"]],
    }


def _reference(record_id: str | None, label: str | None) -> Document | None:
    return None if record_id is None or label is None else {"id": record_id, "name": orjson.loads(label)}


def _names(record_id: str, references: Sequence[dict[str, Any]]) -> bool:
    return any(reference["id"] == record_id for reference in references)
