"""Switch over between two PostgreSQL servers, as for their maintenance, while many clients read and write.

As a manager of clusters does (`patronictl switchover`): the primary steps down, its standby, which then has everything, is
promoted, and the other comes back as its standby. Requests may be refused meanwhile with when to come back; none may fail otherwise.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from replicating import Node

from faults.clients import Client
from faults.engines import PostgreSQL
from faults.failing_over import require_synchronous, take_over
from faults.load import Lost, require_foreseen, verify, writing
from faults.service import command, prepared, serving

READS = (
    "/v1/statements?limit=5",
    "/v1/statements?q=witness&limit=5",
    "/v1/changes?limit=5",
    "/v1/speakers?total=exact",
)


class Reader:
    """A client that reads one page after another, and keeps at it like the writers."""

    def __init__(self, port: int) -> None:
        self.client, self.reads = Client(port), 0
        self.failure: Exception | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self.client:
                while not self._ended.is_set():
                    answer, _ = self.client.persist("GET", READS[self.reads % len(READS)])
                    if answer.status != 200:
                        raise Lost(f"a read was answered with {answer.status}: {answer.body[:300]!r}")
                    self.reads += 1
        except Exception as failure:
            self.failure = failure

    def end(self) -> None:
        """Stop, and raise what it met."""
        self._ended.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure


@contextmanager
def reading(port: int, clients: int) -> Iterator[list[Reader]]:
    """Clients that read in the background; raises what any of them met."""
    readers = [Reader(port) for _ in range(clients)]
    try:
        yield readers
    finally:
        for reader in readers:
            reader.end()


def figures_of(readers: list[Reader]) -> dict[str, Any]:
    """What became of the reads."""
    return {
        "reads": sum(reader.reads for reader in readers),
        "reads without an answer": sum(reader.client.unanswered for reader in readers),
        "reads refused with Retry-After": sum(sum(reader.client.refused.values()) for reader in readers),
        "longest read in seconds": round(max(reader.client.slowest for reader in readers), 1),
    }


def run(
    engine: PostgreSQL, port: int, writes: int = 1000, clients: int = 8, switchovers: int = 10, seed: int = 1
) -> dict[str, Any]:
    """Let clients work through switchovers; raise Lost when a request came to nothing."""
    seconds = list[float]()
    with engine.pair() as (primary, standby):
        hosts = f"{primary.folder},{standby.folder}"
        url = f"postgresql://postgres@/postgres?host={hosts}&target_session_attrs=read-write"
        token = prepared(url)
        require_synchronous(primary)
        with serving(url, port, DATABASE_REPLICA_URLS=f"{primary.url()} {standby.url()}") as service:
            with writing(port, token, writes, clients, seed) as load, reading(port, clients // 2) as readers:
                for number in range(switchovers):
                    load.wait_for((number + 1) * writes // (switchovers + 1))
                    with load.kept_up():
                        began = time.monotonic()
                        switch_over(primary, standby)
                        load.wait_for(load.acknowledged + 1)
                        seconds.append(round(time.monotonic() - began, 1))
                        primary.come_back(standby)
                        require_synchronous(standby)
                    primary, standby = standby, primary
            verify(load, url, port)
            said = service.said()
        command(url, "check")
    require_foreseen(said)
    if load.unanswered:
        raise Lost(f"{load.unanswered} changes had no answer")
    return {
        "writes": load.acknowledged,
        "switchovers": switchovers,
        "writes without an answer": load.unanswered,
        "writes refused with Retry-After": sum(load.refused.values()),
        **figures_of(readers),
        "seconds until a write was accepted again": sorted(seconds),
    }


def switch_over(primary: Node, standby: Node) -> None:
    """Let the standby take over when the primary has stepped down."""
    primary.step_down()
    take_over(standby)
