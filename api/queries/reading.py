"""Reading records and pages: each function runs one SQL statement and returns stored bytes, not models.

The statement selects a `page` of a table and, if wanted, further rows beside it: the total, the owner of a sub-collection,
the records that references are expanded into. `api.queries.page` has its parts. On PostgreSQL a second statement reads the
documents that this process has not read yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from api.cursors import Position, decode, encode, sides
from api.database.deferred_reads import is_wanted
from api.database.dialect import dialect
from api.errors import InvalidParameters, Issue, NoSuchRecord
from api.queries.fragments import Arguments
from api.queries.layers import Item, Part, current_layers, read_each
from api.queries.orders import ORDERS, RELEVANCE, Order
from api.queries.page.choosing import rows_of_page
from api.queries.page.documents import read_with_documents
from api.queries.page.layers import has_owner, merged, show_as_then
from api.queries.page.rows import Result, result_of, rows_noting_position, rows_of
from api.queries.page.statements import item_sql, select_by_id, statement_of
from api.queries.query import Query
from api.queries.relevance import Understanding, frequencies, ranking_of, understanding
from api.queries.shapes import Shape, shape_of
from api.search.query import parse
from api.search.ranking import Frequencies
from schemas.messages import NOT_A_CURSOR


@dataclass
class Page:
    """Stored records in order, the cursors before and behind them, the total, and expansions by record type and id."""

    documents: list[bytes]
    etags: list[str]
    next: str | None = None
    previous: str | None = None
    total: int | None = None
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    """The kinds of the speakers that they refer to, by id, if terms are to be expanded."""
    publishers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """References to the publishers of the articles that carry them, by the article's id, for summaries."""
    removed: list[tuple[str, str]] = field(default_factory=list)
    """The ids of records that are gone, if they are to be told, each with when; the latest first."""
    search: Understanding | None = None
    """How `q` was understood, if there is one."""


def item(record_type: str, record_id: str) -> Item:
    """A record by its id; raise NoSuchRecord."""
    found = read_with_documents(lambda by_version: _item(record_type, record_id, by_version), record_type)
    for _, _, _, document, etag in found:
        return Item(document, etag)
    raise NoSuchRecord(record_id)


def _item(record_type: str, record_id: str, by_version: bool) -> list[Any]:
    with_position = is_wanted()
    return rows_noting_position(item_sql(record_type, by_version, with_position), (record_id,), with_position)


def expanded_item(record_type: str, record_id: str, expand: Sequence[str]) -> Page:
    """A record, and the records that its references are expanded into, as a page; raise NoSuchRecord."""

    def read(by_version: bool) -> list[Any]:
        statement = statement_of(record_type, select_by_id(record_type), expand, by_version=by_version)
        return rows_of(statement, Arguments(Query(), owner=record_id))

    result = result_of(read_with_documents(read, record_type), expand)
    if not result.page:
        raise NoSuchRecord(record_id)
    _, _, _, document, etag = result.page[0]
    return Page([document], [etag], expansions=result.expansions, kinds=result.kinds)


def page(record_type: str, query: Query, owner: tuple[str, str] | None = None) -> Page:
    """A page of a collection.

    `owner` is the (record type, id) that a sub-collection belongs to: raise NoSuchRecord when there is no such record.
    Raise InvalidParameters when `cursor` is not of this query, and when it can't be sorted as is wanted.
    """
    if query.fallback_sort is None:
        return _page_in_order(record_type, query, owner)
    try:
        return _page_in_order(record_type, query, owner)
    except InvalidParameters:  # too many records for relevance, or a cursor that was made when there were
        return _page_in_order(record_type, replace(query, sort=query.fallback_sort), owner)


def _page_in_order(record_type: str, query: Query, owner: tuple[str, str] | None) -> Page:
    order, scope = ORDERS[record_type][query.sort], query.cursor_scope(record_type)
    position = None if query.cursor is None else decode(query.cursor, scope, order.key)
    backwards = None if position is None else position.backwards
    owner_type, owner_id = owner or (None, None)
    counts = _frequencies(record_type, query, position) if query.sort == RELEVANCE else None
    ranking = None if counts is None else ranking_of(record_type, parse(query.q or ""), counts)
    layers = current_layers()

    def read(part: Part | None = None) -> Result:
        shape = shape_of(
            record_type,
            query,
            dialect(),
            backwards=backwards,
            owner=owner_type,
            ranking=ranking,
            among=part and part.operator,
        )
        return _result(shape, Arguments(query, position, owner_id, ranking, among=() if part is None else part.numbers))

    if layers is None:
        result = read()
    else:
        result = merged(read_each(layers, record_type, read))
        show_as_then(result, layers, record_type)
    if owner_type is not None and owner_id is not None and not has_owner(result, layers, owner_type, owner_id):
        raise NoSuchRecord(owner_id)
    page_read = _page(result, order, query.limit, position, scope, counts)
    if query.q is not None or query.written:
        relevances = [] if counts is None else [int(row[2]) for row in result.page]
        page_read.search = understanding(query, counts, relevances)
    return page_read


def _result(shape: Shape, arguments: Arguments) -> Result:
    """The rows of a page and of what stands beside it."""
    by_version = shape._replace(by_version=True)
    fetched = read_with_documents(
        lambda kept: rows_of_page(by_version if kept else shape, arguments), shape.record_type
    )
    return result_of(fetched, arguments.query.expand)


def _frequencies(record_type: str, query: Query, position: Position | None) -> Frequencies:
    """How frequent the words of a query were when its first page was read; raise InvalidParameters."""
    text_query = parse(query.q or "")
    if position is None:
        return frequencies(record_type, text_query)
    if len(position.counts) != 1 + len(text_query.required):
        raise InvalidParameters([Issue(NOT_A_CURSOR, parameter="cursor")])
    return Frequencies(position.counts[0], position.counts[1:])


_PLACE, _DOCUMENT, _ETAG = itemgetter(2, 1), itemgetter(3), itemgetter(4)


def _page(
    result: Result, order: Order, limit: int, position: Position | None, scope: bytes, counts: Frequencies | None
) -> Page:
    """Put the rows in order, drop the row beyond the limit, and make the cursors to both sides."""
    key, backwards = order.key, position is not None and position.backwards
    placed = [*result.page]
    if placed and type(placed[0][2]) is not key:
        placed = [(part, number, key(value), document, etag) for part, number, value, document, etag in placed]
    placed.sort(key=_PLACE, reverse=order.descending != backwards)
    more = len(placed) > limit
    del placed[limit:]
    if backwards:
        placed.reverse()
    has_next, has_previous = sides(position, bool(placed), more)
    carried = () if counts is None else (counts.records, *counts.with_word)
    return Page(
        [*map(_DOCUMENT, placed)],
        [*map(_ETAG, placed)],
        next=encode(Position(False, placed[-1][2], placed[-1][1], carried), scope) if has_next else None,
        previous=encode(Position(True, placed[0][2], placed[0][1], carried), scope) if has_previous else None,
        total=result.total,
        expansions=result.expansions,
        kinds=result.kinds,
        publishers=result.publishers,
        removed=[(record_id, when) for _, record_id, when in sorted(result.removed, reverse=True)],
    )
