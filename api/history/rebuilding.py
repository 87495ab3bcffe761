"""The whole database as it was at a moment, rebuilt from the log in memory, so that any query can be run on it.

The answers are those of then because the same code gives them, from rows and a text index made of the documents of then.
That takes time and memory for every record there was, so it is limited. If nothing has changed since the moment, the
database itself is read.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any, NamedTuple
from weakref import finalize

import orjson
from marshmallow import ValidationError
from peewee import SqliteDatabase

from api.changelog.positions import last_moment, last_sequence_at
from api.changelog.recording import CREATED, RENDERED, REPLACED
from api.database.connections import register_functions
from api.database.current import engine, use_database
from api.database.statements import chunked, insert, rows
from api.database.time_limits import Watch
from api.database.transactions import at_one_moment
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import HistoryBusy, InvalidParameters, Issue, NotReproducible, RebuildingTooSlow
from api.history.idle_cache import IdleCache
from api.history.point_in_time import (
    Memento,
    State,
    all_states,
    completed,
    logged_memento,
    rendered,
    require_kept,
)
from api.lookups.known import Entry, Known
from api.lookups.stored import BATCH_SIZE
from api.migrations.running import migrate
from api.names import holders
from api.records.indexing import Indexed, put_in_index
from api.records.rows import Owner, key_in, record_columns
from api.records.tables import insert_parts
from schemas.answers.suggestions import NAMED
from schemas.messages import TOO_MANY_THEN

MOST_RECORDS = 5_000
"""Records that are rebuilt at most: in about a quarter of a minute, and 250 MiB (docs/history.md)."""

_KEPT = 2  # rebuilt databases, for clients that read page after page
_UNUSED = 300.0  # seconds after which an unused database is dropped
_LONGEST = 3  # times as long as a query may a rebuilding take


class Rebuildings:
    """Databases of earlier moments, rebuilt when they are needed; the last are kept for a while.

    `places` is how many threads may rebuild or wait for it at the same time. `seconds` is how long a query may take; no
    thread waits longer for its turn.
    """

    def __init__(self, places: int, seconds: float | None = None) -> None:
        self._places = BoundedSemaphore(places)
        self._seconds = seconds
        self._watch = None if seconds is None else Watch(seconds)
        self._building = Lock()
        self._kept: IdleCache[_Rebuilt] = IdleCache(_KEPT, _UNUSED)

    @contextmanager
    def at(self, moment: str) -> Iterator[None]:
        """Read the database as it was at a moment in here.

        Raise MomentExpired, HistoryBusy, RebuildingTooSlow or NotReproducible, or InvalidParameters when there were too
        many records.
        """
        with at_one_moment():  # so that nothing changes while the database itself is read
            require_kept(moment)
            if not _changed_since(moment):
                yield
                return
        rebuilt = self._rebuilt_at(moment)
        with self._turn(rebuilt.lock), use_database(rebuilt.database):
            yield

    def _rebuilt_at(self, moment: str) -> "_Rebuilt":
        """The database as it was at a moment, rebuilt unless that between the same two changes is kept."""
        key = (engine(), last_sequence_at(moment))
        if (rebuilt := self._kept.get(key)) is not None:
            return rebuilt
        with self._place(), self._turn(self._building):
            if (rebuilt := self._kept.get(key)) is None:  # another thread may have rebuilt it meanwhile
                rebuilt = self._rebuild(moment)
                self._kept.keep(key, rebuilt)
            return rebuilt

    def _rebuild(self, moment: str) -> "_Rebuilt":
        database = _rebuild(moment, Deadline(None if self._seconds is None else _LONGEST * self._seconds))
        database.time_limit, database.watch = self._seconds, self._watch
        return _Rebuilt(database, Lock())

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise HistoryBusy
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _turn(self, lock: Lock) -> Iterator[None]:
        if not lock.acquire(timeout=-1 if self._seconds is None else self._seconds):
            raise HistoryBusy
        try:
            yield
        finally:
            lock.release()


class Deadline:
    """The end of the seconds that a rebuilding may take."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._until = None if seconds is None else monotonic() + seconds

    def require(self) -> None:
        """Raise RebuildingTooSlow when the time is over."""
        if self._seconds is not None and self._until is not None and monotonic() > self._until:
            raise RebuildingTooSlow(self._seconds)


def _changed_since(moment: str) -> bool:
    latest = last_moment()
    return latest is not None and latest > moment


class _Rebuilt(NamedTuple):
    """A database in memory, which a single thread at a time may read."""

    database: "_InMemory"
    lock: Lock


def _rebuild(moment: str, deadline: Deadline) -> "_InMemory":
    _refuse_too_many(moment)
    known, states = Known(), all_states(moment)
    records = {record_type: _records(record_type, states, known, deadline) for record_type in RECORD_TYPES}
    rebuilt = _blank()
    with use_database(rebuilt), rebuilt.atomic():
        for record_type, of_type in records.items():
            _insert(RECORD_TYPES[record_type], of_type, known, deadline)
        holders.keep(
            [
                holders.Named(record_type, _number(record), record.document)
                for record_type in NAMED
                for record in records[record_type]
            ]
        )
        for record_type, of_type in records.items():
            for batch in chunked(of_type, BATCH_SIZE):
                deadline.require()
                put_in_index(RECORD_TYPES[record_type], [_indexed(record) for record in batch], known)
    return rebuilt


