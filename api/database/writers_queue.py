"""The queue of a process's writers: first come, first served, and readers are answered whatever the writers wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

from api.errors import DatabaseUnavailable

STANDSTILL = 2
"""Seconds that the first in the queue may wait for the lock, which another process holds, before most others give up."""


class WritersQueue:
    """Lets the writers of a process take turns, so that only one of them at a time waits for the lock of all processes.

    SQLite gives that lock to whoever happens to look when it is free, so of several waiting threads one could wait forever.
    Each waits for its turn for at most `patience` seconds. When another process holds the lock, only the first `places` in
    the queue do.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places, self._patience = places, patience
        self._change = Condition()
        self._queue: list[object] = []
        self._first_since = 0.0
        self._is_writing = False

    def __len__(self) -> int:
        """How many writers wait or write."""
        return len(self._queue)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this writer's turn and hold it; raise DatabaseUnavailable when that takes too long."""
        writer = object()
        with self._change:
            self._queue.append(writer)
        try:
            self._wait(writer)
            yield
        finally:
            with self._change:
                self._queue.remove(writer)
                self._change.notify_all()

    def note_lock(self) -> None:
        """Remember that the writer whose turn it is has the lock: what the others wait for now is its work."""
        self._is_writing = True

    def _wait(self, writer: object) -> None:
        end = monotonic() + self._patience
        with self._change:
            while (position := self._queue.index(writer)) > 0:
                hurried = position >= self._places and not self._is_writing
                left = (min(end, self._first_since + STANDSTILL) if hurried else end) - monotonic()
                if left <= 0:
                    raise DatabaseUnavailable("too many writers are waiting")
                self._change.wait(left)
            self._first_since, self._is_writing = monotonic(), False
