"""Changing one record: each operation is one transaction, and takes a condition on what the record is before.

The version that a condition was held against is the one that the rows are written over (`UPDATE ... WHERE etag = ?`), so
that no other writer's version is lost, whoever he is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import orjson
from peewee import chunked

from api.changelog.recording import Log, recording
from api.changelog.tombstones import fate
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
from api.models.base import tuples
from api.records.references import referring_to
from api.records.storing import index_again_what_mentions, remove, write

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


class Current(NamedTuple):
    """A record as it stands before a change."""

    number: int
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
        current = current_of(record_type, document["id"])
        if current is None and isinstance(merged := fate(record_type, document["id"]), MergedAway):
            raise merged
        _require(condition, current)
        return _write(record_type, document, current, log)


def patch(
    record_type: str, record_id: str, changed: Callable[[dict[str, Any]], Document], author: str, condition: Condition
) -> Written:
    """Store what `changed` makes of a record as it is served; raise what `put` and `changed` do, and NoSuchRecord."""
    with changing(record_type, record_id, author) as log:
        current = existing(record_type, record_id, condition)
        return _write(record_type, changed(orjson.loads(current.document)), current, log)


def delete(record_type: str, record_id: str, author: str, condition: Condition) -> None:
    """Delete a record that no other refers to.

    Raise NoSuchRecord, PreconditionRequired, PreconditionFailed, or StillReferenced with all that refer to it.
    """
    with changing(record_type, record_id, author) as log:
        current = existing(record_type, record_id, condition)
        if referrers := sorted(_names_of(referring_to(record_type, current.number))):
            raise StillReferenced(referrers)
        index_again_what_mentions(remove(RECORD_TYPES[record_type], current.number, current.etag, log))
        log.gone(record_type, record_id)


@contextmanager
def changing(record_type: str, record_id: str, author: str) -> Iterator[Log]:
    """A transaction in which one record is changed: whatever writer was faster, the client is told the version he made."""
    try:
        with recording(author) as log:
            yield log
    except VersionMismatch:
        current = current_of(record_type, record_id)
        raise PreconditionFailed(current.etag if current else None) from None


@contextmanager
def separating_issues() -> Iterator[None]:
    """Raise BreaksReferences instead of InvalidDocuments when the body is right, but other records would not fit to it."""
    try:
        yield
    except InvalidDocuments as invalid:
        own = [issue for issue in invalid.issues if issue.document is None]
        raise InvalidDocuments(own) if own else BreaksReferences(invalid.issues) from None


def current_of(record_type: str, record_id: str) -> Current | None:
    """A record as it stands, if there is one."""
    table = RECORD_TYPES[record_type].table
    found = tuples(table.select(table.number, table.etag, table.document).where(table.id == record_id))
    return next((Current(number, etag, bytes(body)) for number, etag, body in found), None)


def existing(record_type: str, record_id: str, condition: Condition) -> Current:
    """A record that must be there, as a condition says; raise what `delete` does."""
    current = current_of(record_type, record_id)
    if current is None:
        raise fate(record_type, record_id)
    _require(condition, current)
    return current


def _require(condition: Condition, current: Current | None) -> None:
    """Raise unless the condition holds; an existing record is not changed without one."""
    if current is None:
        if condition.must_match is not None:
            raise PreconditionFailed(None)
        return
    if condition.must_be_new:
        raise PreconditionFailed(current.etag)
    if condition.must_match is None:
        raise PreconditionRequired(current.etag)
    if condition.must_match != ANY and current.etag not in condition.must_match:
        raise PreconditionFailed(current.etag)


def _write(record_type: str, document: Document, current: Current | None, log: Log) -> Written:
    key = (record_type, document["id"])
    with separating_issues():
        write({record_type: [document]}, {key: None}, log, known={key: current.etag if current else ""})
    log.write()
    return written(record_type, document["id"], is_new=current is None)


def written(record_type: str, record_id: str, is_new: bool = False) -> Written:
    """A record that was just written, within the transaction that wrote it."""
    current = current_of(record_type, record_id)
    assert current is not None
    return Written(record_id, is_new, current.etag, current.document)


def _names_of(records: dict[str, set[int]]) -> Iterator[str]:
    for record_type, numbers in records.items():
        table = RECORD_TYPES[record_type].table
        for some in chunked(sorted(numbers), 500):
            yield from (f"{record_type}/{i}" for (i,) in tuples(table.select(table.id).where(table.number.in_(some))))
