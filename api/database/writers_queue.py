"""The queue of a process's writers: first come, first served, and readers are answered whatever the writers wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

from api.errors import DatabaseUnavailable

STANDSTILL = 2
"""Seconds without a write begun after which all but the first few give up: another process holds the lock."""


class WritersQueue:
    """Lets the writers of a process take turns, so that only one of them at a time waits for the lock of all processes.

    SQLite gives that lock to whoever happens to look when it is free, so of several waiting threads one could wait forever.
    The first `places` in the queue wait for `patience` seconds, the others only while there is progress.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places, self._patience = places, patience
        self._change = Condition()
        self._queue: list[object] = []
        self._progress = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this writer's turn and hold it; raise DatabaseUnavailable when that takes too long."""
        writer = object()
        with self._change:
            if not self._queue:
                self.note_progress()  # nobody has waited so far
            self._queue.append(writer)
        try:
            self._wait(writer)
            yield
        finally:
            with self._change:
                self._queue.remove(writer)
                self._change.notify_all()

    def note_progress(self) -> None:
        """Remember that a write has begun."""
        self._progress = monotonic()

    def _wait(self, writer: object) -> None:
        end = monotonic() + self._patience
        with self._change:
            while (position := self._queue.index(writer)) > 0:
                until = end if position < self._places else min(end, self._progress + STANDSTILL)
                left = until - monotonic()
                if left <= 0:
                    raise DatabaseUnavailable("too many writers are waiting")
                self._change.wait(left)
