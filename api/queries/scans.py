"""How a list of statements is scanned along time."""

from typing import NamedTuple

from api.database.dialect import Dialect
from api.queries.fragments import LIMIT_AND_ONE, Fragment, all_of, fragment, limit_if


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
