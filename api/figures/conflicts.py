"""Figures that can't both hold. Which of them does, if any, is never said.

Two claims are held against each other when they count the same in the same unit for the same party, and in the same event
or, where not both name one, in periods that overlap. A claim is what one claimant says: whoever passes it on makes none.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import orjson

from api.cursors import Position, decode, encode
from api.database.statements import rows
from api.documents.record_types import Document
from api.figures.reading import COLUMNS, Finished, Row, figure_of, joined_to
from api.figures.selecting import selection
from api.queries.fragments import LIMIT_AND_ONE, Arguments, Fragment, fragment
from api.queries.query import Query
from api.queries.reading import Page
from api.records.rendering import etag
from schemas.values import dates

NEARLY = 0.1
"""How far from an approximate value the true one may lie: a tenth. So "about 100" and 105 can both hold, and 120 can't."""


class Bound(NamedTuple):
    """The values that a figure of 1 leaves possible; without `most`, all from the least on. Open: not the end itself."""

    least: float
    most: float | None
    is_open: bool = False


BOUNDS = {
    "exact": Bound(1, 1),
    "approximate": Bound(1 - NEARLY, 1 + NEARLY),
    "more-than": Bound(1, None, is_open=True),
    "at-least": Bound(1, None),
    "less-than": Bound(0, 1, is_open=True),
}
_ENDLESS = 1e300  # more than any value times a bound


def exclude_each_other(one: Document, other: Document) -> bool:
    """Whether the values of two figures of the same can't both hold, given their bounds."""
    return _lies_below(one, other) or _lies_below(other, one)


def _lies_below(low: Document, high: Document) -> bool:
    """Whether all that the first figure leaves possible lies below all that the second does."""
    below, above = BOUNDS[low["bound"]], BOUNDS[high["bound"]]
    most = _ENDLESS if below.most is None else low["value"] * below.most
    least = high["value"] * above.least
    touching_is_excluded = (below.is_open and below.most is not None) or (above.is_open and above.most is None)
    return bool(most < least or (most == least and touching_is_excluded))


def count_the_same(one: Document, other: Document) -> bool:
    """Whether two figures of a measure, unit and party are of the same event, or else of periods that overlap."""
    if one["event"] and other["event"]:
        return bool(one["event"]["id"] == other["event"]["id"])
    if not (one["period"] and other["period"]):
        return False
    days, others = dates.parse(one["period"]), dates.parse(other["period"])
    return days.earliest <= others.latest and others.earliest <= days.latest


def page(query: Query, finished: Finished) -> Page:
    """The conflicts of a page of subjects (measure, unit, party) with a figure in them that a query finds; one statement."""
    scope = query.cursor_scope("conflicts")
    position = None if query.cursor is None else decode(query.cursor, scope, str)
    statement = _statement(query, position)
    subjects: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for measured, party, *row in rows(statement.sql, statement.values(Arguments(query))):
        subjects[measured, party].append(Row(*row))
    chosen = list(subjects)[: query.limit]
    conflicts = [conflict for subject in chosen for conflict in _conflicts(subjects[subject])]
    documents = [orjson.dumps(finished(conflict)) for conflict in conflicts]
    more = len(subjects) > query.limit
    return Page(
        documents,
        [etag(document) for document in documents],
        next=encode(Position(False, *chosen[-1]), scope) if more else None,
    )


def _of_same(one: str, other: str) -> str:
    """The condition that two rows are of one subject."""
    same_party = f"({one}.party_id = {other}.party_id OR ({one}.party_id IS NULL AND {other}.party_id IS NULL))"
    return f"{one}.measure = {other}.measure AND {one}.unit = {other}.unit AND {same_party}"


def _statement(query: Query, position: Position | None) -> Fragment:
    """A SELECT of a subject and the columns of a figure for each figure that another excludes, of a page of subjects.

    Whether figures exclude each other takes as many looks as there are pairs of them. So it is asked last, of subjects whose
    figures differ at all, and of no more subjects than the page takes.
    """
    selected = selection(query)
    subjects = fragment(
        "SELECT subject.measure, subject.unit, subject.party_id FROM figure AS subject"
        " WHERE (subject.event_id IS NOT NULL OR subject.period_earliest IS NOT NULL) AND {}"
        " GROUP BY subject.measure, subject.unit, subject.party_id"
        " HAVING (MIN(subject.value) < MAX(subject.value) OR MIN(subject.bound) < MAX(subject.bound))"
        f" AND EXISTS (SELECT 1 FROM {selected.tables} WHERE {_of_same('figure', 'subject')} AND {{}} AND {_EXCLUDED})"
        " ORDER BY subject.measure, subject.unit, subject.party_id NULLS FIRST LIMIT {}",
        _behind(position),
        selected.condition,
        LIMIT_AND_ONE,
    )
    return fragment(
        f"WITH chosen AS MATERIALIZED ({{}}) SELECT {_SUBJECT}, {COLUMNS}"
        f" FROM chosen, {joined_to(selected.tables)} WHERE {_of_same('figure', 'chosen')} AND {_EXCLUDED}"
        " ORDER BY figure.measure, figure.unit, figure.party_id NULLS FIRST, figure.sort_key, figure.number",
        subjects,
    )


