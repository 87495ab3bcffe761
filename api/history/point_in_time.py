"""What the service said at an earlier moment, put together again from the log of changes.

The log holds the whole document of every revision. Where a record was only shown otherwise, because another one had
changed, the log says that much: the document is then completed anew among the records of that moment. Its entity tag is
in the log, so that a document that is not what was said is never taken for it.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from peewee import chunked

from api.changelog.positions import LATEST_OF_EACH, last_sequence_at
from api.changelog.recording import DELETED, MERGED
from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import Deleted, MergedAway, MomentExpired, NoSuchRecord, NotReproducible, NotYetCreated
from api.lookups.finding import Find
from api.lookups.known import Entry, Key, Known
from api.lookups.references import find_all, followed_from, references_of
from api.records.rendering import complete, etag, render

SOME = 200  # records looked up at once; SQLite takes 500 parts of a compound SELECT


class State(NamedTuple):
    """What the log says of one record at a moment.

    `document` is the last that was logged, and `whole` whether nothing was shown otherwise since; `number` is the
    number that it had.
    """

    record_type: str
    id: str
    operation: str
    recorded_at: str
    etag: str | None
    merged_into: str | None
    number: int | None
    whole: bool
    document: bytes | None

    @property
    def there(self) -> bool:
        """Whether the record existed."""
        return self.operation not in (DELETED, MERGED)


class Said(NamedTuple):
    """A record as it was said: its JSON, its entity tag, and since when the service had said so."""

    document: bytes
    etag: str
    since: str


_STATES = """
SELECT here.record_type, here.record_id, here.operation, here.recorded_at, here.etag, here.merged_into,
       here.record_number, here.document IS NOT NULL,
       CASE WHEN here.document IS NULL AND here.operation = 'rendered' THEN (
           SELECT whole.document FROM "change" AS whole
            WHERE whole.record_type = here.record_type AND whole.record_id = here.record_id AND whole.sequence < here.sequence
              AND whole.document IS NOT NULL
            ORDER BY whole.sequence DESC LIMIT 1) ELSE here.document END
  FROM "change" AS here WHERE here.sequence IN ({latest})
"""
_LATEST_OF_SOME = """
SELECT (SELECT past.sequence FROM "change" AS past
         WHERE past.record_type = ? AND past.record_id = asked.id AND past.recorded_at <= ?
         ORDER BY past.sequence DESC LIMIT 1)
  FROM ({asked}) AS asked
"""


@lru_cache
def _some_sql(sqlite: bool, ids: int) -> str:
    asked = " UNION ALL ".join(["SELECT CAST(? AS TEXT) AS id"] * ids)
    return with_placeholders(_STATES.format(latest=_LATEST_OF_SOME.format(asked=asked)), sqlite)


def states_of(record_type: str, ids: Collection[str], moment: str) -> Iterator[State]:
    """What the log says at a moment of some records; nothing of those that it did not know yet."""
    for some in chunked(ids, SOME):
        sql = _some_sql(is_sqlite(), len(some))
        yield from _read(rows(sql, (record_type, moment, *some)))


def all_states(moment: str) -> list[State]:
    """What the log says at a moment of every record that existed then."""
    sql = with_placeholders(_STATES.format(latest=LATEST_OF_EACH), is_sqlite())
    return [state for state in _read(rows(sql, (last_sequence_at(moment),))) if state.there]


def _read(found: Iterable[tuple[Any, ...]]) -> Iterator[State]:
    for row in found:
        state = State(*row)
        yield state._replace(whole=bool(state.whole), document=state.document and bytes(state.document))


def known_at(moment: str, states: Iterable[State]) -> Known:
    """What must be known to complete the documents of these states: the records of the moment, without attached texts.

    Quotations are left to the log, for texts that are attached now may not have been then.
    """
    batch: dict[str, list[Document]] = {}
    for state in states:
        if not state.whole:
            document = RECORD_TYPES[state.record_type].schema.load(orjson.loads(state.document or b""))
            batch.setdefault(state.record_type, []).append(document)
    known = Known()
    find_all(set(references_of(batch)), known, followed_from(batch), _find_at(moment))
    return known


def _find_at(moment: str) -> Find:
    """Find records as they were at a moment."""

    def find(keys: Collection[Key], followed: Collection[str]) -> Iterator[tuple[Key, Entry]]:
        ids: dict[str, list[str]] = {}
        for record_type, record_id in sorted(keys):
            ids.setdefault(record_type, []).append(record_id)
        for record_type, some in ids.items():
            for state in states_of(record_type, some, moment):
                if state.there and state.document is not None:
                    yield (record_type, state.id), Entry(state.document, state.number)

    return find


def item(record_type: str, record_id: str, moment: str) -> Said:
    """A record as it was said at a moment; raise NotYetCreated, Deleted, MergedAway or MomentExpired."""
    require_kept(moment)
    for state in states_of(record_type, [record_id], moment):
        if state.there:
            return said(state, known_at(moment, [state]))
    raise fate_at(record_type, record_id, moment)


def fate_at(record_type: str, record_id: str, moment: str) -> NoSuchRecord:
    """Why there was no such record at a moment."""
    for state in states_of(record_type, [record_id], moment):
        if state.merged_into is not None:
            return MergedAway(record_type, record_id, state.merged_into)
        return Deleted(record_id)
    return NotYetCreated(record_id)


def items(record_type: str, ids: Collection[str], moment: str) -> dict[str, bytes]:
    """The documents of some records at a moment by id, without those that did not exist."""
    there = [state for state in states_of(record_type, ids, moment) if state.there]
    known = known_at(moment, there)
    return {state.id: said(state, known).document for state in there}


def said(state: State, known: Known) -> Said:
    """What was said of a record that existed."""
    assert state.document is not None
    assert state.etag is not None
    if state.whole:
        return Said(state.document, state.etag, state.recorded_at)
    record_type, logged = RECORD_TYPES[state.record_type], orjson.loads(state.document)
    return rendered(state, completed(record_type, record_type.schema.load(logged), logged, known), logged)


def completed(record_type: RecordType, document: Document, logged: Document, known: Known) -> Document:
    """A document as written, completed in place among the records of a moment; quotations stay those that were logged."""
    complete(record_type, document, known)
    for report, of_then in zip(document.get("reports", ()), logged.get("reports", ()), strict=True):
        for span, shown in zip(report["evidence"], of_then["evidence"], strict=True):
            span.update(shown)
    return document


def rendered(state: State, document: Document, logged: Document) -> Said:
    """The representation of a completed document; raise NotReproducible when it is not the one that was said."""
    body = render(RECORD_TYPES[state.record_type], document, logged["created_at"], state.recorded_at)
    if etag(body) != state.etag:
        raise NotReproducible(f"{state.record_type}/{state.id}")
    return Said(body, etag(body), state.recorded_at)


def require_kept(moment: str) -> None:
    """Raise MomentExpired when the log no longer tells what was said at a moment."""
    for (expired,) in rows("SELECT MAX(moment) FROM expiry"):
        if expired is not None and moment < expired:
            raise MomentExpired(expired)
