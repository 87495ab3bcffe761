"""How much was read of what a query is about: a few numbers, from one SQL statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.coverage.selecting import EXTENTS, LAST_COMPLETE, RANK, among, articles, periods
from api.database.dialect import dialect
from api.database.statements import rows
from api.queries.fragments import Arguments, Fragment, all_of, fragment
from api.queries.layers import Part, current_layers
from api.queries.query import Query


@dataclass(frozen=True)
class Summary:
    """How many articles were read at all, how many of them completely, and how many readings there are of periods."""

    articles: int
    complete: int
    periods: int


def summary(query: Query) -> Summary:
    """What was read of the publishers or articles that a query names, or of all, in its range of days."""
    layers = current_layers()
    if layers is None:
        return _summary([_counted(query)])
    counted = [_counted(query, layers.stored("articles"), layers.stored("readings"))]
    with layers.entered():
        counted.append(_counted(query, layers.restored("articles"), layers.restored("readings")))
    return _summary(counted)


def _counted(query: Query, of_articles: Part | None = None, of_readings: Part | None = None) -> dict[int | None, int]:
    """How many articles were read, by the rank of their most complete reading, and under None how many readings of periods there are."""
    read = all_of([articles(query), *among(query, "article", "article"), *_of_layer("article", of_articles)])
    statement = fragment(
        "SELECT rank, COUNT(*) FROM (SELECT MIN({}) AS rank FROM reading JOIN article ON article.number = reading.article_id"
        " WHERE {} GROUP BY reading.article_id) AS read GROUP BY rank"
        " UNION ALL SELECT NULL, COUNT(*) FROM reading WHERE {}".replace("{}", RANK, 1),
        read,
        all_of([periods(query), *_of_layer("reading", of_readings)]),
    )
    return dict(rows(statement.sql, statement.values(Arguments(query))))


def _of_layer(table: str, part: Part | None) -> list[Fragment]:
    if part is None:
        return []
    numbers = json.dumps([*part.numbers])
    return [Fragment(f"{table}.number {part.operator} ({dialect().numbers_in_json})", (lambda _: (numbers,),))]


def _summary(of_layers: Sequence[Mapping[int | None, int]]) -> Summary:
    read = [
        (rank, count)
        for counted in of_layers
        for rank, count in counted.items()
        if rank is not None and rank != EXTENTS.index("unread")
    ]
    complete = sum(count for rank, count in read if rank <= LAST_COMPLETE)
    return Summary(sum(count for _, count in read), complete, sum(counted[None] for counted in of_layers))


def question_of(query: Query) -> Query:
    """The question about coverage that goes with a list of statements: of the same publishers and articles and days.

    Days are those of publication if the list has them, else those on which it was said.
    """
    filters = {name: query.filters[name] for name in ("article", "publisher") if query.filters.get(name)}
    return Query(filters, since=_end(query, "since"), until=_end(query, "until"), successors=query.successors)


def _end(query: Query, name: str) -> str | None:
    reported = f"reported_{name}"
    return query.date(reported) if reported in query.filters else getattr(query, name)
