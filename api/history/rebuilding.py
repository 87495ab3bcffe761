"""The whole database as it was at a moment, rebuilt from the log in memory, for any question to be asked of it.

The answers are those of then because it is the same code that answers, from rows and a text index that the documents of
then make up. That takes time and memory for every record there was, so it is bounded; where nothing has changed since,
the database itself answers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any, NamedTuple, TypeVar
from weakref import finalize

import orjson
from marshmallow import ValidationError
from peewee import SqliteDatabase, chunked

from api.changelog.positions import last_moment, last_sequence_at
from api.changelog.recording import CREATED, RENDERED, REPLACED
from api.database.current import engine, use_database
from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import insert, rows
from api.database.time_limits import Watch
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import HistoryBusy, InvalidParameters, Issue, NotReproducible, RebuildingTooSlow
from api.history.idle_cache import IdleCache
from api.history.point_in_time import Said, State, all_states, completed, rendered, require_kept
from api.lookups.known import Entry, Known
from api.lookups.stored import SOME
from api.migrations import migrate
from api.names import holders
from api.records.indexing import Indexed, put_in_index
from api.records.rows import Owner, key_in, record_columns
from api.records.tables import insert_parts
from schemas.suggestions import NAMED

MOST_RECORDS = 5_000
"""Records that are rebuilt at the most: about a quarter of a minute, and 250 MiB (docs/history.md)."""

_KEPT = 2  # rebuilt databases, for those who leaf through pages
_UNUSED = 300.0  # seconds after which one that nobody has asked is forgotten
_LONGEST = 3  # times as long as a query may one rebuilding take

Answer = TypeVar("Answer")


class Rebuildings:
    """The databases of earlier moments that were rebuilt last, and places for those who want another one.

    `places` is how many may wait for one, whose turn it is included: each keeps a thread busy. `seconds` is how long a
    query may take, and nobody waits longer for his turn.
    """

    def __init__(self, places: int, seconds: float | None = None) -> None:
        self._places = BoundedSemaphore(places)
        self._seconds = seconds
        self._watch = None if seconds is None else Watch(seconds)
        self._building = Lock()
        self._kept: IdleCache[_Rebuilt] = IdleCache(_KEPT, _UNUSED)

    def answered_as_of(self, moment: str, answer: Callable[[], Answer]) -> Answer:
        """What `answer` gives when the database is what it was at a moment.

        Raise MomentExpired, HistoryBusy, RebuildingTooSlow, NotReproducible, or InvalidParameters when there were too many
        records.
        """
        require_kept(moment)
        if not _changed_since(moment):
            given = answer()
            if not _changed_since(moment):  # nor while it was read
                return given
        rebuilt = self._rebuilt_for(moment)
        with self._turn(rebuilt.lock), use_database(rebuilt.database):
            return answer()

    def _rebuilt_for(self, moment: str) -> "_Rebuilt":
        """The database as it was at a moment, made anew unless one is kept between the same two changes."""
        key = (engine(), last_sequence_at(moment))
        if (rebuilt := self._kept.get(key)) is not None:
            return rebuilt
        with self._place(), self._turn(self._building):
            if (rebuilt := self._kept.get(key)) is None:  # nor made while this one waited
                rebuilt = self._made(moment)
                self._kept.keep(key, rebuilt)
            return rebuilt

    def _made(self, moment: str) -> "_Rebuilt":
        made = _rebuild(moment, Deadline(None if self._seconds is None else _LONGEST * self._seconds))
        made.time_limit, made.watch = self._seconds, self._watch
        return _Rebuilt(made, Lock())

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
    """The end of the time that something may take."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._until = None if seconds is None else monotonic() + seconds

    def require(self) -> None:
        """Raise RebuildingTooSlow when it is over."""
        if self._seconds is not None and self._until is not None and monotonic() > self._until:
            raise RebuildingTooSlow(self._seconds)


def _changed_since(moment: str) -> bool:
    latest = last_moment()
    return latest is not None and latest > moment


class _Rebuilt(NamedTuple):
    """A database in memory, which one thread at a time may ask."""

    database: "_InMemory"
    lock: Lock


def _rebuild(moment: str, deadline: Deadline) -> "_InMemory":
    _refuse_too_many(moment)
    known, states = Known(), all_states(moment)
    records = {record_type: _records(record_type, states, known, deadline) for record_type in RECORD_TYPES}
    made = _blank()
    with use_database(made), made.atomic():
        for record_type, some in records.items():
            _insert(RECORD_TYPES[record_type], some, known, deadline)
        holders.keep(
            [
                holders.Named(record_type, _number(one), one.document)
                for record_type in NAMED
                for one in records[record_type]
            ]
        )
        for record_type, of_record_type in records.items():
            for some in chunked(of_record_type, SOME):
                deadline.require()
                keyed = [
                    Indexed(key_in(RECORD_TYPES[record_type], one.document, _number(one)), one.document) for one in some
                ]
                put_in_index(RECORD_TYPES[record_type], keyed, known)
    return made


