"""Transactions: of the one writer there is at a time, and of readers at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from api.database.connections import LOCK_TIMEOUT
from api.database.current import engine
from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.database.writers_queue import WritersQueue

WRITERS_LOCK = 7246738  # any number, the same in every process


_UNHURRIED = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s'; SET LOCAL statement_timeout = 0"


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that no other writer overlaps: what it reads to write by is still so when it commits.

    SQLite's write lock is taken at the beginning (`lock_type`); PostgreSQL would let two writers render from each
    other's past, so they take a lock of ours. Either is waited for at most LOCK_TIMEOUT, and by one thread of a process at
    a time. The time limit of `rows` is for those who only read, and does not end a write half-way.
    """
    current = engine()
    writers: WritersQueue | None = None if current.in_transaction() else getattr(current, "writers", None)
    with nullcontext() if writers is None else writers.turn(), current.atomic():
        if not is_sqlite():
            execute(_UNHURRIED)
            execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS_LOCK,))
        if writers is not None:
            writers.note_progress()
        yield


@contextmanager
def not_waiting() -> Iterator[None]:
    """Give up at once when another writer has the database; for one statement that a reader can do without."""
    if not is_sqlite():  # where writers of other rows are not waited for
        yield
        return
    execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        execute(f"PRAGMA busy_timeout = {1000 * LOCK_TIMEOUT}")


@contextmanager
def at_one_moment() -> Iterator[None]:
    """A transaction that reads the database as it is at one moment, while writers go on."""
    with engine().atomic(*(["DEFERRED"] if is_sqlite() else [])):
        if not is_sqlite():
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
