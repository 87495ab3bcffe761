"""Clients that are silent, or send and read in drops, while others read: nobody else may have to wait for them."""

import math
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

from faults.engines import Engine
from faults.load import Lost
from faults.service import command, prepared, serving

PATH = "/v1/statements?limit=5"
CROWDS = (8, 50, 100, 1000)
LONGEST_WAIT = 4.0  # seconds, as beside a lock that is held too long; usually a read takes some milliseconds
TIMES_ALONE = 20  # a read of some milliseconds may take a hundred; whoever waits for a crowd waits for seconds
PATIENCE = 40  # seconds that a reader waits for an answer
DROPS = 1.0  # seconds between two drops of a client


class Behaviour(NamedTuple):
    """What a client of the crowd sends at once, what it repeats drop by drop, and whether it reads in drops."""

    opening: bytes = b""
    drop: bytes = b""
    reads: bool = False


def behaviours(token: str) -> dict[str, Behaviour]:
    """Each kind of client by its name; those that send a body have this token."""
    head = f"Host: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application"
    return {
        "silent": Behaviour(),
        "slow heads": Behaviour(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a"),
        "slow bodies": Behaviour(
            f"POST /v1/speakers HTTP/1.1\r\n{head}/json\r\nContent-Length: 60000\r\n\r\n{{".encode(), b" "
        ),
        "slow imports": Behaviour(
            f"POST /v1/import HTTP/1.1\r\n{head}/x-ndjson\r\nContent-Length: 60000000\r\n\r\n{{".encode(), b" "
        ),
        "slow readers": Behaviour(b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n", reads=True),
    }


def run(
    engine: Engine, port: int, crowds: tuple[int, ...] = CROWDS, seconds: float = 5, longest_wait: float = LONGEST_WAIT
) -> dict[str, Any]:
    """Measure the reads of others beside each crowd: median, 99th percentile and longest, in milliseconds.

    Raise Lost when one took longer than `longest_wait` (seconds), or was not answered. On a machine that is busy with other
    things it may take TIMES_ALONE as long as the longest that was read beside nobody.
    """
    url = engine.new_database()
    prepared(url)
    printed = command(url, "token", "create", "--name", "crowd", "--scope", "write", "--scope", "import")
    found = re.search(r"tasrih_[0-9a-f]{16}_[0-9a-f]{64}", printed)
    assert found is not None, printed
    with serving(url, port) as service:
        alone = _reads(port, seconds)
        longest = max(longest_wait, TIMES_ALONE * max(alone))
        figures: dict[str, Any] = {"alone": _told(alone)}
        for kind, behaviour in behaviours(found[0]).items():
            for number in crowds:
                with _crowd(port, number, behaviour):
                    waits = _reads(port, seconds)
                figures[f"{number} {kind}"] = _told(waits)
                if max(waits) > longest:
                    raise Lost(f"Beside {number} {kind} a read took {max(waits):.1f} seconds: {figures}")
        said = service.said()
    if "Traceback" in said:
        raise Lost(f"The service failed unexpectedly: {said[:3000]}")
    return figures


def _told(waits: list[float]) -> str:
    ordered = sorted(1000 * wait for wait in waits)
    last = len(ordered) - 1
    return f"{ordered[last // 2]:.0f}/{ordered[math.ceil(last * 0.99)]:.0f}/{ordered[-1]:.0f} ms"


def _reads(port: int, seconds: float) -> list[float]:
    """How long reads took, half of them over a connection that is kept and half over new ones."""
    waits: list[float] = []
    readers = [threading.Thread(target=_read, args=(port, seconds, keep, waits)) for keep in (True, False)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return waits


def _read(port: int, seconds: float, keep: bool, waits: list[float]) -> None:
    until = time.monotonic() + seconds
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        while time.monotonic() < until:
            waits.append(_wait_for_one(connection))
            if not keep:
                connection.close()
            time.sleep(0.01)


def _wait_for_one(connection: HTTPConnection) -> float:
    """The seconds that one read took; infinitely many when it was not answered as it should."""
    began = time.monotonic()
    try:
        connection.request("GET", PATH)
        response = connection.getresponse()
        response.read()
    except (HTTPException, OSError):
        connection.close()
        return math.inf
    return time.monotonic() - began if response.status == 200 else math.inf


@contextmanager
def _crowd(port: int, number: int, behaviour: Behaviour) -> Iterator[None]:
    """So many clients, there from the beginning to the end: those that the service has lost come again."""
    clients = [_joined(port, behaviour) for _ in range(number)]
    stop = threading.Event()
    drops = threading.Thread(target=_drip, args=(clients, port, behaviour, stop))
    drops.start()
    try:
        _read(port, DROPS, False, [])  # a request with a token keeps threads busy until it is known what it wants
        yield
    finally:
        stop.set()
        drops.join()
        for client in clients:
            client.close()


def _joined(port: int, behaviour: Behaviour) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)  # so that little is on its way to slow readers
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    client.sendall(behaviour.opening)
    client.setblocking(False)
    return client


def _drip(clients: list[socket.socket], port: int, behaviour: Behaviour, stop: threading.Event) -> None:
    while not stop.wait(DROPS):
        for number, client in enumerate(clients):
            if not _stays(client, behaviour):
                client.close()
                with suppress(OSError):
                    clients[number] = _joined(port, behaviour)


def _stays(client: socket.socket, behaviour: Behaviour) -> bool:
    """Whether the service still wants this client, which sends and reads one more drop."""
    try:
        client.send(behaviour.drop)
        if behaviour.reads:
            return bool(client.recv(100))
        return client.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
