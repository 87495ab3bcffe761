"""Records on their way in, kept in a temporary file until all of them have arrived and fit together.

The file is a private SQLite database whatever engine the service uses: it is there before any transaction begins, holds
out nobody while records are still being read, and goes away by itself. Memory holds a page of it at a time.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from api.bulk.lines import ReadLine
from api.database.statements import chunked
from api.documents.record_types import RECORD_TYPES, Document
from api.lookups.known import Key

_TABLES = """
    CREATE TABLE record (record_type TEXT, id TEXT, line INTEGER, document BLOB, refers_to BLOB, PRIMARY KEY (record_type, id));
    CREATE TABLE claim (record_type TEXT, scheme TEXT, value TEXT, id TEXT, PRIMARY KEY (record_type, scheme, value)) WITHOUT ROWID;
    CREATE TABLE invalid (record_type TEXT, id TEXT, line INTEGER, document BLOB);
    CREATE INDEX invalid_id ON invalid (record_type, id);
"""
_BATCH_SIZE = 500  # values in one condition


class Line(NamedTuple):
    """A valid document that arrives as JSON, the number of the line it stands in, from 1 on, and what it refers to."""

    line: int
    id: str
    body: bytes
    references: list[Key]

    @property
    def document(self) -> Document:
        """The document, parsed whenever it is asked for."""
        document: Document = orjson.loads(self.body)
        return document


class Staged:
    """The records that arrive, by record type and id. Where a record is `written` it is found in the database instead."""

    def __init__(self) -> None:
        self._held = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._held.executescript(f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -8000; {_TABLES} BEGIN;")
        self._written: set[str] = set()

    def close(self) -> None:
        """Forget everything."""
        self._held.close()

    def add(self, record_type: str, number: int, line: ReadLine) -> int | None:
        """Keep the valid document of a line; or return the line in which its record has arrived before."""
        values = (record_type, line.record_id, number, line.body, orjson.dumps(line.references))
        made = self._held.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", values)
        if made.rowcount == 0:
            return self.line_of(record_type, str(line.record_id))
        if line.claims:
            claims = [(record_type, *claim, line.record_id) for claim in line.claims]
            self._held.executemany("INSERT INTO claim VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", claims)
        return None

    def add_invalid(self, record_type: str, number: int, line: ReadLine) -> None:
        """Keep the valid part of an invalid document: references to its record do not dangle."""
        values = (record_type, line.record_id, number, line.body)
        self._held.execute("INSERT INTO invalid VALUES (?, ?, ?, ?)", values)

    def count(self, record_type: str | None = None) -> int:
        """How many valid records arrive, of one record type or altogether."""
        where, values = ("WHERE record_type = ?", (record_type,)) if record_type else ("", ())
        [(count,)] = self._held.execute(f"SELECT COUNT(*) FROM record {where}", values)
        return int(count)

    def chunks(self, record_type: str, size: int) -> Iterator[list[Line]]:
        """The records of a record type in the order of their ids, some at a time."""
        last = ""
        while rows := self._after(record_type, last, size):
            yield [
                Line(line, record_id, body, [(name, referred_to) for name, referred_to in orjson.loads(references)])
                for record_id, line, body, references in rows
            ]
            last = rows[-1][0]

    def _after(self, record_type: str, last: str, size: int) -> list[tuple[str, int, bytes, bytes]]:
        sql = "SELECT id, line, document, refers_to FROM record WHERE record_type = ? AND id > ? ORDER BY id LIMIT ?"
        return self._held.execute(sql, (record_type, last, size)).fetchall()

    def line_of(self, record_type: str, record_id: str) -> int:
        """The number of the line in which the valid document of a record stands."""
        values = (record_type, record_id)
        [(line,)] = self._held.execute("SELECT line FROM record WHERE record_type = ? AND id = ?", values)
        return int(line)

    def invalid(self) -> Iterator[tuple[str, int, Document]]:
        """What is valid of the documents that are not, by record type, with the numbers of their lines."""
        for record_type, line, body in self._held.execute(
            "SELECT record_type, line, document FROM invalid ORDER BY line"
        ):
            yield record_type, line, orjson.loads(body)

    def find(self, record_type: str, ids: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Those of these records that arrive and are not written yet, their documents as JSON."""
        if record_type not in self._written:
            yield from self._in(
                "SELECT id, document FROM record WHERE record_type = ? AND id IN ({})", record_type, ids
            )

    def arriving(self, record_type: str, ids: Collection[str]) -> set[str]:
        """Those of these ids whose records arrive."""
        return {i for (i,) in self._in("SELECT id FROM record WHERE record_type = ? AND id IN ({})", record_type, ids)}

    def is_unreadable(self, record_type: str, record_id: str) -> bool:
        """Whether a record of this id arrives that is not valid."""
        sql = "SELECT 1 FROM invalid WHERE record_type = ? AND id = ?"
        return self._held.execute(sql, (record_type, record_id)).fetchone() is not None

    def claimed(self, record_type: str, values: Sequence[str]) -> Iterator[tuple[tuple[str, str], str]]:
        """Which arriving record is the first to claim something with one of these values."""
        sql = "SELECT scheme, value, id FROM claim WHERE record_type = ? AND value IN ({})"
        for scheme, value, record_id in self._in(sql, record_type, values):
            yield (scheme, value), record_id

    def claims(self, record_type: str, size: int) -> Iterator[list[tuple[str, str, str]]]:
        """Everything claimed by arriving records of a record type, some at a time: scheme, value and id."""
        last = ("", "")
        sql = (
            "SELECT scheme, value, id FROM claim WHERE record_type = ? AND (scheme, value) > (?, ?)"
            " ORDER BY scheme, value LIMIT ?"
        )
        while rows := self._held.execute(sql, (record_type, *last, size)).fetchall():
            yield rows
            last = rows[-1][:2]

    def _in(self, sql: str, record_type: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        for batch in chunked(values, _BATCH_SIZE):
            yield from self._held.execute(sql.format(", ".join("?" * len(batch))), (record_type, *batch))

    def mark_written(self, record_type: str) -> None:
        """All arriving records of this record type are in the database now."""
        assert record_type in RECORD_TYPES
        self._written.add(record_type)
