"""Kill -9 while many clients write: workers, the whole server, and its arbiter alone, at moments drawn by a seed."""

import random
import time
from typing import Any

from faults.engines import Engine
from faults.load import require_foreseen, verify, writing
from faults.service import command, prepared, serving

VICTIMS = ("a worker", "a worker", "the server", "the arbiter alone")
"""Who is killed, in turn. The server is arbiter and workers at once; without its arbiter workers listen for about a second."""


def run(
    engine: Engine, port: int, writes: int = 2000, clients: int = 16, kills: int = 12, seed: int = 1
) -> dict[str, Any]:
    """Let clients write and kill something now and then; raise Lost unless all that was acknowledged is there."""
    url, chance = engine.new_database(), random.Random(seed)
    token = prepared(url)
    moments = sorted(chance.randrange(writes // 20, writes * 19 // 20) for _ in range(kills))
    killed = [VICTIMS[number % len(VICTIMS)] for number in range(kills)]
    with serving(url, port) as service:
        with writing(port, token, writes, clients, seed) as load:
            for victim, moment in zip(killed, moments, strict=True):
                load.wait_for(moment)
                time.sleep(chance.uniform(0, 0.05))
                match victim:
                    case "the server":
                        service.kill_and_start()
                    case "the arbiter alone":
                        service.kill_arbiter_and_start()
                    case _:
                        service.kill_worker(chance.randrange(1000))
        verify(load, url, port)
        said = service.said()
    require_foreseen(said)
    command(url, "check")
    return {
        "writes": writes,
        "clients": clients,
        **{f"kills of {victim}": killed.count(victim) for victim in dict.fromkeys(VICTIMS)},
        "requests without an answer": load.unanswered,
        "refused with Retry-After": sum(load.refused.values()),
        "writes per second": round(writes / load.seconds),
    }
