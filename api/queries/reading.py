"""Reading: each function runs exactly one SQL statement and gives stored bytes, not models.

The statement finds a `page` of one table, and where asked for, a few more rows beside it: the total, the owner of a
sub-collection, the records that references are to be expanded into. Its SQL is made once for each shape of a query.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from api.database import AnyDatabase, is_sqlite, rows
from api.failures import NoSuchRecord
from api.queries import sorting
from api.queries.cursors import Position, decode, encode, question_of
from api.queries.expansions import expansion_sql
from api.queries.orders import ORDERS, Order
from api.queries.pieces import Asked, Piece, Query, for_engine, joined, piece
from api.queries.shapes import Shape, shape_of
from api.records.nouns import NOUNS


class Item(NamedTuple):
    """One record: its finished JSON and entity tag."""

    document: bytes
    etag: str


@dataclass
class Page:
    """Finished records in order, the cursors before and behind them, and what came along."""

    records: list[Item]
    next: str | None = None
    previous: str | None = None
    total: int | None = None
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)


def item(database: AnyDatabase, noun: str, record_id: str) -> Item:
    """One record by its id; raise NoSuchRecord."""
    for document, etag in rows(database, _item_sql(noun, is_sqlite(database)), (record_id,)):
        return Item(bytes(document), etag)
    raise NoSuchRecord(record_id)


@lru_cache
def _item_sql(noun: str, sqlite: bool) -> str:
    return f'SELECT document, etag FROM "{_table(noun)}" WHERE id = {"?" if sqlite else "%s"}'


def expanded_item(database: AnyDatabase, noun: str, record_id: str, expand: Sequence[str]) -> Page:
    """One record and the records its references are to be expanded into, as a page of one; raise NoSuchRecord."""
    chosen = Piece(f'SELECT number, id AS key FROM "{_table(noun)}" WHERE id = ?', (lambda asked: (asked.owner,),))
    statement = for_engine(_statement(noun, chosen, expand), is_sqlite(database))
    found = _run(database, statement, Asked({}, None, record_id), expand)
    if not found.page:
        raise NoSuchRecord(record_id)
    return Page([found.page[0].item], expansions=found.expansions)


def page(database: AnyDatabase, noun: str, query: Query, owner: tuple[str, str] | None = None) -> Page:
    """One page of a collection.

    `owner` is the (noun, id) a sub-collection belongs to: raise NoSuchRecord when there is none. Raise
    InvalidParameters when `cursor` can't be used.
    """
    order, limit = ORDERS[noun][query["sort"]], query["limit"]
    question = question_of(noun, query)
    position = decode(query["cursor"], question, order.key) if "cursor" in query else None
    shape = shape_of(
        noun, query, is_sqlite(database), position.backwards if position else None, owner[0] if owner else None
    )
    asked = Asked(query, position, owner[1] if owner else None)
    found = _run(database, _page_statement(shape), asked, query.get("expand", ()))
    if owner is not None and not found.owned:
        raise NoSuchRecord(owner[1])
    return _in_reading_order(found, order, limit, position, question)


@lru_cache(maxsize=512)
def _page_statement(shape: Shape) -> Piece:
    """The whole SQL statement of a page and what is to come beside it."""
    asked = shape.asked
    chosen = sorting.chosen(shape)
    beside = [_count(shape)] if "total" in asked else []
    beside += [_owner(shape.owner)] if shape.owner is not None else []
    statement = _statement(shape.noun, chosen, asked.get("expand", ()), beside, sorting.prepared(shape))
    return for_engine(statement, shape.sqlite)


def _statement(
    noun: str, chosen: Piece, expand: Sequence[str], beside: Sequence[Piece] = (), prepared: Piece | None = None
) -> Piece:
    """`chosen` selects the number and key of the records of the page, in order."""
    records = piece(
        f"SELECT 'page' AS part, record.number, CAST(chosen.key AS TEXT) AS key, record.document, record.etag"
        f' FROM ({{}}) AS chosen JOIN "{_table(noun)}" AS record ON record.number = chosen.number',
        chosen,
    )
    expansions = [Piece(expansion_sql(NOUNS[noun].table, name)) for name in dict.fromkeys(expand)]
    common = [prepared] if prepared is not None else []
    if beside or expansions:  # only then are there others that look at the page
        common.append(piece("page AS MATERIALIZED ({})", records))
        records = joined(
            " UNION ALL ", [Piece("SELECT part, number, key, document, etag FROM page"), *beside, *expansions]
        )
    return piece("WITH {} {}", joined(", ", common), records) if common else records


def _count(shape: Shape) -> Piece:
    return piece(f"SELECT 'total', COUNT(*), {_NOTHING} FROM ({{}}) AS counted", sorting.everything(shape))


_NOTHING = "CAST(NULL AS TEXT), NULL, NULL"


def _owner(noun: str) -> Piece:
    return Piece(
        f"SELECT 'owner', number, {_NOTHING} FROM \"{_table(noun)}\" WHERE id = ?", (lambda asked: (asked.owner,),)
    )


class _Row(NamedTuple):
    number: int
    key: str
    item: Item


@dataclass
class _Found:
    page: list[_Row] = field(default_factory=list)
    total: int | None = None
    owned: bool = False
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)


def _run(database: AnyDatabase, statement: Piece, asked: Asked, expand: Sequence[str] = ()) -> _Found:
    found = _Found(expansions={name: {} for name in expand})
    for part, number, key, document, etag in rows(database, statement.sql, statement.values(asked)):
        match part:
            case "page":
                found.page.append(_Row(number, key, Item(bytes(document), etag)))
            case "total":
                found.total = number
            case "owner":
                found.owned = True
            case _:
                found.expansions[part][key] = bytes(document)
    return found


def _table(noun: str) -> str:
    name: str = NOUNS[noun].table._meta.table_name
    return name


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
        [row.item for row in kept],
        next=cursor(kept[-1], False) if has_next else None,
        previous=cursor(kept[0], True) if has_previous else None,
        total=found.total,
        expansions=found.expansions,
    )
