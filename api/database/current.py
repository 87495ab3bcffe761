"""The database that everything reads and writes: that of the service, or another one for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from peewee import Database, DatabaseProxy

_instead: ContextVar[Database | None] = ContextVar("instead", default=None)


class Current(DatabaseProxy):
    """The database of the service and, within `use_database`, another one for whoever is in there."""

    _served: Any = None

    @property
    def obj(self) -> Any:
        """The database that is meant."""
        return _instead.get() or self._served

    @obj.setter
    def obj(self, served: Any) -> None:
        type(self)._served = served


@contextmanager
def use_database(other: Database) -> Iterator[None]:
    """Let everything that is read or written in here go to another database, and nothing that others do."""
    before = _instead.set(other)
    try:
        yield
    finally:
        _instead.reset(before)


database = Current()


def engine() -> Any:
    """The current database itself, which the proxy stands for."""
    return database.obj
