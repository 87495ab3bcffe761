"""Reading: each function runs exactly one SQL statement and gives stored bytes, not models.

The statement is a `page` of one table, and where asked for, a few more rows beside it: the total, the owner of a
sub-collection, the records that references are to be expanded into.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from peewee import SQL, Expression, Field, Select, Tuple

from api.database import AnyDatabase, rows
from api.failures import InvalidParameters, Mistake, NoSuchRecord
from api.queries.cursors import Position, decode, encode, question_of
from api.queries.expansions import expansion_sql
from api.queries.filters import Query, conditions
from api.queries.orders import ORDERS, RELEVANCE, Order
from api.records.nouns import NOUNS, Noun
from api.search import index
from api.search.query import QuerySyntaxError, parse


class Item(NamedTuple):
    """One record: its finished JSON and entity tag."""

    document: bytes
    etag: str


@dataclass
class Page:
    """Finished records in order, the cursors before and behind them, and what came along."""

    documents: list[bytes]
    next: str | None = None
    previous: str | None = None
    total: int | None = None
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)


def item(database: AnyDatabase, noun: str, record_id: str) -> Item:
    """One record by its id; raise NoSuchRecord."""
    table = NOUNS[noun].table
    sql, parameters = table.select(table.document, table.etag).where(table.id == record_id).sql()
    for document, etag in rows(database, sql, tuple(parameters)):
        return Item(bytes(document), etag)
    raise NoSuchRecord(record_id)


def expanded_item(database: AnyDatabase, noun: str, record_id: str, expand: Sequence[str]) -> Page:
    """One record and the records its references are to be expanded into, as a page of one; raise NoSuchRecord."""
    table = NOUNS[noun].table
    found = _run(
        database,
        NOUNS[noun],
        table.select(table.number, table.id.alias("key"), table.document).where(table.id == record_id),
        expand,
    )
    if not found.page:
        raise NoSuchRecord(record_id)
    return Page([found.page[0].document], expansions=found.expansions)


def page(database: AnyDatabase, noun: str, query: Query, owner: tuple[str, str] | None = None) -> Page:
    """One page of a collection.

    `owner` is the (noun, id) a sub-collection belongs to: raise NoSuchRecord when there is none. Raise
    InvalidParameters when `q` or `cursor` can't be used.
    """
    records, order, limit = NOUNS[noun], ORDERS[noun][query["sort"]], query["limit"]
    question = question_of(noun, query)
    position = decode(query["cursor"], question, order.key) if "cursor" in query else None
    beside = [_select_count(database, records, query)] if "total" in query else []
    beside += [_select_owner(*owner)] if owner is not None else []
    found = _run(
        database, records, _select_page(database, records, query, order, position), query.get("expand", ()), *beside
    )
    if owner is not None and not found.owned:
        raise NoSuchRecord(owner[1])
    return _in_reading_order(found, order, limit, position, question)


def matching(database: AnyDatabase, noun: Noun, query: Query, *columns: Any, ranked: bool = False) -> Select:
    """The records a query finds, unordered; if ranked, each with the `relevance` of a row called `matched`."""
    select = noun.table.select(*columns)
    for condition in conditions(noun.table, query):
        select = select.where(condition)
    if "q" not in query:
        return select
    found = _text_search(database, noun, query["q"], ranked)
    if not ranked:
        return select.where(noun.table.number.in_(found))
    matched = SQL(f'{found.sql} AS "matched"', found.params)
    return select.from_(noun.table, matched).where(noun.table.number == SQL('"matched"."number"'))


def _text_search(database: AnyDatabase, noun: Noun, q: str, ranked: bool) -> SQL:
    try:
        return index.matching(database, noun.name, parse(q), ranked)
    except QuerySyntaxError as error:
        raise InvalidParameters([Mistake("q", str(error))]) from None


def _select_page(database: AnyDatabase, noun: Noun, query: Query, order: Order, position: Position | None) -> Select:
    table = noun.table
    descending = order.descending != (position is not None and position.backwards)
    ranked = order.column is RELEVANCE
    key = SQL(f'{RELEVANCE.sql} AS "key"') if ranked else order.column.alias("key")
    select = matching(database, noun, query, table.number, key, table.document, ranked=ranked)
    if position is not None:
        select = select.where(_beyond(order.column, table.number, position, descending))
    keys = (order.column.desc(), table.number.desc()) if descending else (order.column.asc(), table.number.asc())
    return select.order_by(*keys).limit(query["limit"] + 1)


def _beyond(column: Any, number: Field, position: Position, descending: bool) -> Expression:
    here, there = Tuple(column, number), Tuple(position.key, position.number)
    beyond: Expression = here < there if descending else here > there
    return beyond


class _Row(NamedTuple):
    number: int
    key: str
    document: bytes


@dataclass
class _Found:
    page: list[_Row] = field(default_factory=list)
    total: int | None = None
    owned: bool = False
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)


def _run(database: AnyDatabase, noun: Noun, page_of: Select, expand: Sequence[str] = (), *beside: Select) -> _Found:
    """Run a page, and SELECTs of what is to come beside it, as one statement."""
    selects = [select.sql() for select in beside]
    parts = ["SELECT 'page', number, CAST(key AS TEXT), document FROM page", *(sql for sql, _ in selects)]
    parts += [expansion_sql(noun.table, name) for name in dict.fromkeys(expand)]
    page_sql, parameters = page_of.sql()
    statement = f"WITH page AS ({page_sql}) {' UNION ALL '.join(parts)}"
    found = _Found(expansions={name: {} for name in expand})
    for part, number, key, document in rows(
        database, statement, [*parameters, *(p for _, some in selects for p in some)]
    ):
        match part:
            case "page":
                found.page.append(_Row(number, key, bytes(document)))
            case "total":
                found.total = number
            case "owner":
                found.owned = True
            case _:
                found.expansions[part][key] = bytes(document)
    return found


def _select_count(database: AnyDatabase, noun: Noun, query: Query) -> Select:
    counted = matching(database, noun, query)
    return counted.select(SQL("'total'"), SQL("COUNT(*)"), SQL("CAST(NULL AS TEXT)"), SQL("NULL"))


def _select_owner(noun: str, record_id: str) -> Select:
    table = NOUNS[noun].table
    columns = (SQL("'owner'"), table.number, SQL("CAST(NULL AS TEXT)"), SQL("NULL"))
    return table.select(*columns).where(table.id == record_id)


def _in_reading_order(found: _Found, order: Order, limit: int, position: Position | None, question: bytes) -> Page:
    """Put the rows in order, cut the one too many, and make the cursors to both sides."""
    key, backwards = order.key, position is not None and position.backwards
    kept = sorted(found.page, key=lambda row: (key(row.key), row.number), reverse=order.descending != backwards)
    more = len(kept) > limit
    del kept[limit:]
    if backwards:
        kept.reverse()
    has_next = more if not backwards else bool(kept)
    has_previous = more if backwards else bool(kept) and position is not None

    def cursor(row: _Row, back: bool) -> str:
        return encode(Position(back, key(row.key), row.number), question)

    return Page(
        [row.document for row in kept],
        next=cursor(kept[-1], False) if has_next else None,
        previous=cursor(kept[0], True) if has_previous else None,
        total=found.total,
        expansions=found.expansions,
    )
