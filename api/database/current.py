"""The current database, which all reads and writes go to: that of the service, or for a while another."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from peewee import Database, DatabaseProxy

_other: ContextVar[Database | None] = ContextVar("other", default=None)


class Current(DatabaseProxy):
    """The database of the service; in the thread that is within `use_database`, the other one."""

    _served: Any = None

    @property
    def obj(self) -> Any:
        """The database that the proxy stands for."""
        return _other.get() or self._served

    @obj.setter
    def obj(self, served: Any) -> None:
        type(self)._served = served


@contextmanager
def use_database(other: Database | None) -> Iterator[None]:
    """Read and write another database in here, or without one that of the service; other threads keep theirs."""
    before = _other.set(other)
    try:
        yield
    finally:
        _other.reset(before)


database = Current()


def engine() -> Any:
    """The current database itself, without the proxy."""
    return database.obj


def transaction() -> Any:
    """The transaction of this thread, an object that no other transaction is; None outside of any."""
    transactions = engine()._state.transactions
    return transactions[0] if transactions else None
