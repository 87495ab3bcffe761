"""The orders of every collection; each but relevance is that of an index."""

from typing import Any, NamedTuple

from peewee import SQL

from api.models.agreements import Agreement
from api.models.articles import Article
from api.models.base import Record
from api.models.communiques import Communique
from api.models.events import Event
from api.models.statements import Statement
from api.records.nouns import NOUNS


class Order(NamedTuple):
    """A way to sort: by one column, ties by number in the same direction."""

    column: Any
    descending: bool

    @property
    def key(self) -> type[str] | type[int]:
        """The type of the sort key."""
        return int if self.column is RELEVANCE else str


RELEVANCE = SQL('"matched"."relevance"')


def _dated(table: Any) -> dict[str, Order]:
    return {"-date": Order(table.day, True), "date": Order(table.day, False)}


def _always(table: type[Record]) -> dict[str, Order]:
    return {
        "id": Order(table.id, False),
        "-id": Order(table.id, True),
        "updated_at": Order(table.updated_at, False),
        "-updated_at": Order(table.updated_at, True),
        "relevance": Order(RELEVANCE, True),
    }


ORDERS: dict[str, dict[str, Order]] = {
    name: {
        **(_dated(noun.table) if noun.table in (Statement, Event, Agreement, Communique, Article) else {}),
        **_always(noun.table),
    }
    for name, noun in NOUNS.items()
}
