"""What clients send that no library would: the real server answers every byte string with HTTP, and goes on."""

import random
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import orjson
import pytest
from served import Server, serving

SPEAKER = b'{"kind": "person", "name": {"en": "Raw"}}'
JSON = "Host: x\r\nContent-Type: application/json\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
RESPONSE = re.compile(
    rb"HTTP/1\.[01] ([1-5][0-9][0-9]) [^\r\n]*\r\n((?:[!#-'*+.^-z|~\w-]+: [^\r\n]*\r\n)*)\r\n", re.ASCII
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("raw"), TASRIH_LOG_LEVEL="debug") as started:
        yield started


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return server.token("write", "import")


@pytest.fixture(autouse=True)
def _nobody_s_mistake_is_logged_as_a_failure(server: Server) -> Iterator[None]:
    before = len(server.log.read_text())
    yield
    logged = server.log.read_text()[before:]
    assert "Traceback" not in logged
    assert "[ERROR]" not in logged


def post(token: str, framing: str, content: bytes, path: str = "/v1/speakers") -> bytes:
    """A POST with this framing and content."""
    return f"POST {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n{JSON}{framing}\r\n".encode() + content


def received(server: Server, *pieces: bytes, pause: float = 0) -> bytes:
    """All that comes back when these pieces were sent and nothing else follows."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as client:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(pause)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


def statuses(answers: bytes) -> list[int]:
    """The statuses of the responses that follow each other here; every byte has to belong to one."""
    found = []
    while answers:
        head = RESPONSE.match(answers)
        assert head is not None, answers[:300]
        found.append(int(head[1]))
        answers = after(answers[head.end() :], head[2].lower(), found[-1])
    return found


def after(rest: bytes, fields: bytes, status: int) -> bytes:
    """What follows the content of a response, which must be whole."""
    length = re.search(rb"content-length: ([0-9]+)", fields)
    if status < 200 or status in (204, 304):
        return rest
    if length is None:
        assert b"transfer-encoding: chunked" in fields or b"connection: close" in fields
        return rest.partition(b"0\r\n\r\n")[2]
    assert len(rest) >= int(length[1])
    return rest[int(length[1]) :]


def test_requests_in_one_piece_are_answered_one_after_another(server: Server, token: str) -> None:
    get = b"GET /v1/places/sochi HTTP/1.1\r\nHost: x\r\n\r\n"
    requests = (
        get + post(token, "Content-Length: 2\r\n", b"{}") + get + post(token, CHUNKED, b"2\r\n{}\r\n0\r\n\r\n") + get
    )
    assert statuses(received(server, requests)) == [200, 422, 200, 422, 200]


def test_requests_may_come_byte_by_byte(server: Server, token: str) -> None:
    chunks = (
        b"5;name=value\r\n"
        + SPEAKER[:5]
        + b"\r\n%X\r\n" % len(SPEAKER[5:])
        + SPEAKER[5:]
        + b"\r\n0\r\nX-Sum: 1\r\n\r\n"
    )
    request = post(token, CHUNKED, chunks)
    assert statuses(received(server, *(request[place : place + 1] for place in range(len(request))))) == [201]


def test_a_later_version_of_http_is_answered_in_the_one_that_is_spoken_here(server: Server) -> None:
    get = b"GET /v1/places/sochi HTTP/1.%d\r\nHost: x\r\n\r\n"
    answers = received(server, get % 2 + get % 9 + get % 1)
    assert (statuses(answers), answers.count(b"HTTP/1.1 200 OK\r\n")) == ([200, 200, 200], 3)


# --- framing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"zz\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0x10\r\n",
        b"1_0\r\n",
        b"5 \r\nhello\r\n0\r\n\r\n",
        b"\r\nhello",
        b"3\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5\r\nhello\r\n0\n\n",
        b"5;" + b"x" * 9000 + b"\r\nhello\r\n0\r\n\r\n",
        b"5;=\r\nhello\r\n0\r\n\r\n",
        (b"1;" + b"x" * 8000 + b"\r\na\r\n") * 9,
        b"f" * 30 + b"\r\n",
        b"2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n",
        b"2\r\n{}\r\n0\r\nno field\r\n\r\n",
        b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"2\r\n{}\r\n0\r\n" + b"X: " + b"y" * 100_000,
        b"5\r\nhel",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_malformed_chunk_is_refused_at_once_in_one_line_of_the_log(
    server: Server, token: str, content: bytes
) -> None:
    before = len(server.log.read_text())
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as client:
        client.sendall(post(token, CHUNKED, content))
        if content == b"5\r\nhel":
            client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    status = 431 if b"X: y\r\n" in content else 400
    assert statuses(answer) == [status]
    assert b"Connection: close\r\n" in answer
    assert b"X-Content-Type-Options: nosniff\r\n" in answer
    assert b"application/problem+json" in answer
    refused = [line for line in server.log.read_text()[before:].splitlines() if "DEBUG" not in line]
    assert len(refused) == 1
    assert f"with {status}" in refused[0]


@pytest.mark.parametrize(
    ("framing", "status"),
    [
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Transfer-Encoding: identity, chunked\r\n", 501),
        ("Transfer-Encoding: rot13, chunked\r\n", 501),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 501),
        ("Transfer-Encoding: gzip\r\n", 400),
        ("Transfer-Encoding: chunked, chunked\r\n", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", 400),
        ("Content-Length: 5, 5\r\n", 400),
        ("Content-Length: -5\r\n", 400),
        ("Content-Length: +5\r\n", 400),
        ("Content-Length: 1_0\r\n", 400),
        ("Content-Length: \xb2\r\n", 400),
        ("Content-Length: " + "9" * 5000 + "\r\n", 400),
        ("Transfer-Encoding : chunked\r\n", 400),
        (" Content-Length: 5\r\n", 400),
        ("Expect: tea\r\nContent-Length: 5\r\n", 417),
    ],
)
def test_a_framing_that_others_may_read_otherwise_is_refused(
    server: Server, token: str, framing: str, status: int
) -> None:
    smuggled = b"5\r\nhello\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    request = f"POST /v1/speakers HTTP/1.1\r\nAuthorization: Bearer {token}\r\n{JSON}{framing}\r\n".encode("latin-1")
    assert statuses(received(server, request + smuggled)) == [status]


# --- contents that are not wanted ------------------------------------------------------------------------------------


def first_answer(server: Server, request: bytes) -> bytes:
    """What comes back when a client sends this and waits."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as client:
        client.sendall(request)
        return client.recv(65536)


