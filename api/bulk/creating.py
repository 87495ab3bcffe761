"""New records of an import: all that is written of them, worked out without a database, so also in another process."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from api.changelog.recording import CREATED, Log
from api.documents.record_types import RECORD_TYPES, RecordType
from api.errors import VersionMismatch
from api.lookups.known import Known
from api.lookups.stored import Stored
from api.names import holders, reference_counts
from api.names.mentions import KnownNames
from api.records.changes import Change, Reach, changed_spans
from api.records.indexing import Entries, Indexed, Texts, entries_with, names_in, texts_by_key
from api.records.propagation import Writing
from api.records.rendering import complete, render
from api.records.replacing import record_rows
from api.records.rows import named_records_in
from api.records.tables import PartRows, Rows, insert_part_rows, rows_of_part, update, updates
from api.search.text_indexes import TextIndex


class Created(NamedTuple):
    """New records of one type: the rows that were made for them, by their ids, and what is known, their documents included."""

    record_type: str
    rows: dict[str, Stored]
    known: Known


class NewRecords(NamedTuple):
    """What is written of new records."""

    record_type: str
    numbers: list[int]
    updates: list[Rows]
    """For the rows that were made for them."""
    parts: list[PartRows]
    counts: Counter[holders.Key]
    """In how many more statements each record with a name is referred to."""
    quoted: set[int]
    """The articles whose attached texts they quote."""


def new_records(created: Created) -> tuple[NewRecords, Texts]:
    """What is written of new records, and the texts by which they are found. Their documents are completed."""
    record_type, known = RECORD_TYPES[created.record_type], created.known
    changes = [_created(record_type, record_id, row, known) for record_id, row in created.rows.items()]
    owners = [change.after for change in changes]
    new = NewRecords(
        record_type.name,
        [change.number for change in changes],
        updates(record_type.table, record_rows(record_type, changes, known)),
        [rows_of_part(part, owners, known) for part in record_type.parts],
        _counts(changes, known),
        {known.number("articles", id_) for change in changes for id_ in changed_spans(change) if id_ in known.texts},
    )
    return new, texts_by_key(record_type, [Indexed(owner.key, owner.document) for owner in owners], known)


def _created(record_type: RecordType, record_id: str, row: Stored, known: Known) -> Change:
    document = complete(record_type, known.require(record_type.name, record_id).document, known)
    body = render(record_type, document, row.created_at, row.updated_at)
    return Change(record_type, document, body, row.updated_at, row, CREATED, Reach.CONTENT)


def _counts(changes: Sequence[Change], known: Known) -> Counter[holders.Key]:
    of_statements = (change for change in changes if change.record_type.name == "statements")
    return Counter(key for change in of_statements for key in named_records_in(change.record_type, change.after, known))


def write_new(new: NewRecords, writing: Writing, log: Log) -> None:
    """Write new records whose names were kept before; raise VersionMismatch when a row made for them is no longer blank."""
    record_type = RECORD_TYPES[new.record_type]
    if update(record_type.table, new.updates) != len(new.numbers):
        raise VersionMismatch(f"{record_type.name} numbers {new.numbers[:3]}")
    for part in new.parts:
        insert_part_rows(part)
    for number in new.numbers:
        log.note(record_type.name, number, CREATED)
    reference_counts.add(new.counts)
    writing.note_quoted(new.quoted)


class WorkedOut(NamedTuple):
    """What is written of new records, if a piece of work has any, and what the text index is to hold of the records in it."""

    new: NewRecords | None
    entries: Entries


def work_out(names: KnownNames, engine: TextIndex, piece: Created | Texts) -> WorkedOut:
    """What follows from documents of new records, or from the texts of other ones."""
    if isinstance(piece, Texts):
        return WorkedOut(None, entries_with(names, engine, piece))
    new, texts = new_records(piece)
    return WorkedOut(new, entries_with(names, engine, texts))


def work_out_with_names_in(path: str, engine: TextIndex, piece: Created | Texts) -> WorkedOut:
    """The same in a process without a database, with the names from a file."""
    return work_out(names_in(path), engine, piece)
