"""Whether the log of changes accounts for every record: what it was, and what is served of it now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from marshmallow import ValidationError

from api.changelog.positions import DROPPED, MIGRATION
from api.changelog.recording import CREATED, DELETED, MERGED
from api.database.compression import decompressed
from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.documents.record_types import RECORD_TYPES, RecordType
from api.models.base import tuples
from api.records.rendering import etag, own_content
from schemas.values import dates

BATCH_SIZE = 200  # rows of the log read together: they hold whole documents

_COLUMNS = "sequence, record_type, record_id, record_number, revision, operation, recorded_at, etag, merged_into, body"
_WALK = (
    f'SELECT {_COLUMNS} FROM "change" WHERE (record_type, record_id, sequence) > (?, ?, ?)'
    f" ORDER BY record_type, record_id, sequence LIMIT {BATCH_SIZE}"
)
_OUT_OF_ORDER = f"""
SELECT sequence FROM (
    SELECT sequence, recorded_at, recorded_by,
           MAX(recorded_at) OVER (ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
      FROM "change") AS walked
 WHERE recorded_at < latest AND recorded_by <> '{MIGRATION}' ORDER BY sequence
"""
_HEADS = f"""
SELECT {_COLUMNS} FROM "change" WHERE sequence IN (
    SELECT MAX(sequence) FROM "change" WHERE record_type = ? AND record_id IN ({{ids}}) {{which}} GROUP BY record_id)
"""


class Row(NamedTuple):
    """A row of the log."""

    sequence: int
    record_type: str
    record_id: str
    record_number: int | None
    revision: int | None
    operation: str
    recorded_at: str
    etag: str | None
    merged_into: str | None
    body: Any

    @property
    def document(self) -> bytes:
        """The document of a row that has one; raise ValueError when it is damaged."""
        return decompressed(self.body)

    @property
    def there(self) -> bool:
        """Whether the record exists after it."""
        return self.operation not in (DELETED, MERGED)


class Head(NamedTuple):
    """The last row of a record in the log, and the last that holds its document."""

    last: Row | None = None
    whole: Row | None = None


def heads_of(record_type: str, ids: Collection[str]) -> dict[str, Head]:
    """Where the log of each of these records ends."""
    marks = ", ".join("?" * len(ids))
    last, whole = (
        {row.record_id: row for row in _rows(_HEADS.format(ids=marks, which=which), (record_type, *ids))}
        for which in ("", "AND body IS NOT NULL")
    )
    return {record_id: Head(row, whole.get(record_id)) for record_id, row in last.items()}


def faults_of_head(record_type: RecordType, record: Mapping[str, Any], head: Head) -> Iterator[str]:
    """What the log says otherwise than a record that exists, whose row this is."""
    last, whole, body = head.last, head.whole, bytes(record["document"])
    if last is None:
        yield "is nowhere in the log of changes."
    elif not last.there:
        yield f"exists, but was {last.operation} as the log says."
    else:
        if last.etag != record["etag"]:
            yield "has another entity tag than its last row in the log."
        if last.recorded_at != record["updated_at"]:
            yield "was updated at another moment than its last row in the log."
        if last.record_number != record["number"]:
            yield "has another number than its last row in the log."
        if whole is None:
            yield "has no document in the log."
        elif last is whole or last == whole:
            if whole.document != body:
                yield "has another document than its last row in the log."
        elif own_content(record_type, whole.document) != own_content(record_type, body):
            yield "has another content than its last revision in the log."


def faults_of_log() -> Iterator[str]:
    """What is wrong with the log itself, and with whom it tells of."""
    [(expired,)] = execute(f"SELECT COALESCE(MAX(until), 0) FROM ({DROPPED}) AS dropped").fetchall()
    before: Row | None = None
    ends: list[Row] = []
    revision: int | None = None
    for row in _walked():
        name = f"{row.record_type}/{row.record_id}"
        if before is not None and (before.record_type, before.record_id) != (row.record_type, row.record_id):
            ends.append(before)
            yield from _uncounted(before, revision)
            before = None
        if before is None:
            revision = None
        yield from (
            f"{name}: row {row.sequence} of the log {fault}" for fault in _faults(row, before, revision, expired)
        )
        before, revision = row, row.revision if row.revision is not None else revision
        if len(ends) >= BATCH_SIZE:
            yield from _ends(ends)
            ends.clear()
    if before is not None:
        ends.append(before)
        yield from _uncounted(before, revision)
    yield from _ends(ends)
    yield from _gaps(expired)
    for (sequence,) in execute(_OUT_OF_ORDER):
        yield f"Row {sequence} of the log was recorded before the rows that come before it."


def _gaps(expired: int) -> Iterator[str]:
    """Rows that are missing between others. PostgreSQL leaves gaps by itself, where a transaction fails."""
    if is_sqlite():
        counting = 'SELECT COUNT(*), MAX(sequence) FROM "change" WHERE sequence > ?'
        [(count, last)] = execute(counting, (expired,)).fetchall()
        lost = "SELECT COALESCE(SUM(resumed - position - 1), 0) FROM restoration WHERE position >= ? AND resumed <= ?"
        [(skipped,)] = execute(lost, (expired, last)).fetchall()
        if missing := count and last - expired - skipped - count:
            yield f"{missing} rows of the log are missing between others."


def _uncounted(last: Row, revision: int | None) -> Iterator[str]:
    """What is wrong with a record of which the log keeps no revision, not even the last: the next would be the first."""
    if revision is None:
        yield f"{last.record_type}/{last.record_id} has no revision in the log."


def _walked() -> Iterator[Row]:
    """The whole log, record by record."""
    place: tuple[Any, ...] = ("", "", 0)
    while batch := _rows(_WALK, place):
        yield from batch
        place = (batch[-1].record_type, batch[-1].record_id, batch[-1].sequence)


def _rows(sql: str, parameters: Iterable[Any]) -> list[Row]:
    return [Row(*row) for row in execute(sql, tuple(parameters)).fetchall()]


def _faults(row: Row, before: Row | None, revision: int | None, expired: int) -> Iterator[str]:
    """What is wrong with a row that comes after `before` and the last `revision` of the same record.

    Up to the place `expired` rows may have been dropped, and so may those before them.
    """
    if row.record_type not in RECORD_TYPES:
        yield "is about something that there is none of."
        return
    kept = row.sequence > expired
    if row.revision is not None and not _follows(row.revision, revision, kept, began=before is None):
        yield f"is revision {row.revision}, which does not follow {f'revision {revision}' if revision else 'anything'}."
    if kept and (row.operation == CREATED.name) != (before is None or not before.there):
        yield f"says {row.operation} of a record that {'existed' if before and before.there else 'did not exist'}."
    if not _is_moment(row.recorded_at):
        yield "was recorded at no moment."
    if row.body is not None:
        yield from _faults_of_document(row)
    elif row.revision is not None and row.there:
        yield "has no document."


def _follows(number: int, before: int | None, kept: bool, began: bool) -> bool:
    """Whether a revision may come after another; where some have been dropped, it need only be a later one."""
    if before is None:
        return number == 1 or not kept or not began
    return number == before + 1 if kept else number > before


def _is_moment(written: str) -> bool:
    try:
        return dates.moment(datetime.fromisoformat(written)) == written
    except ValueError:
        return False


def _faults_of_document(row: Row) -> Iterator[str]:
    try:
        if etag(row.document) != row.etag:
            yield "has an entity tag that is not its document's."
        own_content(RECORD_TYPES[row.record_type], row.document)
    except (ValidationError, ValueError, TypeError, AttributeError, LookupError) as error:
        yield f"holds an unusable document: {error}."


def _ends(ends: Collection[Row]) -> Iterator[str]:
    """What is wrong with how the log of each of some records ends."""
    existing = {
        key
        for record_type in {row.record_type for row in ends if row.record_type in RECORD_TYPES}
        for key in _existing(record_type, ends)
    }
    for row in ends:
        name = f"{row.record_type}/{row.record_id}"
        if row.there and (row.record_type, row.record_id) not in existing:
            yield f"{name} does not exist, but the log does not say that it has gone."
        if row.merged_into is not None and not _leads_somewhere(row):
            yield f"{name} was merged into {row.merged_into}, which leads nowhere."


def _existing(record_type: str, ends: Iterable[Row]) -> Iterator[tuple[str, str]]:
    table: Any = RECORD_TYPES[record_type].table
    ids = [row.record_id for row in ends if row.record_type == record_type]
    yield from ((record_type, record_id) for (record_id,) in tuples(table.select(table.id).where(table.id.in_(ids))))


def _leads_somewhere(row: Row) -> bool:
    """Whether those that stand for a merged record end with one that exists, or was deleted later."""
    seen = {row.record_id}
    while row.merged_into is not None:
        if row.merged_into in seen:
            return False
        seen.add(row.merged_into)
        head = heads_of(row.record_type, [row.merged_into]).get(row.merged_into)
        if head is None or head.last is None:
            return False
        row = head.last
    return True
