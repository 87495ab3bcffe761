"""The rows of records as they are before documents are written over them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from peewee import chunked

from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.lookups.known import Batch
from api.models.base import key_of, tuples

SOME = 500  # records read, rendered or inserted at once; older SQLites take 999 values in a statement


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
    table = record_type.table
    return {
        record_id: stored for some in chunked(ids, SOME) for record_id, stored in _stored(table, table.id.in_(some))
    }


def stored_by_number(record_type: RecordType, numbers: Iterable[int]) -> dict[str, Stored]:
    """The rows of records by id, in the order of their numbers."""
    table = record_type.table
    return {
        record_id: stored
        for some in chunked(numbers, SOME)
        for record_id, stored in sorted(_stored(table, table.number.in_(some)), key=lambda pair: pair[1].number)
    }


def _stored(table: Any, condition: Any) -> Iterator[tuple[str, Stored]]:
    key = table._meta.fields[key_of(table)]
    columns = (table.id, table.number, table.etag, table.created_at, table.updated_at, key, table.document)
    for record_id, number, etag, created_at, updated_at, stored_key, body in tuples(
        table.select(*columns).where(condition)
    ):
        yield record_id, Stored(number, etag, created_at, updated_at, stored_key, bytes(body))


Rows = dict[str, dict[str, Stored]]
"""The rows of the records that are stored of some that arrive, by record type and id."""


def rows_of(batch: Batch) -> Rows:
    """The rows that the records of some documents have now."""
    return {
        name: stored_by_id(RECORD_TYPES[name], [document["id"] for document in documents])
        for name, documents in batch.items()
    }