def _refuse_too_many(moment: str) -> None:
    """Raise InvalidParameters when there were more records than can be rebuilt."""
    [(count,)] = rows(_COUNTED, (last_sequence_at(moment), MOST_RECORDS + 1))
    if count > MOST_RECORDS:
        raise InvalidParameters([Issue(TOO_MANY_THEN.format(most=MOST_RECORDS), parameter="as_of")])


_NEXT = 'SELECT MIN(record_id) FROM "change" WHERE record_type = known.record_type'
_COUNTED = f"""
WITH RECURSIVE known (record_type, record_id) AS (
    SELECT record_type, ({_NEXT}) FROM ({" UNION ALL ".join(f"SELECT '{record_type}' AS record_type" for record_type in RECORD_TYPES)}) AS known
    UNION ALL
    SELECT record_type, ({_NEXT} AND "change".record_id > known.record_id) FROM known WHERE record_id IS NOT NULL)
SELECT COUNT(*) FROM (
    SELECT 1 FROM known
     WHERE (SELECT operation FROM "change" WHERE record_type = known.record_type AND record_id = known.record_id AND sequence <= ?
             ORDER BY sequence DESC LIMIT 1) IN ('{CREATED.name}', '{REPLACED.name}', '{RENDERED.name}')
     LIMIT ?) AS there
"""
"""How many records existed up to a place of the log, counted no further than a limit. The index leads from each record to
the next, so that the length of the log does not matter."""


class _Record(NamedTuple):
    """A record of then: its state in the log, its completed document, and its representation."""

    state: State
    document: Document
    memento: Memento


def _number(record: _Record) -> int:
    assert record.state.number is not None
    return record.state.number


def _indexed(record: _Record) -> Indexed:
    key = key_in(RECORD_TYPES[record.state.record_type], record.document, _number(record))
    return Indexed(key, record.document)


def _records(record_type: str, states: Iterable[State], known: Known, deadline: Deadline) -> list[_Record]:
    """The records of a type, completed. They become known, so that others can refer to them."""
    loaded = []
    for state in (state for state in states if state.record_type == record_type):
        deadline.require()
        with _naming(state):
            logged = orjson.loads(state.document or b"")
            loaded.append((state, RECORD_TYPES[record_type].schema.load(logged), logged))
            known.records[record_type, state.id] = Entry(loaded[-1][1], state.number)
    records = []
    for state, document, logged in loaded:
        deadline.require()
        with _naming(state):
            completed(RECORD_TYPES[record_type], document, logged, known)
            memento = logged_memento(state) if state.whole else rendered(state, document, logged)
            records.append(_Record(state, document, memento))
    return records


@contextmanager
def _naming(state: State) -> Iterator[None]:
    """Raise NotReproducible, with the record, when its log is damaged: a reference leads nowhere, or the JSON is broken."""
    try:
        yield
    except (LookupError, ValidationError, ValueError) as error:
        raise NotReproducible(f"{state.record_type}/{state.id}") from error


def _insert(record_type: RecordType, records: Sequence[_Record], known: Known, deadline: Deadline) -> None:
    """Insert the records of a type with their parts, as they were."""
    rows_of_then = []
    for record in records:
        with _naming(record.state):
            rows_of_then.append(_row(record_type, record, known))
    if rows_of_then:
        columns = list(dict.fromkeys(column for row in rows_of_then for column in row))
        values = [tuple(row.get(column) for column in columns) for row in rows_of_then]
        insert(record_type.table._meta.table_name, columns, values)
    for record in records:
        deadline.require()
        number, document = _number(record), record.document
        with _naming(record.state):
            insert_parts(record_type.parts, [Owner(number, key_in(record_type, document, number), document)], known)


def _row(record_type: RecordType, record: _Record, known: Known) -> dict[str, Any]:
    """A record's own row by column. Bytes stay bytes: peewee would wrap them for the engine of the service."""
    fields, times = record_type.table._meta.fields, orjson.loads(record.memento.document)
    values = {
        **record_columns(record_type, record.document, known, _number(record)),
        **{name: times[name] for name in ("id", "created_at", "updated_at")},
    }
    row = {fields[name].column_name: fields[name].db_value(value) for name, value in values.items()}
    return {"number": _number(record), **row, "body": record.memento.document, "etag": record.memento.etag}


class _InMemory(SqliteDatabase):
    """A database in memory; `watch` keeps the time limit of what `rows` reads, if there is a limit."""

    time_limit: float | None = None
    watch: Watch | None = None

    def is_copy(self) -> bool:
        """It follows no other."""
        return False


def _blank() -> _InMemory:
    """A new database in memory with all tables, all empty. References are not checked; they were when they were stored."""
    blank = _in_memory()
    _connection(_template()).backup(_connection(blank))
    return blank


@cache
def _template() -> _InMemory:
    template = _in_memory()
    with use_database(template):
        migrate()
    return template


def _in_memory() -> _InMemory:
    # The same connection for all threads: another connection would have a memory of its own.
    database = _InMemory(":memory:", pragmas={"foreign_keys": 0}, thread_safe=False, check_same_thread=False)
    register_functions(database)
    finalize(database, _connection(database).close)
    return database


def _connection(database: Any) -> Any:
    return database.connection()
