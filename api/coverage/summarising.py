"""What was read in all of what a query is about, in a few numbers and one SQL statement."""

from dataclasses import dataclass

from api.coverage.selecting import EXTENTS, LAST_COMPLETE, RANK, among, articles, periods
from api.database.statements import rows
from api.queries.fragments import Arguments, all_of, fragment
from api.queries.query import Query


@dataclass(frozen=True)
class Summary:
    """How many articles were read at all, how many of them completely, and how many readings there are of periods."""

    articles: int
    complete: int
    periods: int


def summary(query: Query) -> Summary:
    """What was read of the publishers or articles that a query names, or of all, in its range of days."""
    of_articles = all_of([articles(query), *among(query, "article", "article")])
    statement = fragment(
        "SELECT rank, COUNT(*) FROM (SELECT MIN({}) AS rank FROM reading JOIN article ON article.number = reading.article_id"
        " WHERE {} GROUP BY reading.article_id) AS read GROUP BY rank"
        " UNION ALL SELECT NULL, COUNT(*) FROM reading WHERE {}".replace("{}", RANK, 1),
        of_articles,
        periods(query),
    )
    counted = dict(rows(statement.sql, statement.values(Arguments(query))))
    read = {rank: count for rank, count in counted.items() if rank is not None and rank != EXTENTS.index("unread")}
    complete = sum(count for rank, count in read.items() if rank <= LAST_COMPLETE)
    return Summary(sum(read.values()), complete, counted[None])


def question_of(query: Query) -> Query:
    """The question about coverage that goes with a list of statements: of the same publishers and articles and days.

    Days are those of publication if the list has them, else those on which it was said.
    """
    filters = {name: query.filters[name] for name in ("article", "publisher") if query.filters.get(name)}
    return Query(filters, since=_end(query, "since"), until=_end(query, "until"), successors=query.successors)


def _end(query: Query, name: str) -> str | None:
    reported = f"reported_{name}"
    return query.date(reported) if reported in query.filters else getattr(query, name)
