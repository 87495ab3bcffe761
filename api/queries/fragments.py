"""SQL fragments: text with placeholders, and for each placeholder a binder that takes its value from a query.

A fragment is made once for each shape of a query (`api.queries.shapes`) and bound for each request. So a request costs no
building of SQL, and no parsing of it either, since drivers keep the statements that they have prepared.
"""

import json
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from api.cursors import Position
from api.database.dialect import Dialect
from api.queries.query import Query
from api.search.ranking import Ranking


class Arguments(NamedTuple):
    """What a request binds to placeholders: its query, where its page begins, the id of a sub-collection's owner, its ranking.

    `numbers` are of the records among which those of a page are, `among` those of a layer's records (`Shape.among`).
    """

    query: Query
    position: Position | None = None
    owner: str | None = None
    ranking: Ranking | None = None
    numbers: Iterable[int] = ()
    among: Collection[int] = ()


Binder = Callable[[Arguments], Iterable[Any]]
"""Gives the values of the next placeholders."""


class Fragment(NamedTuple):
    """SQL with placeholders (`?`), and the binders of all of them in order."""

    sql: str
    binders: tuple[Binder, ...] = ()

    def values(self, arguments: Arguments) -> list[Any]:
        """The values of all placeholders for a request."""
        binders, places = _distinct(self.binders)
        values = [tuple(binder(arguments)) for binder in binders]
        return list(chain.from_iterable(map(values.__getitem__, places)))


@lru_cache(maxsize=1000)
def _distinct(binders: tuple[Binder, ...]) -> tuple[tuple[Binder, ...], list[int]]:
    """Each binder once, and which of them each placeholder takes its values from: a filter stands in SQL many times."""
    distinct = tuple(dict.fromkeys(binders))
    return distinct, [distinct.index(binder) for binder in binders]


def fragment(template: str, *parts: Fragment) -> Fragment:
    """A template in which each `{}` is replaced by the next part."""
    return Fragment(template.format(*(part.sql for part in parts)), _binders(parts))


def joined(separator: str, fragments: Iterable[Fragment]) -> Fragment:
    """Fragments with a separator between them."""
    parts = tuple(fragments)
    return Fragment(separator.join(part.sql for part in parts), _binders(parts))


def _binders(fragments: Iterable[Fragment]) -> tuple[Binder, ...]:
    return tuple(binder for part in fragments for binder in part.binders)


def all_of(conditions: Iterable[Fragment]) -> Fragment:
    """The condition that all of these hold."""
    return joined(" AND ", conditions)


@lru_cache(maxsize=500)  # so that the same value is bound by the same binder, and worked out once
def placeholder(value: Callable[[Query], Any]) -> Fragment:
    """A placeholder for a value of the query."""
    return Fragment("?", (lambda arguments: (value(arguments.query),),))


def is_among(operator: str, number: str, dialect: Dialect) -> Fragment:
    """The condition that a number is, or is not, that of one of a layer's records."""
    return Fragment(f"({number}) {operator} ({dialect.numbers_in_json})", (_among,))


def _among(arguments: Arguments) -> tuple[str]:
    return (json.dumps([*arguments.among]),)


LIMIT_AND_ONE = placeholder(lambda query: query.limit + 1)
"""How many records are selected for a page: the additional record shows whether another page follows."""


def limit_if(gate: Fragment, limit: Fragment) -> Fragment:
    """A limit that is 0 unless the gate holds."""
    return fragment("CASE WHEN {} THEN {} ELSE 0 END", gate, limit)


def with_common_tables(tables: Fragment | None, select: Fragment) -> Fragment:
    """A SELECT after the common table expressions that it uses, if any."""
    return select if tables is None else fragment("WITH {} {}", tables, select)


class Scan(NamedTuple):
    """In which direction, whether from the position of a cursor on, only as far as the page needs, and with each `act`.

    Nothing is scanned unless the `gate` holds.
    """

    descending: bool = True
    from_position: bool = False
    limited: bool = True
    with_act: bool = False
    gate: Fragment | None = None

    def end(self, dialect: Dialect, gate: Fragment | None = None) -> Fragment:
        """The end of a SELECT that scans this way, and that gives nothing unless the `gate` holds.

        The gate is part of LIMIT: in WHERE, SQLite would evaluate it for every row.
        """
        limit = LIMIT_AND_ONE if self.limited else Fragment(dialect.no_limit)
        gates = [each for each in (self.gate, gate) if each is not None]
        if gates:
            limit = limit_if(all_of(gates), limit)
        order = f" ORDER BY 1 {self.direction}" if self.limited else ""
        return fragment(f"{order} LIMIT {{}}", limit) if self.limited or gates else Fragment("")

    @property
    def direction(self) -> str:
        """The direction as ORDER BY has it."""
        return "DESC" if self.descending else "ASC"
