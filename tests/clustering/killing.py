"""Kill parts of a cluster at random, one after the other, while clients hold it to its promises."""

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import click
from faults.load import Load
from faults.service import Service

from clustering.cluster import Cluster, Member, Program, cluster
from clustering.promises import Steady, at_work
from clustering.proving import clients_of, proved, timed

LONGEST_PAUSE = 5
"""Seconds at the most between two kills, counted from when changes are accepted again."""

DATABASES = {"primary", "standby", "machine of the primary"}
"""What is killed only while there is another server that has everything, as an operator would have it."""


class Killer:
    """Kills what chance decides, and starts it again where nobody else does."""

    def __init__(self, made: Cluster, seed: int) -> None:
        self._made, self._chance = made, random.Random(seed)
        self._ways: dict[str, tuple[int, Callable[[], None]]] = {
            "primary": (4, lambda: made.primary.kill_database()),
            "standby": (3, lambda: self._standby.kill_database()),
            "machine of the primary": (1, self._kill_machine),
            "node of the service": (3, lambda: self._node.kill_and_start()),
            "worker of the service": (3, lambda: self._node.kill_worker(self._chance.randrange(2))),
            "pooler": (3, lambda: self._restart(self._chance.choice(made.poolers))),
            "proxy": (2, lambda: self._restart(made.proxy)),
        }

    @property
    def _standby(self) -> Member:
        primary = self._made.primary
        return next(member for member in self._made.members if member is not primary)

    @property
    def _node(self) -> Service:
        return self._chance.choice(self._made.nodes)

    def _kill_machine(self) -> None:
        primary = self._made.primary
        primary.kill_machine()
        time.sleep(self._chance.uniform(0, 30))
        primary.patroni.start()

    def _restart(self, program: Program) -> None:
        program.kill()
        time.sleep(self._chance.uniform(0, 1))
        program.start()

    def kill(self) -> str:
        """Kill something, and say what."""
        is_in_order = self._made.is_in_order
        names = [name for name in self._ways if is_in_order or name not in DATABASES]
        [name] = self._chance.choices(names, [self._ways[name][0] for name in names])
        self._ways[name][1]()
        return name

    def pause(self) -> None:
        """Let some time pass."""
        time.sleep(self._chance.uniform(0, LONGEST_PAUSE))


def kill_at_random(seconds: float, seed: int) -> dict[str, Any]:
    """Kill for so long; raise when a promise was broken."""
    with cluster(is_pooled=True) as made:
        with clients_of(made, 100) as clients, clients.load.kept_up():
            steady = [Steady(node, number, made.token) for number, node in enumerate(made.nodes)]
            with at_work(steady):
                pauses = _killed(Killer(made, seed), clients.load, time.monotonic() + seconds)
            made.await_order()
        figures = proved(made, clients)
    return {
        "killed": dict(Counter(name for name, _ in pauses)),
        "seconds without an accepted change": timed([pause for _, pause in pauses]),
        **figures,
        **_figures_of(steady),
    }


def _killed(killer: Killer, load: Load, end: float) -> list[tuple[str, float]]:
    """What was killed until the end, and for how many seconds no change was accepted afterwards."""
    pauses = list[tuple[str, float]]()
    while time.monotonic() < end and not load.done.is_set():
        began = time.monotonic()
        name = killer.kill()
        load.wait_for(load.acknowledged + 2 * len(load.writers))
        pauses.append((name, round(load.longest_pause(began), 1)))
        click.echo(f"{time.strftime('%H:%M:%S')} {name}: {pauses[-1][1]} s, {load.acknowledged} changes", err=True)
        killer.pause()
    return pauses


def _figures_of(steady: list[Steady]) -> dict[str, int]:
    return {
        "changes of clients that send no position": sum(client.writes for client in steady),
        "their reads of what they had written": sum(client.reads for client in steady),
    }
