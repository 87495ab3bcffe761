"""Running SQL statements on the current database, those that only read within a time limit.

All SQL here is written with `?` for its parameters, whatever the driver of the engine reads.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from peewee import DataError, IntegrityError, ProgrammingError, __exception_wrapper__  # type: ignore[attr-defined]

from api.database.current import database, engine
from api.database.dialect import dialect
from api.database.outages import UNAVAILABLE, took_too_long
from api.database.time_limits import Watch, are_time_limits_kept
from api.errors import DatabaseUnavailable, TooSlow

Item = TypeVar("Item")

_MISTAKES = (DataError, IntegrityError, ProgrammingError)
"""What is our mistake, not an outage."""

ROWS_PER_INSERT = 500  # more in a statement save no more time; SQLite takes 32766 parameters
FEWEST_COPIED = 50  # rows, from which on COPY is worth a statement that no two batches share; psycopg takes 1 us a row for it, 21 for INSERT


def execute(sql: str, parameters: Sequence[Any] = ()) -> Any:
    """Run a statement and return its cursor."""
    return database.execute_sql(dialect().with_placeholders(sql), parameters)


def execute_many(sql: str, values: Sequence[tuple[Any, ...]]) -> int:
    """Run a statement once for each tuple of values; return how many rows it changed."""
    if not values:
        return 0
    with __exception_wrapper__:
        cursor: Any = engine().cursor()
        cursor.executemany(dialect().with_placeholders(sql), values)
        return int(cursor.rowcount)


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last of which may be shorter: as many as a statement takes.

    peewee's own function makes `size` iterators for each list, which takes a POST a fifth of its time.
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def insert(table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows into a table, many with each statement: three times as fast as through the models."""
    names = ", ".join(f'"{column}"' for column in columns)
    if dialect().has_copy and len(values) >= FEWEST_COPIED:
        _copy(f'COPY "{table}" ({names}) FROM STDIN', values)
        return
    row_of_placeholders = f"({', '.join('?' * len(columns))})"
    for first in range(0, len(values), ROWS_PER_INSERT):
        batch = values[first : first + ROWS_PER_INSERT]
        placeholders = ", ".join([row_of_placeholders] * len(batch))
        execute(f'INSERT INTO "{table}" ({names}) VALUES {placeholders}', [value for row in batch for value in row])


def _copy(sql: str, values: Sequence[tuple[Any, ...]]) -> None:
    with __exception_wrapper__, engine().cursor().copy(sql) as copy:
        for row in values:
            copy.write_row(row)


def rows(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement that only reads and return all its rows.

    Raise DatabaseUnavailable when the database can't answer, TooSlow when it takes longer than its time limit.
    """
    current = engine()
    watch = getattr(current, "watch", None) if are_time_limits_kept() else None
    with in_time(getattr(current, "time_limit", None), watch):
        fetched: list[tuple[Any, ...]] = current.execute_sql(dialect().with_placeholders(sql), parameters).fetchall()
        return fetched


def batches(sql: str, parameters: Sequence[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Run a statement that only reads, within a transaction, and fetch its rows in lists of at most `size`."""
    if not dialect().has_named_cursors:
        cursor = execute(sql, parameters)
        while batch := cursor.fetchmany(size):
            yield batch
        return
    execute(f"DECLARE batches NO SCROLL CURSOR FOR {sql}", parameters)
    while batch := execute(f"FETCH {size} FROM batches").fetchall():
        yield batch
    execute("CLOSE batches")


class in_time:  # noqa: N801 - read as a verb; a class, for a generator costs each statement too much
    """Let the watch, if there is one, interrupt what is read over this thread's connection in here.

    Raise DatabaseUnavailable when the database can't answer, TooSlow, with the limit in seconds, when its time is over.
    """

    __slots__ = ("_limit", "_watch")

    def __init__(self, limit: float | None, watch: Watch | None) -> None:
        self._limit, self._watch = limit, watch

    def __enter__(self) -> None:
        if self._watch is None:
            return
        try:
            self._watch.start(engine().connection())
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise

    def __exit__(self, raised: object, error: BaseException | None, traceback: object) -> None:
        if self._watch is not None:
            self._watch.stop()
        if isinstance(error, UNAVAILABLE) and not isinstance(error, _MISTAKES):
            raise _outage(error, self._limit) from error


def _outage(error: Exception, limit: float | None) -> Exception:
    """Why a statement got no answer: TooSlow, with the limit in seconds, or DatabaseUnavailable."""
    if limit is not None and took_too_long(error):
        return TooSlow(limit)
    return DatabaseUnavailable(str(error).strip() or type(error).__name__)
