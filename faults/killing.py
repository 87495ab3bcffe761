"""Kill -9 while many clients write: workers, and the whole server, at moments drawn by a seed."""

import random
import time
from typing import Any

from faults.engines import Engine
from faults.load import Lost, verify, writing
from faults.service import command, prepared, serving


def run(
    engine: Engine, port: int, writes: int = 2000, clients: int = 16, kills: int = 12, seed: int = 1
) -> dict[str, Any]:
    """Let clients write and kill something now and then; raise Lost unless all that was acknowledged is there.

    Every third time it is the whole server, arbiter and workers at once.
    """
    url, chance = engine.new_database(), random.Random(seed)
    token = prepared(url)
    moments = sorted(chance.randrange(writes // 20, writes * 19 // 20) for _ in range(kills))
    with serving(url, port) as service:
        with writing(port, token, writes, clients, seed) as load:
            for number, moment in enumerate(moments):
                load.wait_for(moment)
                time.sleep(chance.uniform(0, 0.05))
                if number % 3 == 2:
                    service.kill_and_start()
                else:
                    service.kill_worker(chance.randrange(1000))
        verify(load, url, port)
        said = service.said()
    if "Unforeseen" in said:
        raise Lost(f"The service failed unexpectedly: {said[:3000]}")
    command(url, "check")
    return {
        "writes": writes,
        "clients": clients,
        "kills of a worker": sum(1 for number in range(kills) if number % 3 != 2),
        "kills of the server": kills // 3,
        "requests without an answer": load.unanswered,
        "refused with Retry-After": sum(load.refused.values()),
        "writes per second": round(writes / load.seconds),
    }
