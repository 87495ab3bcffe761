"""The metrics of a worker, which Prometheus reads: kept in files that all workers' are added up from.

`FOLDER` must be in the environment before this module is imported, and it is imported only in workers: prometheus_client
opens its files then. Metrics of a worker that has ended stay in the sums, but for those of its present state.
"""

import threading
import time
from functools import cache
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from api.database.connections import pool_sizes
from api.database.current import engine
from api.database.replicas import Replica, Replicas
from api.http.request_notes import ReplicaRead
from api.monitoring.observing import Observation

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds: most reads take a few milliseconds; a query may take 5 seconds, and a client may wait 30 for a change."""

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

WAITS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5)
"""Seconds that a read may wait for a replica: half a second at most (`api.replication.positions`)."""

SAMPLED = 1
"""Seconds between two looks at the state of a worker."""

SECONDS = Histogram(
    "tasrih_request_seconds", "From a complete request to its response.", ["method", "route"], buckets=BUCKETS
)
REQUESTS = Counter("tasrih_requests", "Requests answered.", ["method", "route", "status"])
CACHE = Counter("tasrih_response_cache_requests", "Reads that the response cache was asked for.", ["result"])
HITS, MISSES = CACHE.labels("hit"), CACHE.labels("miss")
REPLICA_READS = Counter(
    "tasrih_replica_reads",
    "Reads that a replica was asked for; the primary answers all but `answered`.",
    ["replica", "result"],
)
REPLICA_WAITS = Histogram(
    "tasrih_replica_wait_seconds", "Reads that waited until a replica had reached their position.", buckets=WAITS
)
STARTS = Counter("tasrih_worker_starts", "Workers started.")

WORKERS = Gauge("tasrih_workers", "Workers that run.", multiprocess_mode="livesum")
CLIENTS = Gauge("tasrih_client_connections", "Open connections of clients.", multiprocess_mode="livesum")
QUEUED = Gauge("tasrih_requests_waiting", "Requests that wait for a thread.", multiprocess_mode="livesum")
POOL = Gauge("tasrih_database_connections", "Database connections.", ["state"], multiprocess_mode="livesum")
WRITERS = Gauge("tasrih_writers", "Writers that have the database or wait for their turn.", multiprocess_mode="livesum")

USABLE = Gauge("tasrih_replica_usable", "Whether a replica is read from.", ["replica"], multiprocess_mode="livemin")
STANDBY = Gauge(
    "tasrih_replica_standby", "Whether it follows another server.", ["replica"], multiprocess_mode="livemin"
)
SHOWN = Gauge("tasrih_replica_position", "The position that it shows.", ["replica"], multiprocess_mode="livemax")
LAG = Gauge(
    "tasrih_replica_lag_seconds",
    "For how long it has been behind the primary.",
    ["replica"],
    multiprocess_mode="livemax",
)


def observe(observation: Observation) -> None:
    """Count a request that was answered."""
    method = observation.method if observation.method in METHODS else "other"
    seconds, requests = _series(method, observation.route, observation.status)
    seconds.observe(observation.seconds)
    requests.inc()
    if observation.is_cached is not None:
        (HITS if observation.is_cached else MISSES).inc()
    if observation.replica is not None:
        _observe_replica(observation.replica)


def _observe_replica(read: ReplicaRead) -> None:
    REPLICA_READS.labels(str(read.number), read.result).inc()
    if read.seconds_waited:
        REPLICA_WAITS.observe(read.seconds_waited)


@cache  # there are as many as methods, routes and statuses go together
def _series(method: str, route: str, status: int) -> tuple[Histogram, Counter]:
    return SECONDS.labels(method, route), REQUESTS.labels(method, route, str(status))


def watch(worker: Any) -> None:
    """Sample the state of a worker as long as it runs."""
    STARTS.inc()
    WORKERS.set(1)
    threading.Thread(target=_sample_forever, args=(worker,), name="tasrih-metrics", daemon=True).start()


def _sample_forever(worker: Any) -> None:
    while True:
        sample(worker)
        time.sleep(SAMPLED)


def sample(worker: Any) -> None:
    """Note the state of a worker."""
    used, idle = pool_sizes()
    CLIENTS.set(worker.nr_conns)
    QUEUED.set(worker.tpool._work_queue.qsize())
    POOL.labels("used").set(used)
    POOL.labels("idle").set(idle)
    WRITERS.set(len(engine().writers))
    replicas: Replicas | None = worker.wsgi.extensions["replicas"]
    if replicas and replicas.are_watched:
        for replica in replicas.all:
            _sample_replica(replica)


def _sample_replica(replica: Replica) -> None:
    number = str(replica.number)
    USABLE.labels(number).set(replica.is_usable)
    STANDBY.labels(number).set(replica.is_standby)
    SHOWN.labels(number).set(replica.position)
    LAG.labels(number).set(replica.lag)
