"""SIGHUP and SIGTERM under load: whoever got a connection gets an answer on it."""

import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from faults.engines import Engine
from faults.load import Lost, verify, writing
from faults.service import Service, command, prepared, serving

PATH = "/v1/statements?limit=5"


@dataclass
class _Tally:
    """What came of the requests of one client."""

    answered: int = 0
    refused: int = 0
    dropped: list[str] = field(default_factory=list)


def run(engine: Engine, port: int, writes: int = 300, hang_ups: int = 3, clients: int = 8) -> dict[str, Any]:
    """Replace the workers some times and stop the server at last, under load; raise Lost when a request gets no answer."""
    url = engine.new_database()
    token = prepared(url)
    with serving(url, port) as service:
        with writing(port, token, writes, clients=4, seed=1) as load, _Readers(port, clients) as tallies:
            before = set(service.workers())
            for number in range(hang_ups):
                load.wait_for((number + 1) * writes // (hang_ups + 1))
                service.hang_up()
            _await_new(service, before)
        verify(load, url, port)
        _require_answered(tallies, "SIGHUP")
        hung_up = sum(tally.answered for tally in tallies)
        if load.unanswered:
            raise Lost(f"{load.unanswered} writes got no answer while workers were replaced")
        with _Readers(port, clients) as ending:
            time.sleep(1)
            code = service.end()
        _require_answered(ending, "SIGTERM")
        if code != 0:
            raise Lost(f"The server ended with {code}: {service.said()[:1000]}")
    command(url, "check")
    return {
        "SIGHUPs": hang_ups,
        "answered during SIGHUP": hung_up + writes,
        "answered until SIGTERM": sum(tally.answered for tally in ending),
        "without an answer": 0,
    }


def _await_new(service: Service, before: set[int]) -> None:
    """Return when none of the workers is one of those before."""
    deadline = time.monotonic() + 40
    while not (now := set(service.workers())) or now & before:
        if time.monotonic() > deadline:
            raise Lost(f"The workers were not replaced: {before} and {now}")
        time.sleep(0.1)


class _Readers:
    """Clients that read as fast as they can: half of them open a connection for each request, half keep theirs."""

    def __init__(self, port: int, clients: int) -> None:
        self._stop = threading.Event()
        self.tallies = [_Tally() for _ in range(clients)]
        self._threads = [
            threading.Thread(target=self._read, args=(port, tally, number % 2 == 0))
            for number, tally in enumerate(self.tallies)
        ]

    def __enter__(self) -> list[_Tally]:
        for thread in self._threads:
            thread.start()
        return self.tallies

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _read(self, port: int, tally: _Tally, keep: bool) -> None:
        connection: HTTPConnection | None = None
        while not self._stop.is_set():
            try:
                connection = connection or _connected(port)
            except ConnectionRefusedError:
                tally.refused += 1
                time.sleep(0.05)
                continue
            try:
                connection.request("GET", PATH)
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    tally.dropped.append(f"answered {response.status}")
                tally.answered += 1
                if not keep or response.headers.get("Connection") == "close":
                    connection.close()
                    connection = None
            except (HTTPException, OSError) as error:
                tally.dropped.append(f"{type(error).__name__} {error} ({'kept' if keep else 'new'} connection)")
                if connection is not None:
                    connection.close()
                connection = None
        if connection is not None:
            connection.close()


def _connected(port: int) -> HTTPConnection:
    connection = HTTPConnection("127.0.0.1", port, timeout=40)
    connection.connect()
    return connection


def _require_answered(tallies: list[_Tally], signal: str) -> None:
    dropped = [one for tally in tallies for one in tally.dropped]
    if dropped:
        raise Lost(f"{signal}: {len(dropped)} requests got no answer: {sorted(set(dropped))[:5]}")
