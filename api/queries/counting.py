"""Counting statements: by the values of a facet, and along time. One SQL statement each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
from peewee import Field

from api.database.dialect import is_sqlite
from api.database.statements import rows
from api.models.base import DAY_FACTOR, ReferenceField, TermField
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
from api.queries import finding
from api.queries.days import NUMBER
from api.queries.fragments import Asked, Fragment, Query, for_engine, fragment, joined
from api.queries.scans import Scan
from api.queries.shapes import Shape, remembered, shape_of

_YEAR, _MONTH = 10000 * DAY_FACTOR, 100 * DAY_FACTOR
"""What a year and a month are in `sort_key`."""

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
"""What statements can be counted by: a column of theirs or of their parts, or a stretch of time in `sort_key`."""

INTERVALS = ("day", "week", "month", "year")


@dataclass(frozen=True)
class Count:
    """How many statements have a value; `name` is its label by language, as JSON, None where the value says it all."""

    value: str
    name: orjson.Fragment | None
    count: int


def facets(query: Query, names: list[str]) -> dict[str, list[Count]]:
    """For each facet its values, most frequent first, ties by value. A statement counts once for each value it has."""
    statement = _facets_statement(shape_of("statements", {**query, "facet": names}, is_sqlite()))
    answer: dict[str, list[Count]] = {name: [] for name in names}
    for name, value, label, count in rows(statement.sql, statement.values(Asked(query))):
        answer[name].append(Count(_shown(name, value), orjson.Fragment(label) if label else None, count))
    for values in answer.values():
        values.sort(key=lambda counted: (-counted.count, counted.value))
    return answer


def _shown(facet: str, value: str) -> str:
    match FACETS[facet]:
        case int():
            return f"{int(value) // 100:04}-{value[-2:]}" if facet == "month" else value.zfill(4)
        case TermField():
            return value.rpartition("/")[2]
    return value


@remembered
def _facets_statement(shape: Shape) -> Fragment:
    """A SELECT of (facet, value, label, count) for all facets asked for."""
    narrowed = bool(shape.asked.keys() - {"facet", "date_match"})
    counts = " UNION ALL ".join(_facet_sql(name, narrowed) for name in shape.asked["facet"])
    scan = _EVERYTHING._replace(with_act="act" in shape.asked["facet"])
    found = fragment("found AS MATERIALIZED ({})", finding.found(shape, scan))
    common = joined(", ", [some for some in (finding.choice(shape, _EVERYTHING), found) if some is not None])
    return for_engine(fragment(f"WITH {{}} {counts}", common) if narrowed else Fragment(counts), shape.sqlite)


_EVERYTHING = Scan(limited=False)


def _facet_sql(name: str, narrowed: bool) -> str:
    by: Any = FACETS[name]
    if isinstance(by, int):
        stretch = f"SELECT sort_key / {by} AS value FROM {'found' if narrowed else 'statement'}"
        return (
            f"SELECT '{name}', CAST(value AS TEXT), CAST(NULL AS TEXT), COUNT(*) FROM ({stretch}) AS t GROUP BY value"
        )
    labels, joined_by, value = ("term", "key", "key") if isinstance(by, TermField) else _named(by)
    counted = f"SELECT value, COUNT(*) AS count FROM ({_values_sql(by, narrowed)}) AS valued GROUP BY value"
    return (
        f"SELECT '{name}', labels.{value}, labels.label, counted.count FROM ({counted}) AS counted"
        f' JOIN "{labels}" AS labels ON labels.{joined_by} = counted.value'
    )


def _named(by: ReferenceField) -> tuple[str, str, str]:
    return by.rel_model._meta.table_name, "number", "id"


def _values_sql(by: Field, narrowed: bool) -> str:
    """The values of a column for all statements or for those `found`, each once for a statement."""
    table = by.model
    distinct = "DISTINCT " if table in finding.REPEATING else ""
    name = f'"{table._meta.table_name}" AS parts'
    values = f"SELECT {distinct}parts.{by.column_name} AS value, parts.sort_key FROM"
    if not narrowed:
        return f"{values} {name}"
    number = f"found.sort_key & {NUMBER}"
    if by is Statement.act:
        return "SELECT act AS value, sort_key FROM found"
    if table is ChainLink:
        return f"{values} found JOIN report ON report.owner_id = {number} JOIN {name} ON parts.owner_id = report.number"
    return f"{values} found JOIN {name} ON parts.owner_id = {number}"


@dataclass(frozen=True)
class Span:
    """A stretch of days, both ends included, and how many statements were made in it."""

    start: date
    end: date
    count: int


def timeline(query: Query, interval: str) -> list[Span]:
    """How many statements there are in each day, week (from Monday), month or year that has any, in order of time.

    A statement with a vague date counts at its first day, or at its last where the beginning is open.
    """
    statement = _days_statement(shape_of("statements", query, is_sqlite()))
    totals: dict[tuple[date, date], int] = {}
    for day, count in rows(statement.sql, statement.values(Asked(query))):
        span = _span(date(day // 10000, day // 100 % 100, day % 100), interval)
        totals[span] = totals.get(span, 0) + count
    return [Span(start, end, count) for (start, end), count in sorted(totals.items())]


@remembered
def _days_statement(shape: Shape) -> Fragment:
    """A SELECT of (YYYYMMDD, count)."""
    choice = finding.choice(shape, _EVERYTHING)
    counted = fragment(
        f"SELECT sort_key / {DAY_FACTOR}, COUNT(*) FROM ({{}}) AS found GROUP BY sort_key / {DAY_FACTOR}",
        finding.found(shape, _EVERYTHING),
    )
    return for_engine(fragment("WITH {} {}", choice, counted) if choice is not None else counted, shape.sqlite)


def _span(day: date, interval: str) -> tuple[date, date]:
    if interval == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if interval == "month":
        return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if interval == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day, day
