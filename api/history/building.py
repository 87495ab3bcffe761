"""Records as rows of a database in memory, made of their documents of an earlier moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from time import monotonic
from typing import Any, NamedTuple
from weakref import finalize

import orjson
from marshmallow import ValidationError
from peewee import SqliteDatabase

from api.database.connections import register_functions
from api.database.current import use_database
from api.database.statements import chunked, insert
from api.database.time_limits import Watch
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import NotReproducible, RebuildingTooSlow
from api.history.point_in_time import Memento, State, completed, logged_memento, rendered
from api.lookups.known import Entry, Known
from api.lookups.stored import BATCH_SIZE
from api.migrations.running import migrate
from api.names import holders
from api.records.indexing import Indexed, put_in_index
from api.records.rows import Owner, key_in, record_columns, rows_of_parts
from api.records.tables import insert_parts
from schemas.answers.suggestions import NAMED
from schemas.loading import load


class Deadline:
    """The end of the seconds that a rebuilding may take."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._until = None if seconds is None else monotonic() + seconds

    def require(self) -> None:
        """Raise RebuildingTooSlow when the time is over."""
        if self._seconds is not None and self._until is not None and monotonic() > self._until:
            raise RebuildingTooSlow(self._seconds)


class PastRecord(NamedTuple):
    """A record of that moment: its state in the log, its completed document, and its representation."""

    state: State
    document: Document
    memento: Memento


def number_of(record: PastRecord) -> int:
    """The number that a record had."""
    assert record.state.number is not None
    return record.state.number


def _indexed(record: PastRecord) -> Indexed:
    return Indexed(_owner(record).key, record.document)


class Loaded(NamedTuple):
    """A state, its document as it is loaded to be completed, and as it was logged."""

    state: State
    document: Document
    logged: Document


def load_states(states: Iterable[State], deadline: Deadline) -> list[Loaded]:
    """The documents of states."""
    loaded = []
    for state in states:
        deadline.require()
        with _naming(state):
            logged = orjson.loads(state.document or b"")
            loaded.append(Loaded(state, load(RECORD_TYPES[state.record_type].schema, logged), logged))
    return loaded


def completed_records(loaded: Sequence[Loaded], known: Known, deadline: Deadline) -> list[PastRecord]:
    """The records of a type, completed. They become known, so that others can refer to them."""
    for state, document, _ in loaded:
        known.records[state.record_type, state.id] = Entry(document, state.number)
    records = []
    for state, document, logged in loaded:
        deadline.require()
        with _naming(state):
            completed(RECORD_TYPES[state.record_type], document, logged, known)
            memento = logged_memento(state) if state.whole else rendered(state, document, logged)
            records.append(PastRecord(state, document, memento))
    return records


@contextmanager
def _naming(state: State) -> Iterator[None]:
    """Raise NotReproducible, with the record, when its log is damaged: a reference leads nowhere, or the JSON is broken."""
    try:
        yield
    except (LookupError, ValidationError, ValueError) as error:
        raise NotReproducible(f"{state.record_type}/{state.id}") from error


def insert_records(record_type: RecordType, records: Sequence[PastRecord], known: Known, deadline: Deadline) -> None:
    """Insert the records of a type with their parts, as they were."""
    rows_of_then = []
    for record in records:
        with _naming(record.state):
            rows_of_then.append(_row(record_type, record, known))
    if rows_of_then:
        columns = list(dict.fromkeys(column for row in rows_of_then for column in row))
        values = [tuple(row.get(column) for column in columns) for row in rows_of_then]
        insert(record_type.table_name, columns, values)
    for batch in chunked(records, BATCH_SIZE):
        deadline.require()
        owners = [_owner(record) for record in batch]
        try:
            insert_parts(record_type.parts, owners, known)
        except LookupError:
            for record, owner in zip(batch, owners, strict=True):
                with _naming(record.state):
                    list(rows_of_parts(record_type.parts, owner.key, owner.document, known))
            raise


def _owner(record: PastRecord) -> Owner:
    key = key_in(RECORD_TYPES[record.state.record_type], record.document, number_of(record))
    return Owner(number_of(record), key, record.document)


def _row(record_type: RecordType, record: PastRecord, known: Known) -> dict[str, Any]:
    """A record's own row by column. Bytes stay bytes: peewee would wrap them for the engine of the service."""
    fields, times = record_type.table._meta.fields, orjson.loads(record.memento.document)
    values = {
        **record_columns(record_type, record.document, known, number_of(record)),
        **{name: times[name] for name in ("id", "created_at", "updated_at")},
    }
    row = {fields[name].column_name: fields[name].db_value(value) for name, value in values.items()}
    return {"number": number_of(record), **row, "body": record.memento.document, "etag": record.memento.etag}


def keep_names(records: Mapping[str, Sequence[PastRecord]]) -> None:
    """Keep the names of records, by record type, in an edition of their own: no process takes it for another."""
    holders.begin_edition()
    holders.keep(
        [
            holders.Named(record_type, number_of(record), record.document)
            for record_type in NAMED
            for record in records[record_type]
        ]
    )


def index_records(records: Mapping[str, Sequence[PastRecord]], known: Known, deadline: Deadline) -> None:
    """Put records, by record type, into the text index, once all names are kept."""
    for record_type, of_type in records.items():
        for batch in chunked(of_type, BATCH_SIZE):
            deadline.require()
            put_in_index(RECORD_TYPES[record_type], [_indexed(record) for record in batch], known)


class InMemory(SqliteDatabase):
    """A database in memory; `watch` keeps the time limit of what `rows` reads, if there is a limit."""

    is_past = True
    """Whether it is of an earlier moment, of which nobody keeps bitmaps."""
    time_limit: float | None = None
    watch: Watch | None = None

    def is_copy(self) -> bool:
        """It follows no other."""
        return False


def blank() -> InMemory:
    """A new database in memory with all tables, all empty. References are not checked; they were when they were stored."""
    blank = _in_memory()
    _connection(_template()).backup(_connection(blank))
    return blank


@cache
def _template() -> InMemory:
    template = _in_memory()
    with use_database(template):
        migrate()
    return template


def _in_memory() -> InMemory:
    # The same connection for all threads: another connection would have a memory of its own.
    database = InMemory(":memory:", pragmas={"foreign_keys": 0}, thread_safe=False, check_same_thread=False)
    register_functions(database)
    finalize(database, _connection(database).close)
    return database


def _connection(database: Any) -> Any:
    return database.connection()
