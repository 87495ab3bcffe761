"""Writing records over the rows that were read: their columns, parts, names, counts and search texts, where these differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from api.changelog.recording import Log
from api.database.statements import chunked
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import VersionMismatch
from api.lookups.known import Known
from api.lookups.stored import BATCH_SIZE, Stored
from api.names import holders, reference_counts
from api.records.changes import Change, is_found_otherwise, is_renamed, outdated_parts
from api.records.indexing import Indexed, Indexer, put_in_index
from api.records.rendering import etag
from api.records.rows import named_records_in, record_columns
from api.records.tables import RecordRow, delete_parts, insert_parts, insert_records, update_rows
from api.search import index
from schemas.answers.suggestions import NAMED

IsUnsettled = Callable[[Change], bool]
"""Whether a record's rows may be others than its stored document makes, so that all of them must be written."""


def never(change: Change) -> bool:
    """The rows of a record are those of its document, as everywhere but in the midst of changing others, or after damage."""
    return False


def make_rows(
    record_type: RecordType, documents: Iterable[Document], rows: dict[str, Stored], known: Known, log: Log
) -> list[int]:
    """Make a row for each record that has none, so that all have numbers to be referred to by; return the numbers."""
    new = [document for document in documents if document["id"] not in rows]
    if not new:
        return []
    blank = {"document": b"", "etag": "", "created_at": log.moment, "updated_at": log.moment}
    values = [{**record_columns(record_type, document, known), **blank, "id": document["id"]} for document in new]
    made = insert_records(record_type.table, values)
    for record_id, number in made.items():
        known.require(record_type.name, record_id).number = number
        rows[record_id] = Stored(number, "", log.moment, log.moment, None, b"")
    return list(made.values())


def replace_records(
    changes: Sequence[Change],
    known: Known,
    log: Log,
    is_unsettled: IsUnsettled = never,
    alone: bool = False,
    indexer: Indexer | None = None,
) -> set[str]:
    """Write changes; return all names, old and new, of records whose names changed.

    All old parts go first: what one record gives up another may take. Raise VersionMismatch when a row that was read has
    gone. `alone` says that nothing but one record changes, so that texts that stay the same are not indexed again. `indexer`
    is given by a caller that has kept the names of all records that it writes.
    """
    unsettled = {change.number for change in changes if is_unsettled(change)}
    before = reference_counts.of_statements(_old_statements(changes, unsettled))
    outdated = [_parts_to_replace(change, known, change.number in unsettled) for change in changes]
    for record_type, batch in _by_record_type(changes):
        _write_rows(record_type, batch, known)
    _replace_parts(list(zip(changes, outdated, strict=True)), known)
    _note(changes, log)
    renamed = _keep_names(changes, unsettled) if indexer is None else set()
    _count(changes, known, unsettled, before)
    if not (alone and not renamed and not is_found_otherwise(changes[0], known)):
        _index(changes, known, indexer)
    return renamed


def _by_record_type(changes: Iterable[Change]) -> Iterator[tuple[RecordType, list[Change]]]:
    """Changes of one record type at a time, and not too many."""
    of_record_type: dict[str, list[Change]] = {}
    for change in changes:
        of_record_type.setdefault(change.record_type.name, []).append(change)
    for record_type, alike in of_record_type.items():
        yield from ((RECORD_TYPES[record_type], batch) for batch in chunked(alike, BATCH_SIZE))


def _write_rows(record_type: RecordType, changes: Sequence[Change], known: Known) -> None:
    if update_rows(record_type.table, record_rows(record_type, changes, known)) != len(changes):
        raise VersionMismatch(", ".join(f"{record_type.name}/{change.document['id']}" for change in changes[:3]))


def record_rows(record_type: RecordType, changes: Iterable[Change], known: Known) -> list[RecordRow]:
    """The rows of changed records; worked out without a database."""
    return [
        RecordRow(
            {
                **record_columns(record_type, change.document, known, change.number),
                **{"document": change.body, "etag": etag(change.body), "updated_at": change.updated_at},
            },
            change.number,
            change.before.etag,
        )
        for change in changes
    ]


def _parts_to_replace(change: Change, known: Known, all_parts: bool) -> set[str]:
    """The keys of the parts whose rows are to be written."""
    if all_parts or change.before.is_new:
        return {part.key for part in change.record_type.parts}
    return set(outdated_parts(change, known))


def _replace_parts(changes: Sequence[tuple[Change, set[str]]], known: Known) -> None:
    """Write the rows of these parts of records, in the place of those that they have."""
    keys = {id(change): outdated for change, outdated in changes}
    grouped = list(_by_record_type(change for change, outdated in changes if outdated))
    for record_type, batch in grouped:
        for part in record_type.parts:
            owners = [change.number for change in batch if part.key in keys[id(change)] and not change.before.is_new]
            if owners:
                delete_parts([part], owners)
    for record_type, batch in grouped:
        for part in record_type.parts:
            insert_parts([part], [change.after for change in batch if part.key in keys[id(change)]], known)


def _note(changes: Iterable[Change], log: Log) -> None:
    for change in changes:
        if change.operation is not None:
            log.note(change.record_type.name, change.number, change.operation)


def _keep_names(changes: Iterable[Change], unsettled: set[int]) -> set[str]:
    return holders.keep(
        [
            holders.Named(change.record_type.name, change.number, change.document)
            for change in changes
            if change.record_type.name in NAMED and (change.number in unsettled or is_renamed(change))
        ]
    )


def _old_statements(changes: Iterable[Change], unsettled: set[int]) -> list[int]:
    return [
        change.number for change in _of_statements(changes) if change.number in unsettled and not change.before.is_new
    ]


def _of_statements(changes: Iterable[Change]) -> Iterator[Change]:
    return (change for change in changes if change.record_type.name == "statements")


def _count(changes: Sequence[Change], known: Known, unsettled: set[int], before: Counter[holders.Key]) -> None:
    """Bring up to date in how many statements each record with a name is referred to."""
    more = Counter(reference_counts.of_statements(_old_statements(changes, unsettled)))
    more.subtract(before)
    for change in _of_statements(changes):
        if change.before.is_new or change.number not in unsettled:
            new = named_records_in(change.record_type, change.after, known)
            old = (
                set()
                if change.before.is_new
                else named_records_in(change.record_type, change.owner_before(known), known)
            )
            more.update(new - old)
            more.subtract(old - new)
    reference_counts.add(more)


def _index(changes: Sequence[Change], known: Known, indexer: Indexer | None) -> None:
    for record_type, batch in _by_record_type(changes):
        for change in batch:
            if change.before.key not in (None, change.after.key):
                index.remove(record_type.name, change.before.key)
        put = put_in_index if indexer is None else indexer.put
        put(record_type, [Indexed(change.after.key, change.document) for change in batch], known)
