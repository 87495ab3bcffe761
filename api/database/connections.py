"""Connecting to SQLite or PostgreSQL by URL, pooled and safe to use from many threads.

`sqlite:///relative.db`, `sqlite:////absolute.db`, each with an optional `?mode=ro`; `postgresql://user:password@host/name`
with libpq's own parameters. Nothing is opened until the first use, so a process may fork after `connect`.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from peewee import __exception_wrapper__  # type: ignore[attr-defined]
from playhouse.pool import PooledSqliteDatabase
from playhouse.postgres_ext import PooledPsycopg3Database

from api.database.compression import decompressed, plain_tokens
from api.database.current import engine
from api.database.deferred_reads import read_first
from api.database.file_queue import FileQueue
from api.database.outages import UNAVAILABLE
from api.database.postgresql import SURE, Sessions, is_quiet
from api.database.read_only_files import ReadOnlyConnection
from api.database.time_limits import LOCK_TIMEOUT, Watch
from api.database.urls import is_sqlite_url, postgresql_parameters, sqlite_mode, sqlite_path
from api.database.writers_queue import WritersQueue

SQLITE_PRAGMAS = {"busy_timeout": 1000 * LOCK_TIMEOUT, "foreign_keys": 1, "synchronous": "full"}
"""synchronous: what was committed is on the disk, for a power cut may come right after the response."""

MAPPED = 1 << 28  # bytes
CACHED = 8_000  # kibibytes, of each connection
"""A file that is not larger is mapped into memory, so that no page of it is copied. Of a larger one, pages that are read everywhere
would be mapped one by one, which takes longer than reading them: there each connection keeps those that it read last."""


class SQLite(PooledSqliteDatabase):
    """A SQLite database as `connect` makes it; `watch` keeps the time limit of what `rows` reads, if there is a limit."""

    time_limit: float | None = None
    watch: Watch | None = None
    writers: WritersQueue
    path: Path
    is_read_only = False

    def _set_pragmas(self, connection: Any) -> None:
        super()._set_pragmas(connection)  # type: ignore[misc]
        is_mapped = self.path.stat().st_size <= MAPPED
        connection.execute(f"PRAGMA mmap_size = {MAPPED}" if is_mapped else f"PRAGMA cache_size = -{CACHED}")

    def is_copy(self) -> bool:
        """Whether it was opened only to be read (`?mode=ro`), like a mirror that another process keeps up."""
        return self.is_read_only

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run a statement and return its cursor, without the cursor, log and hooks that peewee has for each."""
        read_first()
        try:
            return self.connection().execute(sql, params or ())
        except sqlite3.Error:
            with __exception_wrapper__:
                raise

    def _is_closed(self, connection: Any) -> bool:
        if isinstance(connection, ReadOnlyConnection) and connection.is_outdated():
            connection.close()
        return bool(super()._is_closed(connection))


class PostgreSQL(PooledPsycopg3Database, Sessions):  # type: ignore[misc]
    """A PostgreSQL database, reached through psycopg 3, as `connect` makes it. Its server keeps the time limits."""

    writers: WritersQueue

    def _can_reuse(self, connection: Any) -> bool:
        connection.used = monotonic()
        return bool(super()._can_reuse(connection))

    def _is_closed(self, connection: Any) -> bool:
        """Whether a pooled connection is of no more use. One used just now is not tried if nothing speaks against it."""
        if not self.behind_pooler and monotonic() - connection.used < SURE and is_quiet(connection):
            return False
        return bool(super()._is_closed(connection))


def connect(
    url: str, connections: int = 20, time_limit: float | None = None, threads: int | None = None
) -> SQLite | PostgreSQL:
    """The database behind a URL, none of whose connections is opened yet; raise BadSetting when the URL is malformed.

    `time_limit` is how many seconds a statement run by `rows` may take, unless it is part of a write. `threads` is how many
    answer requests with it, one of which writers leave to readers.
    """
    database = _database(url, connections)
    database.time_limit = time_limit
    database.writers = WritersQueue(max(1, (connections - 1) // 2), LOCK_TIMEOUT, _queue_of_processes(url), threads)
    if isinstance(database, SQLite) and time_limit is not None:
        database.watch = Watch(time_limit)
    return database


def _queue_of_processes(url: str) -> FileQueue | None:
    """The queue that SQLite lacks; PostgreSQL has one for its locks, and what can only be read has no writers."""
    path = sqlite_path(url)
    return None if path is None or url.endswith("?mode=ro") else FileQueue(path)


def _database(url: str, connections: int) -> SQLite | PostgreSQL:
    if is_sqlite_url(url):
        return _sqlite(url, connections)
    parameters = postgresql_parameters(url)
    name = parameters.pop("dbname")
    return PostgreSQL(name, max_connections=connections, timeout=LOCK_TIMEOUT, stale_timeout=300, **parameters)


def _sqlite(url: str, connections: int) -> SQLite:
    mode, path = sqlite_mode(url), sqlite_path(url)
    assert path is not None
    # mode=rw, never rwc: a missing file must be reported, not replaced by an empty database.
    database = SQLite(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        pragmas=SQLITE_PRAGMAS,
        timeout=LOCK_TIMEOUT,
        stale_timeout=60,  # so that a replaced file is noticed
        check_same_thread=False,
        lock_type="IMMEDIATE",
        max_connections=connections,
        **({"factory": ReadOnlyConnection} if mode == "ro" else {}),
    )
    database.path, database.is_read_only = path, mode == "ro"
    register_functions(database)
    return database


def register_functions(database: Any) -> None:
    """Let the SQL of a SQLite database read what is stored compressed."""
    for function in (decompressed, plain_tokens):
        database.register_function(function, function.__name__, 1)


def create_sqlite_file(path: Path) -> None:
    """Create an empty database file in write-ahead mode, so that readers never wait for a writer."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = wal")
    finally:
        connection.close()


def pool_sizes() -> tuple[int, int]:
    """How many connections of the pool are used now, and how many are idle."""
    current = engine()
    return len(current._in_use), len(current._connections)


def forget_connections() -> None:
    """Close this thread's connection and the idle ones, so that the next request connects anew.

    SQLite's connection to a file that it could not write stays read-only after the file has become writable.
    """
    current = engine()
    with suppress(*UNAVAILABLE):
        current.manual_close()
    current.close_idle()
