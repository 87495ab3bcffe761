"""Connecting to SQLite or PostgreSQL by URL, pooled and safe to use from many threads.

`sqlite:///relative.db`, `sqlite:////absolute.db`, each with an optional `?mode=ro`; `postgresql://user:password@host/name`
with libpq's own parameters. Nothing is opened until the first use, so a process may fork after `connect`.
"""

import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from peewee import (  # type: ignore[attr-defined]
    Database,
    DatabaseError,
    DatabaseProxy,
    DataError,
    IntegrityError,
    InterfaceError,
    ProgrammingError,
    SqliteDatabase,
    __exception_wrapper__,
)
from playhouse.pool import MaxConnectionsExceeded, PooledSqliteDatabase
from playhouse.postgres_ext import PooledPsycopg3Database, Psycopg3Database
from psycopg import ProgrammingError as UnreadableURL
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DiskFull, QueryCanceled, ReadOnlySqlTransaction

from api.failures import BadSetting, DatabaseUnavailable, TooSlow
from api.time_limits import Watch
from api.writers_queue import WritersQueue

LOCK_TIMEOUT = 5  # seconds to wait for another writer before giving up
SQLITE_PRAGMAS = {"busy_timeout": 1000 * LOCK_TIMEOUT, "foreign_keys": 1, "synchronous": "full", "mmap_size": 1 << 28}
"""synchronous: what was committed is on the disk, for a power cut may come right after the answer. mmap: a third off each
read of a large file, for memory the page cache holds anyway."""

AnyDatabase = Database | DatabaseProxy

UNAVAILABLE = (DatabaseError, InterfaceError, MaxConnectionsExceeded, sqlite3.DatabaseError)


class SQLite(PooledSqliteDatabase):
    """A SQLite database as `connect` makes it; `watch` keeps the time limit of what `rows` asks, where there is one."""

    time_limit: float | None = None
    watch: Watch | None = None
    writers: WritersQueue


class _Psycopg3Database(Psycopg3Database):
    """Connections with the time limits of a session. They are set before the pool counts the connection as taken."""

    time_limit: float | None = None

    def _connect(self) -> Any:
        connection = super()._connect()
        try:
            connection.execute(f"SET lock_timeout = {round(1000 * self._lock_timeout())}")
            if self.time_limit is not None:
                milliseconds = max(1, round(1000 * self.time_limit))
                connection.execute(f"SET statement_timeout = {milliseconds}; SET application_name = '{_LIMITED}'")
        except BaseException:
            connection.close()
            raise
        return connection

    def _lock_timeout(self) -> float:
        """How long to wait for a lock: less than for an answer, so that the reader is told which of them it was."""
        return LOCK_TIMEOUT if self.time_limit is None else min(LOCK_TIMEOUT, 0.8 * self.time_limit)


class PostgreSQL(PooledPsycopg3Database, _Psycopg3Database):  # type: ignore[misc]
    """A PostgreSQL database, reached through psycopg 3, as `connect` makes it. A time limit is the server's to keep."""

    writers: WritersQueue


_LIMITED = "tasrih reading"
"""The name under which connections with a time limit are seen by the server."""


