"""Places for the writers of a process, fewer than it has threads, so that readers are answered while writers wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

from api.errors import DatabaseUnavailable

STANDSTILL = 2
"""Seconds without a write that begins or ends, after which nobody waits for a place: another process holds the lock."""


class WritersQueue:
    """`places` for threads that write or wait for the write lock.

    When all are taken, other writers wait up to `patience` seconds, as long as writes begin and end.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._free, self._places, self._patience = places, places, patience
        self._change = Condition()
        self._progress = 0.0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place; raise DatabaseUnavailable when none becomes free."""
        self._enter()
        try:
            yield
        finally:
            with self._change:
                self._free += 1
                self._change.notify()

    def note_progress(self) -> None:
        """Remember that a write has begun or ended."""
        self._progress = monotonic()

    def _enter(self) -> None:
        end = monotonic() + self._patience
        with self._change:
            if self._free == self._places:
                self.note_progress()  # nobody has waited so far
            while not self._free:
                left = min(end, self._progress + STANDSTILL) - monotonic()
                if left <= 0:
                    raise DatabaseUnavailable("too many writers are waiting")
                self._change.wait(left)
            self._free -= 1
