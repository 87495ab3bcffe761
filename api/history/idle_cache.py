"""A small cache whose entries are dropped when nobody uses them for a while."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock, Timer
from time import monotonic
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class IdleCache(Generic[Entry]):
    """The `most` entries that were used last, each for `seconds` after its last use.

    A timer drops them, since a process without requests would otherwise keep them for ever. It runs while there are
    entries.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._entries: OrderedDict[Hashable, tuple[Entry, float]] = OrderedDict()  # by last use, the latest last
        self._lock = Lock()

    def get(self, key: Hashable) -> Entry | None:
        """The entry of a key, which is thereby used; None when there is none."""
        with self._lock:
            if key not in self._entries:
                return None
            entry, _ = self._entries.pop(key)
            self._entries[key] = entry, monotonic()
            return entry

    def keep(self, key: Hashable, entry: Entry) -> None:
        """Add an entry; drop the entry that was unused longest when there are too many."""
        with self._lock:
            if not self._entries:
                self._drop_idle_after(self._seconds)
            self._entries[key] = entry, monotonic()
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)

    def drop(self, key: Hashable, entry: Entry) -> None:
        """Remove an entry unless another one has taken its place."""
        with self._lock:
            if key in self._entries and self._entries[key][0] is entry:
                del self._entries[key]

    def _drop_idle_after(self, seconds: float) -> None:
        timer = Timer(seconds, self._drop_idle)
        timer.name, timer.daemon = "tasrih-idle-cache", True
        timer.start()

    def _drop_idle(self) -> None:
        with self._lock:
            while self._entries:
                key, (_, used) = next(iter(self._entries.items()))
                if (left := used + self._seconds - monotonic()) > 0:
                    self._drop_idle_after(left)
                    return
                del self._entries[key]
