"""Showing changed names wherever they stand: only the names in the finished documents are exchanged.

What else records hold of others (offices, sides, publishers, points of agreements) does not follow from a name, so
nothing is validated, completed or written to the tables of parts. A hundred thousand statements are done in chunks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from api.changelog.recording import RENDERED, Log
from api.database.compression import compressed
from api.database.statements import chunked, execute_many
from api.documents.record_types import Document, RecordType
from api.errors import VersionMismatch
from api.lookups.finding import find_stored
from api.lookups.known import Known
from api.lookups.references import find_all
from api.lookups.stored import BATCH_SIZE
from api.models.base import key_of, tuples
from api.names.mentions import KnownNames
from api.records.indexing import NOT_NAMES, Indexed, put_in_index
from api.records.rendering import etag
from schemas.fields import Reference
from schemas.walking import walk

MANY = 5_000  # records after which what was looked up for them is forgotten

Labels = Mapping[tuple[str, str], dict[str, str]]
"""What references to some records, by record type and id, show from now on."""


class _Row(NamedTuple):
    number: int
    etag: str
    key: int
    body: bytes


def show_names(record_type: RecordType, numbers: Iterable[int], labels: Labels, log: Log) -> None:
    """Show changed names in records that refer to their bearers, and make them findable by what these are called now."""
    for many in chunked(sorted(numbers), MANY):
        known, names = Known(), KnownNames()
        for some in chunked(many, BATCH_SIZE):
            rows = [_Row(number, tag, key, body) for number, tag, key, body in _stored(record_type, some)]
            documents = [orjson.loads(row.body) for row in rows]
            references = [_references(record_type, document) for document in documents]
            bearers = {(name, to["id"]) for some in references for name, to in some if name not in NOT_NAMES}
            find_all(bearers, known, (), find_stored)
            changed = [_exchange(some, labels) for some in references]
            pairs = zip(rows, documents, strict=True)
            _write(record_type, [pair for pair, is_changed in zip(pairs, changed, strict=True) if is_changed], log)
            records = [Indexed(row.key, document) for row, document in zip(rows, documents, strict=True)]
            put_in_index(record_type, records, known, names)


def _stored(record_type: RecordType, numbers: Sequence[int]) -> Any:
    table: Any = record_type.table
    key = table._meta.fields[key_of(table)]
    return tuples(table.select(table.number, table.etag, key, table.document).where(table.number.in_(numbers)))


def _references(record_type: RecordType, document: Document) -> list[tuple[str, dict[str, Any]]]:
    """Every reference of a document, with the record type it leads to."""
    visits = walk(record_type.schema, document, owned=True, only=(Reference,))
    return [(visit.field.record_type, visit.value) for visit in visits if isinstance(visit.field, Reference)]


def _exchange(references: Iterable[tuple[str, dict[str, Any]]], labels: Labels) -> bool:
    """Let references show what their records are called now; return whether any showed another name."""
    changed = False
    for record_type, shown in references:
        label = labels.get((record_type, shown["id"]))
        if label is not None and list(label.items()) != list(shown["name"].items()):
            shown["name"] = label
            changed = True
    return changed


def _write(record_type: RecordType, changed: Sequence[tuple[_Row, Document]], log: Log) -> None:
    """Write documents over the versions that were read; raise VersionMismatch when one has gone."""
    fresh = []
    for row, document in changed:
        document["updated_at"] = log.moment
        body = orjson.dumps(document)
        fresh.append((compressed(body), etag(body), log.moment, row.number, row.etag))
        log.note(record_type.name, row.number, RENDERED)
    table = record_type.table._meta.table_name
    update = f'UPDATE "{table}" SET body = ?, etag = ?, updated_at = ? WHERE number = ? AND etag = ?'
    if execute_many(update, fresh) != len(fresh):
        raise VersionMismatch(record_type.name)
