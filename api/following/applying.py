"""Applying what has arrived: the records become those of the source in one transaction, byte for byte.

Documents are stored as they were sent; columns, parts, names, counts and the text index are made from them. What the
source has rendered anew has arrived as well, so nothing is rendered here.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from api.changelog.positions import LAST_SEQUENCE
from api.changelog.recording import Log, recording
from api.database.compression import compressed
from api.database.dialect import is_sqlite
from api.database.statements import chunked, execute, execute_many, insert
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import UnusableMirror
from api.following import arrivals
from api.lookups.finding import with_arriving
from api.lookups.known import Known
from api.lookups.references import known_numbers, look_up
from api.lookups.stored import BATCH_SIZE, Stored, rows_of, stored_by_id
from api.models.base import tuples
from api.models.log_cuts import Expiry, Restoration
from api.names import holders, outdated
from api.names.mentions import mentioning
from api.records import storing
from api.records.changes import RESTED_ON, Change, Reach
from api.records.indexing import Indexed, put_in_index
from api.records.propagation import Chunk, chunks_of
from api.records.referrers import referring_to_any
from api.records.rendering import with_unshown_parts
from api.records.replacing import make_rows, replace_records
from api.records.rows import key_in
from api.records.tables import delete_parts
from api.search import index
from schemas.answers.suggestions import NAMED
from schemas.values import dates

AUTHOR = "mirror"
"""Who writes here; nobody sees it, because the log is the source's."""


def apply() -> int:
    """Bring the records to where the feed was read to, all of it or nothing; return how many records have arrived."""
    with recording(AUTHOR) as log:
        state = arrivals.state()
        assert state is not None
        if state.is_whole:
            _forget_all(state.since)
        count = _Applying(log).run()
        _write_log(0 if state.is_whole else state.position, state.since)
        execute("DELETE FROM arrival")
        execute("UPDATE mirror SET position = since, seen = 0, is_whole = ?", (False,))
        return count


def _forget_all(position: int) -> None:
    """Remove every record and the whole log. The mark left behind tells a running service that its answers have aged."""
    for record_type in reversed(RECORD_TYPES.values()):
        table: Any = record_type.table
        delete_parts(record_type.parts, table.select(table.number))
        table.delete().execute()
        index.remove_orphans(record_type.name, "SELECT -1")
    holders.forget()
    execute('DELETE FROM "change"')
    execute("DELETE FROM expiry")
    execute("DELETE FROM stored_bitmaps")  # of other numbers
    outdated.forget()
    [(resumed,)] = execute("SELECT COALESCE(MAX(resumed), 0) FROM restoration").fetchall()
    # Between the two lies no position, so to those who follow the mirror nothing is lost by it.
    mark = max(resumed, position) + 1
    Restoration.insert(moment=dates.moment(datetime.now(UTC)), position=mark - 1, resumed=mark).execute()


