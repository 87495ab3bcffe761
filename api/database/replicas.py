"""Replicas: standbys of PostgreSQL that answer reads, each watched by a thread so that only those are asked that can answer.

A replica is left out when it does not answer in LOOK_TIMEOUT, is not following anybody, or lags by more than LONGEST_LAG; it
is taken back as soon as a look finds it well. Those who wait for a replica that hangs are freed by cutting their
connections, since nothing else ends a wait for a process that is stopped. No request waits for any of this.
"""

import logging
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from itertools import count
from os import dup
from time import monotonic, sleep
from typing import Any

import psycopg
from playhouse.postgres_ext import Psycopg3ExtAdapter

from api.database.connections import PostgreSQL
from api.database.time_limits import LOCK_TIMEOUT
from api.database.urls import postgresql_parameters

LOOK_EVERY = 0.2
"""Seconds between two looks: with LOOK_TIMEOUT, a replica that hangs is left out within less than a second."""

LOOK_TIMEOUT = 0.4
"""Seconds in which a replica has to connect or to answer a look, which takes a millisecond: more than a busy machine needs."""

LONGEST_LAG = 5
"""Seconds by which a replica may lag before it is left out: readers should see what others have done a moment ago."""

_SILENT = "it does not answer"
_log = logging.getLogger("tasrih")
_LOOK = "SELECT pg_is_in_recovery(), ({})"


