"""Contents of requests, gathered from whatever pieces they arrive in."""

import random
from contextlib import nullcontext
from time import process_time
from typing import Any, NamedTuple

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException

from api.server.contents import content_of
from api.server.heads import read_head

ME = ("127.0.0.1", 1)
LONGEST = 1000
SIZED = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world"
CHUNKS = b'5;a=b\r\nhello\r\n006 ; c\r\n world\r\n0;d="e"\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n'
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS
NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def config() -> Any:
    return Config()


class Gathered(NamedTuple):
    """What was made of the pieces of a request."""

    complete: bool
    ready: bool
    data: bytes
    rest: bytes


def gathered(pieces: list[bytes], config: Any) -> Gathered:
    """The content of a request that comes in these pieces, and what is left behind it."""
    buffer, request, content = bytearray(), None, None
    for piece in pieces:
        buffer += piece
        request = request or read_head(buffer, config, ME)
        if request is not None:
            content = content or content_of(request, LONGEST)
            content.feed(buffer)
    if content is None:
        return Gathered(False, False, b"", bytes(buffer))
    content.file.seek(0)
    with content.file as file:
        return Gathered(content.complete, content.is_ready, file.read(), bytes(buffer))


@pytest.mark.parametrize("request_bytes", [SIZED, CHUNKED], ids=["sized", "chunked"])
@pytest.mark.parametrize("seed", range(50))
def test_the_pieces_make_no_difference(request_bytes: bytes, seed: int, config: Any) -> None:
    chance, whole = random.Random(seed), request_bytes + NEXT
    cuts = sorted(chance.randrange(len(whole)) for _ in range(seed))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert gathered(pieces, config) == (True, True, b"hello world", NEXT)


def test_a_request_without_a_content_is_complete_at_once(config: Any) -> None:
    assert gathered([NEXT + NEXT], config) == (True, True, b"", NEXT)


def test_chunks_without_end_are_taken_until_they_are_too_long(config: Any) -> None:
    head = CHUNKED.removesuffix(CHUNKS)
    taken = gathered([head, *[b"64\r\n" + bytes(100) + b"\r\n"] * 20], config)
    assert (taken.complete, taken.ready) == (False, True)
    assert LONGEST < len(taken.data) <= LONGEST + 100


@pytest.mark.parametrize("end", range(1, len(CHUNKED)))
def test_a_part_of_a_request_is_neither_complete_nor_malformed(end: int, config: Any) -> None:
    assert not gathered([CHUNKED[:end]], config).ready


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\n",
        b"GET /" + b"a" * 9000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 11_000,
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_a_hopeless_head_is_refused_before_its_end(head: bytes, config: Any) -> None:
    with pytest.raises(ParseException):
        read_head(bytearray(head), config, ME)


@pytest.mark.parametrize(
    ("head", "accepted"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", True),
        (b"GET / HTTP/1.0\r\n\r\n", True),
    ],
)
def test_a_request_names_one_host_but_in_http_1_0(head: bytes, accepted: bool, config: Any) -> None:
    with nullcontext() if accepted else pytest.raises(ParseException):
        assert read_head(bytearray(head), config, ME)


def test_empty_lines_before_a_request_are_passed_over(config: Any) -> None:
    request = read_head(bytearray(b"\r\n\r\n\r\n" + NEXT), config, ME)
    assert request is not None
    assert request.path == "/next"


def require_refused_at_once(chunks: bytes, config: Any) -> None:
    buffer, began = bytearray(CHUNKED.removesuffix(CHUNKS) + chunks), process_time()
    request = read_head(buffer, config, ME)
    assert request is not None
    content = content_of(request, LONGEST)
    with content.file, pytest.raises(ParseException):
        content.feed(buffer)
    assert process_time() - began < 1


@pytest.mark.parametrize("trailer", [b"a", b"A: b", b":"])
def test_many_short_trailers_are_refused_at_once(trailer: bytes, config: Any) -> None:
    require_refused_at_once(b"0\r\n" + (trailer + b"\r\n") * 66_000 + b"\r\n", config)
    require_refused_at_once(b"0\r\n" + (trailer + b"\r\n") * (65_000 // len(trailer)) + b"\r\n", config)


@pytest.mark.parametrize("piece", [b" ", b" \t", b";", b";a", b"; a = b", b';a="', b'\\"', b';a="b"'])
@pytest.mark.parametrize("start", [b"5", b"5;", b'5;a="'])
def test_no_extension_of_a_chunk_takes_long_to_look_at(start: bytes, piece: bytes, config: Any) -> None:
    require_refused_at_once(start + piece * (8000 // len(piece)) + b"\x00\r\n", config)
