"""Counting statements: by the values of facets, and along time, by bitmaps or by SQL.

Each function runs exactly one SQL statement, unless bitmaps must first take over what has changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any

import orjson
from peewee import Field
from pyroaring import BitMap

from api.bitmaps.codes import Value
from api.bitmaps.columns import DAY
from api.bitmaps.following import Bitmaps
from api.bitmaps.labels import VOCABULARIES, Label
from api.database.dialect import dialect
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
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
from api.queries.layers import Layers, Part, current_layers, read_each
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
    layers = current_layers()
    if layers is not None:
        return _facets_of_layers(layers, query, names, limit)
    counts = _facets_by_bitmaps(query, names, limit)
    return _facets_by_sql(query, names, limit) if counts is None else counts


def _facets_by_sql(query: Query, names: list[str], limit: int) -> dict[str, Counts]:
    return {name: tally.counts(limit) for name, tally in _tallies_by_sql(query, names).items()}


@dataclass
class _Tally:
    """How many statements have each value of a facet, with the label as it is stored; how many values there are `more`.

    And how many statements have none.
    """

    values: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    more: int = 0
    missing: int = 0

    def add(self, other: "_Tally") -> None:
        """Count what the other one counted as well."""
        for value, (count, label) in other.values.items():
            self.values[value] = self.values.get(value, (0, None))[0] + count, label
        self.more += other.more
        self.missing += other.missing

    def counts(self, limit: int) -> Counts:
        """The most frequent values."""
        most = sorted(self.values.items(), key=lambda each: (-each[1][0], each[0]))[:limit]
        shown = [Count(value, orjson.loads(label) if label else None, count) for value, (count, label) in most]
        return Counts(shown, self.more + max(0, len(self.values) - limit), self.missing)


def _facets_of_layers(layers: Layers, query: Query, names: list[str], limit: int) -> dict[str, Counts]:
    """The counts of each facet in both layers.

    The most frequent values altogether are among the most frequent of what is stored and those of the few that were restored.
    """
    restored = {name: _Tally() for name in names}
    if (part := layers.restored("statements")).numbers:
        with layers.entered():
            restored = _tallies_by_sql(query, names, part)
    stored = _tallies_of_stored(query, names, limit, layers.stored("statements"), restored)
    for name, tally in stored.items():
        tally.add(restored[name])
    counts = {name: tally.counts(limit) for name, tally in stored.items()}
    for name, shown in counts.items():
        labels = dict(_labels_then(layers, name, [each.value for each in shown.values]))
        for each in shown.values:
            each.name = labels.get(each.value, each.name)
    return counts


def _tallies_of_stored(
    query: Query, names: list[str], limit: int, part: Part, besides: Mapping[str, _Tally]
) -> dict[str, _Tally]:
    """The counts of each facet among the stored statements: of at least the most frequent values, and of those counted `besides`."""
    labelled = [record_type for name in names if (record_type := _labelled(name)) is not None]

    def make(found: BitMap, columns: Bitmaps) -> dict[str, _Tally]:
        return {name: _tally(name, found, columns, limit, besides[name].values) for name in names}

    tallies = bitmap_finding.counted(query, Needed(names, labelled), make, part)
    return _tallies_by_sql(query, names, part) if tallies is None else tallies


def _tally(name: str, found: BitMap, columns: Bitmaps, limit: int, besides: Iterable[str]) -> _Tally:
    counts = columns[name].counts(found)
    wanted = {value for *_, value in _most_frequent(name, counts, columns, limit)}
    wanted |= counts.keys() & set(_values_called(name, besides, columns))
    labels = _labels_of(name, wanted, columns)
    return _Tally(
        {labels[value].id: (counts[value], labels[value].label) for value in wanted},
        len(counts) - len(wanted),
        _missing(name, found, columns),
    )


def _values_called(name: str, ids: Iterable[str], columns: Bitmaps) -> Iterable[Value]:
    """The values of a facet that are written so on the wire."""
    column, record_type = FACETS[name], _labelled(name)
    if isinstance(column, int):
        return [int(value.replace("-", "")) for value in ids]
    if isinstance(column, TermField):
        return [str(column.db_value(value)) for value in ids]
    return columns.labels(str(record_type)).numbers(ids)


def _labels_then(layers: Layers, facet: str, values: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Those of these values whose labels have changed since, with the labels that they had."""
    column, labelled = FACETS[facet], _labelled(facet)
    if isinstance(column, TermField):
        for item in layers.documents_of_changed(VOCABULARIES, [column.vocabulary]).values():
            terms = {term["id"]: term["label"] for term in orjson.loads(item.document)["terms"]}
            yield from ((value, terms[value]) for value in values if value in terms)
    elif labelled is not None:
        for record_id, item in layers.documents_of_changed(labelled, values).items():
            yield record_id, RECORD_TYPES[labelled].label(orjson.loads(item.document))