class HurriedConnection(psycopg.Connection[Any]):
    """A connection that waits for its server no longer than `patience` seconds; None is as long as it takes."""

    patience: float | None = LOOK_TIMEOUT

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Generator[Any, Any, Any]:
        # libpq's connect_timeout can't be less than two seconds
        return (yield from _in_time(super()._connect_gen(conninfo), LOOK_TIMEOUT))

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer of the server; raise OperationalError when it takes too long."""
        return super().wait(gen, interval, self.patience if timeout is None else timeout)


def _in_time(steps: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
    """The steps of a connection being made, of which the driver sends on one that is not ready every tenth of a second."""
    until = monotonic() + seconds
    try:
        step = next(steps)
        while True:
            is_ready = yield step
            if not is_ready and monotonic() > until:
                raise psycopg.OperationalError("timeout expired")
            step = steps.send(is_ready)
    except StopIteration as end:
        return end.value


class _Adapter(Psycopg3ExtAdapter):
    def connect(self, db: Any, **parameters: Any) -> Any:
        return HurriedConnection.connect(dbname=db.database, **parameters)


class Replica(PostgreSQL):
    """A standby, and what the last look at it found: whether it `is_usable`, and the `position` that it shows."""

    psycopg3_adapter = _Adapter
    number = 0
    """Its place among the replicas, from 1 on, by which logs and metrics name it."""
    is_usable = False
    is_standby = True
    """Whether it follows another server: one that was promoted does not."""
    position = 0
    lag = 0.0
    """Seconds for which it has not reached where the primary was."""

    def _set_limits(self, connection: Any) -> None:
        super()._set_limits(connection)
        # The server keeps the time limit, so this one is only for a server that does nothing any more.
        connection.patience = None if self.time_limit is None else self.time_limit + 1

    def _is_closed(self, connection: Any) -> bool:
        # The pool would ask the server, while it lets nobody else take a connection or give one back.
        return bool(connection.closed)

    def _can_reuse(self, connection: Any) -> bool:
        return bool(connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE)

    def leave_out(self) -> None:
        """Ask it nothing until the next look, and close its idle connections."""
        self.is_usable = False
        self.close_idle()

    def cut(self) -> None:
        """End the connections that are in use, whoever waits for what they bring."""
        with self._pool_lock:  # nobody closes one of them meanwhile
            for used in list(self._in_use.values()):
                with suppress(OSError, psycopg.Error), socket.socket(fileno=dup(used.connection.fileno())) as other:
                    other.shutdown(socket.SHUT_RDWR)


class Watched:
    """A server that is looked at over a connection of its own."""

    def __init__(self, url: str, position_sql: str) -> None:
        self._parameters = postgresql_parameters(url)
        self._look = _LOOK.format(position_sql)
        self._connection: HurriedConnection | None = None

    def look(self) -> tuple[bool, int]:
        """Whether it follows another server, and the position that it shows; raise psycopg.Error when it does not answer."""
        try:
            if self._connection is None:
                self._connection = HurriedConnection.connect(
                    autocommit=True, prepare_threshold=None, **self._parameters
                )
            row = self._connection.execute(self._look.encode()).fetchone()
        except psycopg.Error:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            raise
        assert row is not None
        return bool(row[0]), int(row[1])


class _Course:
    """How a replica follows: which position it should have reached, and since when."""

    def __init__(self) -> None:
        self._goal, self._since = 0, 0.0

    def lag(self, position: int, of_primary: int) -> float:
        """Seconds for which a replica at this position has not reached where the primary was; 0 when it has.

        While the primary can't be asked it has nowhere to get to, so that reads go on.
        """
        self._goal = min(self._goal, of_primary)  # less than before when the primary is another one now
        if position >= self._goal:
            self._goal, self._since = of_primary, monotonic()
        return monotonic() - self._since if position < self._goal else 0


class Replicas:
    """The replicas of a process. Nothing is connected to before the first request, so a process may fork before."""

    def __init__(
        self, primary: str, urls: Sequence[str], connections: int, time_limit: float | None, position_sql: str
    ) -> None:
        self._urls, self._position_sql = urls, position_sql
        self._primary = Watched(primary, position_sql)
        self._position = 0
        self._turn = count()
        self._started = threading.Lock()
        self.all = [_replica(number, url, connections, time_limit) for number, url in enumerate(urls, 1)]

    @property
    def are_watched(self) -> bool:
        """Whether there was a request, so that something is known of them."""
        return self._started.locked()

    def choose(self) -> Replica | None:
        """A replica that can be asked, each in its turn; None when there is none."""
        if self._started.acquire(
            blocking=False
        ):  # never released: threads do not survive a fork, nor does this process
            self._start()
        usable = [replica for replica in self.all if replica.is_usable]
        return usable[next(self._turn) % len(usable)] if usable else None

    def _start(self) -> None:
        watches: list[Any] = [(self._watch_primary, ())]
        watches += [(self._watch, pair) for pair in zip(self.all, self._urls, strict=True)]
        for work, arguments in watches:
            threading.Thread(target=work, args=arguments, name="tasrih-replicas", daemon=True).start()

    def _watch_primary(self) -> None:
        """Know where the primary is; while it can't be asked, where it was."""
        while True:
            with suppress(psycopg.Error):
                self._position = self._primary.look()[1]
            sleep(LOOK_EVERY)

    def _watch(self, replica: Replica, url: str) -> None:
        watched, course = Watched(url, self._position_sql), _Course()
        reported: str | None = None
        while True:
            why = self._why_left_out(replica, watched, course)
            if why is None:
                replica.is_usable = True
            else:
                replica.leave_out()
            if why == _SILENT:
                replica.cut()
            if why != reported:
                change = "read from again" if why is None else f"left out: {why}"
                _log.warning("Replica %d is %s.", replica.number, change)
                reported = why
            sleep(LOOK_EVERY)

    def _why_left_out(self, replica: Replica, watched: Watched, course: _Course) -> str | None:
        """Why a replica can't be read from, None when it can."""
        try:
            replica.is_standby, replica.position = watched.look()
        except psycopg.Error:
            return _SILENT
        replica.lag = course.lag(replica.position, self._position)
        if not replica.is_standby:
            return "it follows no other server"
        return None if replica.lag <= LONGEST_LAG else f"it lags by more than {LONGEST_LAG} seconds"


def _replica(number: int, url: str, connections: int, time_limit: float | None) -> Replica:
    parameters = postgresql_parameters(url)
    name = parameters.pop("dbname")
    replica = Replica(name, max_connections=connections, timeout=LOCK_TIMEOUT, stale_timeout=300, **parameters)
    replica.number, replica.time_limit = number, time_limit
    return replica
