"""Counting statements: by the values of facets, and along time, by bitmaps or by SQL.

Each function runs exactly one SQL statement, unless bitmaps must first take over what has changed.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson
from peewee import Field
from pyroaring import BitMap

from api.bitmaps.columns import DAY
from api.bitmaps.following import Bitmaps
from api.bitmaps.labels import VOCABULARIES, Label
from api.database.dialect import dialect
from api.database.statements import rows
from api.models.base import DAY_FACTOR, NUMBER, ReferenceField, TermField
from api.models.statements import (
    AgreementReference,
    ChainLink,
    EventReference,
    Report,
    Statement,
    StatementPlace,
    StatementSpeaker,
    StatementTopic,
    Target,
)
from api.queries import bitmap_finding, finding
from api.queries.bitmap_finding import Needed, record_type_of
from api.queries.fragments import Arguments, Fragment, fragment, joined, with_common_tables
from api.queries.query import Query
from api.queries.shapes import Shape, remembered, shape_of
from api.queries.sorting import ALL

_YEAR, _MONTH = 10000 * DAY_FACTOR, 100 * DAY_FACTOR
"""The length of a year and of a month in `sort_key`."""

FACETS: dict[str, Field | int] = {
    "speaker": StatementSpeaker.speaker,
    "target": Target.speaker,
    "act": Statement.act,
    "agreement": AgreementReference.agreement,
    "relation": AgreementReference.relation,
    "topic": StatementTopic.topic,
    "place": StatementPlace.place,
    "event": EventReference.event,
    "article": Report.article,
    "publisher": Report.publisher,
    "agent": ChainLink.agent,
    "mode": Report.mode,
    "year": _YEAR,
    "month": _MONTH,
}
"""What statements can be counted by: a column of theirs or of their parts, or a length of time in `sort_key`."""

OPTIONAL_PARTS = (Target, AgreementReference, StatementTopic, StatementPlace, EventReference)
"""Tables of parts of which a statement may have none."""

INTERVALS = ("day", "week", "month", "year")


@dataclass(slots=True)
class Count:
    """How many statements have a value; `name` is its label by language, None for a year or month."""

    value: str
    name: dict[str, str] | None
    count: int


@dataclass
class Counts:
    """The most frequent values of a facet, ties by value, how many there are `more`, and how many statements are `missing` one.

    A statement counts once for each value it has.
    """

    values: list[Count] = field(default_factory=list)
    more: int = 0
    missing: int = 0

    def keep_most_frequent(self, limit: int) -> None:
        """Bring all values into order, and count those beyond the limit instead of showing them."""
        self.values.sort(key=lambda counted: (-counted.count, counted.value))
        self.more = max(0, len(self.values) - limit)
        del self.values[limit:]


def facets(query: Query, names: list[str], limit: int) -> dict[str, Counts]:
    """The counts of each facet, with at most `limit` values: by bitmaps, or by SQL where these can't tell."""
    counts = _facets_by_bitmaps(query, names, limit)
    return _facets_by_sql(query, names, limit) if counts is None else counts


def _facets_by_sql(query: Query, names: list[str], limit: int) -> dict[str, Counts]:
    statement = _facets_statement(shape_of("statements", query, dialect(), facets=names))
    counts = {name: Counts() for name in names}
    for name, value, label, count in rows(statement.sql, statement.values(Arguments(query))):
        if value is None:
            counts[name].missing = count
        else:
            counts[name].values.append(Count(_on_the_wire(name, value), orjson.loads(label) if label else None, count))
    for each in counts.values():
        each.keep_most_frequent(limit)
    return counts


def _on_the_wire(facet: str, value: str) -> str:
    match FACETS[facet]:
        case int():
            return _time_on_the_wire(facet, int(value))
        case TermField():
            return value.rpartition("/")[2]
    return value


def _time_on_the_wire(facet: str, value: int) -> str:
    return f"{value // 100:04}-{value % 100:02}" if facet == "month" else f"{value:04}"


def _facets_by_bitmaps(query: Query, names: list[str], limit: int) -> dict[str, Counts] | None:
    labelled = [record_type for name in names if (record_type := _labelled(name)) is not None]

    def make(found: BitMap, columns: Bitmaps) -> dict[str, Counts] | None:
        if len(found) <= FEW and sum(len(columns[name].bitmaps) for name in names) > MANY:
            return None
        return {name: _counts(name, found, columns, limit) for name in names}

    return bitmap_finding.counted(query, Needed(names, labelled), make)


FEW, MANY = 200, 2_000
"""So few statements are counted faster by their rows than by intersecting them with the bitmaps of so many values."""


def _labelled(facet: str) -> str | None:
    """The record type that a facet's labels are of; None for those without labels."""
    column = FACETS[facet]
    if isinstance(column, ReferenceField):
        return record_type_of(column)
    return None if isinstance(column, int) else VOCABULARIES


def _counts(name: str, found: BitMap, columns: Bitmaps, limit: int) -> Counts:
    column, values = FACETS[name], columns[name]
    counts, record_type = values.counts(found), _labelled(name)
    missing = len(found) - found.intersection_cardinality(values.present)
    labels = None if record_type is None else columns.labels(record_type).by_value
    most = sorted(counts.values(), reverse=True)[:limit]
    shown = [(-count, value) for value, count in counts.items() if most and count >= most[-1]]
    if labels is None:
        labels = {value: Label(_time_on_the_wire(name, int(value)), None) for _, value in shown}
    named = sorted((count, *labels[value]) for count, value in shown)
    return Counts(
        [Count(value, orjson.loads(label) if label else None, -count) for count, value, label in named[:limit]],
        max(0, len(counts) - limit),
        missing if not isinstance(column, int) and _may_be_missing(column) else 0,
    )


