"""Kill parts of a cluster at random, one after the other, while clients hold it to its promises."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import click
from faults.load import Load, Lost
from faults.service import Service, token_of

from clustering.cluster import Cluster, Member, Program, cluster
from clustering.onlookers import Onlookers, mirrored_by_command
from clustering.promises import Background, at_work
from clustering.proving import clients_of, proved, timed

LONGEST_PAUSE = 5
"""Seconds at the most between two kills, counted from when changes are accepted again."""

LONGEST_LAG, LONGEST_HANG = 8, 3
"""Seconds for which a standby shows nothing new, more than the 5 after which it is left out, and for which it does nothing at all:
all changes wait for a synchronous standby that hangs."""

LAGS, HANGS = "standby that is to lag", "standby that is to hang"

DATABASES = {"primary", "standby", LAGS, HANGS, "machine of the primary"}
"""What is hit only while there is another server that has everything, as an operator would have it."""


class Killer:
    """Kills what chance decides, and starts it again where nobody else does."""

    def __init__(self, made: Cluster, seed: int) -> None:
        self._made, self._chance = made, random.Random(seed)
        self._ways: dict[str, tuple[int, Callable[[], None]]] = {
            "primary": (4, lambda: made.primary.kill_database()),
            "standby": (3, lambda: self._standby.kill_database()),
            LAGS: (3, lambda: self._standby.lag(self._chance.uniform(1, LONGEST_LAG))),
            HANGS: (1, lambda: self._standby.hang(self._chance.uniform(0.5, LONGEST_HANG))),
            "machine of the primary": (1, self._kill_machine),
            "node of the service": (3, lambda: self._node.kill_and_start()),
            "worker of the service": (3, lambda: self._node.kill_worker(self._chance.randrange(2))),
            "proxy": (2, lambda: self._restart(made.proxy)),
        }
        if made.poolers:
            self._ways["pooler"] = (3, lambda: self._restart(self._chance.choice(made.poolers)))

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
        """Hit something, and say what."""
        is_in_order = self._made.is_in_order
        names = [name for name in self._ways if is_in_order or name not in DATABASES]
        [name] = self._chance.choices(names, [self._ways[name][0] for name in names])
        click.echo(f"{time.strftime('%H:%M:%S')} {name} is hit", err=True)
        self._ways[name][1]()
        return name

    def pause(self) -> None:
        """Let some time pass."""
        time.sleep(self._chance.uniform(0, LONGEST_PAUSE))


def kill_at_random(seconds: float, seed: int, is_pooled: bool) -> dict[str, Any]:
    """Kill for so long; raise when a promise was broken."""
    with cluster(is_pooled) as made, mirrored_by_command(made.port) as mirror:
        token = token_of(made.url, "onlookers", "write", "import")
        with clients_of(made, 100) as clients, clients.load.kept_up():
            onlookers = Onlookers.of(made.port, made.nodes, token)
            with at_work(onlookers.all):
                pauses = _killed(Killer(made, seed), clients.load, onlookers.all, time.monotonic() + seconds)
            made.await_order()
        figures = proved(made, clients)
        onlookers.importer.verify(made.url)
        copied = mirror.verify(made.url)
    return {
        "hit": dict(Counter(name for name, _ in pauses)),
        "seconds without an accepted change": timed([pause for _, pause in pauses]),
        "the same, by what was hit": _by_name(pauses),
        **figures,
        **onlookers.figures(),
        "records of 'tasrih follow', which are those of the service": copied,
    }


def _killed(killer: Killer, load: Load, others: Sequence[Background], end: float) -> list[tuple[str, float]]:
    """What was hit until the end, and for how many seconds no change was accepted afterwards."""
    pauses = list[tuple[str, float]]()
    while time.monotonic() < end and not load.done.is_set() and not any(other.failure for other in others):
        began = time.monotonic()
        name = killer.kill()
        load.wait_for(load.acknowledged + 2 * len(load.writers))
        pauses.append((name, round(load.longest_pause(began), 1)))
        if load.failure is not None:
            raise Lost(f"A writer has stopped: {load.failure}")
        click.echo(f"no change for {pauses[-1][1]} seconds; {load.acknowledged} so far", err=True)
        killer.pause()
    return pauses


def _by_name(pauses: Sequence[tuple[str, float]]) -> dict[str, tuple[int, float, float]]:
    """How often each thing was hit, and the median and the worst of the pauses afterwards."""
    seconds: dict[str, list[float]] = {name: [] for name, _ in pauses}
    for name, pause in pauses:
        seconds[name].append(pause)
    return {name: (len(each), round(median(each), 1), max(each)) for name, each in seconds.items()}
