"""Ways through time along which statements are found."""

from typing import NamedTuple

from api.queries.fragments import Fragment, fragment, placeholder


class Scan(NamedTuple):
    """Which way through time, whether from a position on, only as far as the page needs, and with the `act` of each."""

    descending: bool = True
    started: bool = False
    limited: bool = True
    with_act: bool = False

    def end(self, sqlite: bool, gate: Fragment | None = None) -> Fragment:
        """The end of a SELECT that is walked this way, which gives nothing unless the `gate` holds.

        The gate stands in LIMIT: in WHERE SQLite would ask it of every row.
        """
        most = placeholder(lambda query: query["limit"] + 1) if self.limited else Fragment("-1" if sqlite else "NULL")
        if gate is not None:
            most = fragment("CASE WHEN {} THEN {} ELSE 0 END", gate, most)
        order = f" ORDER BY 1 {self.direction}" if self.limited else ""
        return fragment(f"{order} LIMIT {{}}", most) if self.limited or gate is not None else Fragment("")

    @property
    def direction(self) -> str:
        """The word for it in ORDER BY."""
        return "DESC" if self.descending else "ASC"
