"""Records on their way in, kept in a temporary file until all of them have arrived and fit together.

The file is a private SQLite database whatever engine the service uses: it is there before any transaction begins, holds
out nobody while records are still being read, and goes away by itself. Memory holds a page of it at a time.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson
from peewee import chunked

from api.records.nouns import NOUNS, Document, claims_of

_TABLES = """
    CREATE TABLE record (noun TEXT, id TEXT, line INTEGER, document BLOB, PRIMARY KEY (noun, id)) WITHOUT ROWID;
    CREATE TABLE claim (noun TEXT, scheme TEXT, value TEXT, id TEXT, PRIMARY KEY (noun, scheme, value)) WITHOUT ROWID;
    CREATE TABLE invalid (noun TEXT, id TEXT, line INTEGER, document BLOB);
    CREATE INDEX invalid_id ON invalid (noun, id);
"""
_SOME = 500  # values in one condition


class Line(NamedTuple):
    """A document that arrives, and the number of the line it stands in, from 1 on."""

    line: int
    document: Document


class Staged:
    """The records that arrive, by noun and id. Where a record is `written` it is found in the database instead."""

    def __init__(self) -> None:
        self._held = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._held.executescript(f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -8000; {_TABLES} BEGIN;")
        self._written: set[str] = set()

    def close(self) -> None:
        """Forget everything."""
        self._held.close()

    def add(self, noun: str, line: int, document: Document) -> int | None:
        """Keep a valid document; or give the line in which its record has arrived before."""
        values = (noun, document["id"], line, orjson.dumps(document))
        made = self._held.execute("INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", values)
        if made.rowcount == 0:
            [(first,)] = self._held.execute("SELECT line FROM record WHERE noun = ? AND id = ?", values[:2])
            return int(first)
        claims = [(noun, *claim, document["id"]) for _, claim in claims_of(noun, document)]
        self._held.executemany("INSERT INTO claim VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", claims)
        return None

    def add_invalid(self, noun: str, line: int, document: Document) -> None:
        """Keep what is valid of a document that is not: references to it are none that lead nowhere."""
        record_id = document.get("id")
        values = (noun, record_id if isinstance(record_id, str) else None, line, orjson.dumps(document))
        self._held.execute("INSERT INTO invalid VALUES (?, ?, ?, ?)", values)

    def count(self, noun: str | None = None) -> int:
        """How many valid records arrive, of one noun or altogether."""
        where, values = ("WHERE noun = ?", (noun,)) if noun else ("", ())
        [(count,)] = self._held.execute(f"SELECT COUNT(*) FROM record {where}", values)
        return int(count)

    def chunks(self, noun: str, size: int) -> Iterator[list[Line]]:
        """The records of a noun in the order of their ids, some at a time."""
        last = ""
        while found := self._after(noun, last, size):
            yield [Line(line, orjson.loads(body)) for _, line, body in found]
            last = found[-1][0]

    def _after(self, noun: str, last: str, size: int) -> list[tuple[str, int, bytes]]:
        sql = "SELECT id, line, document FROM record WHERE noun = ? AND id > ? ORDER BY id LIMIT ?"
        return self._held.execute(sql, (noun, last, size)).fetchall()

    def invalid(self) -> Iterator[tuple[str, Line]]:
        """What is valid of the documents that are not, by noun."""
        for noun, line, body in self._held.execute("SELECT noun, line, document FROM invalid ORDER BY line"):
            yield noun, Line(line, orjson.loads(body))

    def find(self, noun: str, ids: Collection[str]) -> Iterator[tuple[str, Document]]:
        """Those of these records that arrive and are not written yet."""
        if noun not in self._written:
            sql = "SELECT id, document FROM record WHERE noun = ? AND id IN ({})"
            for record_id, body in self._in(sql, noun, ids):
                yield record_id, orjson.loads(body)

    def arriving(self, noun: str, ids: Collection[str]) -> set[str]:
        """Those of these ids whose records arrive."""
        return {i for (i,) in self._in("SELECT id FROM record WHERE noun = ? AND id IN ({})", noun, ids)}

    def is_unreadable(self, noun: str, record_id: str) -> bool:
        """Whether a record of this id arrives that is not valid."""
        sql = "SELECT 1 FROM invalid WHERE noun = ? AND id = ?"
        return self._held.execute(sql, (noun, record_id)).fetchone() is not None

    def claimed(self, noun: str, values: Sequence[str]) -> Iterator[tuple[tuple[str, str], str]]:
        """Which arriving record is the first to claim something with one of these values."""
        sql = "SELECT scheme, value, id FROM claim WHERE noun = ? AND value IN ({})"
        for scheme, value, record_id in self._in(sql, noun, values):
            yield (scheme, value), record_id

    def claims(self, noun: str, size: int) -> Iterator[list[tuple[str, str, str]]]:
        """Everything claimed by arriving records of a noun, some at a time: scheme, value and id."""
        last = ("", "")
        sql = (
            "SELECT scheme, value, id FROM claim WHERE noun = ? AND (scheme, value) > (?, ?)"
            " ORDER BY scheme, value LIMIT ?"
        )
        while found := self._held.execute(sql, (noun, *last, size)).fetchall():
            yield found
            last = found[-1][:2]

    def _in(self, sql: str, noun: str, values: Iterable[str]) -> Iterator[tuple[str, ...]]:
        for some in chunked(values, _SOME):
            yield from self._held.execute(sql.format(", ".join("?" * len(some))), (noun, *some))

    def mark_written(self, noun: str) -> None:
        """All arriving records of this noun are in the database now."""
        assert noun in NOUNS
        self._written.add(noun)