EXPECT = "Expect: 100-continue\r\nContent-Length: 41\r\n"


def test_a_content_is_invited_only_after_the_token_was_looked_at(server: Server, token: str) -> None:
    assert first_answer(server, post("nobody's", EXPECT, b"")).startswith(b"HTTP/1.1 401")
    assert first_answer(server, post(token, EXPECT.replace("41", "41000000"), b"")).startswith(b"HTTP/1.1 413")
    assert first_answer(server, post(token, EXPECT, b"")) == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_a_content_that_was_invited_is_used(server: Server, token: str) -> None:
    answers = received(server, post(token, EXPECT, b""), SPEAKER, pause=0.5)
    assert statuses(answers) == [100, 201]


def test_a_content_that_comes_without_an_invitation_is_used(server: Server, token: str) -> None:
    assert statuses(received(server, post(token, EXPECT, SPEAKER))) == [201]


def test_an_invited_content_has_no_effect_twice(server: Server, token: str) -> None:
    key = 'Idempotency-Key: "invited-once"\r\n'
    first = statuses(received(server, post(token, key + EXPECT, b""), SPEAKER, pause=0.3))
    assert (first, statuses(received(server, post(token, key + EXPECT, SPEAKER)))) == ([100, 201], [201])


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("path", "known", "status"), [("/v1/speakers", True, 413), ("/v1/speakers", False, 401), ("/v1/vocabularies", True, 405)])  # fmt: skip
def test_who_sends_20_megabytes_before_reading_learns_why_they_were_refused(
    server: Server, token: str, path: str, known: bool, status: int, chunked: bool
) -> None:
    pieces = (bytes(1_000_000) for _ in range(20))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token if known else 'x'}"}
    headers |= {} if chunked else {"Content-Length": "20000000"}
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("POST", path, pieces, headers, encode_chunked=chunked)
        response = connection.getresponse()
        assert response.status == status
        assert orjson.loads(response.read())["status"] == status


