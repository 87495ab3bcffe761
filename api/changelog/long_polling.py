"""Waiting for the next change: a limited number of requests at a time, and none of them holds a connection."""

from collections.abc import Callable
from threading import BoundedSemaphore
from time import monotonic, sleep

from api.database.connections import forget_connections
from api.database.current import engine
from api.database.outages import UNAVAILABLE
from api.errors import DatabaseUnavailable

PAUSE = 0.2  # seconds between two looks at the end of the log, which takes microseconds


class WaitingRoom:
    """Places for requests that wait. Each keeps a thread busy, so there must be fewer places than threads."""

    def __init__(self, places: int) -> None:
        self._places = BoundedSemaphore(places) if places else None
        self.closed: Callable[[], bool] = lambda: False

    def wait(self, seconds: float, arrived: Callable[[], bool]) -> bool:
        """Wait until `arrived` or the time is over; return whether there was a place to wait in."""
        if self._places is None or not self._places.acquire(blocking=False):
            return False
        try:
            until = monotonic() + seconds
            while (left := until - monotonic()) > 0 and not self.closed():
                engine().close()  # the next look takes a connection from the pool
                sleep(min(PAUSE, left))
                if _see(arrived):
                    break
        finally:
            self._places.release()
        return True


def _see(arrived: Callable[[], bool]) -> bool:
    """Look whether it has arrived. A database that is away meanwhile, because it is restored, is waited for like a change."""
    try:
        return arrived()
    except (DatabaseUnavailable, *UNAVAILABLE):
        forget_connections()
        return False
