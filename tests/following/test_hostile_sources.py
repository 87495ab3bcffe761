"""Sources that answer with anything: a mirror says so in a sentence, reads none for ever, and keeps what it has."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import orjson
import pytest
from conftest import NewDatabase
from filling import migrated

from api.commands.terminal import printable
from api.database.connections import connect
from api.database.current import use_database
from api.database.statements import execute, rows
from api.errors import ServiceRefused, ServiceUnreachable, UnusableMirror
from api.following.mirroring import follow
from api.records.rendering import etag
from api.remote import service
from api.remote.service import Answer, Service

PLACE: dict[str, Any] = {
    "id": "sochi",
    "kind": "city",
    "name": {"en": "Sochi"},
    "aliases": [],
    "within": None,
    "coordinates": None,
    "identifiers": [],
    "created_at": "2026-01-01T00:00:00.000000Z",
    "updated_at": "2026-01-01T00:00:00.000000Z",
}
ENTRY = {
    "sequence": 1,
    "type": "places",
    "id": "sochi",
    "operation": "created",
    "revision": 1,
    "recorded_at": PLACE["created_at"],
    "recorded_by": "editor",
    "merged_into": None,
    "etag": etag(orjson.dumps(PLACE)),
    "document": PLACE,
}
PAGE = {"data": [ENTRY], "page": {"next": "/v1/changes?since=1", "more": False}}


class Source:
    """A source that answers every request alike."""

    url = "http://source.example"

    def __init__(self, body: bytes) -> None:
        self._body = body

    def get(self, path: str, query: Any = ()) -> Answer:
        return Answer(200, {}, self._body)


@pytest.fixture
def followed(new_database: NewDatabase) -> Iterator[Callable[[bytes], None]]:
    """Follows a source of such answers once."""
    url = new_database()
    database: Any = connect(url)
    with use_database(database):
        migrated(url)

        def follow_once(body: bytes) -> None:
            execute("DELETE FROM arrival")
            execute("DELETE FROM mirror")
            follow(Source(body), lambda _: None, once=True)  # type: ignore[arg-type]

        yield follow_once
        assert [name for name in ("place", "change") if rows(f'SELECT 1 FROM "{name}"')] == []
    database.close_all()


def spoilt(page: dict[str, Any] | None = None, **entry: Any) -> bytes:
    """A page with something else in its entry or around it."""
    return orjson.dumps({**PAGE, "data": [{**ENTRY, **entry}], **(page or {})})


def tagged(**document: Any) -> bytes:
    """A page with something else in its document, and the entity tag of that."""
    changed = {key: value for key, value in {**PLACE, **document}.items() if value is not ...}
    return spoilt(document=changed, etag=etag(orjson.dumps(changed)))


SENSELESS = [
    b"<html>",
    b"[]",
    b"[" * 100_000,
    spoilt({"data": ""}),
    spoilt({"data": [None]}),
    spoilt({"page": None}),
    spoilt({"page": {"next": "/v1/changes", "more": False}}),
    spoilt({"page": {"next": "http://[::1", "more": False}}),
    spoilt({"page": {"next": f"?since={'9' * 5000}", "more": False}}),
    spoilt({"page": {"next": "?since=-1", "more": False}}),
    spoilt({"page": {"next": "?since=0", "more": True}}),
    spoilt({"page": {"next": "?since=9", "more": False}}),
    spoilt(sequence=2**64 - 1),
    spoilt(sequence=True),
    spoilt(revision="1"),
    spoilt(operation="painted"),
    spoilt(merged_into="elsewhere"),
    spoilt(recorded_by=None),
    spoilt(type="\x1b[2J"),
    spoilt(id="gagra"),
    spoilt(etag='"0"'),
    spoilt(document={}),
    tagged(kind=...),
    tagged(name="Sochi"),
    tagged(name={"en": "So\0chi"}, coordinates=[1]),
    tagged(aliases=[None]),
    tagged(within={"id": "nowhere"}),
]


def test_a_source_that_makes_no_sense_is_refused_in_a_sentence(followed: Callable[[bytes], None]) -> None:
    for body in SENSELESS:
        with pytest.raises(UnusableMirror):
            followed(body)


class Answering(BaseHTTPRequestHandler):
    """Answers with these bytes after its status line."""

    response = b""

    def do_GET(self) -> None:
        self.wfile.write(self.response)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(response: bytes) -> Iterator[Service]:
    with HTTPServer(("127.0.0.1", 0), type("Handler", (Answering,), {"response": response})) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        asking = Service(f"http://127.0.0.1:{server.server_port}", tries=1)
        yield asking
        thread.join()
        asking._connection.close()


PACKED = gzip.compress(bytes(100_000))


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5001),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:-9],
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:10] + b"\xff" * 50,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain",
        b"\x1b[2J" * 20_000,
        b"HTTP/1.1 503 Later\r\nRetry-After: Mon, 20 Nov 1995 19:12:08 +99999999999999\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_an_answer_that_is_none_is_a_failure(response: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LONGEST_ANSWER", 5000)
    with answering(response) as source, pytest.raises(ServiceUnreachable) as failure:
        source.get("/v1/changes")
    assert len(str(failure.value)) < 500
    assert "\x1b" not in printable(str(failure.value))


@pytest.mark.parametrize(
    "problem", [b"[]", b"null", b'"x"', b"{", b'{"type": "x"}', b'{"type": 1, "title": {"a": "\\u001b"}}']
)
def test_a_problem_of_any_form_is_a_refusal(problem: bytes) -> None:
    head = b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n" % len(problem)
    with answering(head + problem) as source, pytest.raises(ServiceRefused):
        source.get("/v1/changes")
