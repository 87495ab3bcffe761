"""Reading: each function runs exactly one SQL statement and gives stored bytes, not models.

The statement finds a `page` of one table, and where asked for, a few more rows beside it: the total, the owner of a
sub-collection, the records that references are to be expanded into. Its SQL is made once for each shape of a query.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from api.cursors import Position, decode, encode, question_of
from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.errors import NoSuchRecord
from api.queries import sorting
from api.queries.expansions import expansion_sql
from api.queries.fragments import Asked, Fragment, Query, for_engine, fragment, joined
from api.queries.orders import ORDERS, Order
from api.queries.shapes import Shape, remembered, shape_of


class Item(NamedTuple):
    """One record: its finished JSON and entity tag."""

    document: bytes
    etag: str


@dataclass
class Page:
    """Finished records in order, the cursors before and behind them, and what came along."""

    documents: list[bytes]
    etags: list[str]
    next: str | None = None
    previous: str | None = None
    total: int | None = None
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)


def item(record_type: str, record_id: str) -> Item:
    """One record by its id; raise NoSuchRecord."""
    for document, etag in rows(_item_sql(record_type, is_sqlite()), (record_id,)):
        return Item(bytes(document), etag)
    raise NoSuchRecord(record_id)


@lru_cache
def _item_sql(record_type: str, sqlite: bool) -> str:
    return with_placeholders(f'SELECT document, etag FROM "{_table(record_type)}" WHERE id = ?', sqlite)


def expanded_item(record_type: str, record_id: str, expand: Sequence[str]) -> Page:
    """One record and the records its references are to be expanded into, as a page of one; raise NoSuchRecord."""
    chosen = Fragment(
        f'SELECT number, id AS key FROM "{_table(record_type)}" WHERE id = ?', (lambda asked: (asked.owner,),)
    )
    statement = for_engine(_statement(record_type, chosen, expand), is_sqlite())
    found = _sorted_out(rows(statement.sql, statement.values(Asked({}, None, record_id))), expand)
    if not found.page:
        raise NoSuchRecord(record_id)
    _, _, _, document, etag = found.page[0]
    return Page([document], [etag], expansions=found.expansions)


def page(record_type: str, query: Query, owner: tuple[str, str] | None = None) -> Page:
    """One page of a collection.

    `owner` is the (record type, id) a sub-collection belongs to: raise NoSuchRecord when there is none. Raise
    InvalidParameters when `cursor` can't be used.
    """
    order, limit = ORDERS[record_type][query["sort"]], query["limit"]
    question = question_of(record_type, query)
    position = decode(query["cursor"], question, order.key) if "cursor" in query else None
    shape = shape_of(
        record_type, query, is_sqlite(), position.backwards if position else None, owner[0] if owner else None
    )
    asked = Asked(query, position, owner[1] if owner else None)
    statement = _page_statement(shape)
    found = _sorted_out(rows(statement.sql, statement.values(asked)), query.get("expand", ()))
    if owner is not None and not found.owned:
        raise NoSuchRecord(owner[1])
    return _in_reading_order(found, order, limit, position, question)


@remembered
def _page_statement(shape: Shape) -> Fragment:
    """The whole SQL statement of a page and what is to come beside it."""
    asked = shape.asked
    chosen = sorting.chosen(shape)
    beside = [_count(shape)] if "total" in asked else []
    beside += [_owner(shape.owner)] if shape.owner is not None else []
    statement = _statement(shape.record_type, chosen, asked.get("expand", ()), beside, sorting.prepared(shape))
    return for_engine(statement, shape.sqlite)


def _statement(
    record_type: str,
    chosen: Fragment,
    expand: Sequence[str],
    beside: Sequence[Fragment] = (),
    prepared: Fragment | None = None,
) -> Fragment:
    """`chosen` selects the number and key of the records of the page, in order."""
    as_text = "CAST(chosen.key AS TEXT)" if beside or expand else "chosen.key"  # as what comes beside has it
    records = fragment(
        f"SELECT 'page' AS part, record.number, {as_text} AS key, record.document, record.etag"
        f' FROM ({{}}) AS chosen JOIN "{_table(record_type)}" AS record ON record.number = chosen.number',
        chosen,
    )
    expansions = [Fragment(expansion_sql(RECORD_TYPES[record_type].table, name)) for name in dict.fromkeys(expand)]
    common = [prepared] if prepared is not None else []
    if beside or expansions:  # only then are there others that look at the page
        common.append(fragment("page AS MATERIALIZED ({})", records))
        records = joined(
            " UNION ALL ", [Fragment("SELECT part, number, key, document, etag FROM page"), *beside, *expansions]
        )
    return fragment("WITH {} {}", joined(", ", common), records) if common else records


def _count(shape: Shape) -> Fragment:
    return fragment(f"SELECT 'total', COUNT(*), {_NOTHING} FROM ({{}}) AS counted", sorting.everything(shape))


_NOTHING = "CAST(NULL AS TEXT), NULL, NULL"


def _owner(record_type: str) -> Fragment:
    return Fragment(
        f"SELECT 'owner', number, {_NOTHING} FROM \"{_table(record_type)}\" WHERE id = ?",
        (lambda asked: (asked.owner,),),
    )


_Row = tuple[str, int, Any, bytes, str]
"""Which part of the answer it is of, number, key, document, entity tag."""


@dataclass
class _Found:
    page: list[_Row]
    total: int | None = None
    owned: bool = False
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)


def _sorted_out(answer: list[Any], expand: Sequence[str]) -> _Found:
    """The rows of an answer by what they are."""
    found = _Found([row for row in answer if row[0] == "page"], expansions={name: {} for name in expand})
    if len(found.page) < len(answer):
        for part, number, key, document, _ in answer:
            match part:
                case "page":
                    pass
                case "total":
                    found.total = number
                case "owner":
                    found.owned = True
                case _:
                    found.expansions[part][key] = document
    return found


def _table(record_type: str) -> str:
    name: str = RECORD_TYPES[record_type].table._meta.table_name
    return name


def _in_reading_order(found: _Found, order: Order, limit: int, position: Position | None, question: bytes) -> Page:
    """Put the rows in order, cut the one too many, and make the cursors to both sides."""
    key, backwards = order.key, position is not None and position.backwards
    placed = [(key(row[2]), row[1], row) for row in found.page]
    placed.sort(reverse=order.descending != backwards)
    more = len(placed) > limit
    del placed[limit:]
    if backwards:
        placed.reverse()
    has_next = more if not backwards else bool(placed)
    has_previous = more if backwards else bool(placed) and position is not None
    return Page(
        [row[3] for _, _, row in placed],
        [row[4] for _, _, row in placed],
        next=encode(Position(False, *placed[-1][:2]), question) if has_next else None,
        previous=encode(Position(True, *placed[0][:2]), question) if has_previous else None,
        total=found.total,
        expansions=found.expansions,
    )
