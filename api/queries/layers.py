"""An earlier moment in two layers: the records that have not changed since, where they are stored, and those that have.

The latter are in a database of their own (`api.history.overlays`), as they were. Whoever reads records within `use_layers`
reads each layer by the same SQL and puts together what it gives: pages are merged, and counts are added up.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import NamedTuple, TypeVar

from api.queries.query import Query
from schemas.parameters.filters import NOT

Made = TypeVar("Made")


class Item(NamedTuple):
    """A record: its stored JSON and its entity tag."""

    document: bytes
    etag: str


class Part(NamedTuple):
    """The records of a type that are read of a layer: those with `numbers`, or all but those.

    `operator` is what stands in SQL between a number and the list: IN or NOT IN.
    """

    operator: str
    numbers: Collection[int]


class Layers(NamedTuple):
    """What is read of an earlier moment from which database, each by record type.

    `changed` are the numbers and `changed_ids` the ids of stored records that do not count, since they have changed. `past`
    are the records that are read from the other database instead, by id with the numbers that they had. `rendered` are stored
    records, by number with their ids, that are only shown otherwise since. `entered` reads the other database, and `documents`
    gives records as they were shown then, by their ids.
    """

    changed: Mapping[str, Collection[int]]
    changed_ids: Mapping[str, Collection[str]]
    past: Mapping[str, Mapping[str, int]]
    rendered: Mapping[str, Mapping[int, str]]
    entered: Callable[[], AbstractContextManager[None]]
    documents: Callable[[str, Collection[str]], Mapping[str, Item]]

    def stored(self, record_type: str) -> Part:
        """What is read of the database itself."""
        return Part("NOT IN", self.changed.get(record_type, ()))

    def restored(self, record_type: str) -> Part:
        """What is read of the other one."""
        return Part("IN", self.past.get(record_type, {}).values())

    def was_there(self, record_type: str, record_id: str, is_stored: bool) -> bool:
        """Whether a record existed, given whether one of this id is stored."""
        if record_id in self.changed_ids.get(record_type, ()):
            return record_id in self.past.get(record_type, {})
        return is_stored

    def documents_of_changed(self, record_type: str, ids: Collection[str]) -> Mapping[str, Item]:
        """Those of these records that were shown otherwise then, by id."""
        rendered = self.rendered.get(record_type, {}).values()
        changed = set(ids) & {*self.changed_ids.get(record_type, ()), *rendered}
        return self.documents(record_type, changed) if changed else {}


_layers: ContextVar[Layers | None] = ContextVar("layers", default=None)


@contextmanager
def use_layers(layers: Layers) -> Iterator[None]:
    """Read an earlier moment in these layers in here."""
    before = _layers.set(layers)
    try:
        yield
    finally:
        _layers.reset(before)


def current_layers() -> Layers | None:
    """The layers that are read in here; None where all that is read is in one database."""
    return _layers.get()


def read_each(layers: Layers, record_type: str, read: Callable[[Part], Made]) -> list[Made]:
    """What is read of the records of a type in each layer, the stored ones first."""
    made = [read(layers.stored(record_type))]
    restored = layers.restored(record_type)
    if restored.numbers:
        with layers.entered():
            made.append(read(restored))
    return made


def depends_on_rendering(query: Query) -> bool:
    """Whether what a query finds, or in which order, may change where records are only rendered anew.

    Then their times, the names by which words find them, and whose own side put the words out may be others.
    """
    by_time = query.updated_since or query.sort.endswith("updated_at")
    return bool(query.q is not None or by_time or query.filters.keys() & {"first_hand", f"{NOT}first_hand"})
