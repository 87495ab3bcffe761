"""A server that has as many clients as it can have: those that waste its room are given up, and others are answered."""

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from served import Server, serving

CONNECTIONS = 20
PENDING = 1_000_000  # bytes of responses
HELD = 200_000  # bytes of requests
CROWDED = (
    sys.executable,
    "-c",
    "from api.commands import main; from api.server import limits, serving;"
    f"serving.CONNECTIONS, limits.MOST_PENDING, limits.MOST_HELD = {CONNECTIONS}, {PENDING}, {HELD}; main.main()",
    "serve",
)
PAGE = b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"  # 1.5 MB


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("crowded"), CROWDED) as started:
        yield started
    assert "Traceback" not in started.log.read_text()


@pytest.fixture
def clients(server: Server) -> Iterator["Clients"]:
    with ExitStack() as stack:
        yield Clients(server.port, stack)


class Clients:
    """Clients that stay until the end of a test."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        self._port, self._stack = port, stack

    def join(self, number: int, request: bytes = b"") -> list[socket.socket]:
        """So many clients, which send this and then neither send nor read."""
        return [self._join(request) for _ in range(number)]

    def _join(self, request: bytes) -> socket.socket:
        client = self._stack.enter_context(socket.socket())
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", self._port))
        client.sendall(request)
        return client


def is_given_up(client: socket.socket) -> bool:
    """Whether the server has closed or reset a connection, before it sent anything."""
    client.settimeout(0.1)
    try:
        return client.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def test_the_oldest_silent_clients_make_room_for_new_ones(server: Server, clients: Clients) -> None:
    silent = clients.join(CONNECTIONS + 5)
    assert server.get("/health").status == 200
    assert [is_given_up(client) for client in silent[:5]] == [True] * 5
    assert not any(is_given_up(client) for client in silent[-CONNECTIONS // 2 :])


def test_the_oldest_halves_of_heads_make_room_in_memory(server: Server, clients: Clients) -> None:
    half = b"GET / HTTP/1.1\r\n" + b"X-Long: ".ljust(8000, b"x") + b"\r\nX-Long: ".ljust(8000, b"x")
    many = clients.join(CONNECTIONS - 2, half)
    assert server.get("/health").status == 200
    assert is_given_up(many[0])
    assert not is_given_up(many[-1])


def test_readers_for_whom_most_is_kept_make_room_in_memory(server: Server, clients: Clients) -> None:
    clients.join(CONNECTIONS - 2, PAGE)
    began = time.monotonic()
    assert server.get("/health").status == 200
    assert time.monotonic() - began < 15  # threads would wait for half a minute


def test_a_client_that_is_sending_when_the_server_is_told_to_stop_is_answered(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as server,
        closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as sending,
        closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as silent,
    ):
        sending.sendall(b"GET /health HTTP/1.1\r\nHo")
        assert server.get("/health").status == 200
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        for client, rest in ((sending, b"st: x\r\n\r\n"), (silent, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")):
            client.sendall(rest)
            answer = b"".join(iter(lambda client=client: client.recv(65536), b""))  # type: ignore[misc]
            assert answer.startswith(b"HTTP/1.1 200")
            assert b"Connection: close\r\n" in answer
        assert server.stop() == 0
