"""SQL in pieces: text with marks, and beside each mark what of a request will fill it.

A piece is made once for each shape of a query (see `api.queries.shapes`) and filled for each request, so that
answering a request costs neither the building nor, since drivers keep what they have prepared, the parsing of SQL.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from api.database import with_marks
from api.queries.cursors import Position

Query = Mapping[str, Any]


class Asked(NamedTuple):
    """What a request brings to a piece: its validated query, and where its page begins."""

    query: Query
    position: Position | None = None
    owner: str | None = None


Filling = Callable[[Asked], Iterable[Any]]
"""Gives the values of the next marks, as many as there are."""


class Piece(NamedTuple):
    """SQL with marks (`?`), and what fills them in order."""

    sql: str
    fillings: tuple[Filling, ...] = ()

    def values(self, asked: Asked) -> list[Any]:
        """The values of all marks for a request."""
        return [value for filling in self.fillings for value in filling(asked)]


def piece(template: str, *inner: Piece) -> Piece:
    """A piece whose `{}` are replaced by other pieces, one each."""
    return Piece(template.format(*(part.sql for part in inner)), _fillings(inner))


def joined(separator: str, pieces: Iterable[Piece]) -> Piece:
    """Pieces one after the other."""
    parts = tuple(pieces)
    return Piece(separator.join(part.sql for part in parts), _fillings(parts))


def _fillings(pieces: Iterable[Piece]) -> tuple[Filling, ...]:
    return tuple(filling for part in pieces for filling in part.fillings)


def all_of(conditions: Iterable[Piece]) -> Piece:
    """The condition that all of these hold."""
    return joined(" AND ", conditions)


def marked(value: Callable[[Query], Any]) -> Piece:
    """A mark for one value of the query."""
    return Piece("?", (lambda asked: (value(asked.query),),))


def for_engine(statement: Piece, sqlite: bool) -> Piece:
    """A finished statement with the marks that the engine's driver reads."""
    return Piece(with_marks(statement.sql, sqlite), statement.fillings)
