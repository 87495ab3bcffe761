"""Exporting: many records as they all were at one moment, however many there are.

Each export reads over a connection of its own, in one transaction: SQLite and PostgreSQL (REPEATABLE READ) show it what
was committed when it began, and hold out no writer. The numbers of the records come in the order of their ids from a
cursor, sorted by the engine; the documents are fetched some at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

from api.database import PostgreSQL, SQLite, connect, execute, is_sqlite
from api.models.base import Record
from api.queries import sorting
from api.queries.pieces import Asked, Piece, for_engine, piece
from api.queries.shapes import shape_of
from api.records.nouns import NOUNS

SOME = 500  # records fetched at once

KEPT_BY_SERVICE = ("created_at", "updated_at")
"""What is left out of exported documents: when this service wrote them says nothing to another one."""

Query = Mapping[str, Any]


@contextmanager
def one_moment(url: str) -> Iterator[SQLite | PostgreSQL]:
    """A connection over which everything read is of one moment."""
    database = connect(url, connections=1)
    try:
        with database.atomic("DEFERRED") if isinstance(database, SQLite) else database.atomic():
            if not is_sqlite(database):
                execute(database, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield database
    finally:
        database.close_all()  # type: ignore[no-untyped-call]


def count(database: SQLite | PostgreSQL, nouns: Sequence[str]) -> int:
    """How many records there are of these nouns."""
    selects = (f'(SELECT COUNT(*) FROM "{_table(noun)}")' for noun in nouns)
    [(number,)] = execute(database, f"SELECT {' + '.join(selects)}").fetchall()
    return int(number)


def documents(database: SQLite | PostgreSQL, noun: str, query: Query | None = None) -> Iterator[list[dict[str, Any]]]:
    """The documents of a noun that a query finds, or all, in the order of their ids, some at a time; within `one_moment`."""
    for numbers in _numbers(database, noun, {**(query or {}), "sort": "id"}):
        listed = ", ".join(map(str, numbers))
        sql = f'SELECT document FROM "{_table(noun)}" WHERE number IN ({listed}) ORDER BY id'
        yield [orjson.loads(bytes(body)) for (body,) in execute(database, sql).fetchall()]


def lines(noun: str, found: Sequence[dict[str, Any]]) -> bytes:
    """Documents as lines of JSON, each with its noun."""
    kept = ({key: value for key, value in one.items() if key not in KEPT_BY_SERVICE} for one in found)
    return b"".join(orjson.dumps({"noun": noun, "document": one}) + b"\n" for one in kept)


def _numbers(database: SQLite | PostgreSQL, noun: str, query: Query) -> Iterator[list[int]]:
    shape = shape_of(noun, query, is_sqlite(database))
    prepared, chosen = sorting.prepared(shape), sorting.in_order_of_id(shape)
    whole = for_engine(piece("WITH {} {}", prepared, chosen) if prepared else chosen, shape.sqlite)
    for some in _fetched(database, whole, Asked(query)):
        yield [number for (number,) in some]


def _fetched(database: SQLite | PostgreSQL, statement: Piece, asked: Asked) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a statement some at a time, from a cursor of the engine."""
    if isinstance(database, SQLite):
        cursor = execute(database, statement.sql, statement.values(asked))
        while some := cursor.fetchmany(SOME):
            yield some
        return
    execute(database, f"DECLARE exported NO SCROLL CURSOR FOR {statement.sql}", statement.values(asked))
    while some := execute(database, f"FETCH {SOME} FROM exported").fetchall():
        yield some
    execute(database, "CLOSE exported")


def _table(noun: str) -> str:
    table: type[Record] = NOUNS[noun].table
    return str(table._meta.table_name)
