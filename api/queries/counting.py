"""Counting statements: by the values of a facet, and along time. One SQL statement each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
from peewee import SQL, Field, Select, fn

from api.database import AnyDatabase, rows
from api.models.articles import Article
from api.models.base import Table, TermField
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
from api.queries.filters import Query
from api.queries.reading import matching
from api.records.nouns import NOUNS

_MONTH, _YEAR = 7, 4  # characters of YYYY-MM-DD

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
    "publisher": Article.publisher,
    "agent": ChainLink.agent,
    "mode": Report.mode,
    "year": _YEAR,
    "month": _MONTH,
}
"""What statements can be counted by: a column of theirs or of their parts, or the first characters of their date."""

INTERVALS = ("day", "week", "month", "year")


@dataclass(frozen=True)
class Count:
    """How many statements have a value; `name` is its label by language, None where the value speaks for itself."""

    value: str
    name: dict[str, str] | None
    count: int


def facets(database: AnyDatabase, query: Query, names: list[str]) -> dict[str, list[Count]]:
    """For each facet its values, most frequent first, ties by value. A statement counts once for each value it has."""
    found = matching(database, NOUNS["statements"], query, Statement.number, Statement.day)
    sql, parameters = found.sql()
    counts = [_facet_sql(name) for name in names]
    answer: dict[str, list[Count]] = {name: [] for name in names}
    for name, value, label, count in rows(
        database, f"WITH found AS ({sql}) {' UNION ALL '.join(counts)}", tuple(parameters)
    ):
        answer[name].append(Count(value.rpartition("/")[2], orjson.loads(label) if label else None, count))
    for values in answer.values():
        values.sort(key=lambda counted: (-counted.count, counted.value))
    return answer


def _facet_sql(name: str) -> str:
    """A SELECT of (facet, value, label, count) over the statements `found`."""
    by: Any = FACETS[name]
    if isinstance(by, int):
        return f"SELECT '{name}', substr(day, 1, {by}), CAST(NULL AS TEXT), COUNT(*) FROM found GROUP BY 2"
    if isinstance(by, TermField):
        labels, joined, value = "term", "key", "key"
    else:
        labels, joined, value = by.rel_model._meta.table_name, "number", "id"
    return (
        f"SELECT '{name}', labels.{value}, labels.label, COUNT(DISTINCT found.number) FROM found {_joined(by.model)}"
        f' JOIN "{labels}" AS labels ON labels.{joined} = valued.{by.column_name} GROUP BY labels.{value}, labels.label'
    )


def _joined(table: type[Table]) -> str:
    """The join from `found` to the rows of a table that belong to those statements, under the name `valued`."""
    name = f'"{table._meta.table_name}" AS valued'
    if table is Statement:
        return f"JOIN {name} ON valued.number = found.number"
    if table is EventReference:
        occasions = "SELECT number, event_id FROM statement WHERE event_id IS NOT NULL"
        both = f"SELECT owner_id, event_id FROM event_reference UNION {occasions}"
        return f"JOIN ({both}) AS valued ON valued.owner_id = found.number"
    if table is ChainLink:
        return f"JOIN report ON report.owner_id = found.number JOIN {name} ON valued.owner_id = report.number"
    if table is Article:
        return f"JOIN report ON report.owner_id = found.number JOIN {name} ON valued.number = report.article_id"
    return f"JOIN {name} ON valued.owner_id = found.number"


@dataclass(frozen=True)
class Span:
    """A stretch of days, both ends included, and how many statements were made in it."""

    start: date
    end: date
    count: int


def timeline(database: AnyDatabase, query: Query, interval: str) -> list[Span]:
    """How many statements there are in each day, week (from Monday), month or year that has any, in order of time.

    A statement with a vague date counts at its first day, or at its last where the beginning is open.
    """
    counted: Select = matching(database, NOUNS["statements"], query, Statement.day, fn.COUNT(SQL("*"))).group_by(
        Statement.day
    )
    sql, parameters = counted.sql()
    totals: dict[tuple[date, date], int] = {}
    for day, count in rows(database, sql, tuple(parameters)):
        span = _span(date.fromisoformat(day), interval)
        totals[span] = totals.get(span, 0) + count
    return [Span(start, end, count) for (start, end), count in sorted(totals.items())]


def _span(day: date, interval: str) -> tuple[date, date]:
    if interval == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if interval == "month":
        return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if interval == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day, day
