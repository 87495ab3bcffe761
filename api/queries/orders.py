"""The orders of every collection.

Each but relevance is the order of an index, along which a whole collection is read. With filters, only statements by date
are surely read along an index; in other orders, and in other collections, the matching records are sorted.
"""

from typing import NamedTuple

from api.documents.record_types import RECORD_TYPES
from api.models.base import key_of

RELEVANCE = "relevance"
LATEST_CHANGE = "-updated_at"
REPORTED = "reported"
"""When a statement was first published: the earliest day under which an article that carries it is filed."""


class Order(NamedTuple):
    """By a column, ties by number in the same direction."""

    column: str
    descending: bool

    @property
    def key(self) -> type[str] | type[int]:
        """The type of the values of the column."""
        return int if self.column in ("sort_key", RELEVANCE) else str


def _by_date() -> dict[str, Order]:
    return {"-date": Order("sort_key", True), "date": Order("sort_key", False)}


def _of_every_collection() -> dict[str, Order]:
    return {
        "id": Order("id", False),
        "-id": Order("id", True),
        "updated_at": Order("updated_at", False),
        "-updated_at": Order("updated_at", True),
        "relevance": Order(RELEVANCE, True),
    }


def _of_statements() -> dict[str, Order]:
    return {"-reported": Order(REPORTED, True), "reported": Order(REPORTED, False)}


ORDERS: dict[str, dict[str, Order]] = {
    name: {
        **(_by_date() if key_of(record_type.table) == "sort_key" else {}),
        **(_of_statements() if name == "statements" else {}),
        **_of_every_collection(),
    }
    for name, record_type in RECORD_TYPES.items()
}
