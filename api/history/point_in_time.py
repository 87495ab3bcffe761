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
from api.records.lookups import Directory, Entry
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


class PastDirectory(Directory):
    """The records that could be referred to at a moment, each looked up in the log when it is needed."""

    def __init__(self, moment: str) -> None:
        self._moment = moment
        super().__init__({})

    def _find_stored(self, record_type: str, ids: list[str]) -> None:
        for state in states_of(record_type, ids, self._moment):
            if state.there:
                assert state.document is not None
                self.add(state, orjson.loads(state.document))
        for record_id in ids:
            self._entries.setdefault((record_type, record_id), None)

    def add(self, state: State, document: Document) -> None:
        """Let a record be referred to. The names in its document need not be of the moment, but for one that others show."""
        self._entries[state.record_type, state.id] = Entry(document, state.number)
        if state.record_type == "articles" and document["publisher"] is not None:
            publisher = document["publisher"]
            publisher["name"] = self.label("speakers", publisher["id"])

    def find_texts(self, articles: Collection[str]) -> None:
        """Leave quotations to the log: texts that are attached now may not have been then."""
        self._texts.update(dict.fromkeys(articles))


def item(record_type: str, record_id: str, moment: str) -> Said:
    """A record as it was said at a moment; raise NotYetCreated, Deleted, MergedAway or MomentExpired."""
    require_kept(moment)
    for state in states_of(record_type, [record_id], moment):
        if state.there:
            return said(state, PastDirectory(moment))
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
    directory = PastDirectory(moment)
    there = [state for state in states_of(record_type, ids, moment) if state.there]
    return {state.id: said(state, directory).document for state in there}


def said(state: State, directory: PastDirectory) -> Said:
    """What was said of a record that existed."""
    assert state.document is not None
    assert state.etag is not None
    if state.whole:
        return Said(state.document, state.etag, state.recorded_at)
    record_type, logged = RECORD_TYPES[state.record_type], orjson.loads(state.document)
    return rendered(state, completed(record_type, record_type.schema.load(logged), logged, directory), logged)


def completed(record_type: RecordType, document: Document, logged: Document, directory: PastDirectory) -> Document:
    """A document as written, completed in place among the records of a moment; quotations stay those that were logged."""
    complete(record_type, document, directory)
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
