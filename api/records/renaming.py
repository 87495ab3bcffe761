"""Showing changed names wherever they stand: only the names in the finished documents are exchanged.

What else records hold of others (offices, sides, publishers, points of agreements) does not follow from a name, so
nothing is validated, completed or written to the tables of parts.

A hundred thousand statements are not rendered while all other writers wait. The transaction that changes the name lists them
(`api.names.outdated`) and is answered; then some are rendered at a time, each time in a transaction of its own, and between
two of these whoever waits has their turn.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from threading import Event, Thread
from typing import Any, NamedTuple

import orjson

from api.changelog.recording import RENDERED, Log, recording
from api.database.compression import compressed
from api.database.current import database, engine
from api.database.statements import chunked, execute_many
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import ReadOnlyCopy, VersionMismatch
from api.lookups.finding import find_stored
from api.lookups.known import Entry, Key, Known
from api.lookups.references import DAMAGED, find_all
from api.lookups.stored import BATCH_SIZE
from api.models.base import key_of, tuples
from api.names import outdated
from api.names.mentions import MOST_STEMS_IN_TURNS, KnownNames, known_names
from api.records.indexing import Indexed, put_in_index
from api.records.rendering import etag
from schemas.fields import Reference
from schemas.walking import walk

MANY = 5_000  # records after which what was looked up for them is forgotten


class _Row(NamedTuple):
    number: int
    etag: str
    key: int
    body: bytes


def show_names(
    record_type: RecordType,
    numbers: Iterable[int],
    log: Log,
    renamed: Mapping[Key, Entry] | None = None,
    names: KnownNames | None = None,
) -> None:
    """Let records show what those that they refer to are called now, and be found by it.

    All names are looked at, whichever have changed: several may have since a record was rendered. The caller need not give
    what it knows: the records that it has `renamed`, and what it has read of the `names` that texts mention.
    """
    for many in chunked(sorted(numbers), MANY):
        known, now_known = Known(dict(renamed or {})), names or KnownNames()
        for some in chunked(many, BATCH_SIZE):
            _show_names(record_type, some, known, now_known, log)


def _show_names(record_type: RecordType, numbers: Sequence[int], known: Known, names: KnownNames, log: Log) -> None:
    rows = [_Row(number, tag, key, body) for number, tag, key, body in _stored(record_type, numbers)]
    documents = [orjson.loads(row.body) for row in rows]
    references = [_references(record_type, document) for document in documents]
    find_all({(name, to["id"]) for some in references for name, to in some}, known, (), find_stored)
    changed = [_exchange(some, known) for some in references]
    pairs = zip(rows, documents, strict=True)
    _write(record_type, [pair for pair, is_changed in zip(pairs, changed, strict=True) if is_changed], log)
    records = [Indexed(row.key, document) for row, document in zip(rows, documents, strict=True)]
    put_in_index(record_type, records, known, names)


def _stored(record_type: RecordType, numbers: Sequence[int]) -> Any:
    table: Any = record_type.table
    key = table._meta.fields[key_of(table)]
    return tuples(table.select(table.number, table.etag, key, table.document).where(table.number.in_(numbers)))


def _references(record_type: RecordType, document: Document) -> list[tuple[str, dict[str, Any]]]:
    """Every reference of a document, with the record type it leads to."""
    visits = walk(record_type.schema, document, owned=True, only=(Reference,))
    return [(visit.field.record_type, visit.value) for visit in visits if isinstance(visit.field, Reference)]


def _exchange(references: Iterable[tuple[str, dict[str, Any]]], known: Known) -> bool:
    """Let references show what their records are called now; return whether any showed another name."""
    changed = False
    for record_type, shown in references:
        label = known.label(record_type, shown["id"])
        if list(label.items()) != list(shown["name"].items()):
            shown["name"] = label
            changed = True
    return changed


def _write(record_type: RecordType, changed: Sequence[tuple[_Row, Document]], log: Log) -> None:
    """Write documents over the versions that were read; raise VersionMismatch when one has gone."""
    fresh = []
    for row, document in changed:
        document["updated_at"] = log.moment
        body = orjson.dumps(document)
        fresh.append((compressed(body), etag(body), log.moment, row.number, row.etag))
        log.note(record_type.name, row.number, RENDERED)
    table = record_type.table._meta.table_name
    update = f'UPDATE "{table}" SET body = ?, etag = ?, updated_at = ? WHERE number = ? AND etag = ?'
    if execute_many(update, fresh) != len(fresh):
        raise VersionMismatch(record_type.name)


# --- in turns ----------------------------------------------------------------------------------------------------------


def take_turn() -> None:
    """Render some outdated records, if there are any, in a transaction of their own."""
    with recording() as log:
        latest = outdated.latest()
        if latest:
            log.author = latest[0].recorded_by
        for record_type, of_type in groupby(latest, lambda each: each.record_type):
            numbers = [each.number for each in of_type]
            _show_names_if_undamaged(record_type, numbers, log)
            outdated.remove(record_type, numbers)


def _show_names_if_undamaged(record_type: str, numbers: list[int], log: Log) -> None:
    """A record whose document is damaged is left as it is, for `tasrih check` to tell of it."""
    try:
        with engine().atomic(), known_names(MOST_STEMS_IN_TURNS) as names:
            show_names(RECORD_TYPES[record_type], numbers, log, names=names)
    except DAMAGED:
        for number in numbers if len(numbers) > 1 else ():
            _show_names_if_undamaged(record_type, [number], log)


def bring_up_to_date() -> None:
    """Take turns until no record is outdated."""
    while outdated.is_any():
        take_turn()


BETWEEN_LOOKS = 10.0
"""Seconds after which a service looks whether any process has left something to do."""

_wake: Event | None = None
"""Wakes the thread that takes the turns of this process; None in a process without one, such as a command."""


def go_on() -> None:
    """Have rendered what a transaction that has ended left: by the thread of this process, or else here and now."""
    if _wake is not None:
        _wake.set()
    elif not engine().in_transaction():
        bring_up_to_date()


def keep_up() -> None:
    """Start the thread that takes the turns of this process; for one that serves, after any fork."""
    global _wake
    _wake = Event()
    Thread(target=_keep_up, args=(_wake,), name="tasrih-renaming", daemon=True).start()


def _keep_up(wake: Event) -> None:
    while True:
        wake.wait(BETWEEN_LOOKS)
        wake.clear()
        try:
            bring_up_to_date()
        except ReadOnlyCopy:
            pass  # what the primary has left to do is done there
        except Exception as error:
            logging.getLogger("gunicorn.error").warning("Changed names will be shown later: %s", error)
        finally:
            database.close()
