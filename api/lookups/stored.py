"""The rows of records as they are before documents are written over them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson

from api.database.compression import decompressed
from api.database.statements import chunked, execute
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.lookups.known import Batch
from api.models.base import Record, key_of

BATCH_SIZE = 500  # records read, rendered or inserted at once; older SQLites take 999 values in a statement


@dataclass(frozen=True)
class Stored:
    """The row of a record as it is before it is written; a row that was only just made has an empty etag and body.

    `key` is where the text index and the parts have the record: None in a row that was only just made.
    """

    number: int
    etag: str
    created_at: str
    updated_at: str
    key: int | None
    body: bytes

    @property
    def is_new(self) -> bool:
        """Whether the record has only just been given a row."""
        return not self.etag

    @cached_property
    def document(self) -> Document:
        """The representation, parsed; not to be changed."""
        document: Document = orjson.loads(self.body)
        return document


def stored_by_id(record_type: RecordType, ids: Iterable[str]) -> dict[str, Stored]:
    """The rows of those of these records that there are."""
    return {
        record_id: stored
        for batch in chunked(ids, BATCH_SIZE)
        for record_id, stored in _stored(record_type.table, "id", batch)
    }


def stored_by_number(record_type: RecordType, numbers: Iterable[int]) -> dict[str, Stored]:
    """The rows of records by id, in the order of their numbers."""
    return {
        record_id: stored
        for batch in chunked(sorted(numbers), BATCH_SIZE)
        for record_id, stored in _stored(record_type.table, "number", batch)
    }


def _stored(table: type[Record], column: str, values: Sequence[str | int]) -> Iterator[tuple[str, Stored]]:
    """The rows with these values in a column. The SQL is written out: peewee takes longer to write it than SQLite to run it."""
    sql = (
        f"SELECT id, number, etag, created_at, updated_at, {key_of(table)}, body"
        f' FROM "{table._meta.table_name}" WHERE {column} IN ({", ".join("?" * len(values))}) ORDER BY number'
    )
    for record_id, number, etag, created_at, updated_at, key, body in execute(sql, values).fetchall():
        yield record_id, Stored(number, etag, created_at, updated_at, key, decompressed(body))


Rows = dict[str, dict[str, Stored]]
"""The rows of the records that are stored of some that arrive, by record type and id."""


def rows_of(batch: Batch) -> Rows:
    """The rows that the records of some documents have now."""
    return {
        name: stored_by_id(RECORD_TYPES[name], [document["id"] for document in documents])
        for name, documents in batch.items()
    }
