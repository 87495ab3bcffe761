"""SQL in pieces: text with marks, and beside each mark what of a request will fill it.

A piece is made once for each shape of a query (see `api.queries.shapes`) and filled for each request, so that
answering a request costs neither the building nor, since drivers keep what they have prepared, the parsing of SQL.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from api.cursors import Position
from api.database.dialect import with_placeholders

Query = Mapping[str, Any]


class Asked(NamedTuple):
    """What a request brings to a piece: its validated query, and where its page begins."""

    query: Query
    position: Position | None = None
    owner: str | None = None


Binder = Callable[[Asked], Iterable[Any]]
"""Gives the values of the next marks, as many as there are."""


class Fragment(NamedTuple):
    """SQL with marks (`?`), and what fills them in order."""

    sql: str
    binders: tuple[Binder, ...] = ()

    def values(self, asked: Asked) -> list[Any]:
        """The values of all marks for a request."""
        return [value for binder in self.binders for value in binder(asked)]


def fragment(template: str, *inner: Fragment) -> Fragment:
    """A piece whose `{}` are replaced by other pieces, one each."""
    return Fragment(template.format(*(part.sql for part in inner)), _binders(inner))


def joined(separator: str, fragments: Iterable[Fragment]) -> Fragment:
    """Pieces one after the other."""
    parts = tuple(fragments)
    return Fragment(separator.join(part.sql for part in parts), _binders(parts))


def _binders(fragments: Iterable[Fragment]) -> tuple[Binder, ...]:
    return tuple(binder for part in fragments for binder in part.binders)


def all_of(conditions: Iterable[Fragment]) -> Fragment:
    """The condition that all of these hold."""
    return joined(" AND ", conditions)


def placeholder(value: Callable[[Query], Any]) -> Fragment:
    """A mark for one value of the query."""
    return Fragment("?", (lambda asked: (value(asked.query),),))


def for_engine(statement: Fragment, sqlite: bool) -> Fragment:
    """A finished statement with the marks that the engine's driver reads."""
    return Fragment(with_placeholders(statement.sql, sqlite), statement.binders)