def _refuse_too_many(moment: str) -> None:
    """Raise InvalidParameters when there were more records than can be rebuilt; no more of them are counted."""
    sql, last = with_placeholders(_COUNTED, is_sqlite()), last_sequence_at(moment)
    [(count,)] = rows(sql, (last, MOST_RECORDS + 1))
    if count > MOST_RECORDS:
        said = (
            f"Something has changed since, and there were more than {MOST_RECORDS:,} records, the most of which collections"
            " are put together again. Single records answer as of any moment."
        )
        raise InvalidParameters([Issue(said, parameter="as_of")])


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
"""From each record to the next by the index, so that the length of the log does not matter, and no further than told."""


class _Record(NamedTuple):
    """A record of then: what the log says of it, its completed document, and the representation."""

    state: State
    document: Document
    said: Said


def _number(record: _Record) -> int:
    assert record.state.number is not None
    return record.state.number


def _records(record_type: str, states: Iterable[State], known: Known, deadline: Deadline) -> list[_Record]:
    """The records of one record type; completed, they are known for others to show."""
    found = []
    for state in (state for state in states if state.record_type == record_type):
        deadline.require()
        with _told_of(state):
            logged = orjson.loads(state.document or b"")
            found.append((state, RECORD_TYPES[record_type].schema.load(logged), logged))
            known.records[record_type, state.id] = Entry(found[-1][1], state.number)
    records = []
    for state, document, logged in found:
        deadline.require()
        with _told_of(state):
            completed(RECORD_TYPES[record_type], document, logged, known)
            records.append(_Record(state, document, _said(state, document, logged)))
    return records


@contextmanager
def _told_of(state: State) -> Iterator[None]:
    """Name the record whose log is damaged: it refers to what was not there, or its document is none."""
    try:
        yield
    except (LookupError, ValidationError, ValueError) as error:
        raise NotReproducible(f"{state.record_type}/{state.id}") from error


def _said(state: State, document: Document, logged: Document) -> Said:
    if state.whole:
        assert state.document is not None
        assert state.etag is not None
        return Said(state.document, state.etag, state.recorded_at)
    return rendered(state, document, logged)


def _insert(record_type: RecordType, records: Sequence[_Record], known: Known, deadline: Deadline) -> None:
    """Insert the records of a record type with their parts, as they were."""
    rows_of_then = []
    for record in records:
        with _told_of(record.state):
            rows_of_then.append(_row(record_type, record, known))
    if rows_of_then:
        columns = list(dict.fromkeys(column for row in rows_of_then for column in row))
        values = [tuple(row.get(column) for column in columns) for row in rows_of_then]
        insert(record_type.table._meta.table_name, columns, values)
    for record in records:
        deadline.require()
        number, document = _number(record), record.document
        with _told_of(record.state):
            insert_parts(record_type.parts, [Owner(number, key_in(record_type, document, number), document)], known)


def _row(record_type: RecordType, record: _Record, known: Known) -> dict[str, Any]:
    """A record's own row by column. Bytes as they are: peewee would wrap them for the engine that is served."""
    fields, times = record_type.table._meta.fields, orjson.loads(record.said.document)
    values = {
        **record_columns(record_type, record.document, known, _number(record)),
        **{name: times[name] for name in ("id", "created_at", "updated_at")},
    }
    row = {fields[name].column_name: fields[name].db_value(value) for name, value in values.items()}
    return {"number": _number(record), **row, "document": record.said.document, "etag": record.said.etag}


class _InMemory(SqliteDatabase):
    """A database in memory; `watch` keeps the time limit of what `rows` asks, where there is one."""

    time_limit: float | None = None
    watch: Watch | None = None


def _blank() -> _InMemory:
    """A new database in memory with all tables and nothing in them; references are not checked, they were when made."""
    made = _in_memory()
    _connection(_template()).backup(_connection(made))
    return made


@cache
def _template() -> _InMemory:
    made = _in_memory()
    with use_database(made):
        migrate()
    return made


def _in_memory() -> _InMemory:
    # One connection for all threads: another one would have a memory of its own.
    made = _InMemory(":memory:", pragmas={"foreign_keys": 0}, thread_safe=False, check_same_thread=False)
    finalize(made, _connection(made).close)
    return made


def _connection(made: Any) -> Any:
    return made.connection()
