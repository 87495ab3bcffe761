"""Changing one record: each operation is one transaction, and takes a condition on what the record is before.

Only where very many others show its name, they are rendered in further ones (`api.records.renaming`).

The version for which a condition was checked is the one that the rows are written over (`UPDATE ... WHERE etag = ?`), so
that no other writer's version is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from api.changelog.recording import Log, recording
from api.changelog.tombstones import why_missing
from api.database.statements import chunked
from api.documents.record_types import RECORD_TYPES, Document
from api.errors import (
    AlreadyExists,
    BreaksReferences,
    InvalidDocuments,
    MergedAway,
    PreconditionFailed,
    PreconditionRequired,
    StillReferenced,
    VersionMismatch,
)
from api.lookups.known import Known
from api.lookups.stored import Stored, stored_by_id
from api.models.base import tuples
from api.records import renaming
from api.records.checking import issues_of
from api.records.propagation import index_again_what_mentions, refuse
from api.records.referrers import referring_to
from api.records.rendering import etag
from api.records.storing import known_of, remove, write

ANY: Literal["*"] = "*"


@dataclass(frozen=True)
class Condition:
    """What must be so for a change to be made (RFC 9110, 13.1): the entity tags it may have, or that there is no record."""

    must_match: tuple[str, ...] | Literal["*"] | None = None
    must_be_new: bool = False


NEW = Condition(must_be_new=True)


@dataclass(frozen=True)
class Written:
    """A record as it stands after a change: its finished JSON and its entity tag."""

    id: str
    created: bool
    etag: str
    document: bytes


def create(record_type: str, document: Document, author: str) -> Written:
    """Store a record that must be new; raise AlreadyExists, MergedAway, InvalidDocuments."""
    try:
        return put(record_type, document, author, NEW)
    except PreconditionFailed:
        raise AlreadyExists(record_type, document["id"]) from None


def put(record_type: str, document: Document, author: str, condition: Condition) -> Written:
    """Store a whole record, new or in the place of the one with its id.

    Raise PreconditionRequired, PreconditionFailed, MergedAway, InvalidDocuments with the issues of the document, or
    BreaksReferences with those it would make in other records. The same content again writes nothing.
    """
    with changing(record_type, document["id"], author) as log:
        row = row_of(record_type, document["id"])
        if row is not None:
            _require(condition, row)
        return _write(record_type, document, row, condition, log)


def patch(
    record_type: str, record_id: str, changed: Callable[[dict[str, Any]], Document], author: str, condition: Condition
) -> Written:
    """Store what `changed` makes of a record as it is served; raise what `put` and `changed` do, and NoSuchRecord."""
    with changing(record_type, record_id, author) as log:
        row = existing(record_type, record_id, condition)
        return _write(record_type, changed(orjson.loads(row.body)), row, condition, log)


def delete(record_type: str, record_id: str, author: str, condition: Condition) -> None:
    """Delete a record that no other refers to.

    Raise NoSuchRecord, PreconditionRequired, PreconditionFailed, or StillReferenced with all that refer to it.
    """
    with changing(record_type, record_id, author) as log:
        row = existing(record_type, record_id, condition)
        if referrers := sorted(_names_of(referring_to(record_type, row.number))):
            raise StillReferenced(referrers)
        index_again_what_mentions(remove(RECORD_TYPES[record_type], row, log), log)
        log.gone(record_type, record_id)


@contextmanager
def changing(record_type: str, record_id: str, author: str) -> Iterator[Log]:
    """A transaction in which one record is changed: where another writer was faster, the client gets their version's tag.

    Others may be left to show its new name after it.
    """
    try:
        with recording(author, joins=record_type == "statements") as log:  # what others show may be a lot
            yield log
    except VersionMismatch:
        row = row_of(record_type, record_id)
        raise PreconditionFailed(row.etag if row else None) from None
    if log.is_unfinished:
        renaming.go_on()


@contextmanager
def separating_issues() -> Iterator[None]:
    """Raise BreaksReferences instead of InvalidDocuments when the body is right, but other records would not fit to it."""
    try:
        yield
    except InvalidDocuments as invalid:
        own = [issue for issue in invalid.issues if issue.document is None]
        raise InvalidDocuments(own) if own else BreaksReferences(invalid.issues) from None


def row_of(record_type: str, record_id: str) -> Stored | None:
    """The row of a record as it stands, if there is one."""
    return stored_by_id(RECORD_TYPES[record_type], [record_id]).get(record_id)


def existing(record_type: str, record_id: str, condition: Condition) -> Stored:
    """The row of a record that must be there, as a condition says; raise what `delete` does."""
    row = row_of(record_type, record_id)
    if row is None:
        raise why_missing(record_type, record_id)
    _require(condition, row)
    return row


def _require(condition: Condition, row: Stored | None) -> None:
    """Raise unless the condition holds; an existing record is not changed without one."""
    if row is None:
        if condition.must_match is not None:
            raise PreconditionFailed(None)
        return
    if condition.must_be_new:
        raise PreconditionFailed(row.etag)
    if condition.must_match is None:
        raise PreconditionRequired(row.etag)
    if condition.must_match != ANY and row.etag not in condition.must_match:
        raise PreconditionFailed(row.etag)


def _write(record_type: str, document: Document, row: Stored | None, condition: Condition, log: Log) -> Written:
    """Store a document over the row that was read, or as a new record."""
    record_id = document["id"]
    batch = {record_type: [document]}
    rows = {record_type: {record_id: row} if row else {}}
    known = known_of(batch, rows)
    if row is None:
        _require_absent(record_type, record_id, known, condition)
    with separating_issues():
        refuse(issues_of(batch, known, {(record_type, record_id): None}))
        changes, writing = write(batch, rows, known, log, whole=False)
    if writing.requoted:
        return written(record_type, record_id, is_new=row is None)
    if changes:
        return Written(record_id, row is None, etag(changes[0].body), changes[0].body)
    assert row is not None
    return Written(record_id, False, row.etag, row.body)


def _require_absent(record_type: str, record_id: str, known: Known, condition: Condition) -> None:
    """Raise unless a record may be created: no other stands for it, and the condition does not call for a version."""
    if into := known.merged_into.get((record_type, record_id)):
        raise MergedAway(record_type, record_id, into)
    _require(condition, None)


def written(record_type: str, record_id: str, is_new: bool = False) -> Written:
    """A record that was just written, within the transaction that wrote it."""
    row = row_of(record_type, record_id)
    assert row is not None
    return Written(record_id, is_new, row.etag, row.body)


def _names_of(records: dict[str, set[int]]) -> Iterator[str]:
    for record_type, numbers in records.items():
        table = RECORD_TYPES[record_type].table
        for batch in chunked(sorted(numbers), 500):
            yield from (f"{record_type}/{i}" for (i,) in tuples(table.select(table.id).where(table.number.in_(batch))))
