"""The records of a page, by number and sort key: statements by date are found in order, all else is sorted."""

import json
from typing import NamedTuple

from api.documents.record_types import RECORD_TYPES
from api.models.base import NUMBER, Record, Table, key_of, owner_of
from api.queries import finding, relevance
from api.queries.days import are_few_changed, changed_lately, in_range, updated
from api.queries.filters import Condition, conditions, exclusions, holds, part_towards
from api.queries.fragments import LIMIT_AND_ONE, Arguments, Fragment, Scan, all_of, fragment, is_among, limit_if
from api.queries.orders import ORDERS, RELEVANCE, REPORTED, Order
from api.queries.shapes import Shape
from api.search import index

ALL = Scan(limited=False)


def select_page(shape: Shape) -> Fragment:
    """A SELECT of `number` and `key` of the records of a page, and of the next record, which shows that a page follows."""
    if is_scanned(shape):
        keys = finding.select_keys(shape, _scan(shape))
        return fragment(f"SELECT sort_key & {NUMBER} AS number, sort_key AS key FROM ({{}}) AS found", keys)
    where = _conditions(shape, is_matched=_order(shape).column == RELEVANCE)
    if not _is_by_change_and_id(shape):
        return _sorted(shape, where)
    few = are_few_changed()
    changed = _sorted(shape, where, fragment("({}) AS record", changed_lately(shape)), few)
    others = _sorted(shape, where, gate=fragment("NOT ({})", few))
    return fragment("SELECT * FROM ({}) AS changed UNION ALL SELECT * FROM ({}) AS others", changed, others)


def _is_by_change_and_id(shape: Shape) -> bool:
    """Whether statements are sorted by id of which perhaps only a few changed lately, and neither words nor filters find them."""
    return shape.record_type == "statements" and shape.is_by_change and _order(shape).column == "id" and not shape.text


def select_among(shape: Shape) -> Fragment:
    """The same of the records whose numbers are known."""
    numbers = Fragment(shape.dialect.numbers_in_json, (lambda arguments: (json.dumps([*arguments.numbers]),),))
    source = fragment("({}) AS among CROSS JOIN statement AS record", numbers)  # in this order
    return _sorted(shape, [Fragment("record.number = among.number")], source)


def select_along(shape: Shape) -> Fragment:
    """A SELECT of the numbers of all statements in the order of a page, beyond its position, without an end."""
    source, descending = _source(shape, _order(shape), []), is_descending(shape)
    where = [_ALWAYS] if shape.backwards is None else [_beyond_position(source, descending)]
    direction = "DESC" if descending else "ASC"
    in_order = f"ORDER BY {source.key} {direction}, {source.number} {direction}"
    return fragment(f"SELECT {source.number} FROM {{}} WHERE {{}} {in_order}", source.tables, all_of(where))


def is_descending(shape: Shape) -> bool:
    """The direction in which a page is read."""
    return _order(shape).descending != bool(shape.backwards)


def _sorted(
    shape: Shape, where: list[Fragment], among: Fragment | None = None, gate: Fragment | None = None
) -> Fragment:
    """The page from all records or those `among` some; nothing unless the `gate` holds."""
    order, descending = _order(shape), is_descending(shape)
    source = _source(shape, order, where)
    if among is not None:
        source = source._replace(tables=among)
    if shape.backwards is not None:
        where = [*where, _beyond_position(source, descending)]
    direction = "DESC" if descending else "ASC"
    limit = LIMIT_AND_ONE if gate is None else limit_if(gate, LIMIT_AND_ONE)
    limited = fragment(f" ORDER BY 2 {direction}, 1 {direction} LIMIT {{}}", limit)
    select = f"SELECT {source.number} AS number, {source.key} AS key FROM {{}} WHERE {{}}{{}}"
    return fragment(select, source.tables, all_of(where), limited)


def select_all(shape: Shape) -> Fragment:
    """A SELECT of a row for each matching record."""
    if _order(shape).column == RELEVANCE:
        where = _conditions(shape, is_matched=True)
        return fragment("SELECT 1 FROM {} WHERE {}", _source(shape, _order(shape), where).tables, all_of(where))
    if shape.record_type == "statements":
        return finding.select_keys(shape, ALL)
    return fragment(f"SELECT 1 FROM {_records(shape)} WHERE {{}}", all_of(_conditions(shape)))


def select_by_id(shape: Shape) -> Fragment:
    """A SELECT of the numbers of all matching records in the order of their ids."""
    source, where = Fragment(_records(shape)), all_of(_conditions(shape))
    return fragment("SELECT record.number FROM {} WHERE {} ORDER BY record.id", source, where)


def common_tables(shape: Shape) -> Fragment | None:
    """The common table expressions that these SELECTs use; None when there are none."""
    if shape.record_type != "statements":
        return None
    return finding.sparsest_list(shape, _scan(shape) if is_scanned(shape) else Scan())


