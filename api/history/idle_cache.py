"""Keeping the few things that were used last, for as long as somebody uses them."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock, Timer
from time import monotonic
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class IdleCache(Generic[Thing]):
    """Things by their keys: those that were used last, none of which was unused for as many seconds.

    A timer forgets them, for a process that is asked for nothing else would keep them for ever. There is one while
    anything is kept.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._kept: OrderedDict[Hashable, tuple[Thing, float]] = OrderedDict()  # with when it was used, the latest last
        self._lock = Lock()

    def get(self, key: Hashable) -> Thing | None:
        """What is kept, and thereby used; None when nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            thing, _ = self._kept.pop(key)
            self._kept[key] = thing, monotonic()
            return thing

    def keep(self, key: Hashable, thing: Thing) -> None:
        """Keep a new thing, in the place of what was unused longest when there are too many."""
        with self._lock:
            if not self._kept:
                self._look_after(self._seconds)
            self._kept[key] = thing, monotonic()
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _look_after(self, seconds: float) -> None:
        timer = Timer(seconds, self._forget_unused)
        timer.name, timer.daemon = "tasrih-forgetting", True
        timer.start()

    def _forget_unused(self) -> None:
        with self._lock:
            while self._kept:
                key, (_, used) = next(iter(self._kept.items()))
                if (left := used + self._seconds - monotonic()) > 0:
                    self._look_after(left)
                    return
                del self._kept[key]
