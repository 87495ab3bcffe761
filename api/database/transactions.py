"""Transactions: of the only writer there is at a time, and of readers that see the database at one moment."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext

from api.database.current import engine
from api.database.dialect import dialect
from api.database.statements import execute
from api.database.time_limits import without_time_limits
from api.database.writers_queue import WritersQueue


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that no other writer overlaps: what is read in it is still so when it commits.

    SQLite's write lock is taken at the beginning (`lock_type`); PostgreSQL would let two writers render from each
    other's past, so they take an advisory lock. A thread waits for either lock LOCK_TIMEOUT seconds at most, and only a
    single thread of a process at a time. Statements have no time limit in here.
    """
    current = engine()
    writers: WritersQueue | None = None if current.in_transaction() else getattr(current, "writers", None)
    with nullcontext() if writers is None else writers.turn(), current.atomic(), without_time_limits():
        _run(dialect().within_write)
        if writers is not None:
            writers.note_lock()
        yield


@contextmanager
def not_waiting() -> Iterator[None]:
    """Fail at once when another writer has the database; for a statement that a reader can do without."""
    words = dialect()
    _run(words.do_not_wait)
    try:
        yield
    finally:
        _run(words.wait_again)


@contextmanager
def at_one_moment() -> Iterator[None]:
    """A transaction that reads the database as it is at one moment, while writers go on."""
    words = dialect()
    with engine().atomic(*words.snapshot_mode):
        _run(words.within_snapshot)
        yield


def _run(statements: Iterable[str]) -> None:
    for sql in statements:
        execute(sql)
