"""What arrives of a feed: kept in the database, one row for each record, until all of it can be applied at once.

A page and the position after it are stored together, so that a mirror that is killed goes on where it was.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from api.changelog.recording import CREATED
from api.database.statements import chunked, execute, execute_many, insert, rows
from api.database.transactions import writing
from api.documents.record_types import RECORD_TYPES
from api.errors import UnusableMirror
from api.lookups.stored import BATCH_SIZE
from api.records.rendering import etag


class State(NamedTuple):
    """How far a mirror of a source has come: see `api.models.mirrors.Mirror`."""

    source: str
    position: int
    since: int
    seen: int
    is_whole: bool


class Arrived(NamedTuple):
    """The last entry of the feed about a record, and its last revision before it; the columns of the table `arrival`."""

    sequence: int
    record_type: str
    record_id: str
    operation: str
    revision: int | None
    recorded_at: str
    recorded_by: str
    merged_into: str | None
    etag: str | None
    began: int
    own_sequence: int | None = None
    own_operation: str | None = None
    own_revision: int | None = None
    own_recorded_at: str | None = None
    own_recorded_by: str | None = None
    own_etag: str | None = None
    own_document: bytes | None = None
    document: bytes | None = None


Record = tuple[str, str]
"""A record by record type and id."""

_COLUMNS = ", ".join(f'"{column}"' for column in Arrived._fields)


def state() -> State | None:
    """How far the mirror has come; None when the database is no mirror."""
    for source, position, since, seen, is_whole in rows("SELECT source, position, since, seen, is_whole FROM mirror"):
        return State(source, position, since, seen, bool(is_whole))
    return None


def begin(source: str, position: int) -> State:
    """Forget what has arrived and begin anew: what arrives from now on takes the place of all records."""
    with writing():
        execute("DELETE FROM arrival")
        execute("DELETE FROM mirror")
        values = (source, position, 0, 0, True)
        execute("INSERT INTO mirror (source, position, since, seen, is_whole) VALUES (?, ?, ?, ?, ?)", values)
    return State(*values)


def add(entries: Sequence[dict[str, Any]], before: State, since: int, seen: int) -> State:
    """Keep a page of the feed, after which it is read on from `since`; raise UnusableMirror when another process was faster."""
    with writing():
        moved = execute(_MOVE, (since, seen, before.since, before.seen)).rowcount
        if moved != 1:
            raise UnusableMirror("Another 'tasrih follow' keeps this database: stop one of the two.")
        latest = _merged(entries)
        execute_many(_FORGET, list(latest))
        insert("arrival", Arrived._fields, list(latest.values()))
    return before._replace(since=since, seen=seen)


_MOVE = "UPDATE mirror SET since = ?, seen = ? WHERE since = ? AND seen = ?"
_FORGET = "DELETE FROM arrival WHERE record_type = ? AND record_id = ?"


def _merged(entries: Sequence[dict[str, Any]]) -> dict[Record, Arrived]:
    """The rows of the records of a page, together with what had arrived of them before."""
    latest = dict(_stored({(entry["type"], entry["id"]) for entry in entries}))
    for entry in entries:
        record = (entry["type"], entry["id"])
        latest[record] = _after(latest.get(record), entry)
    return latest


def _stored(records: Collection[Record]) -> Iterator[tuple[Record, Arrived]]:
    for batch in chunked(sorted(records), BATCH_SIZE // 2):
        places = ", ".join(["(?, ?)"] * len(batch))
        sql = f"SELECT {_COLUMNS} FROM arrival WHERE (record_type, record_id) IN (VALUES {places})"
        for row in execute(sql, [value for record in batch for value in record]).fetchall():
            arrived = Arrived(*row)
            yield (arrived.record_type, arrived.record_id), arrived


def _after(before: Arrived | None, entry: dict[str, Any]) -> Arrived:
    """What is known of a record after a further entry of the feed."""
    is_new = before is None or entry["operation"] == CREATED.name
    arrived = Arrived(
        sequence=entry["sequence"],
        record_type=entry["type"],
        record_id=entry["id"],
        began=entry["sequence"] if is_new or before is None else before.began,
        document=_document_of(entry),
        **{key: entry[key] for key in _AS_TOLD},
    )
    if before is None or arrived.revision is not None:
        return arrived
    own = _REVISED if before.revision is not None else {name: name for name in _REVISED}
    return arrived._replace(**{name: getattr(before, of_before) for name, of_before in own.items()})


_AS_TOLD = ("operation", "revision", "recorded_at", "recorded_by", "merged_into", "etag")
_REVISED = {
    "own_sequence": "sequence",
    "own_operation": "operation",
    "own_revision": "revision",
    "own_recorded_at": "recorded_at",
    "own_recorded_by": "recorded_by",
}
"""Where the last revision of a record stands once it was rendered anew; its document is not known then."""


def _document_of(entry: dict[str, Any]) -> bytes | None:
    """The document of an entry as the source sends it, byte for byte; raise UnusableMirror when its entity tag is another's."""
    if entry["type"] not in RECORD_TYPES:
        raise UnusableMirror(f"The source has records of the type '{entry['type']}', which this version does not know.")
    if entry["document"] is None:
        return None
    body = orjson.dumps(entry["document"])
    require_tag(f"{entry['type']}/{entry['id']}", body, entry["etag"])
    return body