def connect(url: str, connections: int = 20, time_limit: float | None = None) -> SQLite | PostgreSQL:
    """Describe the database behind a URL; raise BadSetting when the URL is none. Opens nothing.

    `time_limit` is how many seconds a statement run by `rows` may take, outside of transactions.
    """
    described = _described(url, connections)
    described.time_limit = time_limit
    described.writers = WritersQueue(max(1, connections // 2), LOCK_TIMEOUT)
    if isinstance(described, SQLite) and time_limit is not None:
        described.watch = Watch(time_limit)
    return described


def _described(url: str, connections: int) -> SQLite | PostgreSQL:
    parts = _split(url)
    if parts.scheme == "sqlite":
        return _sqlite(url, connections)
    if parts.scheme in ("postgresql", "postgres"):
        if not parts.path.strip("/"):
            raise BadSetting("DATABASE_URL", "names no database: write postgresql://host/name.")
        return PostgreSQL(url, max_connections=connections, timeout=LOCK_TIMEOUT, stale_timeout=300, **_unhanging(url))
    raise BadSetting("DATABASE_URL", "must begin with sqlite:/// or postgresql://.")


_UNHANGING = {
    "connect_timeout": LOCK_TIMEOUT,
    "keepalives_idle": LOCK_TIMEOUT,
    "keepalives_interval": 2,
    "tcp_user_timeout": 1000 * LOCK_TIMEOUT,
}
"""What libpq is told, so that a server that is gone without a word is not waited for: seconds, and milliseconds for TCP's."""


def _unhanging(url: str) -> dict[str, int]:
    """The time limits of a connection, but for those that its URL sets."""
    try:
        told = conninfo_to_dict(url)
    except UnreadableURL as error:
        raise BadSetting("DATABASE_URL", f"can't be read: {str(error).strip()}.") from None
    return {name: value for name, value in _UNHANGING.items() if name not in told}


def sqlite_path(url: str) -> Path | None:
    """The file behind a `sqlite:///` URL; None for any other."""
    parts = _split(url)
    return Path(unquote(parts.path[1:])) if parts.scheme == "sqlite" else None


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.port is None or parts.port > 0:
            return parts
    except ValueError:
        pass
    raise BadSetting("DATABASE_URL", "must be a URL: write sqlite:///path/to/file.db or postgresql://host/name.")


def _sqlite(url: str, connections: int) -> SQLite:
    parts, path = _split(url), sqlite_path(url)
    mode = parts.query.removeprefix("mode=") if parts.query else "rw"
    named = url.startswith("sqlite:///") and path not in (None, Path(), Path(":memory:"))
    if not named or "?" in url.removesuffix(f"?mode={mode}") or "#" in url or mode not in ("rw", "ro"):
        raise BadSetting("DATABASE_URL", "must be written sqlite:///path/to/file.db, with at most ?mode=ro after it.")
    assert path is not None
    # mode=rw, never rwc: a file that has gone missing must be reported, not replaced by an empty one.
    return SQLite(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        pragmas=SQLITE_PRAGMAS,
        timeout=LOCK_TIMEOUT,
        stale_timeout=60,  # so that a file put in the place of this one is noticed
        check_same_thread=False,
        lock_type="IMMEDIATE",
        max_connections=connections,
    )


def create_sqlite_file(path: Path) -> None:
    """Create an empty database file in write-ahead mode, so that readers never wait for a writer."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = wal")
    finally:
        connection.close()


def engine_of(database: AnyDatabase) -> Database:
    """The database itself, also when a proxy stands for it."""
    return database.obj if isinstance(database, DatabaseProxy) else database


def is_sqlite(database: AnyDatabase) -> bool:
    """Whether the engine is SQLite (the other one is PostgreSQL)."""
    return isinstance(engine_of(database), SqliteDatabase)


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


def with_marks(sql: str, sqlite: bool) -> str:
    """SQL written with `?` for its parameters, with the marks that the driver of the engine reads."""
    return sql if sqlite else sql.replace("?", "%s")


def execute(database: AnyDatabase, sql: str, parameters: Sequence[Any] = ()) -> Any:
    """Run one statement and give its cursor."""
    return database.execute_sql(sql, parameters)


def execute_many(database: AnyDatabase, sql: str, values: Sequence[tuple[Any, ...]]) -> int:
    """Run one statement for each of some rows of values; give how many rows it changed."""
    if not values:
        return 0
    with __exception_wrapper__:
        cursor: Any = engine_of(database).cursor()
        cursor.executemany(sql, values)
        return int(cursor.rowcount)


def insert(database: AnyDatabase, table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows into a table, many with one statement: three times as fast as through the models."""
    listed, mark = ", ".join(f'"{column}"' for column in columns), "?" if is_sqlite(database) else "%s"
    for first in range(0, len(values), 500):
        some = values[first : first + 500]
        marks = ", ".join([f"({', '.join([mark] * len(columns))})"] * len(some))
        flat = [value for row in some for value in row]
        execute(database, f'INSERT INTO "{table}" ({listed}) VALUES {marks}', flat)


def rows(database: AnyDatabase, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one reading statement and give all its rows.

    Raise DatabaseUnavailable when the database can't answer, TooSlow when it doesn't within its time limit. Within a
    transaction there is none.
    """
    engine: Any = engine_of(database)
    watch: Watch | None = None if engine.in_transaction() else getattr(engine, "watch", None)
    with in_time(engine, getattr(engine, "time_limit", None), watch):
        return list(engine.execute_sql(sql, parameters).fetchall())


@contextmanager
def in_time(engine: Any, limit: float | None, watch: Watch | None) -> Iterator[None]:
    """Let the watch, where there is one, end what is read over this thread's connection.

    Raise DatabaseUnavailable when the database can't answer, TooSlow, with the limit, when its time was over.
    """
    try:
        if watch is not None:
            watch.start(engine.connection())
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise  # our fault, not the database's
    except UNAVAILABLE as error:
        if limit is not None and _took_too_long(error):
            raise TooSlow(limit) from error
        raise DatabaseUnavailable(str(error).strip() or type(error).__name__) from error
    finally:
        if watch is not None:
            watch.stop()


def forget_connections(database: AnyDatabase) -> None:
    """Close this thread's connection and those nobody uses, so that the next request finds the database as it is then.

    A connection that SQLite made to a file it could not write stays a reading one after the file has become writable.
    """
    engine: Any = engine_of(database)
    with suppress(*UNAVAILABLE):
        engine.manual_close()
    engine.close_idle()


def is_full(error: BaseException) -> bool:
    """Whether there was no room left, in the database or where files are kept for a while."""
    return any(
        isinstance(one, DiskFull)
        or _sqlite_code(one) == sqlite3.SQLITE_FULL
        or (isinstance(one, OSError) and one.errno in _FULL)
        for one in _causes(error)
    )


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_read_only(error: BaseException) -> bool:
    """Whether the database can be read, but not written."""
    return any(
        isinstance(one, ReadOnlySqlTransaction) or _sqlite_code(one) == sqlite3.SQLITE_READONLY
        for one in _causes(error)
    )


def _sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary result code, where it is SQLite that has failed."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code if code is None else code & 0xFF


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it: peewee's hides the driver's, and that of a failed rollback the first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _took_too_long(error: Exception) -> bool:
    """Whether it was the time limit that ended a statement; peewee's exception hides the driver's."""
    return str(error) == "interrupted" or isinstance(error.__context__, QueryCanceled)