@remembered
def _facets_statement(shape: Shape) -> Fragment:
    """A SELECT of (facet, value, label, count) for all facets of a shape; where statements have no value, it is NULL."""
    counts = Fragment(" UNION ALL ".join(_facet_sql(name, shape.selects_all) for name in shape.facets))
    if shape.selects_all:
        return counts
    keys = finding.select_keys(shape, ALL._replace(with_act="act" in shape.facets))
    tables = [finding.sparsest_list(shape, ALL), fragment("found AS MATERIALIZED ({})", keys)]
    return with_common_tables(joined(", ", [table for table in tables if table is not None]), counts)


def _facet_sql(name: str, of_all: bool) -> str:
    """A SELECT of the counts of a facet, `of_all` statements or of those in the table `found`."""
    facet: Any = FACETS[name]
    if isinstance(facet, int):
        times = f"SELECT sort_key / {facet} AS value FROM {'statement' if of_all else 'found'}"
        return f"SELECT '{name}', CAST(value AS TEXT), CAST(NULL AS TEXT), COUNT(*) FROM ({times}) AS t GROUP BY value"
    labels, key, value = ("term", "key", "key") if isinstance(facet, TermField) else (_table(facet), "number", "id")
    counted = f"SELECT value, COUNT(*) AS count FROM ({_values_sql(facet, of_all)}) AS valued GROUP BY value"
    counts = (
        f"SELECT '{name}', labels.{value}, labels.label, counted.count FROM ({counted}) AS counted"
        f' LEFT JOIN "{labels}" AS labels ON labels.{key} = counted.value'
    )
    return f"{counts} UNION ALL {_missing_of_all_sql(name, facet)}" if of_all and _may_be_missing(facet) else counts


def _may_be_missing(column: Field) -> bool:
    """Whether statements need not have a value: of what they have at least one of, every value is NOT NULL."""
    return bool(column.null) or column.model in OPTIONAL_PARTS


def _missing_of_all_sql(name: str, column: Field) -> str:
    """A SELECT of how many of all statements have no row with a value, by the index that begins with owners or values."""
    table, value = column.model._meta.table_name, column.column_name
    missing = (
        f'(SELECT COUNT(*) FROM statement) - (SELECT COUNT(*) FROM (SELECT DISTINCT owner_id FROM "{table}") AS owners)'
    )
    if column.null:
        others = (
            f'SELECT 1 FROM "{table}" AS others WHERE others.owner_id = parts.owner_id AND others.{value} IS NOT NULL'
        )
        parts = f'"{table}" AS parts WHERE parts.{value} IS NULL AND NOT EXISTS ({others})'
        missing = f"(SELECT COUNT(DISTINCT parts.owner_id) FROM {parts})"
    return f"SELECT '{name}', CAST(NULL AS TEXT), CAST(NULL AS TEXT), {missing}"


def _table(reference: ReferenceField) -> str:
    return str(reference.rel_model._meta.table_name)


def _values_sql(column: Field, of_all: bool) -> str:
    """The values of a column, each once for a statement."""
    table = column.model
    distinct = "DISTINCT " if table in finding.REPEATING else ""
    name = f'"{table._meta.table_name}" AS parts'
    values = f"SELECT {distinct}parts.{column.column_name} AS value, parts.sort_key FROM"
    if of_all:
        return f"{values} {name}"
    number = f"found.sort_key & {NUMBER}"
    if column is Statement.act:
        return "SELECT act AS value, sort_key FROM found"
    if table is ChainLink:
        return f"{values} found JOIN report ON report.owner_id = {number} JOIN {name} ON parts.owner_id = report.number"
    if _may_be_missing(column):
        with_value = f"parts.owner_id = {number} AND parts.{column.column_name} IS NOT NULL"
        values = f"SELECT {distinct}parts.{column.column_name} AS value, found.sort_key"
        return f"{values} FROM found LEFT JOIN {name} ON {with_value}"
    return f"{values} found JOIN {name} ON parts.owner_id = {number}"


@dataclass(frozen=True)
class Span:
    """A range of days, both ends included, and how many statements were made in it."""

    start: date
    end: date
    count: int


def timeline(query: Query, interval: str) -> list[Span]:
    """How many statements there are in each day, week (from Monday), month or year that has any, in order of time.

    A statement with a vague date counts at its first day, or at its last where the beginning is open.
    """
    totals: dict[tuple[date, date], int] = {}
    for day, count in _counts_of_days(query):
        span = _span(date(day // 10000, day // 100 % 100, day % 100), interval)
        totals[span] = totals.get(span, 0) + count
    return [Span(start, end, count) for (start, end), count in sorted(totals.items())]


def _counts_of_days(query: Query) -> list[tuple[Any, ...]]:
    """How many statements are filed under each day (YYYYMMDD) that has any."""
    counts = bitmap_finding.counted(
        query, Needed([DAY], []), lambda found, columns: list(columns[DAY].counts(found).items())
    )
    if counts is not None:
        return [*counts]
    statement = _days_statement(shape_of("statements", query, dialect()))
    return rows(statement.sql, statement.values(Arguments(query)))


@remembered
def _days_statement(shape: Shape) -> Fragment:
    """A SELECT of (YYYYMMDD, count)."""
    counts = fragment(
        f"SELECT sort_key / {DAY_FACTOR}, COUNT(*) FROM ({{}}) AS found GROUP BY sort_key / {DAY_FACTOR}",
        finding.select_keys(shape, ALL),
    )
    return with_common_tables(finding.sparsest_list(shape, ALL), counts)


def _span(day: date, interval: str) -> tuple[date, date]:
    if interval == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if interval == "month":
        return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if interval == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day, day
