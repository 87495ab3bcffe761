"""Other processes that share the work of an import: they read lines, check documents and work out rows and words, and know no database.

They are started anew (`spawn`), because a process that has SQLite open must not be copied.
"""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from api.garbage import RARELY

Piece = TypeVar("Piece")
Result = TypeVar("Result")

MOST_PROCESSES = 3
"""Helpers that an import keeps busy: what only the importing process does is a third of the work or more."""

PIECES_ALONE = 10
"""Pieces of work that are done without helpers: they take longer than that to start."""


QUEUED = 4
"""Pieces for each helper that are begun or wait: while this process writes, none should run out of work."""


class Helpers:
    """Processes that are started when there is enough work for them; none at all where this process is to work alone."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    @property
    def are_at_work(self) -> bool:
        """Whether there was so much work already that helpers were started."""
        return self._pool is not None

    def map(self, work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
        """The results of pure work on each piece, in order. This process works too, while the helpers are busy."""
        rest = iter(pieces)
        if self._pool is None:
            yield from map(work, islice(rest, PIECES_ALONE if self._processes else None))
        yield from self._map(work, rest)

    def _map(self, work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
        waiting: deque[tuple[Piece, Future[Result]]] = deque()
        for piece in pieces:
            busy = sum(not future.done() for _, future in waiting)
            waiting.append((piece, self._begun(work, piece, busy)))
            while waiting and (waiting[0][1].done() or len(waiting) > (QUEUED + 2) * self._processes):
                yield _result(work, *waiting.popleft())
        for piece, future in waiting:
            yield _result(work, piece, future)

    def _begun(self, work: Callable[[Piece], Result], piece: Piece, busy: int) -> "Future[Result]":
        """The result of a piece of work, which a helper does unless enough is waiting for them."""
        if busy < QUEUED * self._processes:
            with suppress(BrokenProcessPool):
                return self._started().submit(work, piece)
        done: Future[Result] = Future()
        done.set_result(work(piece))
        return done

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"), _begin_to_help)
        return self._pool

    def close(self) -> None:
        """Let the helpers go; what they have not begun they leave."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _result(work: Callable[[Piece], Result], piece: Piece, future: "Future[Result]") -> Result:
    """The result that was begun. What a helper left behind that was killed, say for its memory, is done here."""
    try:
        return future.result()
    except BrokenProcessPool:
        return work(piece)


def _begin_to_help() -> None:
    """Leave interrupts to the process that is helped, and end with it, however that ends."""
    gc.set_threshold(*RARELY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)


ALONE = Helpers(0)


@contextmanager
def helpers_on_other_cores() -> Iterator[Helpers]:
    """As many helpers as there are cores besides the one of this process, a few at most."""
    helpers = Helpers(min((os.cpu_count() or 1) - 1, MOST_PROCESSES))
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield helpers
    finally:
        gc.set_threshold(*before)
        helpers.close()
