"""Which way a page is found: by SQL alone, or by bitmaps where SQL might look at many records that are not on it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pyroaring import BitMap

from api.bitmaps.columns import ALL
from api.bitmaps.following import Bitmaps
from api.database.deferred_reads import is_wanted
from api.queries import sorting
from api.queries.bitmap_finding import IN_ORDER, Along, Needed, Plan, are_kept, first_of, found, found_first, plan_of
from api.queries.fragments import Arguments, Fragment
from api.queries.page.rows import rows_of
from api.queries.page.statements import page_among, page_statement, page_with_state, walk_in_order
from api.queries.shapes import Shape


def rows_of_page(shape: Shape, arguments: Arguments) -> list[Any]:
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
    return rows_of(page_statement(shape._replace(with_position=with_position)), arguments, with_position)


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
        return _Chosen(total, page_with_state(shape))
    if sorting.is_scanned(shape):
        beyond = None if position is None else int(position.key)
        numbers = first_of(statements, columns, sorting.is_descending(shape), beyond, query.limit + 1)
        return _Chosen(total, page_among(shape), numbers)
    if total <= FEW:
        return _Chosen(total, page_among(shape), statements)
    if not sorting.is_along_an_index(shape):
        return _Chosen(total, page_with_state(shape))
    return _Chosen(total, page_among(shape), Along(BitMap(statements), len(columns[ALL].present)))


def _read_chosen(shape: Shape, arguments: Arguments, chosen: _Chosen) -> list[Any]:
    numbers = chosen.numbers
    if isinstance(numbers, Along):
        numbers = numbers.first(walk_in_order(shape), arguments, arguments.query.limit + 1)
    return rows_of(chosen.statement, arguments._replace(numbers=numbers), shows_position=True)
