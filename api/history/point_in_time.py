"""Records as the service served them at an earlier moment, restored from the log of changes.

The log holds the whole document of every revision. Where a record was only rendered anew, because another record had changed,
the log holds just that: the document is then completed anew among the records of that moment. Its entity tag is in the
log, so that a document that differs from what was served is never served in its place.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from api.changelog.positions import LATEST_OF_EACH, last_sequence_at
from api.changelog.recording import DELETED, MERGED
from api.changelog.tombstones import why_missing
from api.database.compression import decompressed
from api.database.statements import chunked, rows
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import MomentExpired, NotReproducible
from api.lookups.finding import Find
from api.lookups.known import Entry, Key, Known
from api.lookups.references import find_all, followed_from, references_of
from api.records.rendering import complete, etag, render
from schemas.loading import load

MOST_IDS = 200  # looked up by each statement; SQLite takes 500 parts of a compound SELECT


class State(NamedTuple):
    """What the log has of a record at a moment.

    `document` is the last that was logged, and `whole` whether nothing was rendered anew since; `number` is the number
    that the record had.
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
    def exists(self) -> bool:
        """Whether the record existed."""
        return self.operation not in (DELETED, MERGED)


class Memento(NamedTuple):
    """A record as it was served: its JSON, its entity tag, and since when (RFC 7089 calls this a memento)."""

    document: bytes
    etag: str
    since: str


_STATES = """
SELECT here.record_type, here.record_id, here.operation, here.recorded_at, here.etag, here.merged_into,
       here.record_number, here.body IS NOT NULL,
       CASE WHEN here.body IS NULL AND here.operation = 'rendered' THEN (
           SELECT whole.body FROM "change" AS whole
            WHERE whole.record_type = here.record_type AND whole.record_id = here.record_id AND whole.sequence < here.sequence
              AND whole.body IS NOT NULL
            ORDER BY whole.sequence DESC LIMIT 1) ELSE here.body END
  FROM "change" AS here WHERE here.sequence IN ({latest})
"""
_LATEST_OF_IDS = """
SELECT (SELECT past.sequence FROM "change" AS past
         WHERE past.record_type = ? AND past.record_id = asked.id AND past.recorded_at <= ?
         ORDER BY past.sequence DESC LIMIT 1)
  FROM ({ids}) AS asked
"""


@lru_cache
def _states_sql(count: int) -> str:
    ids = " UNION ALL ".join(["SELECT CAST(? AS TEXT) AS id"] * count)
    return _STATES.format(latest=_LATEST_OF_IDS.format(ids=ids))


def states_of(record_type: str, ids: Collection[str], moment: str) -> Iterator[State]:
    """The states of records at a moment, without those that had not been created."""
    for batch in chunked(ids, MOST_IDS):
        yield from _states(rows(_states_sql(len(batch)), (record_type, moment, *batch)))


def all_states(moment: str) -> list[State]:
    """The states of all records that existed at a moment."""
    fetched = rows(_STATES.format(latest=LATEST_OF_EACH), (last_sequence_at(moment),))
    return [state for state in _states(fetched) if state.exists]


def _states(fetched: Iterable[tuple[Any, ...]]) -> Iterator[State]:
    for row in fetched:
        state = State(*row)
        yield state._replace(whole=bool(state.whole), document=state.document and decompressed(state.document))


def known_at(moment: str, states: Iterable[State]) -> Known:
    """What must be known to complete the documents of these states: the records of the moment, without attached texts.

    Quotations are taken from the log, for texts that are attached now may not have been attached then.
    """
    batch: dict[str, list[Document]] = {}
    for state in states:
        if not state.whole:
            document = load(RECORD_TYPES[state.record_type].schema, orjson.loads(state.document or b""))
            batch.setdefault(state.record_type, []).append(document)
    known = Known()
    find_all(set(references_of(batch)), known, followed_from(batch), find_at(moment))
    return known


def find_at(moment: str) -> Find:
    """Find records as they were at a moment."""

    def find(keys: Collection[Key], followed: Collection[str]) -> Iterator[tuple[Key, Entry]]:
        ids: dict[str, list[str]] = {}
        for record_type, record_id in sorted(keys):
            ids.setdefault(record_type, []).append(record_id)
        for record_type, of_type in ids.items():
            for state in states_of(record_type, of_type, moment):
                if state.exists and state.document is not None:
                    yield (record_type, state.id), Entry(state.document, state.number)

    return find


def item(record_type: str, record_id: str, moment: str) -> Memento:
    """A record as it was at a moment; raise NotYetCreated, Deleted, MergedAway or MomentExpired."""
    require_kept(moment)
    for state in states_of(record_type, [record_id], moment):
        if state.exists:
            return memento_of(state, known_at(moment, [state]))
    raise why_missing(record_type, record_id, moment)


def mementos(record_type: str, ids: Collection[str], moment: str) -> dict[str, Memento]:
    """Records at a moment by id, without those that did not exist."""
    existing = [state for state in states_of(record_type, ids, moment) if state.exists]
    known = known_at(moment, existing)
    return {state.id: memento_of(state, known) for state in existing}


def items(record_type: str, ids: Collection[str], moment: str) -> dict[str, bytes]:
    """The documents of records at a moment by id, without those that did not exist."""
    return {record_id: memento.document for record_id, memento in mementos(record_type, ids, moment).items()}


def memento_of(state: State, known: Known) -> Memento:
    """A record that existed as it was served; raise NotReproducible when that can't be restored."""
    assert state.document is not None
    if state.whole:
        return logged_memento(state)
    record_type, logged = RECORD_TYPES[state.record_type], orjson.loads(state.document)
    return rendered(state, completed(record_type, load(record_type.schema, logged), logged, known), logged)


def logged_memento(state: State) -> Memento:
    """The memento of a state whose document was logged whole."""
    assert state.document is not None
    assert state.etag is not None
    return Memento(state.document, state.etag, state.recorded_at)


def completed(record_type: RecordType, document: Document, logged: Document, known: Known) -> Document:
    """A document as written, completed in place among the records of a moment; quotations stay as they were logged."""
    complete(record_type, document, known)
    for report, logged_report in zip(document.get("reports", ()), logged.get("reports", ()), strict=True):
        for span, logged_span in zip(report["evidence"], logged_report["evidence"], strict=True):
            span.update(logged_span)
    return document


def rendered(state: State, document: Document, logged: Document) -> Memento:
    """The representation of a completed document; raise NotReproducible when its entity tag is not the logged one.

    Names may have changed by that moment which the record was to show later (`api.names.outdated`): then it shows those of
    the moment at which it was rendered. Raise MomentExpired when these are no longer kept.
    """
    body = _body(state, document, logged)
    if etag(body) != state.etag:
        record_type = RECORD_TYPES[state.record_type]
        with suppress(LookupError):  # what it shows may have expired
            known = known_at(state.recorded_at, [state])
            body = _body(state, completed(record_type, load(record_type.schema, logged), logged, known), logged)
    if etag(body) != state.etag:
        require_kept(state.recorded_at)
        raise NotReproducible(f"{state.record_type}/{state.id}")
    return Memento(body, etag(body), state.recorded_at)


def _body(state: State, document: Document, logged: Document) -> bytes:
    return render(RECORD_TYPES[state.record_type], document, logged["created_at"], state.recorded_at)


def require_kept(moment: str) -> None:
    """Raise MomentExpired when the log no longer reaches back to a moment."""
    for (expired,) in rows("SELECT MAX(moment) FROM expiry"):
        if expired is not None and moment < expired:
            raise MomentExpired(expired)