def test_a_large_import_is_received_whole(server: Server, token: str) -> None:
    lines = b"".join(
        b'{"type": "speakers", "document": {"id": "many-%d", "kind": "person", "name": {"en": "Number %d"}}}\n'
        % (number, number)
        for number in range(3000)
    )
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {token}"}
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        for _ in range(2):
            connection.request("POST", "/v1/import", lines, headers)
            response = connection.getresponse()
            report = response.read()
            assert response.status == 200, report


# --- the log ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /v1/speakers?access_token=SECRET HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /v1/speakers?access_token=SECRET now HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/speakers?access_token=SECRET HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization Bearer SECRET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer SECRET\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer SECRET\nX: y\r\n\r\n",
        b"Authorization: Bearer SECRET\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
    ],
)
def test_no_token_gets_into_the_log(server: Server, request_bytes: bytes) -> None:
    assert statuses(received(server, request_bytes))[0] in (400, 401)
    assert "SECRET" not in server.log.read_text()


# --- chance ----------------------------------------------------------------------------------------------------------

FRAGMENTS = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"0\r\n\r\n", b"\xff\xfe", b"%00", b"%", b"?", b"/../", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n", b"Content-Length: 99999999\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"Host: y\r\n", b"HTTP/1.1", b"HTTP/2.0", b"GET / HTTP/1.1\r\n\r\n", b"a" * 9000, b"\x16\x03\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b'"', b"{", b"\xd8\xa7"]  # fmt: skip


def valid_requests(token: str) -> list[bytes]:
    """Requests of all kinds, to be spoilt."""
    patch = f'PATCH /v1/speakers/raw HTTP/1.1\r\n{JSON}Authorization: Bearer {token}\r\nIf-Match: "x"\r\n'
    return [
        b"GET /v1/statements?limit=2&q=peace HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n" * 2,
        b'GET /v1/places/sochi HTTP/1.0\r\nIf-None-Match: "a"\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n',
        b"OPTIONS /v1/speakers HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\nAccess-Control-Request-Method: PUT\r\n\r\n",
        post(token, 'Content-Length: 41\r\nIdempotency-Key: "chance"\r\n', SPEAKER),
        post(token, CHUNKED, b"29;a=b\r\n" + SPEAKER + b"\r\n0\r\nX-Sum: 1\r\n\r\n"),
        post(token, EXPECT, SPEAKER),
        post(token, "Content-Length: 70000\r\n", SPEAKER.ljust(70_000)),
        (patch + "Content-Length: 2\r\n\r\n{}").encode() + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    ]


def spoilt(request: bytes, chance: random.Random) -> bytes:
    """A request after one to four accidents, mostly in its head."""
    spoiling = bytearray(request)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(min(len(spoiling), 400) + 1)
        end = place + chance.randint(1, 12)
        match chance.randrange(5):
            case 0:
                spoiling[place:end] = b""
            case 1:
                spoiling[place:place] = spoiling[place:end] * chance.randint(1, 3)
            case 2:
                spoiling[place : place + 1] = bytes([chance.randrange(256)])
            case 3:
                spoiling[place:place] = chance.choice(FRAGMENTS)
            case _:
                del spoiling[max(place, len(spoiling) - end) :]
    return bytes(spoiling)


def in_pieces(request: bytes, chance: random.Random) -> list[bytes]:
    """A request cut at up to three places."""
    cuts = sorted(chance.randrange(len(request) + 1) for _ in range(chance.randrange(4)))
    return [request[start:end] for start, end in zip([0, *cuts], [*cuts, len(request)], strict=True)]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_sent_is_answered_with_http(server: Server, token: str, seed: int) -> None:
    chance, requests = random.Random(seed), valid_requests(token)
    for number in range(60):
        request = spoilt(requests[number % len(requests)], chance)
        for status in statuses(received(server, *in_pieces(request, chance))):
            assert status < 500 or status in (501, 505), (status, request)
    waits = [answered_after(server) for _ in range(3)]
    assert min(waits) < 1
    logged = server.log.read_text()
    assert token not in logged
    assert "Bearer" not in logged


def answered_after(server: Server) -> float:
    """The seconds that a read takes."""
    began = time.monotonic()
    assert server.get("/health").status == 200
    return time.monotonic() - began
