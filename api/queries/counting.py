"""Counting statements: by the values of a facet, and along time. One SQL statement each."""

from datetime import date, timedelta
from typing import NamedTuple

import orjson
from peewee import SQL, Database, Field, Select, fn

from api.database import rows
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
)
from api.models.vocabularies import Term
from api.queries.filters import Query
from api.queries.reading import matching
from api.records.nouns import NOUNS

_MONTH, _YEAR = 7, 4  # characters of YYYY-MM-DD

FACETS: dict[str, Field | int] = {
    "speaker": StatementSpeaker.speaker,
    "act": Statement.act,
    "agreement": AgreementReference.agreement,
    "relation": AgreementReference.relation,
    "topic": StatementTopic.topic,
    "place": StatementPlace.place,
    "event": Statement.event,
    "about_event": EventReference.event,
    "article": Report.article,
    "publisher": Article.publisher,
    "agent": ChainLink.agent,
    "mode": Report.mode,
    "year": _YEAR,
    "month": _MONTH,
}
"""What statements can be counted by: a column of theirs or of their parts, or the first characters of their date."""

INTERVALS = ("day", "week", "month", "year")


class Count(NamedTuple):
    """How many statements have a value; `name` is its label by language, None where the value speaks for itself."""

    value: str
    name: dict[str, str] | None
    count: int


def facets(database: Database, query: Query, names: list[str]) -> dict[str, list[Count]]:
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
    by = FACETS[name]
    if isinstance(by, int):
        return f"SELECT '{name}', substr(day, 1, {by}), CAST(NULL AS TEXT), COUNT(*) FROM found GROUP BY 2"
    labelled, key = (Term, Term.key) if isinstance(by, TermField) else (by.rel_model, by.rel_model.id)
    joined = labelled._meta.primary_key.column_name
    return (
        f"SELECT '{name}', labelled.\"{key.column_name}\", labelled.label, COUNT(DISTINCT found.number) FROM found"
        f'{_joins_to(by.model)} JOIN "{labelled._meta.table_name}" AS labelled ON labelled."{joined}" = {_last(by.model)}."{by.column_name}"'
        f' GROUP BY labelled."{key.column_name}", labelled.label'
    )


def _joins_to(table: type[Table]) -> str:
    """The joins from `found` to a table of statements, of their parts, or of the articles that report them."""
    statement = ' JOIN "statement" AS statement ON statement.number = found.number'
    report = ' JOIN "report" AS report ON report.owner_id = found.number'
    if table is Statement:
        return statement
    if table is Report:
        return report
    if table is Article:
        return f'{report} JOIN "article" AS article ON article.number = report.article_id'
    if table is ChainLink:
        return f'{report} JOIN "chain_link" AS chain_link ON chain_link.owner_id = report.number'
    name = table._meta.table_name
    return f' JOIN "{name}" AS {name} ON {name}.owner_id = found.number'


def _last(table: type[Table]) -> str:
    return str(table._meta.table_name)


class Span(NamedTuple):
    """A stretch of days, both ends included, and how many statements were made in it."""

    start: date
    end: date
    count: int


def timeline(database: Database, query: Query, interval: str) -> list[Span]:
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
