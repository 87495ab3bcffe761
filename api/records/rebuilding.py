"""The whole database as it was at a moment, rebuilt from the log in memory, for any question to be asked of it.

The answers are those of then because it is the same code that answers, from rows and a text index that the documents of
then make up. That takes time and memory for every record there was, so it is bounded; where nothing has changed since,
the database itself answers.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from weakref import finalize

import orjson
from peewee import Database, SqliteDatabase

from api.database import engine_of, insert, is_sqlite, rows, with_marks
from api.failures import InvalidParameters, Mistake
from api.migrations import migrate
from api.models import database
from api.models.base import standing_in
from api.records import naming
from api.records.log_ends import last_moment, last_sequence_at
from api.records.nouns import NOUNS, Document, Noun
from api.records.past import PastDirectory, Said, State, all_states, completed, rendered, require_kept
from api.records.rows import Owner, insert_parts, key_in, record_columns
from api.records.storing import make_findable
from schemas.suggestions import NAMED

MOST_RECORDS = 5_000
"""Records that are rebuilt at the most: about a quarter of a minute, and 250 MiB (docs/history.md)."""

_KEPT = 2  # rebuilt databases, for those who leaf through pages

Answer = TypeVar("Answer")


def answered_as_of(moment: str, answer: Callable[[], Answer]) -> Answer:
    """What `answer` gives when the database is what it was at a moment.

    Raise MomentExpired, or InvalidParameters when there were too many records.
    """
    require_kept(moment)
    if not _changed_since(moment):
        given = answer()
        if not _changed_since(moment):  # nor while it was read
            return given
    rebuilt = _rebuilt_for(moment)
    with rebuilt.lock, standing_in(rebuilt.database):
        return answer()


def _changed_since(moment: str) -> bool:
    latest = last_moment(database)
    return latest is not None and latest > moment


class _Rebuilt(NamedTuple):
    """A database in memory, which one thread at a time may ask."""

    database: Database
    lock: Lock


_kept: "OrderedDict[tuple[Any, int], _Rebuilt]" = OrderedDict()
_building = Lock()


def _rebuilt_for(moment: str) -> _Rebuilt:
    """The database as it was at a moment, made anew unless one is kept between the same two changes."""
    key = (engine_of(database), last_sequence_at(database, moment))
    with _building:
        rebuilt = _kept.pop(key, None) or _Rebuilt(_rebuild(moment), Lock())
        _kept[key] = rebuilt
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return rebuilt


def _rebuild(moment: str) -> Database:
    _refuse_too_many(moment)
    directory, states = PastDirectory(moment), all_states(moment)
    records = {noun: _records(noun, states, directory) for noun in NOUNS}
    made = _blank()
    with standing_in(made), made.atomic():
        for noun, some in records.items():
            _insert(NOUNS[noun], some, directory)
        naming.keep([naming.Named(noun, _number(one), one.document) for noun in NAMED for one in records[noun]])
        for noun, some in records.items():
            make_findable([(NOUNS[noun], one.document) for one in some], directory)
    return made


def _refuse_too_many(moment: str) -> None:
    """Raise InvalidParameters when there were more records than can be rebuilt; no more of them are counted."""
    some = f'SELECT DISTINCT noun, record_id FROM "change" WHERE recorded_at <= ? LIMIT {MOST_RECORDS + 1}'
    counted = with_marks(f"SELECT COUNT(*) FROM ({some}) AS counted", is_sqlite(database))
    [(count,)] = rows(database, counted, (moment,))
    if count > MOST_RECORDS:
        said = (
            f"Something has changed since, and there were more than {MOST_RECORDS:,} records, the most of which collections"
            " are put together again. Single records answer as of any moment."
        )
        raise InvalidParameters([Mistake("as_of", said)])


class _Record(NamedTuple):
    """A record of then: what the log says of it, its completed document, and the representation."""

    state: State
    document: Document
    said: Said


def _number(record: _Record) -> int:
    assert record.state.number is not None
    return record.state.number


def _records(noun: str, states: Iterable[State], directory: PastDirectory) -> list[_Record]:
    """The records of one noun; completed, they are in the directory for others to show."""
    found = []
    for state in (state for state in states if state.noun == noun):
        logged = orjson.loads(state.document or b"")
        found.append((state, NOUNS[noun].schema.load(logged), logged))
        directory.add(*found[-1][:2])
    return [
        _Record(state, completed(NOUNS[noun], document, logged, directory), _said(state, document, logged))
        for state, document, logged in found
    ]


def _said(state: State, document: Document, logged: Document) -> Said:
    if state.whole:
        assert state.document is not None
        assert state.etag is not None
        return Said(state.document, state.etag, state.recorded_at)
    return rendered(state, document, logged)


def _insert(noun: Noun, records: Sequence[_Record], directory: PastDirectory) -> None:
    """Insert the records of a noun with their parts, as they were."""
    rows_of_then = [_row(noun, record, directory) for record in records]
    if rows_of_then:
        columns = list(dict.fromkeys(column for row in rows_of_then for column in row))
        values = [tuple(row.get(column) for column in columns) for row in rows_of_then]
        insert(database, noun.table._meta.table_name, columns, values)
    numbered = [(_number(record), record.document) for record in records]
    owners = [Owner(number, key_in(noun, document, number), document) for number, document in numbered]
    insert_parts(noun.parts, owners, directory)


def _row(noun: Noun, record: _Record, directory: PastDirectory) -> dict[str, Any]:
    """A record's own row by column. Bytes as they are: peewee would wrap them for the engine that is served."""
    fields, times = noun.table._meta.fields, orjson.loads(record.said.document)
    values = {
        **record_columns(noun, record.document, directory, _number(record)),
        **{name: times[name] for name in ("id", "created_at", "updated_at")},
    }
    row = {fields[name].column_name: fields[name].db_value(value) for name, value in values.items()}
    return {"number": _number(record), **row, "document": record.said.document, "etag": record.said.etag}


def _blank() -> SqliteDatabase:
    """A new database in memory with all tables and nothing in them; references are not checked, they were when made."""
    made = _in_memory()
    _connection(_template()).backup(_connection(made))
    return made


@cache
def _template() -> SqliteDatabase:
    made = _in_memory()
    migrate(made)
    return made


def _in_memory() -> SqliteDatabase:
    # One connection for all threads: another one would have a memory of its own.
    made = SqliteDatabase(":memory:", pragmas={"foreign_keys": 0}, thread_safe=False, check_same_thread=False)
    finalize(made, _connection(made).close)
    return made


def _connection(made: Any) -> Any:
    return made.connection()
