"""Other processes that share the work of an import: they read lines and work out words, and know no database.

They are started anew (`spawn`), because a process that has SQLite open must not be copied.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

MOST_PROCESSES = 3
"""Helpers that an import keeps busy: what only the importing process does is a quarter of the work or more."""

PIECES_ALONE = 10
"""Pieces of work that are done without helpers: they take longer than that to start."""


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
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(self._begun(work, piece, sum(not future.done() for future in waiting)))
            while waiting and (waiting[0].done() or len(waiting) > 4 * self._processes):
                yield waiting.popleft().result()
        for future in waiting:
            yield future.result()

    def _begun(self, work: Callable[[Piece], Result], piece: Piece, busy: int) -> "Future[Result]":
        """The result of a piece of work, which a helper does unless enough is waiting for them."""
        if busy < 2 * self._processes:
            return self._started().submit(work, piece)
        done: Future[Result] = Future()
        done.set_result(work(piece))
        return done

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"), _leave_interrupts_to_the_importer)
        return self._pool

    def close(self) -> None:
        """Let the helpers go; what they have not begun they leave."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _leave_interrupts_to_the_importer() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


ALONE = Helpers(0)


@contextmanager
def helpers_on_other_cores() -> Iterator[Helpers]:
    """As many helpers as there are cores besides the one of this process, a few at most."""
    helpers = Helpers(min((os.cpu_count() or 1) - 1, MOST_PROCESSES))
    try:
        yield helpers
    finally:
        helpers.close()
