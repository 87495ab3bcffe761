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
from api.database.outages import UNAVAILABLE
from api.database.time_limits import Watch
from api.database.writers_queue import WritersQueue
from api.errors import BadSetting

LOCK_TIMEOUT = 5  # seconds to wait for another writer before giving up
SQLITE_PRAGMAS = {"busy_timeout": 1000 * LOCK_TIMEOUT, "foreign_keys": 1, "synchronous": "full", "mmap_size": 1 << 28}
"""synchronous: what was committed is on the disk, for a power cut may come right after the answer. mmap: a third off each
read of a large file, for memory the page cache holds anyway."""

NO_URL = "must be a URL: write sqlite:///path/to/file.db or postgresql://host/name, percent-encoded, with libpq's parameters."


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
                limit = milliseconds(self.time_limit)
                connection.execute(f"SET statement_timeout = {limit}; SET application_name = '{_LIMITED}'")
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


def milliseconds(seconds: float) -> int:
    """A time limit as PostgreSQL takes it, to which 0 would mean none."""
    return max(1, round(1000 * seconds))


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
    except UnreadableURL:  # whose words may hold a piece of the password
        raise BadSetting("DATABASE_URL", NO_URL) from None
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
    raise BadSetting("DATABASE_URL", NO_URL)


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


def forget_connections() -> None:
    """Close this thread's connection and those nobody uses, so that the next request finds the database as it is then.

    A connection that SQLite made to a file it could not write stays a reading one after the file has become writable.
    """
    current = engine()
    with suppress(*UNAVAILABLE):
        current.manual_close()
    current.close_idle()