def require_tag(name: str, body: bytes, tag: str) -> None:
    """Raise UnusableMirror when a document is not the one that an entity tag was made for."""
    if etag(body) != tag:
        raise UnusableMirror(f"{name} did not arrive as it was sent: its entity tag is {tag}, not {etag(body)}.")


def lacking() -> list[tuple[Record, int]]:
    """The revisions whose documents are still to be fetched."""
    sql = (
        "SELECT record_type, record_id, own_revision FROM arrival"
        " WHERE own_sequence IS NOT NULL AND own_document IS NULL ORDER BY sequence"
    )
    return [((record_type, record_id), revision) for record_type, record_id, revision in rows(sql)]


def keep_revision(record: Record, tag: str, document: bytes) -> None:
    """Keep the document of the last revision of a record."""
    with writing():
        sql = "UPDATE arrival SET own_etag = ?, own_document = ? WHERE record_type = ? AND record_id = ?"
        execute(sql, (tag, document, *record))


def is_there_any() -> bool:
    """Whether something has arrived that is not applied yet."""
    return bool(rows("SELECT 1 FROM arrival LIMIT 1"))


def documents_of(record_type: str) -> Iterator[list[tuple[str, bytes]]]:
    """The ids and documents of a record type, some at a time, in the order in which the source created them."""
    sql = (
        "SELECT began, record_id, document FROM arrival WHERE record_type = ? AND began > ? AND document IS NOT NULL"
        f" ORDER BY began LIMIT {BATCH_SIZE}"
    )
    last = 0
    while batch := execute(sql, (record_type, last)).fetchall():
        yield [(record_id, bytes(document)) for _, record_id, document in batch]
        last = batch[-1][0]


def find(record_type: str, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The documents of those of these records that arrive."""
    for batch in chunked(ids, BATCH_SIZE):
        places = ", ".join("?" * len(batch))
        sql = f"SELECT record_id, document FROM arrival WHERE record_type = ? AND document IS NOT NULL AND record_id IN ({places})"
        yield from ((record_id, bytes(body)) for record_id, body in execute(sql, (record_type, *batch)).fetchall())


def gone(record_type: str) -> list[str]:
    """The ids of the records of a type that were deleted or merged."""
    sql = "SELECT record_id FROM arrival WHERE record_type = ? AND document IS NULL ORDER BY sequence"
    return [record_id for (record_id,) in execute(sql, (record_type,)).fetchall()]
