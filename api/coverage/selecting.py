"""Which articles and which periods a question about coverage is about, in SQL."""

from collections.abc import Sequence

from api.models.articles import Reading
from api.queries.days import first_day, last_day
from api.queries.filters import values_of
from api.queries.fragments import Fragment, all_of, fragment, joined
from api.queries.query import Query
from schemas.records.readings import COMPLETE
from schemas.records.vocabularies import term_ids

EXTENTS = term_ids("reading-extents")
"""The extents by their rank, the most complete first."""
LAST_COMPLETE = len(COMPLETE) - 1
"""The rank of the least complete of the extents after which silence is absence."""

RANK = (
    "CASE reading.extent "
    + " ".join(f"WHEN 'reading-extents/{extent}' THEN {rank}" for rank, extent in enumerate(EXTENTS))
    + " END"
)
"""The rank of a reading's extent."""


def articles(query: Query) -> Fragment:
    """The condition on `article`: that the query may be about it."""
    return _all([*_range(query, "article.date_earliest", "article.date_latest"), *_of(query, "article.publisher_id")])


def periods(query: Query) -> Fragment:
    """The condition on `reading`: that it is of a publisher's period that the query may be about."""
    overlapping = _range(query, "reading.period_earliest", "reading.period_latest")
    return _all([Fragment("reading.publisher_id IS NOT NULL"), *overlapping, *_of(query, "reading.publisher_id")])


def among(query: Query, parameter: str, table: str) -> list[Fragment]:
    """The condition on a table of records: that they are those which a parameter names, if it names any."""
    count = len(query.values(parameter)) if parameter in query.filters else 0
    field = Reading.publisher if parameter == "publisher" else Reading.article
    return [fragment(f"{table}.id IN ({{}})", values_of(parameter, count, field))] if count else []


def _of(query: Query, column: str) -> list[Fragment]:
    named = among(query, "publisher", "speaker")
    return [fragment(f"{column} IN (SELECT speaker.number FROM speaker WHERE {{}})", each) for each in named]


def _range(query: Query, earliest: str, latest: str) -> list[Fragment]:
    since = [fragment(f"{latest} >= {{}}", first_day("since"))] if query.since else []
    return since + ([fragment(f"{earliest} <= {{}}", last_day("until"))] if query.until else [])


def _all(conditions: Sequence[Fragment]) -> Fragment:
    return all_of(conditions) if conditions else Fragment("1 = 1")


def union(selects: Sequence[Fragment]) -> Fragment:
    """The rows of all of these SELECTs."""
    return joined(" UNION ALL ", selects)
