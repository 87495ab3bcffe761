"""The SQL of a page: its records, and in further rows what stands beside them. Made once for each shape of a query."""

from collections.abc import Sequence
from functools import lru_cache

from api.changelog.positions import STATE_PARTS
from api.documents.record_types import RECORD_TYPES
from api.queries import sorting
from api.queries.bitmap_finding import state_sql
from api.queries.fragments import Arguments, Fragment, fragment, joined, with_common_tables
from api.queries.page.expansions import expansion_sql, kinds_sql
from api.queries.page.removals import removals_sql
from api.queries.shapes import Shape, remembered
from schemas.parameters.shapes import DATES, SUMMARY, TERMS


@lru_cache
def item_sql(record_type: str, by_version: bool, with_position: bool) -> str:
    """The SQL that reads one record by its id."""
    body = "NULL" if by_version else "body"
    sql = f"SELECT 'page', number, NULL, {body}, etag FROM \"{RECORD_TYPES[record_type].table_name}\" WHERE id = ?"
    return f"{sql} UNION ALL {POSITION.sql}" if with_position else sql


POSITION = Fragment(f"SELECT 'change', ({STATE_PARTS['change']}), NULL, NULL, NULL")
"""The position up to which the log is shown, in a row behind those of records."""


@remembered
def page_statement(shape: Shape) -> Fragment:
    """The SQL statement of a page and of the rows beside it."""
    return _page_beside(shape, [_total(shape)] if shape.total else [])


@remembered
def page_with_state(shape: Shape) -> Fragment:
    """The page, and the state of the records by which bitmaps count the total."""
    return _page_beside(shape, state_sql(f", {_NO_RECORD}"))


@remembered
def page_among(shape: Shape) -> Fragment:
    """The page, of records that are known by number, and the state of the records."""
    return _page_of(shape, sorting.select_among(shape), state_sql(f", {_NO_RECORD}"))


@remembered
def walk_in_order(shape: Shape) -> Fragment:
    """The numbers of all records in the order of the page."""
    return sorting.select_along(shape)


def _page_beside(shape: Shape, beside: list[Fragment]) -> Fragment:
    return _page_of(shape, sorting.select_page(shape), beside, sorting.common_tables(shape))


def _page_of(shape: Shape, select: Fragment, beside: list[Fragment], common_tables: Fragment | None = None) -> Fragment:
    beside = beside + ([_owner(shape.owner)] if shape.owner is not None else [])
    beside += [PUBLISHERS] if shape.view == SUMMARY else []
    beside += [removals_sql(shape)] if shape.removals else []
    return statement_of(
        shape.record_type, select, shape.expand, beside, common_tables, shape.by_version, shape.with_position
    )


def statement_of(
    record_type: str,
    select: Fragment,
    expand: Sequence[str],
    beside: Sequence[Fragment] = (),
    common_tables: Fragment | None = None,
    by_version: bool = False,
    with_position: bool = False,
) -> Fragment:
    """The SQL statement of a page and of rows `beside` it; `select` gives the number and key of the records of the page.

    The documents are NULL if they are looked up `by_version`. The last row is that of `POSITION` if it is `with_position`.
    """
    expansions = [
        Fragment(_expansion(record_type, name, by_version)) for name in dict.fromkeys(expand) if name != DATES
    ]
    as_text = "CAST(chosen.key AS TEXT)" if beside or expansions else "chosen.key"  # the type of the rows beside
    body = f"{'CAST(NULL AS BYTEA)' if by_version else 'record.body'} AS body"
    records = fragment(
        f"SELECT 'page' AS part, record.number, {as_text} AS key, {body}, record.etag"
        f' FROM ({{}}) AS chosen JOIN "{RECORD_TYPES[record_type].table_name}" AS record ON record.number = chosen.number',
        select,
    )
    common = [common_tables] if common_tables is not None else []
    if beside or expansions:  # which refer to the page
        common.append(fragment("page AS MATERIALIZED ({})", records))
        records = joined(
            " UNION ALL ", [Fragment("SELECT part, number, key, body, etag FROM page"), *beside, *expansions]
        )
    if with_position:
        records = joined(" UNION ALL ", [records, POSITION])
    return with_common_tables(joined(", ", common) if common else None, records)


def _expansion(record_type: str, name: str, by_version: bool) -> str:
    table = RECORD_TYPES[record_type].table
    return kinds_sql(table) if name == TERMS else expansion_sql(table, name, by_version)


PUBLISHERS = Fragment(
    "SELECT 'publisher', article.number, article.id, NULL, publisher.id || ' ' || publisher.label FROM article"
    " JOIN speaker AS publisher ON publisher.number = article.publisher_id WHERE article.number IN"
    " (SELECT article_id FROM report WHERE owner_id IN (SELECT number FROM page))"
)
"""The publishers of the articles that carry the statements of a page: their ids and labels in the place of the entity tag."""


def select_by_id(record_type: str) -> Fragment:
    """A SELECT of the number and key of the one record whose id is the `owner` of the arguments."""
    return Fragment(
        f'SELECT number, id AS key FROM "{RECORD_TYPES[record_type].table_name}" WHERE id = ?', (_owner_id,)
    )


def _total(shape: Shape) -> Fragment:
    return fragment(f"SELECT 'total', COUNT(*), {_NO_RECORD} FROM ({{}}) AS counted", sorting.select_all(shape))


_NO_RECORD = "CAST(NULL AS TEXT), NULL, NULL"


def _owner(record_type: str) -> Fragment:
    return Fragment(
        f"SELECT 'owner', number, {_NO_RECORD} FROM \"{RECORD_TYPES[record_type].table_name}\" WHERE id = ?",
        (_owner_id,),
    )


def _owner_id(arguments: Arguments) -> tuple[str | None]:
    return (arguments.owner,)
