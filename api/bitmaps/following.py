"""The bitmaps of a process: loaded when they are first wanted, and brought up to date before each count.

A read selects the state of the records together with its own rows, and counts by the bitmaps if they are of that state.
Otherwise they are brought up to date in a transaction, and it reads again at the moment of that transaction.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from threading import RLock, Thread
from typing import Any
from weakref import WeakKeyDictionary

from api.bitmaps.changes import Outdated, TooFarBehind, outdated_since
from api.bitmaps.labels import Labels
from api.bitmaps.stored import Followed, apply, are_few, built, latest, refresh, stored
from api.bitmaps.values import Values
from api.changelog.positions import State, current_state
from api.database.current import database, engine

STORE_AFTER = 10_000
"""Changes applied by a process, after which it stores its bitmaps: a start has no more of them to apply."""


class Bitmaps:
    """The bitmaps and labels that a process has of a database. Used by whoever holds the `lock`."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._columns: dict[str, Followed] = {}
        self._labels: dict[str, tuple[Labels, State]] = {}
        self._applied = 0
        self._refreshing: Thread | None = None

    def __getitem__(self, column: str) -> Values:
        """The values of a column that was followed."""
        return self._columns[column].values

    def labels(self, record_type: str) -> Labels:
        """The labels of a record type that was followed."""
        return self._labels[record_type][0]

    def state(self, columns: Collection[str], labelled: Collection[str] = ()) -> State | None:
        """The state that these columns and labels are of; None when they are not all there, or of several states."""
        states = {self._columns[name].state if name in self._columns else None for name in columns}
        states |= {self._labels[name][1] if name in self._labels else None for name in labelled}
        return next(iter(states)) if len(states) == 1 else None

    def are_of(self, state: State, columns: Collection[str], labelled: Collection[str] = ()) -> bool:
        """Whether these columns and labels are of a state of the records."""
        return all(name in self._columns and self._columns[name].state == state for name in columns) and all(
            name in self._labels and self._labels[name][1] == state for name in labelled
        )

    def are_after(self, now: State) -> bool:
        """Whether some are of a later state: other requests have brought them there since a transaction began."""
        states = {each.state for each in self._columns.values()} | {state for _, state in self._labels.values()}
        return any(state.resumed == now.resumed and state.position > now.position for state in states)

    def follow(self, columns: Iterable[str], labelled: Iterable[str] = ()) -> bool:
        """Bring these columns and labels up to the moment of this transaction (`at_one_moment`).

        False when that takes longer than a request should wait; a thread is at it then.
        """
        wanted = list(columns)
        log = _Log(current_state())
        try:
            for name in wanted:
                self._columns[name] = Followed(self._followed(name, log), log.now)
            for name in labelled:
                self._labels[name] = self._followed_labels(name, log), log.now
        except TooFarBehind:
            self._refresh(wanted)
            return False
        self._applied += log.applied
        if self._applied > STORE_AFTER and not engine().is_copy():
            self._applied = 0
            self._refresh(list(self._columns))
        return True

    def _followed(self, name: str, log: "_Log") -> Values:
        """A column brought up to date: as this process has it, else as the database does, else built if that is quick."""
        sources: list[Callable[[], Followed | None]] = [
            lambda: self._columns.pop(name, None),
            lambda: stored(name, log.now),
        ]
        for source in sources:
            kept = source()
            if kept is not None:
                with suppress(TooFarBehind):
                    apply(name, kept.values, log.outdated_since(kept.state))
                    return kept.values
        if are_few():
            return built(name)
        raise TooFarBehind

    def _followed_labels(self, name: str, log: "_Log") -> Labels:
        kept = self._labels.pop(name, None)
        if kept is not None:
            with suppress(TooFarBehind):
                kept[0].apply(log.outdated_since(kept[1]))
                return kept[0]
        return Labels(name)

    def _refresh(self, columns: list[str]) -> None:
        """Let a thread store these columns, unless one is at work; where nothing can be stored, let this process have them."""
        if self._refreshing is None or not self._refreshing.is_alive():
            work = self._build if engine().is_copy() else refresh
            self._refreshing = Thread(target=_work, args=(work, columns), name="tasrih-bitmaps", daemon=True)
            self._refreshing.start()

    def _build(self, columns: list[str]) -> None:
        """Build columns, or bring up to date what is stored of them, for this process alone."""
        for name in columns:
            state, values = latest(name)
            if values is not None:  # else a request takes over what is stored
                with self.lock:
                    self._columns[name] = Followed(values, state)


class _Log:
    """What changed up to now, looked up once for each state before."""

    def __init__(self, now: State) -> None:
        self.now = now
        self._since: dict[State, Outdated] = {}

    def outdated_since(self, state: State) -> Outdated:
        """What changed since a state; raise TooFarBehind."""
        if state == self.now:
            return Outdated()
        if state not in self._since:
            self._since[state] = outdated_since(state, self.now)
        return self._since[state]

    @property
    def applied(self) -> int:
        """How many statements changed, at the most since any of the states."""
        return max((len(outdated.statements) for outdated in self._since.values()), default=0)


def _work(bring_up_to_date: Callable[[list[str]], None], columns: list[str]) -> None:
    """Bring columns up to date; where that is impossible, as in a database that is out of reach, counting goes on without."""
    try:
        bring_up_to_date(columns)
    except Exception as error:
        logging.getLogger("gunicorn.error").warning("Bitmaps for counting were not brought up to date: %s", error)
    finally:
        database.close()


_OF_DATABASES: WeakKeyDictionary[Any, Bitmaps] = WeakKeyDictionary()


def bitmaps() -> Bitmaps:
    """The bitmaps of the current database."""
    return _OF_DATABASES.setdefault(engine(), Bitmaps())
