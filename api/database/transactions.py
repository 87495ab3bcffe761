"""Transactions: of the one writer there is at a time, and of readers at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from api.database.connections import LOCK_TIMEOUT, AnyDatabase, engine_of
from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.database.writers_queue import WritersQueue

WRITERS_LOCK = 7246738  # any number, the same in every process


_UNHURRIED = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s'; SET LOCAL statement_timeout = 0"


@contextmanager
def writing(database: AnyDatabase) -> Iterator[None]:
    """A transaction that no other writer overlaps: what it reads to write by is still so when it commits.

    SQLite's write lock is taken at the beginning (`lock_type`); PostgreSQL would let two writers render from each
    other's past, so they take a lock of ours. Either is waited for at most LOCK_TIMEOUT, and by no more than half of the
    threads. The time limit of `rows` is for those who only read, and does not end a write half-way.
    """
    engine: Any = engine_of(database)
    writers: WritersQueue | None = None if engine.in_transaction() else getattr(engine, "writers", None)
    with nullcontext() if writers is None else writers.place(), engine.atomic():
        if not is_sqlite(database):
            execute(database, _UNHURRIED)
            execute(database, "SELECT pg_advisory_xact_lock(%s)", (WRITERS_LOCK,))
        if writers is not None:
            writers.note_progress()
        yield


@contextmanager
def not_waiting(database: AnyDatabase) -> Iterator[None]:
    """Give up at once when another writer has the database; for one statement that a reader can do without."""
    if not is_sqlite(database):  # where writers of other rows are not waited for
        yield
        return
    execute(database, "PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        execute(database, f"PRAGMA busy_timeout = {1000 * LOCK_TIMEOUT}")


@contextmanager
def at_one_moment(database: AnyDatabase) -> Iterator[None]:
    """A transaction that reads the database as it is at one moment, while writers go on."""
    with engine_of(database).atomic(*(["DEFERRED"] if is_sqlite(database) else [])):
        if not is_sqlite(database):
            execute(database, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
