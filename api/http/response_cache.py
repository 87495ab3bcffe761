"""Responses kept as finished bytes until a record changes.

The response to a GET depends on the request and on the records, and every change of a record's representation has a row
in the log of changes. So a response is kept together with the number of the last change before it was made, and served
again while that is still the last. One look at the end of an index tells, on either engine and whoever has written.

A backup that is restored may end at the same change with other records, and expired changes can not be served any more.
So the last restoration and expiry count as well.
"""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, NamedTuple

from cachetools import LRUCache

from api.changelog.positions import State, current_state
from api.database.current import database
from api.http.preconditions import client_has
from api.http.request_notes import CACHED, RECORDS_STATE
from api.representations.compression import is_accepted

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

_KEY = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
"""The variables of a request on which its response depends, besides whether it accepts gzip."""

_OVERHEAD = 3000  # bytes that the objects of an answer take besides its texts, about
_LARGEST = 1 / 8  # of the memory that one answer may take


class Answer(NamedTuple):
    """A finished answer, made when the records were in this state; without replicas perhaps in a later one."""

    state: State
    tag: str
    headers: Headers
    body: bytes
    size: int


class ResponseCache:
    """A WSGI application that serves kept responses while they are current, and passes every other request on.

    `size` is how many bytes of answers it keeps; the least recently used go first.

    Where there is one database, its state moves on, and an answer that is newer than its state is soon forgotten. With
    replicas (`moves`) a reader may come back to that state on another one, so an answer is kept only if it is exactly of it.
    """

    def __init__(self, application: Application, size: int, moves: bool = False) -> None:
        self.application = application
        self._moves = moves
        self._largest = int(size * _LARGEST)
        self._kept: LRUCache[tuple[str | None, ...], Answer] = LRUCache(size, lambda answer: answer.size)
        self._lock = Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        if not _concerns_records(environ):
            return self.application(environ, start)
        state = environ[RECORDS_STATE] if RECORDS_STATE in environ else _state()
        if state is None:
            return self.application(environ, start)
        key = (*map(environ.get, _KEY), "gzip" if is_accepted(environ.get("HTTP_ACCEPT_ENCODING")) else None)
        with self._lock:
            answer = self._kept.get(key)
        environ[CACHED] = answer is not None and answer.state == state
        if answer is None or answer.state != state:
            return self._answered(environ, start, key, state)
        database.close()
        return _again(answer, environ.get("HTTP_IF_NONE_MATCH"), start)

    def _answered(self, environ: Environ, start: Start, key: tuple[str | None, ...], state: State) -> Iterable[bytes]:
        """Let the application answer, and keep its response if that may be served again."""
        started: list[Any] = []

        def listening(status: str, headers: Headers, *more: Any) -> Any:
            started[:] = status, headers
            return start(status, headers, *more)

        chunks = self.application(environ, listening)
        status, headers = started or ("", [])
        tag = self._tag_if_kept(status, dict(headers))
        if tag is None:
            return chunks
        body = _all_of(chunks)
        size = _OVERHEAD + len(body) + _length(key) + sum(map(_length, headers))
        if size <= self._largest and not (self._moves and _state() != state):
            with self._lock:
                self._kept[key] = Answer(state, tag, headers, body, size)
        return (body,)

    def _tag_if_kept(self, status: str, headers: Mapping[str, str]) -> str | None:
        """The entity tag of a response that may be served again; streams have no length and are not kept."""
        fits = int(headers.get("Content-Length", self._largest)) + _OVERHEAD < self._largest
        return headers.get("ETag") if status == "200 OK" and fits and _may_be_stored(headers) else None


def _state() -> State | None:
    """The state of the records, None when the database can not be read: the application will say why."""
    try:
        return current_state()
    except Exception:
        return None


def _concerns_records(environ: Environ) -> bool:
    """Whether the records alone decide the response; a request for the feed of changes may wait for more of them."""
    path = environ["PATH_INFO"]
    reads = environ["REQUEST_METHOD"] == "GET" and "HTTP_AUTHORIZATION" not in environ
    return reads and path.startswith(("/v1/", "/ar/", "/en/", "/embed/")) and path != "/v1/changes"


def _may_be_stored(headers: Mapping[str, str]) -> bool:
    """Whether an answer says nothing against being stored for everybody (RFC 9111, 3)."""
    control = headers.get("Cache-Control", "no-store")
    return "no-store" not in control and "private" not in control


def _again(answer: Answer, if_none_match: str | None, start: Start) -> Iterable[bytes]:
    if client_has(if_none_match, answer.tag):
        start("304 NOT MODIFIED", [field for field in answer.headers if not field[0].startswith("Content-")])
        return ()
    start("200 OK", answer.headers)
    return (answer.body,)


def _length(texts: Iterable[str | None]) -> int:
    return sum(len(text) for text in texts if text)


def _all_of(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
