"""The queue of writers: first come, first served, and readers are answered whatever the writers wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil, inf
from threading import Condition
from time import monotonic, sleep

from api.database.file_queue import FileQueue
from api.database.group_commit import Group
from api.errors import WaitedInVain

STANDSTILL = 2
"""Seconds in which nobody got the lock, before most writers give up. Who waited in vain and left has moved nothing."""

LAST_THREAD = 0.5
"""Seconds without movement in which a writer may keep the last thread that is left for readers: a write takes 10 ms and more,
a group of writes LONGEST_WAIT and what the disk needs."""

WHILE_ANOTHER_WRITES = 20
"""Seconds that the first few wait for a writer that has the lock and works, such as an import or a restore: it can't let
anybody in between, since it is written as a whole. Less than the half minute and more that proxies and clients wait."""

BETWEEN_LOOKS = 0.001
"""Seconds between two looks at what other processes do: little beside the 10 ms and more that a write takes."""

MOST_TOGETHER = 16
"""Writers whose changes are committed together: as many as there may well be threads."""

SOONEST_RETRY, LATEST_RETRY = 5, 60
"""Seconds after which whoever waited in vain is told to try again, at the least and at the most."""

LONGEST_WAIT = 0.1
"""Seconds that a writer who is done lets others join, before its change is committed and answered."""


@dataclass(eq=False)
class Writer:
    """A writer that waits or writes since it came, and its place among those of all processes.

    `joins` says that it may write in the transaction of another, which is `joined` then.
    """

    place: int | None
    joins: bool = False
    joined: Group | None = None
    came: float = field(default_factory=monotonic)


class _Others:
    """What a writer that waits for those of other processes has seen of them, from look to look.

    `at_work` is the last moment at which any of them had the lock: the first ahead, or a writer that passed it by. A writer
    that has let go between two looks, however far apart these are on a busy machine, did so just now.
    """

    def __init__(self, at_work: float) -> None:
        self.at_work, self.is_lock_held, self.are_waited_for = at_work, False, False

    def look(self, is_lock_held: bool) -> None:
        """Note whether any of them has the lock."""
        if is_lock_held or self.is_lock_held:
            self.at_work = monotonic()
        self.is_lock_held, self.are_waited_for = is_lock_held, True


class WritersQueue:
    """Lets the writers of a process take turns, so that only one of them at a time waits for the lock of all processes.

    SQLite gives that lock to whoever happens to look when it is free, so of several waiting threads one could wait forever.
    Each waits for its turn for at most `patience` seconds; the first `places` in the queue wait WHILE_ANOTHER_WRITES seconds
    for a writer that is known to work, and STANDSTILL seconds for the next one to take the lock. When nobody has got the lock
    for STANDSTILL seconds, all others give up, so that threads are left for readers; and whoever has the last of the `threads`
    of this process gives it up after LAST_THREAD seconds.
    With a FileQueue the processes take turns as well, in the order in which writers came.
    """

    def __init__(
        self, places: int, patience: float, processes: FileQueue | None = None, threads: int | None = None
    ) -> None:
        self._places, self._patience, self._processes = places, patience, processes
        self._last = inf if threads is None else max(1, threads - 1)
        self._most_together = min(MOST_TOGETHER, self._last)
        self._change = Condition()
        self._queue: list[Writer] = []
        self._uncommitted = 0
        self._moved = self._lock_since = 0.0
        self._latest_lock = 0
        self._is_writing = False
        self._is_another_writing = False

    def __len__(self) -> int:
        """How many writers wait or write."""
        return len(self._queue)

    @contextmanager
    def turn(self, joins: bool = False) -> Iterator[Writer]:
        """Wait for this writer's turn and hold it; raise WaitedInVain when that takes too long."""
        writer = self._join(joins)
        try:
            self._wait_for_threads(writer)
            if writer.joined is None:
                self._wait_for_processes(writer)
            yield writer
        finally:
            self._leave(writer)

    def let_others_join(self, first: Writer, group: Group) -> None:
        """Let those that wait behind the first writer write in its transaction, one after the other.

        They keep their threads until it is committed, which takes as long as the disk does; one is left for readers.
        """
        end = monotonic() + LONGEST_WAIT
        with self._change:
            while self._uncommitted + 1 < self._most_together:
                follower = next(iter(self._queue[1:]), None)
                if follower is None or not follower.joins or group.error is not None or monotonic() > end:
                    return
                assert self._queue[0] is first
                follower.joined = group
                self._change.notify_all()
                while follower in self._queue:
                    self._change.wait()

    def note_lock(self) -> None:
        """Remember that the writer whose turn it is has the lock: what the others wait for now is its work."""
        self._moved = self._lock_since = monotonic()
        self._is_writing = True
        if self._processes:
            self._processes.note_lock(self._queue[0].place)

    def _join(self, joins: bool) -> Writer:
        with self._change:
            if not self._queue:
                self._moved, self._is_writing = monotonic(), False
            writer = Writer(self._processes.join() if self._processes else None, joins)
            self._queue.append(writer)
        return writer

    def _leave(self, writer: Writer) -> None:
        with self._change:
            if writer.joined is not None:
                self._uncommitted += 1
            elif self._queue[0] is writer:
                self._uncommitted = 0
            if self._is_writing and (writer.joined is not None or self._queue[0] is writer):
                self._moved = monotonic()
            self._queue.remove(writer)
            if self._processes:
                self._processes.leave(writer.place)
            self._change.notify_all()

    def require_patience(self, writer: Writer, works: bool) -> None:
        """Raise WaitedInVain when the writer whose turn it is has waited for long enough for a writer of another process.

        `works` says whether that one is known to work.
        """
        with self._change:
            self._note_another(works, writer.came)
            if monotonic() > self._end(0, writer.came):
                raise self._in_vain("a writer of another process has the lock")

    def _note_another(self, works: bool, since: float) -> None:
        """Remember whether a writer of another process works, and that it has done so at least since then."""
        with self._change:
            if works != self._is_another_writing:
                self._is_another_writing, self._lock_since = works, since
                self._change.notify_all()

    def _in_vain(self, reason: str) -> WaitedInVain:
        works = self._is_writing or self._is_another_writing
        seconds = ceil(monotonic() - self._lock_since) if works else 0
        return WaitedInVain(reason, min(max(SOONEST_RETRY, seconds), LATEST_RETRY))

    def _wait_for_threads(self, writer: Writer) -> None:
        with self._change:
            while writer.joined is None and (position := self._queue.index(writer)) > 0:
                left = self._end(position + self._uncommitted, writer.came) - monotonic()
                if left <= 0:
                    raise self._in_vain("too many writers are waiting")
                self._change.wait(left)
            if writer.joined is None:
                self._is_writing = self._is_another_writing = False

    def _end(self, position: int, came: float) -> float:
        """Until when a writer at this position waits, as things stand."""
        if position >= self._last:
            return min(came + self._patience, self._moved + LAST_THREAD)
        if position < self._places:
            longest = came + max(self._patience, WHILE_ANOTHER_WRITES)
            works = self._is_writing or self._is_another_writing
            return longest if works else min(longest, max(came + self._patience, self._moved + STANDSTILL))
        end = came + self._patience
        return end if self._is_writing else min(end, self._moved + STANDSTILL)

    def _wait_for_processes(self, writer: Writer) -> None:
        """Wait for those that came first; where nobody moves or has the lock for STANDSTILL seconds, SQLite's lock decides."""
        if self._processes is None or writer.place is None:
            return
        others = _Others(self._moved)
        while self._processes.first_ahead(writer.place) is not None:
            self._note_movement(self._processes.latest_lock())
            others.look(self._processes.is_lock_held())
            if others.is_lock_held:
                self._note_another(True, self._moved)
            if monotonic() > max(others.at_work, self._moved) + STANDSTILL:
                self._note_another(False, self._moved)
                self._processes.pass_by(writer.place)
                return
            if monotonic() > self._end(0, writer.came):
                raise self._in_vain("too many writers of other processes are waiting")
            sleep(BETWEEN_LOOKS)
        self._note_turn(others.are_waited_for, self._processes.is_lock_held())

    def _note_movement(self, latest_lock: int) -> None:
        """Remember since when nobody of any process has got the lock, and that a writer of another has it since then."""
        with self._change:
            if latest_lock != self._latest_lock:
                self._latest_lock, self._moved = latest_lock, monotonic()
                self._note_another(True, self._moved)

    def _note_turn(self, has_waited: bool, is_lock_held: bool) -> None:
        """Remember that the turn has come to this process, from another one where it has waited.

        The lock has yet to be taken, and may be held by a writer that passed this one by.
        """
        with self._change:
            if has_waited:
                self._moved = monotonic()
            self._note_another(is_lock_held, self._moved)
