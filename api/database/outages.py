"""Which exceptions of peewee and the drivers mean that the database can't answer now, and why."""

import errno
import sqlite3
from collections.abc import Iterator

from peewee import DatabaseError, InterfaceError
from playhouse.pool import MaxConnectionsExceeded
from psycopg import OperationalError
from psycopg.errors import DiskFull, LockNotAvailable, QueryCanceled, ReadOnlySqlTransaction

UNAVAILABLE = (DatabaseError, InterfaceError, MaxConnectionsExceeded, sqlite3.DatabaseError)

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_NO_CONNECTION = "08000"  # libpq and the pooler give no code
_DISCONNECTED = ("08", "57P")
"""The beginnings of the codes of failed connections and of servers that are stopped, started or crash (PostgreSQL, appendix A)."""


def is_full(error: BaseException) -> bool:
    """Whether the error is that there was no room left, in the database or where temporary files are kept."""
    return any(
        isinstance(cause, DiskFull)
        or _sqlite_code(cause) == sqlite3.SQLITE_FULL
        or (isinstance(cause, OSError) and cause.errno in _NO_ROOM)
        for cause in _causes(error)
    )


def is_read_only(error: BaseException) -> bool:
    """Whether the error is that the database can be read, but not written."""
    return any(
        isinstance(cause, ReadOnlySqlTransaction) or _sqlite_code(cause) == sqlite3.SQLITE_READONLY
        for cause in _causes(error)
    )


def is_locked(error: BaseException) -> bool:
    """Whether the error is that another program held a lock for too long."""
    return any(
        isinstance(cause, LockNotAvailable) or _sqlite_code(cause) == sqlite3.SQLITE_BUSY for cause in _causes(error)
    )


def is_disconnected(error: BaseException) -> bool:
    """Whether the error is that there is no connection to PostgreSQL, or none any more."""
    return any(
        isinstance(cause, OperationalError) and (cause.sqlstate or _NO_CONNECTION).startswith(_DISCONNECTED)
        for cause in _causes(error)
    )


def took_too_long(error: Exception) -> bool:
    """Whether the time limit ended a statement; peewee's exception hides the driver's."""
    return str(error) == "interrupted" or isinstance(error.__context__, QueryCanceled)


def _sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary result code; None for an exception that is not SQLite's."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code if code is None else code & 0xFF


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it: peewee's hides the driver's, and that of a failed rollback the first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
