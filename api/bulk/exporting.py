"""Exporting: any number of records, all as they are at the same moment.

Each export reads over a connection of its own, in a single transaction: SQLite and PostgreSQL (REPEATABLE READ) show it
what was committed when it began, and it keeps no writer waiting. The numbers of the records come from a cursor in the
order of their ids, sorted by the engine; the documents are fetched in batches, and sent as they are stored. Each batch may
take as long as a query of the service, the whole export as long as it needs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain

import orjson

from api.database.compression import decompressed
from api.database.connections import PostgreSQL, SQLite, connect
from api.database.current import engine, use_database
from api.database.dialect import dialect
from api.database.statements import batches, execute, in_time
from api.database.time_limits import Watch
from api.documents.record_types import RECORD_TYPES
from api.errors import InvalidParameters
from api.models.base import Record
from api.queries import named_ids, sorting
from api.queries.fragments import Arguments, with_common_tables
from api.queries.query import Query
from api.queries.shapes import shape_of

BATCH = 500  # records fetched at once

KEPT_BY_SERVICE = ("created_at", "updated_at")
"""Keys that are left out of exported documents: when this service wrote them means nothing to another service."""


@contextmanager
def one_moment(url: str) -> Iterator["Export"]:
    """An export over a connection of its own. It commits nothing: its transaction ends with the connection.

    Batches are limited like queries of the service; for a command they have no time limit.
    """
    served, own = engine(), connect(url, connections=1)
    limit: float | None = getattr(served, "time_limit", None)
    try:
        with use_database(own):
            for sql in (dialect().begin_snapshot, *dialect().limited_to(limit)):
                execute(sql)
        yield Export(own, limit, getattr(served, "watch", None))
    finally:
        own.close_all()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Export:
    """Reads the records at one moment.

    Its connection is the current one only while it reads, so that other code may run between two batches.
    """

    database: SQLite | PostgreSQL
    limit: float | None
    watch: Watch | None

    def count(self, record_types: Sequence[str]) -> int:
        """How many records there are of these types."""
        selects = (f'(SELECT COUNT(*) FROM "{_table(record_type)}")' for record_type in record_types)
        with use_database(self.database):
            [(number,)] = execute(f"SELECT {' + '.join(selects)}").fetchall()
        return int(number)

    def documents(self, record_type: str, query: Query | None = None) -> Iterator[list[bytes]]:
        """The stored documents of a type that match a query, or all of them, in the order of their ids, in batches.

        The first batch is read at once, so that an error is known before anything is sent. Raise TooSlow when a batch takes
        longer than a query may, DatabaseUnavailable when it can't be read.
        """
        batches_in_time = self._in_time(_documents(record_type, query or Query()))
        first = next(batches_in_time, None)
        return batches_in_time if first is None else chain([first], batches_in_time)

    def with_known_ids(self, record_type: str, query: Query) -> Query:
        """The query with ids of merged records replaced; raise InvalidParameters about ids that no record has.

        An export has no place for a warning.
        """
        named = named_ids.of_query(record_type, query)
        with use_database(self.database):
            missing = named_ids.unknown(named) if named else []
            successors = named_ids.successors(missing, None) if missing else {}
        if unknown := named_ids.issues_of(missing, successors):
            raise InvalidParameters(unknown)
        return replace(query, successors=successors)

    def _in_time(self, documents: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
        """Read each batch within the time limit, which on PostgreSQL the server keeps."""
        while True:
            with use_database(self.database), in_time(self.limit, self.watch):
                batch = next(documents, None)
            if batch is None:
                return
            yield batch


def _documents(record_type: str, query: Query) -> Iterator[list[bytes]]:
    for numbers in _numbers(record_type, query):
        listed = ", ".join(map(str, numbers))
        sql = f'SELECT body FROM "{_table(record_type)}" WHERE number IN ({listed}) ORDER BY id'
        yield [decompressed(body) for (body,) in execute(sql).fetchall()]


def _numbers(record_type: str, query: Query) -> Iterator[list[int]]:
    shape = shape_of(record_type, query, dialect())
    statement = with_common_tables(sorting.common_tables(shape), sorting.select_by_id(shape))
    for batch in batches(statement.sql, statement.values(Arguments(query)), BATCH):
        yield [number for (number,) in batch]


def lines(record_type: str, documents: Sequence[bytes]) -> bytes:
    """Stored documents as lines of JSON, each with its record type and without the times that the service keeps."""
    before = b'{"type":"%s","document":' % record_type.encode()
    return b"".join([b"%s%s}\n" % (before, _without_times(document)) for document in documents])


def _without_times(document: bytes) -> bytes:
    """A stored document without its last two keys: cut off, as they are always as long; parsing would take 20 times as long."""
    if document[-_TIMES_LENGTH:].startswith(b',"created_at":"'):
        return document[:-_TIMES_LENGTH] + b"}"
    return orjson.dumps({key: value for key, value in orjson.loads(document).items() if key not in KEPT_BY_SERVICE})


_MOMENT = "2026-11-21T09:00:00.000000Z"
_TIMES_LENGTH = len(f',"created_at":"{_MOMENT}","updated_at":"{_MOMENT}"}}')


def _table(record_type: str) -> str:
    table: type[Record] = RECORD_TYPES[record_type].table
    return str(table._meta.table_name)
