"""The records of a page by number and sort key: statements by date are found in order, all else is sorted."""

from api.models.base import Record, Table, key_of, owner_of
from api.queries import finding
from api.queries.days import NUMBER, in_range, updated
from api.queries.filters import Condition, conditions, holds, part_towards
from api.queries.orders import ORDERS, RELEVANCE, Order
from api.queries.pieces import Asked, Piece, all_of, marked, piece
from api.queries.shapes import Shape
from api.queries.walks import Walk
from api.records.nouns import NOUNS
from api.search import index


def chosen(shape: Shape) -> Piece:
    """A SELECT of `number` and `key` of the records of a page, and one more to tell whether another page follows."""
    if _walks(shape):
        walked = finding.found(shape, _walk(shape))
        return piece(f"SELECT filed & {NUMBER} AS number, filed AS key FROM ({{}}) AS found", walked)
    order = _order(shape)
    descending = order.descending != bool(shape.backwards)
    source, key = _source(shape, order)
    there = _conditions(shape, matched=order.column == RELEVANCE) + (
        _beyond(key, descending) if shape.backwards is not None else []
    )
    direction = "DESC" if descending else "ASC"
    limited = piece(f" ORDER BY 2 {direction}, 1 {direction} LIMIT {{}}", marked(lambda query: query["limit"] + 1))
    return piece("SELECT record.number AS number, {} AS key FROM {} WHERE {}{}", key, source, all_of(there), limited)


def everything(shape: Shape) -> Piece:
    """A SELECT of one row for each record that a query finds."""
    if shape.noun == "statements":
        return finding.found(shape, Walk(limited=False))
    return piece(f"SELECT 1 FROM {_named(shape)} WHERE {{}}", all_of(_conditions(shape)))


def in_order_of_id(shape: Shape) -> Piece:
    """A SELECT of the numbers of all records that a query finds."""
    source, there = Piece(_named(shape)), all_of(_conditions(shape))
    return piece("SELECT record.number FROM {} WHERE {} ORDER BY record.id", source, there)


def prepared(shape: Shape) -> Piece | None:
    """The common table expressions that the others stand on; None when there are none."""
    if shape.noun != "statements":
        return None
    return finding.choice(shape, _walk(shape) if _walks(shape) else Walk())


def _order(shape: Shape) -> Order:
    return ORDERS[shape.noun][shape.asked["sort"]]


def _walks(shape: Shape) -> bool:
    return shape.noun == "statements" and _order(shape).column == "filed"


def _walk(shape: Shape) -> Walk:
    return Walk(_order(shape).descending != bool(shape.backwards), shape.backwards is not None)


def _table(shape: Shape) -> type[Record]:
    return NOUNS[shape.noun].table


def _named(shape: Shape) -> str:
    return f'"{_table(shape)._meta.table_name}" AS record'


def _source(shape: Shape, order: Order) -> tuple[Piece, Piece]:
    """What is selected from, and the sort key there."""
    if order.column != RELEVANCE:
        return Piece(_named(shape)), Piece(f"record.{order.column}")
    text, key = index.table_of(shape.noun), index.key_of(shape.sqlite)
    matched = finding.matches(shape)
    ranked = Piece(index.relevance(shape.noun, shape.sqlite), () if shape.sqlite else matched.fillings)
    source = piece(
        f'(SELECT "{text}".{key} AS key, {{}} AS relevance FROM "{text}" WHERE {{}}) AS matched'
        f" JOIN {_named(shape)} ON record.{key_of(_table(shape))} = matched.key",
        ranked,
        matched,
    )
    return source, Piece("matched.relevance")


def _beyond(key: Piece, descending: bool) -> list[Piece]:
    here = Piece("?, ?", (_position,))
    return [piece(f"({{}}, record.number) {'<' if descending else '>'} ({{}})", key, here)]


def _position(asked: Asked) -> tuple[str | int, int]:
    assert asked.position is not None
    return asked.position.key, asked.position.number


def _conditions(shape: Shape, matched: bool = False) -> list[Piece]:
    """What must hold for a record of the collection; of one that is known to be `matched` by `q`, the rest."""
    if shape.noun == "statements":
        return _statement_conditions(shape, matched) or [_ALWAYS]
    table = _table(shape)
    found = [*updated(shape, "record"), *in_range(shape, "record")]
    if "q" in shape.asked and not matched:
        text, key = index.table_of(shape.noun), index.key_of(shape.sqlite)
        found.append(
            piece(f'record.{key_of(table)} IN (SELECT {key} FROM "{text}" WHERE {{}})', finding.matches(shape))
        )
    return found + _held_together(table, conditions(table, shape), "record") or [_ALWAYS]


_ALWAYS = Piece("1 = 1")


def _statement_conditions(shape: Shape, matched: bool) -> list[Piece]:
    """Lists are gathered and sorted; but where records come along anyway, each is looked up in the lists."""
    if matched or "updated_since" in shape.asked or not finding.has_lists(shape):
        on_lists = finding.is_on_all(shape, "record.filed", text=not matched)
        return [*updated(shape, "record"), *in_range(shape, "record"), *on_lists]
    return [piece("record.filed IN ({})", finding.found(shape, Walk(limited=False)))]


def _held_together(table: type[Table], asked: list[Condition], row: str) -> list[Piece]:
    """Conditions on a row of `table`, those on its parts folded into one subquery for each table of parts."""
    here = [holds(condition, row) for condition in asked if condition.table is table]
    below: dict[type[Table], list[Condition]] = {}
    for condition in asked:
        part = part_towards(table, condition.table)
        if part is not None:
            below.setdefault(part, []).append(condition)
    return here + [piece(f"{row}.number IN ({{}})", _owners(part, some)) for part, some in below.items()]


def _owners(part: type[Table], asked: list[Condition]) -> Piece:
    owner = owner_of(part)
    assert owner is not None
    name = part._meta.table_name
    held = all_of(_held_together(part, asked, name))
    return piece(f'SELECT {name}.{owner.column_name} FROM "{name}" WHERE {{}}', held)
