"""How long statements may take and wait, and ending those of SQLite that take too long.

A thread looks at the running statements and interrupts the connections that are over their time. SQLite itself offers to
count steps of its virtual machine instead, but the text index works for long stretches without a step; an interruption
is noticed at the next page that is read.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic, sleep

LOCK_TIMEOUT = 5
"""Seconds that a writer waits for another."""

_kept: ContextVar[bool] = ContextVar("kept", default=True)


def milliseconds(seconds: float) -> int:
    """A time limit as PostgreSQL takes it: at least 1, for `0` turns the limit off."""
    return max(1, round(1000 * seconds))


def are_time_limits_kept() -> bool:
    """Whether statements of this thread are to end after their time."""
    return _kept.get()


@contextmanager
def without_time_limits() -> Iterator[None]:
    """Let statements in here take as long as they need, so that no write ends half-way."""
    before = _kept.set(False)
    try:
        yield
    finally:
        _kept.reset(before)


class Watch:
    """Watches the statements of a process, each of which may take `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._running: dict[int, tuple[float, sqlite3.Connection]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, connection: sqlite3.Connection) -> None:
        """Start the clock of the next statement of this thread."""
        with self._lock:
            self._running[threading.get_ident()] = (monotonic() + self.seconds, connection)
            if self._thread is None:  # not before: threads do not survive a fork
                self._thread = threading.Thread(target=self._interrupt_late, name="tasrih-watch", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop the clock: the statement has ended."""
        with self._lock:
            self._running.pop(threading.get_ident(), None)

    def _interrupt_late(self) -> None:
        while True:
            sleep(min(0.2, self.seconds / 4))
            with self._lock:  # so that no connection is interrupted that has just begun its next statement
                now = monotonic()
                for deadline, connection in self._running.values():
                    if now > deadline:
                        connection.interrupt()