_SUBJECT = "figure.measure || ' ' || figure.unit, COALESCE(figure.party_id, 0)"


def _behind(position: Position | None) -> Fragment:
    """The condition that a subject comes after a position: of its key, measure and unit, and its number, the party's."""
    if position is None:
        return Fragment("1 = 1")
    measure, _, unit = str(position.key).partition(" ")
    after = (measure, unit, position.number)
    return Fragment("(subject.measure, subject.unit, COALESCE(subject.party_id, 0)) > (?, ?, ?)", (lambda _: after,))


def _excluded_sql() -> str:
    """The condition that another figure of the same excludes `figure`: `count_the_same` and `exclude_each_other` in SQL."""
    overlapping = (
        "((other.event_id IS NULL OR figure.event_id IS NULL)"
        " AND other.period_earliest <= figure.period_latest AND other.period_latest >= figure.period_earliest)"
    )
    excluding = f"({_lies_below_sql('figure', 'other')} OR {_lies_below_sql('other', 'figure')})"
    return (
        f"EXISTS (SELECT 1 FROM figure AS other WHERE {_of_same('other', 'figure')}"
        f" AND (other.event_id = figure.event_id OR {overlapping}) AND {excluding})"
    )


def _lies_below_sql(low: str, high: str) -> str:
    most = _by_bound(low, {name: _ENDLESS if bound.most is None else bound.most for name, bound in BOUNDS.items()})
    least = _by_bound(high, {name: bound.least for name, bound in BOUNDS.items()})
    open_above = [name for name, bound in BOUNDS.items() if bound.is_open and bound.most is not None]
    open_below = [name for name, bound in BOUNDS.items() if bound.is_open and bound.most is None]
    is_open = " OR ".join(
        f"{row}.bound = 'bounds/{name}'" for row, names in ((low, open_above), (high, open_below)) for name in names
    )
    return f"({most} < {least} OR ({most} = {least} AND ({is_open})))"


def _by_bound(row: str, factors: dict[str, float]) -> str:
    """The end of what a row leaves possible: its value times the factor of its bound, or endless."""
    cases = " ".join(
        f"WHEN 'bounds/{name}' THEN {'1e300' if factor == _ENDLESS else f'{row}.value * {float(factor)!r}'}"
        for name, factor in factors.items()
    )
    return f"(CASE {row}.bound {cases} END)"


_EXCLUDED = _excluded_sql()


def _conflicts(read: Sequence[Row]) -> Iterator[Document]:
    """The conflicts among the figures of one subject: claims that exclude each other, directly or through others."""
    sides = _sides([figure_of(row) for row in read])
    for group in _connected(sides):
        first = group[0]["figures"][0]
        events = {side["figures"][0]["event"] and side["figures"][0]["event"]["id"] for side in group}
        yield {
            **{key: first[key] for key in ("measure", "unit", "party")},
            "compared_by": "event" if len(events) == 1 and None not in events else "period",
            "same_claimant": len({side["claimant"]["id"] for side in group}) == 1,
            "sides": sorted(group, key=lambda side: (-side["value"], side["bound"], side["claimant"]["id"])),
        }


def _sides(figures: Sequence[Document]) -> list[Document]:
    """The claims: figures of one claimant, value, bound, event and period are one, whoever passes it on."""
    claims: dict[tuple[Any, ...], list[Document]] = defaultdict(list)
    for figure in figures:
        event = figure["event"] and figure["event"]["id"]
        claims[figure["claimant"]["id"], figure["value"], figure["bound"], event, figure["period"]].append(figure)
    return [
        {
            **{key: claimed[0][key] for key in ("claimant", "value", "bound")},
            "first_hand": any(figure["first_hand"] for figure in claimed),
            "figures": claimed,
        }
        for claimed in claims.values()
    ]


def _connected(sides: Sequence[Document]) -> list[list[Document]]:
    """The sides in groups: two that exclude each other are in the same."""
    group_of = list(range(len(sides)))
    for place, other in combinations(range(len(sides)), 2):
        one, two = sides[place]["figures"][0], sides[other]["figures"][0]
        if count_the_same(one, two) and exclude_each_other(one, two):
            joined, into = group_of[other], group_of[place]
            group_of = [into if group == joined else group for group in group_of]
    groups: dict[int, list[Document]] = defaultdict(list)
    for group, side in zip(group_of, sides, strict=True):
        groups[group].append(side)
    return list(groups.values())
