"""What several pages show: lists of statements, and the chain by which each came to its page. One SQL statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from api.queries import reading
from api.queries.query import Query, Values

Document = dict[str, Any]

MOST_AGENTS = 12
"""Of a longer chain the beginning and the end are drawn; all of it stands in the JSON."""
ENDING = 2


@dataclass(frozen=True)
class Listing:
    """Documents in order, the cursors around them, and how many there are in all if that was counted."""

    documents: list[Document]
    next: str | None = None
    previous: str | None = None
    total: int | None = None
    query: Sequence[tuple[str, str]] = field(default=())
    """The parameters of the search page that shows the same statements."""


def statements(filters: Mapping[str, Values], limit: int, sort: str = "-date", cursor: str | None = None) -> Listing:
    """A page of the statements that filters find, and how many there are."""
    query = Query(filters=filters, limit=limit, sort=sort, cursor=cursor, total="exact")
    return listing(reading.page("statements", query), filters)


def listing(page: reading.Page, filters: Mapping[str, Values] | None = None) -> Listing:
    """A page as its documents."""
    pairs = [(name, str(value)) for name, values in (filters or {}).items() for value in _several(values)]
    return Listing([orjson.loads(each) for each in page.documents], page.next, page.previous, page.total, pairs)


def _several(values: Values) -> Sequence[Any]:
    return values if isinstance(values, tuple) else (values,)


@dataclass(frozen=True)
class Chain:
    """The agents from the speaker to the page: those that are drawn, and how many are left out between them."""

    beginning: list[Document]
    left_out: int
    end: list[Document]


def chain(report: Mapping[str, Any]) -> Chain:
    """The chain of a report, of which at most MOST_AGENTS are drawn."""
    links = report["chain"]
    if len(links) <= MOST_AGENTS:
        return Chain(links, 0, [])
    return Chain(links[: MOST_AGENTS - ENDING], len(links) - MOST_AGENTS, links[-ENDING:])