class _Applying:
    """What arrives on its way into the tables."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._renamed: set[str] = set()
        self._numbers: dict[str, set[int]] = {}
        self._reaching: dict[str, set[int]] = {}

    def run(self) -> int:
        """Write what arrives, remove what is gone, and bring up to date what is found by it."""
        self._release_identifiers()
        for record_type in RECORD_TYPES.values():
            for documents in _documents(record_type):
                self._make_rows(record_type, documents)
        for record_type in RECORD_TYPES.values():
            for documents in _documents(record_type):
                self._write(record_type, documents)
        removed = self._remove_gone()
        self._write_again_what_refers()
        self._index_again_what_mentions()
        return removed + sum(map(len, self._numbers.values()))

    def _release_identifiers(self) -> None:
        """Take identifiers from all records that arrive or go, so that one can have what another gives up."""
        for record_type in RECORD_TYPES.values():
            identifiers = [part for part in record_type.parts if part.key == "identifiers"]
            for ids in _ids_of(record_type.name) if identifiers else ():
                delete_parts(identifiers, [row.number for row in stored_by_id(record_type, ids).values()])

    def _make_rows(self, record_type: RecordType, documents: list[Document]) -> None:
        """Make rows in the order of the source, so that lists have it too, and keep the names of all records."""
        stored = rows_of({record_type.name: documents})[record_type.name]
        make_rows(
            record_type,
            documents,
            stored,
            known_numbers(record_type, documents, with_arriving(arrivals.find)),
            self._log,
        )
        self._numbers.setdefault(record_type.name, set()).update(row.number for row in stored.values())
        if record_type.name in NAMED:
            named = [holders.Named(record_type.name, stored[each["id"]].number, each) for each in documents]
            self._renamed |= holders.keep(named)

    def _write(self, record_type: RecordType, documents: list[Document]) -> None:
        batch = {record_type.name: documents}
        stored = rows_of(batch)
        known = look_up(batch, stored, with_arriving(arrivals.find))
        bodies = dict(arrivals.find(record_type.name, [document["id"] for document in documents]))
        changes = []
        for document in documents:
            row = stored[record_type.name][document["id"]]
            changes.append(_change(record_type, document, bodies[document["id"]], row, known))
            if not row.is_new and _reaches_others(record_type, row.document, document):
                self._reaching.setdefault(record_type.name, set()).add(row.number)
        replace_records(changes, known, self._log, is_unsettled=lambda change: True)
        times = [(document["created_at"], document["id"]) for document in documents]
        execute_many(f'UPDATE "{record_type.table_name}" SET created_at = ? WHERE id = ?', times)

    def _remove_gone(self) -> int:
        """Remove what was deleted or merged; by now nothing refers to it."""
        count = 0
        for record_type in reversed(RECORD_TYPES.values()):
            for row in stored_by_id(record_type, arrivals.gone(record_type.name)).values():
                self._renamed |= storing.remove(record_type, row, self._log)
                count += 1
        return count

    def _write_again_what_refers(self) -> None:
        """Write the parts and texts anew of records that rest on what changed and have not arrived themselves."""
        for name, numbers in referring_to_any(self._reaching).items():
            for chunk in chunks_of(name, numbers - self._numbers.get(name, set())):
                changes = [
                    _change(chunk.record_type, row.document, row.body, row, chunk.known) for row in chunk.rows.values()
                ]
                replace_records(changes, chunk.known, self._log, is_unsettled=lambda change: True)

    def _index_again_what_mentions(self) -> None:
        for name, numbers in mentioning(self._renamed, besides=self._numbers).items():
            for chunk in chunks_of(name, numbers):
                put_in_index(chunk.record_type, _indexed(chunk), chunk.known)


def _ids_of(record_type: str) -> Iterator[list[str]]:
    """The ids of the records of a type that arrive or go, some at a time."""
    for batch in arrivals.documents_of(record_type):
        yield [record_id for record_id, _ in batch]
    yield from chunked(arrivals.gone(record_type), BATCH_SIZE)


def _documents(record_type: RecordType) -> Iterator[list[Document]]:
    for batch in arrivals.documents_of(record_type.name):
        yield [orjson.loads(body) for _, body in batch]


def _change(record_type: RecordType, document: Document, body: bytes, row: Stored, known: Known) -> Change:
    """A record to be written as it was sent. It is not logged, for its rows of the log have arrived."""
    updated_at = document["updated_at"]
    if record_type.name == "statements":
        document = with_unshown_parts(document, known)
    return Change(record_type, document, body, updated_at, row, None, Reach.NOTHING)


def _reaches_others(record_type: RecordType, before: Document, after: Document) -> bool:
    """Whether the rows or the texts of others follow from what changed, though they look the same."""
    keys = ("aliases", *RESTED_ON.get(record_type.name, ()))
    changed = any(before.get(key) != after.get(key) for key in keys)
    return changed or record_type.label(before) != record_type.label(after)


def _indexed(chunk: Chunk) -> Iterable[Indexed]:
    for row in chunk.rows.values():
        document = row.document
        if chunk.record_type.name == "statements":
            document = with_unshown_parts(document, chunk.known)
        yield Indexed(key_in(chunk.record_type, document, row.number), document)


def _write_log(before: int, position: int) -> None:
    """Write the rows of the source's log that have arrived. Where others are missing, what was before counts as expired."""
    written = 0
    for record_type in RECORD_TYPES.values():
        for batch in _log_rows(record_type):
            insert("change", _LOGGED, batch)
            written += len(batch)
    if written != position - before and written:
        [(moment,)] = execute('SELECT MAX(recorded_at) FROM "change" WHERE sequence > ?', (before,)).fetchall()
        Expiry.insert(until=position, moment=moment).execute()
    [(last,)] = execute(LAST_SEQUENCE).fetchall()
    if last != position:
        raise UnusableMirror(f"The source's feed ends at position {last}, and says that it goes on at {position}.")
    if not is_sqlite():  # which counts on from the last row by itself
        execute("SELECT setval('change_sequence_seq', ?)", (max(1, last),))


_LOGGED = (
    "sequence",
    "record_type",
    "record_id",
    "record_number",
    "revision",
    "operation",
    "recorded_at",
    "recorded_by",
    "etag",
    "merged_into",
    "body",
)
_ARRIVED = """
SELECT sequence, record_id, revision, operation, recorded_at, recorded_by, etag, merged_into, document FROM arrival
 WHERE record_type = ? AND sequence > ?
UNION ALL
SELECT own_sequence, record_id, own_revision, own_operation, own_recorded_at, own_recorded_by, own_etag, NULL, own_document
  FROM arrival WHERE record_type = ? AND own_sequence > ?
 ORDER BY sequence LIMIT 200
"""


def _log_rows(record_type: RecordType) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of the log about a record type, some at a time, with the numbers that its records have here."""
    last, name = 0, record_type.name
    while batch := execute(_ARRIVED, (name, last, name, last)).fetchall():
        numbers = _numbers_of(record_type.table, {row[1] for row in batch})
        yield [
            (
                sequence,
                name,
                record_id,
                None if etag is None else numbers.get(record_id),
                *more,
                etag,
                into,
                _as_logged(body),
            )
            for sequence, record_id, *more, etag, into, body in batch
        ]
        last = batch[-1][0]


def _as_logged(document: bytes | None) -> bytes | None:
    return None if document is None else compressed(document)


def _numbers_of(table: Any, ids: Collection[str]) -> dict[str, int]:
    return dict(tuples(table.select(table.id, table.number).where(table.id.in_(list(ids)))))
