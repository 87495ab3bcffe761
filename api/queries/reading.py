"""Reading records and pages: each function runs one SQL statement and returns stored bytes, not models.

The statement selects a `page` of a table and, if wanted, further rows beside it: the total, the owner of a sub-collection,
the records that references are expanded into. Its SQL is made once for each shape of a query. Documents that this process
has read before are not read again while they are the same; a second statement reads the others (`_with_documents`).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from pyroaring import BitMap

from api.bitmaps.columns import ALL
from api.bitmaps.following import Bitmaps
from api.changelog.positions import STATE_PARTS
from api.cursors import Position, decode, encode, sides
from api.database.compression import decompressed
from api.database.dialect import dialect
from api.database.documents import Version, documents
from api.database.first_statements import is_wanted, take_over
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.errors import InvalidParameters, Issue, NoSuchRecord
from api.queries import sorting
from api.queries.bitmap_finding import (
    IN_ORDER,
    Along,
    Needed,
    Plan,
    are_kept,
    first_of,
    found,
    found_first,
    plan_of,
    state_sql,
)
from api.queries.expansions import expansion_sql, kinds_sql
from api.queries.fragments import Arguments, Fragment, fragment, joined, with_common_tables
from api.queries.layers import Item, Layers, Part, current_layers, read_each
from api.queries.orders import ORDERS, RELEVANCE, Order
from api.queries.query import Query
from api.queries.relevance import Understanding, frequencies, ranking_of, understanding
from api.queries.removals import removals_sql
from api.queries.shapes import Shape, remembered, shape_of
from api.search.query import parse
from api.search.ranking import Frequencies
from schemas.messages import NOT_A_CURSOR
from schemas.parameters.shapes import DATES, SUMMARY, TERMS


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
    found = _complete(lambda by_version: _item(record_type, record_id, by_version), record_type)
    for _, _, _, document, etag in found:
        return Item(document, etag)
    raise NoSuchRecord(record_id)


def _item(record_type: str, record_id: str, by_version: bool) -> list[Any]:
    with_position = is_wanted()
    return _rows(_item_sql(record_type, by_version, with_position), (record_id,), with_position)


@lru_cache
def _item_sql(record_type: str, by_version: bool, with_position: bool) -> str:
    body = "NULL" if by_version else "body"
    sql = f"SELECT 'page', number, NULL, {body}, etag FROM \"{_table(record_type)}\" WHERE id = ?"
    return f"{sql} UNION ALL {POSITION.sql}" if with_position else sql


POSITION = Fragment(f"SELECT 'change', ({STATE_PARTS['change']}), NULL, NULL, NULL")
"""The position up to which the log is shown, in a row behind those of records."""


def expanded_item(record_type: str, record_id: str, expand: Sequence[str]) -> Page:
    """A record, and the records that its references are expanded into, as a page; raise NoSuchRecord."""
    select = Fragment(f'SELECT number, id AS key FROM "{_table(record_type)}" WHERE id = ?', (_owner_id,))

    def read(by_version: bool) -> list[Any]:
        return _read(
            statement_of(record_type, select, expand, by_version=by_version), Arguments(Query(), owner=record_id)
        )

    result = result_of(_complete(read, record_type), expand)
    if not result.page:
        raise NoSuchRecord(record_id)
    _, _, _, document, etag = result.page[0]
    return Page([document], [etag], expansions=result.expansions, kinds=result.kinds)


def page(record_type: str, query: Query, owner: tuple[str, str] | None = None) -> Page:
    """A page of a collection.

    `owner` is the (record type, id) that a sub-collection belongs to: raise NoSuchRecord when there is no such record.
    Raise InvalidParameters when `cursor` is not of this query, and when it can't be sorted as is wanted.
    """
    if query.otherwise is None:
        return _page_in_order(record_type, query, owner)
    try:
        return _page_in_order(record_type, query, owner)
    except InvalidParameters:  # too many records for relevance, or a cursor that was made when there were
        return _page_in_order(record_type, replace(query, sort=query.otherwise), owner)


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
        result = _merged(read_each(layers, record_type, read))
        _show_as_then(result, layers, record_type)
    if owner_type is not None and owner_id is not None and not _has_owner(result, layers, owner_type, owner_id):
        raise NoSuchRecord(owner_id)
    page_read = _page(result, order, query.limit, position, scope, counts)
    if query.q is not None or query.written:
        relevances = [] if counts is None else [int(row[2]) for row in result.page]
        page_read.search = understanding(query, counts, relevances)
    return page_read


def _has_owner(result: "Result", layers: Layers | None, owner_type: str, owner_id: str) -> bool:
    return result.has_owner if layers is None else layers.was_there(owner_type, owner_id, result.has_owner)


def _merged(results: Sequence["Result"]) -> "Result":
    """The rows of a page in all layers, the stored ones first, and what stands beside them."""
    merged, *others = results
    for other in others:
        merged.page = [*merged.page, *other.page]
        merged.total = None if merged.total is None else merged.total + (other.total or 0)
        for name, expanded in other.expansions.items():
            merged.expansions.setdefault(name, {}).update(expanded)
        merged.kinds |= other.kinds
        merged.publishers |= other.publishers
    return merged


def _show_as_then(result: "Result", layers: Layers, record_type: str) -> None:
    """Put what records showed at an earlier moment in the place of what those that are stored show now."""
    rendered = layers.rendered.get(record_type, {})
    shown_otherwise = [rendered[row[1]] for row in result.page if row[1] in rendered]
    past = layers.documents(record_type, shown_otherwise) if shown_otherwise else {}
    result.page = [
        (part, number, key, *past[rendered[number]]) if number in rendered else (part, number, key, document, etag)
        for part, number, key, document, etag in result.page
    ]
    for name, expanded in result.expansions.items():
        if name in RECORD_TYPES:
            changed = layers.documents_of_changed(name, expanded)
            expanded.update({record_id: item.document for record_id, item in changed.items()})
    for speaker, item in layers.documents_of_changed("speakers", result.kinds).items():
        result.kinds[speaker] = orjson.loads(item.document)["kind"]
    for article, item in layers.documents_of_changed("articles", result.publishers).items():
        if publisher := orjson.loads(item.document)["publisher"]:
            result.publishers[article] = publisher


def _result(shape: Shape, arguments: Arguments) -> "Result":
    """The rows of a page and of what stands beside it."""
    by_version = shape._replace(by_version=True)
    fetched = _complete(lambda kept: _found(by_version if kept else shape, arguments), shape.record_type)
    return result_of(fetched, arguments.query.expand)


def _found(shape: Shape, arguments: Arguments) -> list[Any]:
    """The rows as they are read: found and counted by bitmaps if SQL would be slow and they can tell."""
    plan = plan_of(shape) if are_kept() else None
    if plan is not None and (shape.total or _is_slow(shape, plan)):
        read = found_first(
            _needed(shape, plan),
            lambda columns: _chosen(shape, plan, arguments, columns),
            lambda chosen: _read_chosen(shape, arguments, chosen),
        )
        if read is not None:
            return [*read[1], ("total", read[0].total, None, None, None)] if shape.total else read[1]
    with_position = is_wanted()
    return _read(_page_statement(shape._replace(with_position=with_position)), arguments, with_position)


def _read(statement: Fragment, arguments: Arguments, shows_position: bool = False) -> list[Any]:
    """The rows of a statement. If it `shows_position`, as SELECTs of the state do, no other statement has to read that."""
    return _rows(statement.sql, statement.values(arguments), shows_position)


def _rows(sql: str, values: Sequence[Any], shows_position: bool) -> list[Any]:
    wanted = take_over() if shows_position else None
    fetched = rows(sql, values)
    if wanted is not None:
        is_last = fetched[-1][0] == "change"
        position = fetched.pop() if is_last else next(row for row in fetched if row[0] == "change")
        wanted.number = position[1] or 0
    return fetched


FEW = 2_000
"""Statements whose order is looked up in their rows, one by one. More are found along the index of the order."""


class _Chosen(NamedTuple):
    """How a page is read after bitmaps have found all that matches: by which statement, among which numbers."""

    total: int
    statement: Fragment
    numbers: Iterable[int] | Along = ()


def _is_slow(shape: Shape, plan: Plan) -> bool:
    """Whether SQL might have to look at many records that are not on the page."""
    return not plan.is_one_list if sorting.is_scanned(shape) else not shape.selects_all


def _needed(shape: Shape, plan: Plan) -> Needed:
    columns, labelled = plan.needed
    return Needed([*columns, *IN_ORDER] if sorting.is_scanned(shape) and _is_slow(shape, plan) else columns, labelled)


def _chosen(shape: Shape, plan: Plan, arguments: Arguments, columns: Bitmaps) -> _Chosen:
    query, position = arguments.query, arguments.position
    statements = found(plan, query, columns, arguments.among)
    total = len(statements)
    if not _is_slow(shape, plan):
        return _Chosen(total, _page_with_state(shape))
    if sorting.is_scanned(shape):
        beyond = None if position is None else int(position.key)
        numbers = first_of(statements, columns, sorting.is_descending(shape), beyond, query.limit + 1)
        return _Chosen(total, _page_among(shape), numbers)
    if total <= FEW:
        return _Chosen(total, _page_among(shape), statements)
    if not sorting.is_along_an_index(shape):
        return _Chosen(total, _page_with_state(shape))
    return _Chosen(total, _page_among(shape), Along(BitMap(statements), len(columns[ALL].present)))


def _read_chosen(shape: Shape, arguments: Arguments, chosen: _Chosen) -> list[Any]:
    numbers = chosen.numbers
    if isinstance(numbers, Along):
        numbers = numbers.first(_walk(shape), arguments, arguments.query.limit + 1)
    return _read(chosen.statement, arguments._replace(numbers=numbers), shows_position=True)


def _frequencies(record_type: str, query: Query, position: Position | None) -> Frequencies:
    """How frequent the words of a query were when its first page was read; raise InvalidParameters."""
    text_query = parse(query.q or "")
    if position is None:
        return frequencies(record_type, text_query)
    if len(position.counts) != 1 + len(text_query.required):
        raise InvalidParameters([Issue(NOT_A_CURSOR, parameter="cursor")])
    return Frequencies(position.counts[0], position.counts[1:])


@remembered
def _page_statement(shape: Shape) -> Fragment:
    """The SQL statement of a page and of the rows beside it."""
    return _page_beside(shape, [_total(shape)] if shape.total else [])


@remembered
def _page_with_state(shape: Shape) -> Fragment:
    """The page, and the state of the records by which bitmaps count the total."""
    return _page_beside(shape, state_sql(f", {_NO_RECORD}"))


@remembered
def _page_among(shape: Shape) -> Fragment:
    return _page_of(shape, sorting.select_among(shape), state_sql(f", {_NO_RECORD}"))


@remembered
def _walk(shape: Shape) -> Fragment:
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
        f' FROM ({{}}) AS chosen JOIN "{_table(record_type)}" AS record ON record.number = chosen.number',
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


def _total(shape: Shape) -> Fragment:
    return fragment(f"SELECT 'total', COUNT(*), {_NO_RECORD} FROM ({{}}) AS counted", sorting.select_all(shape))


_NO_RECORD = "CAST(NULL AS TEXT), NULL, NULL"


def _owner(record_type: str) -> Fragment:
    return Fragment(f"SELECT 'owner', number, {_NO_RECORD} FROM \"{_table(record_type)}\" WHERE id = ?", (_owner_id,))


def _owner_id(arguments: Arguments) -> tuple[str | None]:
    return (arguments.owner,)


def _table(record_type: str) -> str:
    name: str = RECORD_TYPES[record_type].table._meta.table_name
    return name


_Row = tuple[str, int, Any, bytes, str]
"""Which part of the result it belongs to, number, key, document, entity tag."""

_PART, _PLACE, _DOCUMENT, _ETAG = itemgetter(0), itemgetter(2, 1), itemgetter(3), itemgetter(4)


def _complete(read: Callable[[bool], list[Any]], record_type: str) -> list[Any]:
    """The rows with the documents of their versions; `read` is told whether it may leave documents out.

    If a record is changed between the two statements, everything is read by one.
    """
    if (
        dialect().has_server
        and documents.are_kept
        and (complete := _with_documents(read(True), record_type)) is not None
    ):
        return complete
    return with_documents(read(False), record_type)


def with_documents(fetched: Iterable[Any], record_type: str) -> list[Any]:
    """The rows of a statement of records of a type, and of others beside them, with documents in the place of what is stored of them."""
    kept = documents.used_last()
    return [
        (
            part,
            number,
            key,
            body
            and (
                kept.get(version := (record_type if part == "page" else part, number, etag))
                or _decompressed(version, body)
            ),
            etag,
        )
        for part, number, key, body, etag in fetched
    ]


def _decompressed(version: Version, body: bytes) -> bytes:
    """The document of a version that was not used lately, which is kept from now on."""
    document = documents.get(version)
    if document is None:
        document = decompressed(body)
        if documents.are_kept:
            documents.keep(version, document)
    return document


def _with_documents(fetched: list[Any], record_type: str) -> list[Any] | None:
    """The rows with the documents that belong to them; None when one of these is not there any more."""
    complete: list[Any] = []
    missing: list[tuple[int, Version]] = []
    for part, number, key, document, etag in fetched:
        name = record_type if part == "page" else part
        if name in RECORD_TYPES:  # else it is a row of something else than a record
            version = name, number, etag
            document = documents.get(version)
            if document is None:
                missing.append((len(complete), version))
        complete.append((part, number, key, document, etag))
    return _completed(complete, missing) if missing else complete


def _completed(rows_read: list[Any], missing: list[tuple[int, Version]]) -> list[Any] | None:
    """The rows with documents at these places, read now and kept; None when one is of another version by now."""
    found = dict(_documents_now(dict.fromkeys(version for _, version in missing)))
    for version, document in found.items():
        documents.keep(version, document)
    for place, version in missing:
        if version not in found:
            return None
        part, number, key, _, etag = rows_read[place]
        rows_read[place] = part, number, key, found[version], etag
    return rows_read


def _documents_now(versions: Iterable[Version]) -> Iterator[tuple[Version, bytes]]:
    """The documents of these records, with the versions that they are of by now."""
    numbers: dict[str, list[int]] = {}
    for name, number, _ in versions:
        numbers.setdefault(name, []).append(number)
    selects = (
        f"SELECT '{name}', number, etag, body FROM \"{_table(name)}\" WHERE number IN ({dialect().numbers_in_json})"
        for name in numbers
    )
    for name, number, etag, body in rows(" UNION ALL ".join(selects), [json.dumps(each) for each in numbers.values()]):
        yield (name, number, etag), decompressed(body)


@dataclass
class Result:
    """The rows of a statement by what they are for."""

    page: list[_Row]
    total: int | None = None
    has_owner: bool = False
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    publishers: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed: list[tuple[int, str, str]] = field(default_factory=list)
    """The positions in the log at which records were removed, their ids, and when."""


def result_of(fetched: list[Any], expand: Sequence[str]) -> Result:
    """The rows of a statement, sorted into its parts."""
    if set(map(_PART, fetched)) == {"page"}:
        return Result(fetched, expansions={name: {} for name in expand})
    result = Result([row for row in fetched if row[0] == "page"], expansions={name: {} for name in expand})
    if len(result.page) < len(fetched):
        for part, number, key, document, more in fetched:
            match part:
                case "page" | "change" | "resumed" | "expired":
                    pass
                case "total":
                    result.total = number
                case "owner":
                    result.has_owner = True
                case "kind":
                    result.kinds[key] = more.rpartition("/")[2]
                case "publisher":
                    publisher, _, label = more.partition(" ")
                    result.publishers[key] = {"id": publisher, "name": orjson.loads(label)}
                case "removed":
                    result.removed.append((number, key, more))
                case record_type:
                    result.expansions[record_type][key] = document
    return result


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
