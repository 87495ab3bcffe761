"""What was read of each publisher, page by page: which articles, how completely, and which days; in one SQL statement."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

import orjson

from api.coverage.selecting import EXTENTS, LAST_COMPLETE, RANK, among, articles, periods, union
from api.coverage.stretches import Stretch, gaps, merged, shown, within
from api.cursors import Position, decode, encode, sides
from api.database.statements import rows
from api.documents.record_types import Document
from api.queries.fragments import LIMIT_AND_ONE, Arguments, Fragment, all_of, fragment
from api.queries.query import Query
from api.queries.reading import Page
from api.records.rendering import etag
from schemas.values import dates

_NOBODY = 0  # for articles without a publisher; no record has this number

Finished = Callable[[Document], Document]
"""Finishes an entry before it is written out, for instance in one language."""


class Row(NamedTuple):
    """How many articles of a publisher were read to an extent, or in which period it was read to that extent.

    The rank is None for articles that no reading is of, and for a publisher of which nothing else is there.
    """

    number: int
    publisher: str
    label: str
    rank: int | None
    articles: int
    earliest: str | None
    latest: str | None


def page(query: Query, finished: Finished) -> Page:
    """A page of publishers with what was read of them, by their ids; raise InvalidParameters."""
    scope = query.cursor_scope("coverage")
    position = None if query.cursor is None else decode(query.cursor, scope, str)
    backwards = position is not None and position.backwards
    statement = _statement(query, position)
    by_publisher: dict[str, list[Row]] = {}
    for row in rows(statement.sql, statement.values(Arguments(query, position))):
        by_publisher.setdefault(row[1], []).append(Row(*row))
    listed = sorted(by_publisher, reverse=backwards)
    more, listed = len(listed) > query.limit, sorted(listed[: query.limit])
    documents = [orjson.dumps(finished(_entry(by_publisher[each], query))) for each in listed]
    has_next, has_previous = sides(position, bool(listed), more)
    return Page(
        documents,
        [etag(document) for document in documents],
        next=encode(Position(False, listed[-1], 0), scope) if has_next else None,
        previous=encode(Position(True, listed[0], 0), scope) if has_previous else None,
    )


def _statement(query: Query, position: Position | None) -> Fragment:
    """Of each publisher of a page a row for each extent of its articles, and one for each period."""
    return fragment(
        "WITH listed AS ({}), known AS ({})"
        f" SELECT listed.number, listed.id, listed.label, known.rank, COUNT(known.publisher), NULL, NULL"
        f" FROM listed LEFT JOIN known ON known.publisher = listed.number GROUP BY 1, 2, 3, 4"
        f" UNION ALL SELECT listed.number, listed.id, listed.label, {RANK}, 0, reading.period_earliest, reading.period_latest"
        " FROM listed JOIN reading ON reading.publisher_id = listed.number WHERE {}",
        _listed(query, position),
        _known(query),
        periods(query),
    )


def _listed(query: Query, position: Position | None) -> Fragment:
    """The publishers of a page: those that the query names, or all of which something was published or read."""
    named = among(query, "publisher", "speaker")
    direction, sign = ("DESC", "<") if position is not None and position.backwards else ("ASC", ">")
    beyond = [Fragment(f"id {sign} ?", (lambda _: (position.key,),))] if position is not None else []
    publishers = fragment("SELECT number, id, label FROM speaker WHERE {}", all_of(named or [_of_something(query)]))
    listed = publishers if named else union([publishers, _nobody(query)])
    return fragment(
        f"SELECT number, id, label FROM ({{}}) AS publisher WHERE {{}} ORDER BY id {direction} LIMIT {{}}",
        listed,
        all_of(beyond or [Fragment("1 = 1")]),
        LIMIT_AND_ONE,
    )


def _of_something(query: Query) -> Fragment:
    published = fragment("SELECT article.publisher_id FROM article WHERE {}", articles(query))
    read = fragment("SELECT reading.publisher_id FROM reading WHERE {}", periods(query))
    return fragment("number IN ({} UNION ALL {})", published, read)


def _nobody(query: Query) -> Fragment:
    """A row for the articles without a publisher, if there are any."""
    there_are = fragment("SELECT 1 FROM article WHERE article.publisher_id IS NULL AND {}", articles(query))
    return fragment(f"SELECT {_NOBODY}, '', 'null' WHERE EXISTS ({{}})", there_are)


def _known(query: Query) -> Fragment:
    """The articles in the range of days, each with the rank of the most complete reading of it.

    That is one of the article, or one of a period of its publisher in which it was surely published.
    """
    by_period = (
        "reading.publisher_id = article.publisher_id AND reading.period_earliest <= article.date_earliest"
        " AND reading.period_latest >= article.date_latest"
    )
    least = f"SELECT MIN({RANK}) FROM reading WHERE"
    first = f"COALESCE(({least} reading.article_id = article.number), {len(EXTENTS)})"
    second = f"COALESCE(({least} {by_period}), {len(EXTENTS)})"
    best = f"CASE WHEN {first} < {second} THEN {first} ELSE {second} END"
    return fragment(
        f"SELECT COALESCE(article.publisher_id, {_NOBODY}) AS publisher, {best} AS rank FROM article WHERE {{}}"
        " AND (article.publisher_id IS NULL OR article.publisher_id IN (SELECT number FROM listed))",
        articles(query),
    )


def _entry(read: list[Row], query: Query) -> Document:
    """What was read of one publisher."""
    label = orjson.loads(read[0].label)
    return {
        "publisher": None if label is None else {"id": read[0].publisher, "name": label},
        "articles": _articles(read),
        "stretches": _stretches(read),
        "days": _days(read, query),
    }


def _articles(read: Iterable[Row]) -> Document:
    counts = {row.rank: row.articles for row in read if row.earliest is None and row.rank is not None}
    by_extent = [{"extent": extent, "count": counts[rank]} for rank, extent in enumerate(EXTENTS) if rank in counts]
    return {
        "known": sum(counts.values()),
        "read": sum(each["count"] for each in by_extent if each["extent"] != "unread"),
        "by_extent": by_extent,
    }


def _stretches(read: Iterable[Row]) -> list[dict[str, Any]]:
    by_rank: dict[int, list[Stretch]] = {}
    for rank, stretch in _periods(read):
        by_rank.setdefault(rank, []).append(stretch)
    return [{**shown(each), "extent": EXTENTS[rank]} for rank in sorted(by_rank) for each in merged(by_rank[rank])]


def _periods(read: Iterable[Row]) -> list[tuple[int, Stretch]]:
    return [
        (row.rank, Stretch(date.fromisoformat(row.earliest), date.fromisoformat(row.latest)))
        for row in read
        if row.rank is not None and row.earliest is not None and row.latest is not None
    ]


def _days(read: Iterable[Row], query: Query) -> Document | None:
    """The days between `since` and `until`, by whether everything that was published on them was read completely."""
    if query.since is None or query.until is None:
        return None
    whole = Stretch(dates.parse(query.since).earliest, dates.parse(query.until).latest)
    complete = [stretch for rank, stretch in _periods(read) if rank <= LAST_COMPLETE]
    covered = merged(within(complete, whole))
    return {
        "asked": whole.days,
        "covered": sum(each.days for each in covered),
        "not_covered": [shown(each) for each in gaps(covered, whole)],
    }
