"""Waiting for the next change: some at a time, and none of them with a connection in hand."""

from collections.abc import Callable
from threading import BoundedSemaphore
from time import monotonic, sleep

from api.database.current import engine

PAUSE = 0.2  # seconds between two looks at the end of the log, which is found in microseconds


class WaitingRoom:
    """Places for requests that wait; each keeps a thread busy, so that there must be fewer than threads."""

    def __init__(self, places: int) -> None:
        self._places = BoundedSemaphore(places) if places else None
        self.closed: Callable[[], bool] = lambda: False

    def wait(self, seconds: float, arrived: Callable[[], bool]) -> bool:
        """Wait until something has arrived or the time is over; whether there was a place to wait in."""
        if self._places is None or not self._places.acquire(blocking=False):
            return False
        try:
            until = monotonic() + seconds
            while (left := until - monotonic()) > 0 and not self.closed():
                engine().close()  # the next look takes any connection of the pool
                sleep(min(PAUSE, left))
                if arrived():
                    break
        finally:
            self._places.release()
        return True
