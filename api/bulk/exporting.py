"""Exporting: many records as they all were at one moment, however many there are.

Each export reads over a connection of its own, in one transaction: SQLite and PostgreSQL (REPEATABLE READ) show it what
was committed when it began, and hold out no writer. The numbers of the records come in the order of their ids from a
cursor, sorted by the engine; the documents are fetched some at a time. Finding the next of them may take as long as a
query of the service, the whole as long as it takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from api.database.connections import PostgreSQL, SQLite, connect, milliseconds
from api.database.current import engine, use_database
from api.database.dialect import is_sqlite
from api.database.statements import execute, in_time
from api.database.time_limits import Watch
from api.documents.record_types import RECORD_TYPES
from api.models.base import Record
from api.queries import sorting
from api.queries.fragments import Asked, Fragment, for_engine, fragment
from api.queries.shapes import shape_of

SOME = 500  # records fetched at once

KEPT_BY_SERVICE = ("created_at", "updated_at")
"""What is left out of exported documents: when this service wrote them says nothing to another one."""

Query = Mapping[str, Any]
Found = list[dict[str, Any]]


@contextmanager
def one_moment(url: str) -> Iterator["Export"]:
    """An export over a connection of its own. Its transaction ends with it: there is nothing to commit.

    Where there is a service, finding what comes next may take as long as a query; a command has as long as it likes.
    """
    served, own = engine(), connect(url, connections=1)
    limit: float | None = getattr(served, "time_limit", None)
    try:
        with use_database(own):
            _begin(limit)
        yield Export(own, limit, getattr(served, "watch", None))
    finally:
        own.close_all()  # type: ignore[no-untyped-call]


def _begin(limit: float | None) -> None:
    if is_sqlite():
        execute("BEGIN DEFERRED")
        return
    execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    if limit is not None:
        execute(f"SET LOCAL statement_timeout = {milliseconds(limit)}")


@dataclass(frozen=True)
class Export:
    """Reads one moment; only while it reads is its connection the current one, so that others may take turns with it."""

    database: SQLite | PostgreSQL
    limit: float | None
    watch: Watch | None

    def count(self, record_types: Sequence[str]) -> int:
        """How many records there are of these record types."""
        selects = (f'(SELECT COUNT(*) FROM "{_table(record_type)}")' for record_type in record_types)
        with use_database(self.database):
            [(number,)] = execute(f"SELECT {' + '.join(selects)}").fetchall()
        return int(number)

    def documents(self, record_type: str, query: Query | None = None) -> Iterator[Found]:
        """The documents of a record type that a query finds, or all, in the order of their ids, some at a time.

        The first are found at once, so that what goes wrong with them is known before anything is sent. Raise TooSlow
        when the next are not found within the time of a query, DatabaseUnavailable when they can't be.
        """
        found = self._in_time(_documents(record_type, {**(query or {}), "sort": "id"}))
        first = next(found, None)
        return found if first is None else chain([first], found)

    def _in_time(self, found: Iterator[Found]) -> Iterator[Found]:
        """What is found, each piece of it in time. On PostgreSQL the server itself keeps the time."""
        while True:
            with use_database(self.database), in_time(self.limit, self.watch):
                some = next(found, None)
            if some is None:
                return
            yield some


def _documents(record_type: str, query: Query) -> Iterator[Found]:
    for numbers in _numbers(record_type, query):
        listed = ", ".join(map(str, numbers))
        sql = f'SELECT document FROM "{_table(record_type)}" WHERE number IN ({listed}) ORDER BY id'
        yield [orjson.loads(bytes(body)) for (body,) in execute(sql).fetchall()]


def lines(record_type: str, found: Sequence[dict[str, Any]]) -> bytes:
    """Documents as lines of JSON, each with its record type."""
    kept = ({key: value for key, value in one.items() if key not in KEPT_BY_SERVICE} for one in found)
    return b"".join(orjson.dumps({"type": record_type, "document": one}) + b"\n" for one in kept)


def _numbers(record_type: str, query: Query) -> Iterator[list[int]]:
    shape = shape_of(record_type, query, is_sqlite())
    prepared, chosen = sorting.prepared(shape), sorting.in_order_of_id(shape)
    whole = for_engine(fragment("WITH {} {}", prepared, chosen) if prepared else chosen, shape.sqlite)
    for some in _fetched(whole, Asked(query)):
        yield [number for (number,) in some]


def _fetched(statement: Fragment, asked: Asked) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a statement some at a time, from a cursor of the engine."""
    if is_sqlite():
        cursor = execute(statement.sql, statement.values(asked))
        while some := cursor.fetchmany(SOME):
            yield some
        return
    execute(f"DECLARE exported NO SCROLL CURSOR FOR {statement.sql}", statement.values(asked))
    while some := execute(f"FETCH {SOME} FROM exported").fetchall():
        yield some
    execute("CLOSE exported")


def _table(record_type: str) -> str:
    table: type[Record] = RECORD_TYPES[record_type].table
    return str(table._meta.table_name)