def _order(shape: Shape) -> Order:
    return ORDERS[shape.record_type][shape.sort]


def is_scanned(shape: Shape) -> bool:
    """Whether a page is in the order of time."""
    return shape.record_type == "statements" and _order(shape).column == "sort_key"


def is_along_an_index(shape: Shape) -> bool:
    """Whether an index holds all records in the order of a page."""
    return _order(shape).column not in (RELEVANCE, REPORTED)


def _scan(shape: Shape) -> Scan:
    return Scan(is_descending(shape), shape.backwards is not None)


def _table(shape: Shape) -> type[Record]:
    return RECORD_TYPES[shape.record_type].table


def _records(shape: Shape) -> str:
    return f'"{_table(shape)._meta.table_name}" AS record'


class _Source(NamedTuple):
    """What is selected from, and there the number of a record and its sort key."""

    tables: Fragment
    number: str
    key: str


def _source(shape: Shape, order: Order, where: list[Fragment]) -> _Source:
    if order.column == REPORTED:
        return _Source(Fragment(_records(shape)), "record.number", _FIRST_PUBLISHED)
    if order.column != RELEVANCE:
        return _Source(Fragment(_records(shape)), "record.number", f"record.{order.column}")
    matched, key = fragment("({}) AS matched", relevance.matched(shape)), key_of(_table(shape))
    if where == [_ALWAYS]:  # then no record has to be read, but those of the page
        return _Source(matched, f"matched.key & {NUMBER}" if key == "sort_key" else "matched.key", "matched.relevance")
    joining = fragment(f"{{}} JOIN {_records(shape)} ON record.{key} = matched.key", matched)
    return _Source(joining, "record.number", "matched.relevance")


_FIRST_PUBLISHED = (
    "(SELECT MIN(article.sort_day) FROM report JOIN article ON article.number = report.article_id"
    " WHERE report.owner_id = record.number)"
)


def _beyond_position(source: _Source, descending: bool) -> Fragment:
    sign = "<" if descending else ">"
    return Fragment(f"({source.key}, {source.number}) {sign} (?, ?)", (_position,))


def _position(arguments: Arguments) -> tuple[str | int, int]:
    assert arguments.position is not None
    return arguments.position.key, arguments.position.number


def _conditions(shape: Shape, is_matched: bool = False) -> list[Fragment]:
    """The conditions on a record of the collection; if it is known to match `q`, the other conditions."""
    if shape.record_type == "statements":
        return _conditions_on_statements(shape, is_matched) or [_ALWAYS]
    table = _table(shape)
    where = [*updated(shape, "record"), *in_range(shape, "record")]
    if shape.text and not is_matched:
        text, key = index.table_of(shape.record_type), index.text_index(shape.dialect).key
        matches = finding.text_matches(shape)
        where.append(fragment(f'record.{key_of(table)} IN (SELECT {key} FROM "{text}" WHERE {{}})', matches))
    where += _on_same_rows(table, conditions(table, shape), "record")
    where += [is_among(shape.among, "record.number", shape.dialect)] if shape.among else []
    return where + [_is_not(table, condition) for condition in exclusions(table, shape)] or [_ALWAYS]


_ALWAYS = Fragment("1 = 1")


def _conditions_on_statements(shape: Shape, is_matched: bool) -> list[Fragment]:
    """Lists are gathered and sorted; but where records are read anyway, each of them is looked up in the lists."""
    if is_matched or shape.is_by_change or not finding.has_lists(shape):
        on_lists = finding.is_on_all(shape, "record.sort_key", text=not is_matched)
        return [*updated(shape, "record"), *in_range(shape, "record"), *on_lists]
    return [fragment("record.sort_key IN ({})", finding.select_keys(shape, ALL))]


def _is_not(table: type[Table], condition: Condition) -> Fragment:
    """The condition that neither a record nor any of its parts meets another one; what is NULL does not meet it."""
    [met] = _on_same_rows(table, [condition], "record")
    return fragment("({}) IS NOT TRUE", met)


def _on_same_rows(table: type[Table], wanted: list[Condition], row: str) -> list[Fragment]:
    """Conditions on a row of `table`; those on its parts are combined into a single subquery for each table of parts."""
    own = [holds(condition, row) for condition in wanted if condition.table is table]
    of_parts: dict[type[Table], list[Condition]] = {}
    for condition in wanted:
        part = part_towards(table, condition.table)
        if part is not None:
            of_parts.setdefault(part, []).append(condition)
    return own + [fragment(f"{row}.number IN ({{}})", _owners(part, group)) for part, group in of_parts.items()]


def _owners(part: type[Table], wanted: list[Condition]) -> Fragment:
    owner = owner_of(part)
    assert owner is not None
    name = part._meta.table_name
    where = all_of(_on_same_rows(part, wanted, name))
    return fragment(f'SELECT {name}.{owner.column_name} FROM "{name}" WHERE {{}}', where)
