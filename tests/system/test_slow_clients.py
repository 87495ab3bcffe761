"""Clients that stop sending or reading: the real server loses them, and goes on with those that are only slow."""

import re
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection

import pytest
from bulk import many_statements, written
from served import Server, serving

THREADS = 2  # what a server of these tests has, so that two clients can hold it up
PATIENCE, IN_ALL = 1, 4  # seconds, instead of half a minute and ten
PENDING = 500_000  # bytes of a response that wait for their client in no thread: less than the bundle has
LOST = 2 * PATIENCE  # seconds after which a client that does nothing is surely lost
IMPATIENT = (
    sys.executable,
    "-c",
    "from api.commands import main; from api.server import limits;"
    f"limits.PATIENCE, limits.PATIENCE_IN_ALL, limits.LONGEST_PENDING = {PATIENCE}, {IN_ALL}, {PENDING}; main.main()",
    "serve",
)
EXPORT = b"GET /v1/statements/export HTTP/1.1\r\nHost: x\r\n\r\n"
BUNDLE = b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("slow"), IMPATIENT) as started:
        started.tasrih("import", "-", given=written(many_statements(1500)))  # an export that no buffer takes whole
        yield started
    said = started.log.read_text()
    assert "Traceback" not in said
    assert "rror" not in said


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return server.token("write", "import")


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """A connection over which little is on its way at once: what is not read stays with the server."""
    with socket.socket() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", server.port))
        yield client


def rest_of(client: socket.socket) -> bytes:
    """All that still comes until the server closes or resets the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while more := client.recv(65536):
            received += more
    return received


def whole(answer: bytes) -> bool:
    """Whether an answer came to its end: that of its length, or its last chunk."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: ([0-9]+)", head)
    return len(body) == int(length[1]) if length else body.endswith(LAST_CHUNK)


def held_up(server: Server, *requests: bytes) -> None:
    """Send each request and nothing more, read nothing; the service must answer others soon all the same."""
    with connected(server) as one, connected(server) as other:
        for client, request in zip((one, other), requests * THREADS, strict=False):
            client.sendall(request)
        time.sleep(0.3)
        began = time.monotonic()
        assert server.get("/health").status == 200
        assert time.monotonic() - began < 8 * PATIENCE
        time.sleep(LOST)
        for client in (one, other):
            assert not whole(rest_of(client))


def test_half_a_head_holds_no_thread(server: Server) -> None:
    held_up(server, b"GET /health HTTP/1.1\r\nHos")


@pytest.mark.parametrize(
    "framing", ["Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n10\r\n{"], ids=["length", "chunks"]
)
@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("POST", "/v1/speakers", "application/json"),
        ("POST", "/v1/import", "application/x-ndjson"),
        ("DELETE", "/v1/speakers/antonio-guterres", "application/json"),
    ],
)
def test_half_a_body_holds_no_thread(
    server: Server, token: str, method: str, path: str, content_type: str, framing: str
) -> None:
    if method == "DELETE":
        framing = "Transfer-Encoding: chunked\r\n\r\n1"  # any more would be answered
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nAuthorization: Bearer {token}\r\n"
    held_up(server, (head + framing).encode())


@pytest.mark.parametrize("request_bytes", [BUNDLE, EXPORT], ids=["bundle", "export"])
def test_an_answer_that_nobody_reads_holds_no_thread(server: Server, request_bytes: bytes) -> None:
    held_up(server, request_bytes, BUNDLE)


def test_an_export_that_nobody_reads_lets_go_of_the_moment_it_shows(server: Server) -> None:
    with connected(server) as client, closing(alongside(server)) as writer:
        client.sendall(EXPORT)
        client.recv(1)
        writer.execute("CREATE TABLE written_meanwhile (n)")
        assert emptied(writer) is False
        until = time.monotonic() + 4 * LOST
        while not emptied(writer):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert not whole(rest_of(client))


def alongside(server: Server) -> sqlite3.Connection:
    """A connection to the server's database that waits for nobody."""
    return sqlite3.connect(server.database, isolation_level=None, timeout=0)


def emptied(database: sqlite3.Connection) -> bool:
    """Whether the write-ahead log could be emptied."""
    [busy, *_] = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def test_who_sends_little_by_little_is_answered(server: Server) -> None:
    with connected(server) as client:
        for piece in (b"GET /health", b" HTTP/1.1\r\n", b"Host: x\r\n", b"Connection: close\r\n", b"\r\n"):
            client.sendall(piece)
            time.sleep(0.5 * PATIENCE)
        assert rest_of(client).startswith(b"HTTP/1.1 200")


def test_who_reads_little_by_little_reads_it_all(server: Server) -> None:
    bundle = server.get("/docs/assets/swagger-ui-bundle.js").body
    with connected(server) as client:
        client.sendall(BUNDLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        received = b""
        for _ in range(4):
            time.sleep(0.5 * PATIENCE)
            received += client.recv(65536)
        received += rest_of(client)
    assert received.endswith(bundle)


def test_drops_are_not_read_or_sent_for_ever(server: Server) -> None:
    with connected(server) as reader, connected(server) as sender:
        reader.sendall(EXPORT)
        received, until = b"", time.monotonic() + 2 * IN_ALL
        while time.monotonic() < until:
            with suppress(ConnectionResetError):
                received += reader.recv(2000)
            trickled = sends(sender, b"x")
            time.sleep(0.2)
        assert not trickled
        assert server.get("/health").status == 200
        assert not whole(received + rest_of(reader))


def sends(client: socket.socket, drop: bytes) -> bool:
    """Whether the server still takes what a client sends."""
    try:
        client.sendall(drop)
    except OSError:
        return False
    return True


def test_who_waits_for_a_change_longer_than_clients_may_is_answered(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as client:
        client.request("GET", f"/v1/changes?since={end_of_feed(server)}&wait=3")
        assert client.getresponse().read()
        time.sleep(2 * PATIENCE)  # less than a kept connection lasts
        client.request("GET", "/health")
        assert client.getresponse().status == 200


def end_of_feed(server: Server) -> int:
    with closing(alongside(server)) as database:
        [[last]] = database.execute('SELECT MAX(sequence) FROM "change"')
        return int(last)
