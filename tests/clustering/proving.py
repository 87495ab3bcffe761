"""Kill the primary, or let it change places with its standby, while clients write, read and follow; and prove what is promised."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from faults.load import Load, Lost, require_foreseen, verify, writing
from faults.service import command
from faults.switching_over import Reader, figures_of, reading

from clustering.cluster import Cluster, cluster
from clustering.promises import Follower, at_work, require_one_feed

WRITERS, READERS = 8, 4


@dataclass
class Clients:
    """Those who write, read, and follow the feed."""

    load: Load
    readers: list[Reader]
    followers: Sequence[Follower]


@contextmanager
def clients_of(made: Cluster, writes: int) -> Iterator[Clients]:
    """Clients at work, until all writes are made."""
    with (
        at_work([Follower(made.port)]) as followers,
        reading(made.port, READERS) as readers,
        writing(made.port, made.token, writes, WRITERS, 1) as load,
    ):
        yield Clients(load, readers, followers)


def proved(made: Cluster, clients: Clients) -> dict[str, Any]:
    """What became of all requests; raise Lost unless everything acknowledged is there, once, and in the feed."""
    verify(clients.load, made.url, made.port)
    feed = require_one_feed(made.port, clients.followers)
    said = command(made.url, "check").strip()
    for node in made.nodes:
        require_foreseen(node.said())
    return {
        "acknowledged changes": clients.load.acknowledged,
        "lost": 0,
        "made twice": 0,
        **feed,
        "tasrih check": said,
        "tries of changes without an answer": clients.load.unanswered,
        "tries of changes refused with Retry-After": clients.load.refused,
        **figures_of(clients.readers),
    }


def timed(seconds: list[float]) -> dict[str, Any]:
    """The median, the worst and all of them."""
    return {"median": round(median(seconds), 1), "worst": max(seconds), "all": sorted(seconds)}


def fail_over(kills: int, writes: int, whole: bool, is_pooled: bool) -> dict[str, Any]:
    """Kill the primary again and again; `whole` is with its Patroni, as if its machine were gone."""
    seconds = list[float]()
    with cluster(is_pooled) as made:
        with clients_of(made, writes) as clients:
            for number in range(kills):
                clients.load.wait_for((number + 1) * writes // (kills + 1))
                with clients.load.kept_up():
                    seconds.append(_after_kill(made, clients.load, whole))
        figures = proved(made, clients)
    return {"kills": kills, "seconds without an accepted change": timed(seconds), **figures}


def _after_kill(made: Cluster, load: Load, whole: bool) -> float:
    """Kill the primary, and return for how many seconds no change was accepted."""
    primary, began = made.primary, time.monotonic()
    (primary.kill_machine if whole else primary.kill_database)()
    load.wait_for(load.acknowledged + 1)
    if whole:
        primary.patroni.start()
    return _pause(made, load, began)


def _pause(made: Cluster, load: Load, began: float) -> float:
    """The longest time without an accepted change from a moment until both servers are in order, and all clients write."""
    made.await_order()
    load.wait_for(load.acknowledged + WRITERS)
    return round(load.longest_pause(began), 1)


def switch_over(switchovers: int, writes: int, is_pooled: bool) -> dict[str, Any]:
    """`patronictl switchover` again and again; no request may go without an answer."""
    seconds = list[float]()
    with cluster(is_pooled) as made:
        with clients_of(made, writes) as clients:
            for number in range(switchovers):
                clients.load.wait_for((number + 1) * writes // (switchovers + 1))
                with clients.load.kept_up():
                    began = time.monotonic()
                    made.switch_over()
                    seconds.append(_pause(made, clients.load, began))
        figures = proved(made, clients)
    if unanswered := figures["tries of changes without an answer"] + figures["reads without an answer"]:
        raise Lost(f"{unanswered} requests had no answer: {figures}")
    return {"switchovers": switchovers, "seconds without an accepted change": timed(seconds), **figures}
