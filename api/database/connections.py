"""Connecting to SQLite or PostgreSQL by URL, pooled and safe to use from many threads.

`sqlite:///relative.db`, `sqlite:////absolute.db`, each with an optional `?mode=ro`; `postgresql://user:password@host/name`
with libpq's own parameters. Nothing is opened until the first use, so a process may fork after `connect`.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from playhouse.pool import PooledSqliteDatabase
from playhouse.postgres_ext import PooledPsycopg3Database, Psycopg3Database
from psycopg import ProgrammingError as UnreadableURL
from psycopg.conninfo import conninfo_to_dict

from api.database.current import engine
from api.database.file_queue import FileQueue
from api.database.outages import UNAVAILABLE
from api.database.time_limits import Watch
from api.database.writers_queue import WritersQueue
from api.errors import BadSetting

LOCK_TIMEOUT = 5  # seconds that a writer waits for another
SQLITE_PRAGMAS = {"busy_timeout": 1000 * LOCK_TIMEOUT, "foreign_keys": 1, "synchronous": "full", "mmap_size": 1 << 28}
"""synchronous: what was committed is on the disk, for a power cut may come right after the response. mmap: reads of a large
file take a third less time, for memory that the page cache uses anyway."""

NO_URL = "must be a URL: write sqlite:///path/to/file.db or postgresql://host/name, percent-encoded, with libpq's parameters."


class SQLite(PooledSqliteDatabase):
    """A SQLite database as `connect` makes it; `watch` keeps the time limit of what `rows` reads, if there is a limit."""

    time_limit: float | None = None
    watch: Watch | None = None
    writers: WritersQueue


class _Psycopg3Database(Psycopg3Database):
    """Connections with time limits, which are set before the pool counts the connection as taken."""

    time_limit: float | None = None

    def _connect(self) -> Any:
        connection = super()._connect()
        try:
            connection.execute(f"SET lock_timeout = {round(1000 * self._lock_timeout())}")
            if self.time_limit is not None:
                limit = milliseconds(self.time_limit)
                connection.execute(f"SET statement_timeout = {limit}; SET application_name = '{_LIMITED}'")
        except BaseException:
            connection.close()
            raise
        return connection

    def _lock_timeout(self) -> float:
        """Seconds to wait for a lock: fewer than a statement may take, so that the error names the lock."""
        return LOCK_TIMEOUT if self.time_limit is None else min(LOCK_TIMEOUT, 0.8 * self.time_limit)


class PostgreSQL(PooledPsycopg3Database, _Psycopg3Database):  # type: ignore[misc]
    """A PostgreSQL database, reached through psycopg 3, as `connect` makes it. Its server keeps the time limits."""

    writers: WritersQueue


def milliseconds(seconds: float) -> int:
    """A time limit as PostgreSQL takes it: at least 1, for `0` turns the limit off."""
    return max(1, round(1000 * seconds))


_LIMITED = "tasrih reading"
"""The name under which the server lists connections with a time limit."""


def connect(url: str, connections: int = 20, time_limit: float | None = None) -> SQLite | PostgreSQL:
    """The database behind a URL, none of whose connections is opened yet; raise BadSetting when the URL is malformed.

    `time_limit` is how many seconds a statement run by `rows` may take, unless it is part of a write.
    """
    database = _database(url, connections)
    database.time_limit = time_limit
    database.writers = WritersQueue(max(1, connections // 2), LOCK_TIMEOUT, _queue_of_processes(url))
    if isinstance(database, SQLite) and time_limit is not None:
        database.watch = Watch(time_limit)
    return database


def _queue_of_processes(url: str) -> FileQueue | None:
    """The queue that SQLite lacks; PostgreSQL has one for its locks, and what can only be read has no writers."""
    path = sqlite_path(url)
    return None if path is None or url.endswith("?mode=ro") else FileQueue(path)


def _database(url: str, connections: int) -> SQLite | PostgreSQL:
    parts = _split(url)
    if parts.scheme == "sqlite":
        return _sqlite(url, connections)
    if parts.scheme in ("postgresql", "postgres"):
        if not parts.path.strip("/"):
            raise BadSetting("DATABASE_URL", "names no database: write postgresql://host/name.")
        return PostgreSQL(url, max_connections=connections, timeout=LOCK_TIMEOUT, stale_timeout=300, **_patience(url))
    raise BadSetting("DATABASE_URL", "must begin with sqlite:/// or postgresql://.")


_PATIENCE = {
    "connect_timeout": LOCK_TIMEOUT,
    "keepalives_idle": LOCK_TIMEOUT,
    "keepalives_interval": 2,
    "tcp_user_timeout": 1000 * LOCK_TIMEOUT,
}
"""libpq's parameters that keep it from waiting for a server that has vanished: in seconds, that of TCP in milliseconds."""


def _patience(url: str) -> dict[str, int]:
    """The parameters of `_PATIENCE`, without those that the URL sets itself."""
    try:
        parameters = conninfo_to_dict(url)
    except UnreadableURL:  # its message may hold a piece of the password
        raise BadSetting("DATABASE_URL", NO_URL) from None
    return {name: value for name, value in _PATIENCE.items() if name not in parameters}


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
    raise BadSetting("DATABASE_URL", NO_URL)


def _sqlite(url: str, connections: int) -> SQLite:
    parts, path = _split(url), sqlite_path(url)
    mode = parts.query.removeprefix("mode=") if parts.query else "rw"
    named = url.startswith("sqlite:///") and path not in (None, Path(), Path(":memory:"))
    if not named or "?" in url.removesuffix(f"?mode={mode}") or "#" in url or mode not in ("rw", "ro"):
        raise BadSetting("DATABASE_URL", "must be written sqlite:///path/to/file.db, with at most ?mode=ro after it.")
    assert path is not None
    # mode=rw, never rwc: a missing file must be reported, not replaced by an empty database.
    return SQLite(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        pragmas=SQLITE_PRAGMAS,
        timeout=LOCK_TIMEOUT,
        stale_timeout=60,  # so that a replaced file is noticed
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


def forget_connections() -> None:
    """Close this thread's connection and the idle ones, so that the next request connects anew.

    SQLite's connection to a file that it could not write stays read-only after the file has become writable.
    """
    current = engine()
    with suppress(*UNAVAILABLE):
        current.manual_close()
    current.close_idle()
