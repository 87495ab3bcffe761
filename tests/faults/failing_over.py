"""Kill -9 the primary of two PostgreSQL servers while many clients write, and promote its synchronous standby.

What a manager of clusters does (Patroni, by its rules for `synchronous_mode`) is done here at once: the standby is promoted, takes
writes alone, and is synchronous again as soon as the other server has become its standby. So the seconds are those of PostgreSQL and
of the service, without those in which a manager notices.
"""

import random
import time
from typing import Any

from replicating import Node, until

from faults.engines import PostgreSQL
from faults.load import require_foreseen, verify, writing
from faults.service import command, prepared, serving


def run(
    engine: PostgreSQL, port: int, writes: int = 2000, clients: int = 8, failovers: int = 20, seed: int = 1
) -> dict[str, Any]:
    """Let clients write through failovers; raise Lost unless all that was acknowledged is there, once."""
    chance, seconds = random.Random(seed), list[float]()
    moments = sorted(chance.randrange(writes // 20, writes * 19 // 20) for _ in range(failovers))
    with engine.pair() as (primary, standby):
        hosts = f"{primary.folder},{standby.folder}"
        url = f"postgresql://postgres@/postgres?host={hosts}&target_session_attrs=read-write"
        token = prepared(url)
        require_synchronous(primary)
        replicas = f"{primary.url()} {standby.url()}"
        with serving(url, port, DATABASE_REPLICA_URLS=replicas) as service:
            with writing(port, token, writes, clients, seed) as load:
                for moment in moments:
                    load.wait_for(moment)
                    with load.kept_up():
                        began = time.monotonic()
                        primary.kill()
                        take_over(standby)
                        load.wait_for(load.acknowledged + 1)
                        seconds.append(round(time.monotonic() - began, 1))
                        primary.follow(standby)
                        require_synchronous(standby)
                    primary, standby = standby, primary
            verify(load, url, port)
            said = service.said()
        command(url, "check")
    require_foreseen(said)
    return {
        "writes": load.acknowledged,
        "clients": clients,
        "failovers": failovers,
        "requests without an answer": load.unanswered,
        "refused with Retry-After": {str(status): times for status, times in sorted(load.refused.items())},
        "seconds until a write was accepted again": sorted(seconds),
    }


def take_over(standby: Node) -> None:
    """Promote a standby, and let it take writes alone."""
    standby.set("synchronous_standby_names", "")
    standby.promote()


def require_synchronous(primary: Node) -> None:
    """Let the standby of a server have each change before it is acknowledged."""
    primary.set("synchronous_standby_names", "*")
    until(lambda: primary.run("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"), 60)
