"""Earlier moments of collections: what differs from them is restored in memory, for some reads the whole database.

The answers are those of that moment because the same code gives them, from rows and a text index made of its documents.
That takes time and memory for every record that is restored, so it is limited. If nothing has changed since the moment, the
database itself is read. If something has, lists and counts of records are read in two layers (`api.queries.layers`): what has
not changed is read where it is stored. Reads that know of no layers have the whole database rebuilt.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import NamedTuple, TypeVar

from api.changelog.positions import current_state, last_moment, last_sequence_at
from api.changelog.recording import CREATED, RENDERED, REPLACED
from api.database.current import engine, use_database
from api.database.statements import rows
from api.database.time_limits import Watch
from api.database.transactions import at_one_moment
from api.documents.record_types import RECORD_TYPES
from api.errors import HistoryBusy, InvalidParameters, Issue
from api.history.building import (
    Deadline,
    InMemory,
    blank,
    completed_records,
    index_records,
    insert_records,
    keep_names,
    load_states,
)
from api.history.idle_cache import IdleCache
from api.history.overlays import Overlay
from api.history.point_in_time import all_states, require_kept
from api.lookups.known import Known
from api.queries.layers import Layers, use_layers
from schemas.messages import TOO_MANY_THEN

Made = TypeVar("Made")

MOST_RECORDS = 5_000
"""Records that are rebuilt at most: in about a quarter of a minute, and 250 MiB (docs/history.md)."""

_KEPT = 2  # databases, for clients that read page after page
_UNUSED = 300.0  # seconds after which an unused database is dropped
_LONGEST = 3  # times as long as a query may a rebuilding take


class Rebuildings:
    """Databases of earlier moments and of what differs from them, made when they are needed; the last are kept for a while.

    `places` is how many threads may rebuild or wait for it at the same time. `seconds` is how long a query may take; no
    thread waits longer for its turn.
    """

    def __init__(self, places: int, seconds: float | None = None) -> None:
        self._places = BoundedSemaphore(places)
        self._seconds = seconds
        self._watch = None if seconds is None else Watch(seconds)
        self._building = Lock()
        self._rebuilt: IdleCache[_Rebuilt] = IdleCache(_KEPT, _UNUSED)
        self._overlays: IdleCache[Overlay] = IdleCache(_KEPT, _UNUSED)

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
        key = (engine(), last_sequence_at(moment))
        rebuilt = self._kept_or_made(self._rebuilt, key, lambda: self._rebuild(moment))
        with self._turn(rebuilt.lock), use_database(rebuilt.database):
            yield

    @contextmanager
    def in_layers(self, moment: str, whole: bool) -> Iterator[None]:
        """Read records as they were at a moment in layers in here; `whole` if it matters how they were rendered.

        Raise what `at` raises; there are too many records when so many have changed since that existed then.
        """
        with at_one_moment():
            require_kept(moment)
            if not _changed_since(moment):
                yield
                return
            with use_layers(self._layers(moment, whole)):
                yield

    def _layers(self, moment: str, whole: bool) -> Layers:
        position = last_sequence_at(moment)
        key = (engine(), current_state().resumed, position, whole)
        overlay = self._kept_or_made(self._overlays, key, lambda: self._overlay(moment, position, whole))
        while not overlay.has_followed():
            with self._turn(overlay.lock):
                if overlay.is_sound:
                    overlay.follow(self._deadline())
                    break
            self._overlays.drop(key, overlay)
            overlay = self._kept_or_made(self._overlays, key, lambda: self._overlay(moment, position, whole))
        return overlay.layers

    def _overlay(self, moment: str, position: int, whole: bool) -> Overlay:
        overlay = Overlay(moment, position, whole, self._turn)
        self._limit(overlay.database)
        overlay.follow(self._deadline())
        return overlay

    def _rebuild(self, moment: str) -> "_Rebuilt":
        database = _rebuild(moment, self._deadline())
        self._limit(database)
        return _Rebuilt(database, Lock())

    def _deadline(self) -> Deadline:
        return Deadline(None if self._seconds is None else _LONGEST * self._seconds)

    def _limit(self, database: InMemory) -> None:
        database.time_limit, database.watch = self._seconds, self._watch

    def _kept_or_made(self, cache: IdleCache[Made], key: Hashable, make: Callable[[], Made]) -> Made:
        """What a cache keeps under a key, made unless it is there."""
        if (kept := cache.get(key)) is not None:
            return kept
        with self._place(), self._turn(self._building):
            if (kept := cache.get(key)) is None:  # another thread may have made it meanwhile
                kept = make()
                cache.keep(key, kept)
            return kept

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


def _changed_since(moment: str) -> bool:
    latest = last_moment()
    return latest is not None and latest > moment


class _Rebuilt(NamedTuple):
    """A database in memory, which a single thread at a time may read."""

    database: InMemory
    lock: Lock


def _rebuild(moment: str, deadline: Deadline) -> InMemory:
    _refuse_too_many(moment)
    known, states = Known(), all_states(moment)
    records = {
        record_type: completed_records(
            load_states((state for state in states if state.record_type == record_type), deadline), known, deadline
        )
        for record_type in RECORD_TYPES
    }
    rebuilt = blank()
    with use_database(rebuilt), rebuilt.atomic():
        for record_type, of_type in records.items():
            insert_records(RECORD_TYPES[record_type], of_type, known, deadline)
        keep_names(records)
        index_records(records, known, deadline)
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