def _tallies_by_sql(query: Query, names: list[str], part: Part | None = None) -> dict[str, _Tally]:
    statement = _facets_statement(shape_of("statements", query, dialect(), facets=names, among=part and part.operator))
    tallies = {name: _Tally() for name in names}
    arguments = Arguments(query, among=() if part is None else part.numbers)
    for name, value, label, count in rows(statement.sql, statement.values(arguments)):
        if value is None:
            tallies[name].missing = count
        else:
            tallies[name].values[_on_the_wire(name, value)] = count, label
    return tallies


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
    counts = columns[name].counts(found)
    named = _most_frequent(name, counts, columns, limit)
    return Counts(
        [Count(value, orjson.loads(label) if label else None, -count) for count, value, label, _ in named],
        max(0, len(counts) - limit),
        _missing(name, found, columns),
    )


def _most_frequent(
    name: str, counts: Mapping[Value, int], columns: Bitmaps, limit: int
) -> list[tuple[int, str, str | None, Value]]:
    """The most frequent values, ties by id: of each its count, negative, its id and label, and the value itself."""
    most = sorted(counts.values(), reverse=True)[:limit]
    shown = [(-count, value) for value, count in counts.items() if most and count >= most[-1]]
    labels = _labels_of(name, (value for _, value in shown), columns)
    return sorted((count, *labels[value], value) for count, value in shown)[:limit]


def _labels_of(name: str, values: Iterable[Value], columns: Bitmaps) -> Mapping[Value, Label]:
    """The labels of at least these values of a facet."""
    record_type = _labelled(name)
    if record_type is not None:
        return columns.labels(record_type).by_value
    return {value: Label(_time_on_the_wire(name, int(value)), None) for value in values}


def _missing(name: str, found: BitMap, columns: Bitmaps) -> int:
    """How many statements have no value of a facet."""
    column = FACETS[name]
    if isinstance(column, int) or not _may_be_missing(column):
        return 0
    return len(found) - found.intersection_cardinality(columns[name].present)


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


@dataclass(slots=True)
class Span:
    """A range of days, both ends included, and how many statements were made in it."""

    start: date
    end: date
    count: int


def timeline(query: Query, interval: str) -> list[Span]:
    """How many statements there are in each day, week (from Monday), month or year that has any, in order of time.

    A statement with a vague date counts at its first day, or at its last where the beginning is open.
    """
    layers = current_layers()
    counts_of_days = (
        [_counts_of_days(query)]
        if layers is None
        else read_each(layers, "statements", lambda part: _counts_of_days(query, part))
    )
    totals: dict[date, int] = {}
    for day, count in chain.from_iterable(counts_of_days):
        start = _start(date(day // 10000, day // 100 % 100, day % 100), interval)
        totals[start] = totals.get(start, 0) + count
    return [Span(start, _end(start, interval), count) for start, count in sorted(totals.items())]


def _counts_of_days(query: Query, part: Part | None = None) -> list[tuple[Any, ...]]:
    """How many statements, of all or of a layer, are filed under each day (YYYYMMDD) that has any."""
    counts = bitmap_finding.counted(
        query, Needed([DAY], []), lambda found, columns: list(columns[DAY].counts(found).items()), part
    )
    if counts is not None:
        return [*counts]
    statement = _days_statement(shape_of("statements", query, dialect(), among=part and part.operator))
    return rows(statement.sql, statement.values(Arguments(query, among=() if part is None else part.numbers)))


@remembered
def _days_statement(shape: Shape) -> Fragment:
    """A SELECT of (YYYYMMDD, count)."""
    counts = fragment(
        f"SELECT sort_key / {DAY_FACTOR}, COUNT(*) FROM ({{}}) AS found GROUP BY sort_key / {DAY_FACTOR}",
        finding.select_keys(shape, ALL),
    )
    return with_common_tables(finding.sparsest_list(shape, ALL), counts)


def _start(day: date, interval: str) -> date:
    match interval:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def _end(start: date, interval: str) -> date:
    match interval:
        case "week":
            return start + timedelta(days=6)
        case "month":
            return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case "year":
            return start.replace(month=12, day=31)
    return start
