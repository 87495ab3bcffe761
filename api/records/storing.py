"""Storing documents: all of them in one transaction, or none.

A record is written when its representation changes and left alone when it does not, so storing the same documents again
changes nothing. What a write does goes one way: the rows and all that the documents refer to are looked up; documents are
checked, completed, rendered and compared without a database; then the differences are written, and what follows from
them for other records (`api.records.propagation`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.changelog.recording import COMMAND_LINE, REPLACED, Log, recording
from api.documents.record_types import RECORD_TYPES, RecordType
from api.errors import VersionMismatch
from api.lookups.conflicts import ArrivingBatch, look_up_conflicts
from api.lookups.known import Batch, Known
from api.lookups.references import look_up
from api.lookups.stored import Rows, Stored, rows_of
from api.names import holders, reference_counts
from api.records import attached_texts
from api.records.changes import Change, changes_of
from api.records.checking import Sources, issues_of
from api.records.propagation import Writing, quote_within_bounds, refuse
from api.records.tables import delete_parts
from api.search import index
from schemas.answers.suggestions import NAMED


@dataclass(frozen=True)
class Outcome:
    """How many records were new, changed, and already as they should be."""

    created: int
    changed: int
    unchanged: int


def store(batch: Batch, sources: Sources | None = None, author: str = COMMAND_LINE) -> Outcome:
    """Store validated documents by record type; raise InvalidDocuments, with every issue, when they do not fit together.

    `sources` tells where each (record type, id) came from, for the messages; `author` who wrote them, for the log.
    """
    with recording(author) as log:
        rows = rows_of(batch)
        known = known_of(batch, rows)
        refuse(issues_of(batch, known, sources or {}))
        created = len([document for name in batch for document in batch[name] if document["id"] not in rows[name]])
        changes, _ = write(batch, rows, known, log)
        count = sum(map(len, batch.values()))
        return Outcome(created, len(changes) - created, count - len(changes))


def known_of(batch: Batch, rows: Rows) -> Known:
    """What must be known to check documents that arrive together, and to write them."""
    known = look_up(batch, rows)
    look_up_conflicts(batch, known, ArrivingBatch(batch))
    return known


def write(
    batch: Batch, rows: Rows, known: Known, log: Log, checked: bool = True, whole: bool = True
) -> tuple[list[Change], Writing]:
    """Write documents that fit together over these rows, within the transaction of a log; return what changed.

    Raise VersionMismatch for what is not as its row was. Unless `checked`, the records that refer to these need not fit
    to them yet; `require_fit` is for the caller to run when they should. `whole` is that of `Writing`.
    """
    writing = Writing(log, whole=whole)
    for name in RECORD_TYPES:
        writing.make_rows(RECORD_TYPES[name], batch.get(name, ()), rows.get(name, {}), known)
    changes = [
        change
        for name, documents in batch.items()
        for change in changes_of(RECORD_TYPES[name], documents, rows[name], known, log, REPLACED)
    ]
    if changes:
        writing.write(changes, known)
        writing.finish(checked)
    return changes, writing


def rewrite(batch: Mapping[str, list[dict[str, Any]]], log: Log, checked: bool = False) -> None:
    """Write documents within the transaction of a log; `checked` as for `write`."""
    rows = rows_of(batch)
    known = look_up(batch, rows)
    if checked:
        look_up_conflicts(batch, known, ArrivingBatch(batch))
        refuse(issues_of(batch, known, {}))
    write(batch, rows, known, log, checked)


def remove(record_type: RecordType, row: Stored, log: Log) -> set[str]:
    """Remove a record that nothing refers to, with all that follows from it; return the names it had.

    Raise VersionMismatch when it is no longer as its row was.
    """
    statements = [row.number] if record_type.name == "statements" else []
    quoted = attached_texts.quoted_in(statements)
    reference_counts.add(dict.fromkeys(reference_counts.of_statements(statements), -1))
    names = holders.remove(record_type.name, row.number) if record_type.name in NAMED else set()
    if record_type.name == "articles":
        attached_texts.remove(row.number)
    delete_parts(record_type.parts, [row.number])
    assert row.key is not None
    index.remove(record_type.name, row.key)
    table: Any = record_type.table
    if not table.delete().where((table.number == row.number) & (table.etag == row.etag)).execute():
        raise VersionMismatch(f"{record_type.name} number {row.number}")
    quote_within_bounds(quoted, log)
    return names
