"""The records of a page by number and sort key: statements by date are found in order, all else is sorted."""

from api.documents.record_types import RECORD_TYPES
from api.models.base import Record, Table, key_of, owner_of
from api.queries import finding
from api.queries.days import NUMBER, in_range, updated
from api.queries.filters import Condition, conditions, holds, part_towards
from api.queries.fragments import Asked, Fragment, all_of, fragment, placeholder
from api.queries.orders import ORDERS, RELEVANCE, Order
from api.queries.scans import Scan
from api.queries.shapes import Shape
from api.search import index


def chosen(shape: Shape) -> Fragment:
    """A SELECT of `number` and `key` of the records of a page, and one more to tell whether another page follows."""
    if _walks(shape):
        walked = finding.found(shape, _walk(shape))
        return fragment(f"SELECT sort_key & {NUMBER} AS number, sort_key AS key FROM ({{}}) AS found", walked)
    order = _order(shape)
    descending = order.descending != bool(shape.backwards)
    source, key = _source(shape, order)
    there = _conditions(shape, matched=order.column == RELEVANCE) + (
        _beyond(key, descending) if shape.backwards is not None else []
    )
    direction = "DESC" if descending else "ASC"
    limited = fragment(
        f" ORDER BY 2 {direction}, 1 {direction} LIMIT {{}}", placeholder(lambda query: query["limit"] + 1)
    )
    return fragment("SELECT record.number AS number, {} AS key FROM {} WHERE {}{}", key, source, all_of(there), limited)


def everything(shape: Shape) -> Fragment:
    """A SELECT of one row for each record that a query finds."""
    if shape.record_type == "statements":
        return finding.found(shape, Scan(limited=False))
    return fragment(f"SELECT 1 FROM {_named(shape)} WHERE {{}}", all_of(_conditions(shape)))


def in_order_of_id(shape: Shape) -> Fragment:
    """A SELECT of the numbers of all records that a query finds."""
    source, there = Fragment(_named(shape)), all_of(_conditions(shape))
    return fragment("SELECT record.number FROM {} WHERE {} ORDER BY record.id", source, there)


def prepared(shape: Shape) -> Fragment | None:
    """The common table expressions that the others stand on; None when there are none."""
    if shape.record_type != "statements":
        return None
    return finding.choice(shape, _walk(shape) if _walks(shape) else Scan())


def _order(shape: Shape) -> Order:
    return ORDERS[shape.record_type][shape.asked["sort"]]


def _walks(shape: Shape) -> bool:
    return shape.record_type == "statements" and _order(shape).column == "sort_key"


def _walk(shape: Shape) -> Scan:
    return Scan(_order(shape).descending != bool(shape.backwards), shape.backwards is not None)


def _table(shape: Shape) -> type[Record]:
    return RECORD_TYPES[shape.record_type].table


def _named(shape: Shape) -> str:
    return f'"{_table(shape)._meta.table_name}" AS record'


def _source(shape: Shape, order: Order) -> tuple[Fragment, Fragment]:
    """What is selected from, and the sort key there."""
    if order.column != RELEVANCE:
        return Fragment(_named(shape)), Fragment(f"record.{order.column}")
    text, key = index.table_of(shape.record_type), index.key_of(shape.sqlite)
    matched = finding.matches(shape)
    ranked = Fragment(index.relevance(shape.record_type, shape.sqlite), () if shape.sqlite else matched.binders)
    source = fragment(
        f'(SELECT "{text}".{key} AS key, {{}} AS relevance FROM "{text}" WHERE {{}}) AS matched'
        f" JOIN {_named(shape)} ON record.{key_of(_table(shape))} = matched.key",
        ranked,
        matched,
    )
    return source, Fragment("matched.relevance")


def _beyond(key: Fragment, descending: bool) -> list[Fragment]:
    here = Fragment("?, ?", (_position,))
    return [fragment(f"({{}}, record.number) {'<' if descending else '>'} ({{}})", key, here)]


def _position(asked: Asked) -> tuple[str | int, int]:
    assert asked.position is not None
    return asked.position.key, asked.position.number


def _conditions(shape: Shape, matched: bool = False) -> list[Fragment]:
    """What must hold for a record of the collection; of one that is known to be `matched` by `q`, the rest."""
    if shape.record_type == "statements":
        return _statement_conditions(shape, matched) or [_ALWAYS]
    table = _table(shape)
    found = [*updated(shape, "record"), *in_range(shape, "record")]
    if "q" in shape.asked and not matched:
        text, key = index.table_of(shape.record_type), index.key_of(shape.sqlite)
        found.append(
            fragment(f'record.{key_of(table)} IN (SELECT {key} FROM "{text}" WHERE {{}})', finding.matches(shape))
        )
    return found + _held_together(table, conditions(table, shape), "record") or [_ALWAYS]


_ALWAYS = Fragment("1 = 1")


def _statement_conditions(shape: Shape, matched: bool) -> list[Fragment]:
    """Lists are gathered and sorted; but where records come along anyway, each is looked up in the lists."""
    if matched or "updated_since" in shape.asked or not finding.has_lists(shape):
        on_lists = finding.is_on_all(shape, "record.sort_key", text=not matched)
        return [*updated(shape, "record"), *in_range(shape, "record"), *on_lists]
    return [fragment("record.sort_key IN ({})", finding.found(shape, Scan(limited=False)))]


def _held_together(table: type[Table], asked: list[Condition], row: str) -> list[Fragment]:
    """Conditions on a row of `table`, those on its parts folded into one subquery for each table of parts."""
    here = [holds(condition, row) for condition in asked if condition.table is table]
    below: dict[type[Table], list[Condition]] = {}
    for condition in asked:
        part = part_towards(table, condition.table)
        if part is not None:
            below.setdefault(part, []).append(condition)
    return here + [fragment(f"{row}.number IN ({{}})", _owners(part, some)) for part, some in below.items()]


def _owners(part: type[Table], asked: list[Condition]) -> Fragment:
    owner = owner_of(part)
    assert owner is not None
    name = part._meta.table_name
    held = all_of(_held_together(part, asked, name))
    return fragment(f'SELECT {name}.{owner.column_name} FROM "{name}" WHERE {{}}', held)
