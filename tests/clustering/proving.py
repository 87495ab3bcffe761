"""Kill the primary, or let it change places with its standby, while clients write, read and follow; and prove what is promised."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from faults.load import Load, Lost, require_foreseen, verify, writing
from faults.service import command
from faults.switching_over import Reader, figures_of, reading

from clustering.cluster import Cluster, cluster
from clustering.promises import Follower, LongPoller, at_work, require_one_feed

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
        at_work([Follower(made.port), LongPoller(made.port)]) as followers,
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


Event = Callable[[Cluster, Load], None]
"""What happens to a cluster while clients write."""


def prove(events: Sequence[Event], writes: int, is_pooled: bool = False) -> dict[str, Any]:
    """Let one thing after the other happen to a cluster; raise Lost unless all that was acknowledged is there, once."""
    seconds = list[float]()
    with cluster(is_pooled) as made:
        with clients_of(made, writes) as clients:
            for number, happen in enumerate(events):
                clients.load.wait_for((number + 1) * writes // (len(events) + 1))
                with clients.load.kept_up():
                    seconds.append(_pause(made, clients.load, happen))
        return {"seconds without an accepted change": timed(seconds), **proved(made, clients)}


def _pause(made: Cluster, load: Load, happen: Event) -> float:
    """The longest time without an accepted change from an event until both servers are in order, and all clients write."""
    began = time.monotonic()
    happen(made, load)
    made.await_order()
    load.wait_for(load.acknowledged + WRITERS)
    return round(load.longest_pause(began), 1)


def kill_primary(made: Cluster, load: Load) -> None:
    """Kill PostgreSQL where it takes writes."""
    made.primary.kill_database()
    load.wait_for(load.acknowledged + 1)


def kill_machine(made: Cluster, load: Load) -> None:
    """Kill PostgreSQL where it takes writes, and its Patroni; start this again when another server takes writes."""
    primary = made.primary
    primary.kill_machine()
    load.wait_for(load.acknowledged + WRITERS)
    primary.patroni.start()


def switch_over(made: Cluster, load: Load) -> None:
    """`patronictl switchover`."""
    made.switch_over()


def fail_over(kills: int, writes: int, whole: bool, is_pooled: bool) -> dict[str, Any]:
    """Kill the primary again and again; `whole` is with its Patroni, as if its machine were gone."""
    return {"kills": kills, **prove([kill_machine if whole else kill_primary] * kills, writes, is_pooled)}


def switch_back_and_forth(switchovers: int, writes: int, is_pooled: bool) -> dict[str, Any]:
    """Let primary and standby change places; raise Lost when any request goes without an answer."""
    figures = {"switchovers": switchovers, **prove([switch_over] * switchovers, writes, is_pooled)}
    if unanswered := figures["tries of changes without an answer"] + figures["reads without an answer"]:
        raise Lost(f"{unanswered} requests had no answer: {figures}")
    return figures
