"""What of the exceptions of peewee and the drivers means that the database can't answer now, and why."""

import errno
import sqlite3
from collections.abc import Iterator

from peewee import DatabaseError, InterfaceError
from playhouse.pool import MaxConnectionsExceeded
from psycopg.errors import DiskFull, QueryCanceled, ReadOnlySqlTransaction

UNAVAILABLE = (DatabaseError, InterfaceError, MaxConnectionsExceeded, sqlite3.DatabaseError)


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


def took_too_long(error: Exception) -> bool:
    """Whether it was the time limit that ended a statement; peewee's exception hides the driver's."""
    return str(error) == "interrupted" or isinstance(error.__context__, QueryCanceled)
