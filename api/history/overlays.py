"""The records that differ from those of an earlier moment, as they were, in a database in memory that grows with the log.

It has the same tables, so that the same queries run on it. Beside the records that differ stand the rows of those that they
refer to, so that references lead somewhere; these are read where they are stored.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from itertools import compress
from threading import Lock
from typing import Any, NamedTuple

from api.changelog.positions import last_sequence
from api.database.current import use_database
from api.database.statements import chunked, execute, execute_many, rows
from api.documents.record_types import RECORD_TYPES, RecordType
from api.errors import InvalidParameters, Issue
from api.history.building import (
    Deadline,
    PastRecord,
    blank,
    completed_records,
    index_records,
    insert_records,
    keep_names,
    load_states,
    number_of,
)
from api.history.differences import Differences, Ids
from api.history.point_in_time import State, find_at, mementos, states_of
from api.lookups.finding import find_stored
from api.lookups.known import Entry, Key, Known
from api.lookups.references import find_all, followed_from, references_of
from api.lookups.stored import BATCH_SIZE
from api.models.base import Table
from api.models.holders import Name, NamedRecord
from api.models.vocabularies import Term, Vocabulary
from api.queries.layers import Item, Layers
from schemas.messages import TOO_MANY_CHANGED

MOST_RECORDS = 5_000
"""Records that are restored at most: in about a quarter of a minute, and 250 MiB (docs/history.md)."""


class Overlay:
    """What differs from the moment, which ended at a position of the log; `whole` is that of `Differences`.

    A single thread at a time, the one that has the `lock`, may use the database.
    """

    def __init__(
        self, moment: str, position: int, whole: bool, turn: Callable[[Lock], AbstractContextManager[None]]
    ) -> None:
        """`turn` waits for the turn of this thread to have the lock."""
        self.database = blank()
        self.lock = Lock()
        self._turn = turn
        self._moment = moment
        self._differences = Differences(moment, position, whole)
        self._past: dict[str, dict[str, int]] = {record_type: {} for record_type in RECORD_TYPES}
        self._is_empty, self._followed = True, position
        self.is_sound = True
        """Whether it may follow on: not after something went wrong half-way."""
        self.layers = self._as_layers()
        """What is read of which database, as far as it has followed."""

    def has_followed(self) -> bool:
        """Whether all is restored that differs at the moment of this transaction (`at_one_moment`)."""
        return last_sequence() <= self._followed

    def follow(self, deadline: Deadline) -> None:
        """Restore what differs at the moment of this transaction, by the thread that has the lock.

        Raise InvalidParameters if it is too much.
        """
        if self.has_followed():
            return
        self.is_sound = False
        self._restore(list(self._states(self._differences.follow(last_sequence()))), deadline)
        self.layers = self._as_layers()
        self._is_empty, self._followed = False, self._differences.position
        self.is_sound = True

    def _as_layers(self) -> Layers:
        differences = self._differences
        return Layers(
            {record_type: frozenset(numbers) for record_type, numbers in differences.numbers.items()},
            {record_type: frozenset(ids) for record_type, ids in differences.ids.items()},
            {record_type: dict(records) for record_type, records in self._past.items()},
            {record_type: dict(records) for record_type, records in differences.rendered.items()},
            self._entered,
            self._documents,
        )

    @contextmanager
    def _entered(self) -> Iterator[None]:
        with self._turn(self.lock), use_database(self.database):
            yield

    def _documents(self, record_type: str, ids: Collection[str]) -> Mapping[str, Item]:
        return {
            record_id: Item(memento.document, memento.etag)
            for record_id, memento in mementos(record_type, ids, self._moment).items()
        }

    def _states(self, ids: Ids) -> Iterator[State]:
        """The states of those records that existed; raise InvalidParameters when that makes too many."""
        count = sum(map(len, self._past.values()))
        for record_type, of_type in ids.items():
            for state in states_of(record_type, of_type, self._moment):
                if state.exists:
                    count += 1
                    if count > MOST_RECORDS:
                        raise InvalidParameters([Issue(TOO_MANY_CHANGED.format(most=MOST_RECORDS), parameter="as_of")])
                    yield state

    def _restore(self, states: list[State], deadline: Deadline) -> None:
        loaded = load_states(states, deadline)
        by_type = {
            record_type: [each for each in loaded if each.state.record_type == record_type]
            for record_type in RECORD_TYPES
        }
        batch = {
            record_type: [each.document for each in of_type] for record_type, of_type in by_type.items() if of_type
        }
        known = Known()
        find_all(set(references_of(batch)), known, followed_from(batch), self._find)
        records = {record_type: completed_records(of_type, known, deadline) for record_type, of_type in by_type.items()}
        beside = [*self._referred_to(known), *(self._shared() if self._is_empty else ())]
        with use_database(self.database), self.database.atomic():
            for each in beside:
                each.insert_missing()
            for record_type, of_type in records.items():
                _replace(RECORD_TYPES[record_type], of_type, known, deadline)
            if self._differences.whole:
                self._make_findable(records, known, deadline)
        for record_type, of_type in records.items():
            self._past[record_type].update({record.state.id: number_of(record) for record in of_type})

    def _make_findable(self, records: Mapping[str, list[PastRecord]], known: Known, deadline: Deadline) -> None:
        """Put records into the text index, with the names of then. What differs later on was among the names from the beginning."""
        if self._is_empty:
            keep_names(records)
        index_records(records, known, deadline)

    def _find(self, keys: Collection[Key], followed: Collection[str]) -> Iterator[tuple[Key, Entry]]:
        """Find records as they were: in the log those of which it says something since, and the others where they are stored."""
        logged = self._differences.logged
        past = {(record_type, record_id) for record_type, record_id in keys if record_id in logged[record_type]}
        yield from find_at(self._moment)(past, followed)
        for (record_type, record_id), entry in find_stored(set(keys) - past, followed) if past != set(keys) else ():
            if record_id not in logged[record_type]:
                yield (record_type, record_id), entry

    def _referred_to(self, known: Known) -> "Iterator[Rows]":
        """The rows of the records that are known and do not differ."""
        numbers: dict[str, list[int]] = {}
        for (record_type, record_id), entry in known.records.items():
            if entry.number is not None and record_id not in self._differences.ids[record_type]:
                numbers.setdefault(record_type, []).append(entry.number)
        for record_type, of_type in numbers.items():
            for batch in chunked(sorted(of_type), BATCH_SIZE):
                yield stored_rows(RECORD_TYPES[record_type].table, f"number IN ({', '.join(map(str, batch))})")

    def _shared(self) -> "Iterator[Rows]":
        """What all of them use: the vocabularies, and where words are looked for, the names of the records that do not differ."""
        differing = self._differences.ids
        yield stored_rows(Vocabulary).where(lambda row: row["id"] not in differing["vocabularies"])
        yield stored_rows(Term)
        if self._differences.whole:
            named = stored_rows(NamedRecord).where(lambda row: row["id"] not in differing[row["record_type"]])
            holders_kept = {row["number"] for row in named.by_column()}
            yield named
            yield stored_rows(Name).where(lambda row: row["owner_id"] in holders_kept)


def _replace(record_type: RecordType, records: list[PastRecord], known: Known, deadline: Deadline) -> None:
    """Insert records, which may have been referred to so far."""
    numbers = ", ".join(str(number_of(record)) for record in records)
    if record_type.name == "vocabularies":
        execute(f"DELETE FROM term WHERE vocabulary_id IN ({numbers})")
    execute(f'DELETE FROM "{record_type.table_name}" WHERE number IN ({numbers})')
    insert_records(record_type, records, known, deadline)


class Rows(NamedTuple):
    """Rows of a table as they are stored, by the names of its columns."""

    table: str
    columns: list[str]
    values: list[tuple[Any, ...]]

    def by_column(self) -> Iterator[dict[str, Any]]:
        """Each row by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.values)

    def where(self, is_wanted: Callable[[dict[str, Any]], bool]) -> "Rows":
        """Those of the rows that are wanted."""
        wanted = map(is_wanted, self.by_column())
        return self._replace(values=list(compress(self.values, wanted)))

    def insert_missing(self) -> None:
        """Insert the rows that are not there yet."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        marks = ", ".join("?" * len(self.columns))
        execute_many(f'INSERT OR IGNORE INTO "{self.table}" ({names}) VALUES ({marks})', self.values)


def stored_rows(table: type[Table], condition: str = "1 = 1") -> Rows:
    """The rows of a table that meet a condition."""
    columns = [field.column_name for field in table._meta.sorted_fields]
    name, listed = table._meta.table_name, ", ".join(f'"{column}"' for column in columns)
    fetched = rows(f'SELECT {listed} FROM "{name}" WHERE {condition}')
    values = [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in fetched]
    return Rows(name, columns, values)
