"""Ending statements of SQLite that take too long.

A thread looks at what runs and interrupts the connections that are over their time. SQLite itself offers to count
steps of its virtual machine instead, but the text index works long stretches without one; an interruption it notices
at the next page it reads.
"""

import sqlite3
import threading
from time import monotonic, sleep


class Watch:
    """Watches over the statements of a process, each of which may take some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._running: dict[int, tuple[float, sqlite3.Connection]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, connection: sqlite3.Connection) -> None:
        """Let the time run of what this thread asks next."""
        with self._lock:
            self._running[threading.get_ident()] = (monotonic() + self.seconds, connection)
            if self._thread is None:  # not before: threads do not survive a fork
                self._thread = threading.Thread(target=self._look, name="tasrih-watch", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """The answer is there, or the failure."""
        with self._lock:
            self._running.pop(threading.get_ident(), None)

    def _look(self) -> None:
        while True:
            sleep(min(0.2, self.seconds / 4))
            with self._lock:  # so that nobody is interrupted who has just begun something else
                now = monotonic()
                for until, connection in self._running.values():
                    if now > until:
                        connection.interrupt()
