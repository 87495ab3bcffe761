"""Requests to another service: over a connection that is kept, tried again where that may help, with problems as exceptions."""

import gzip
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import orjson

from api.errors import ServiceRefused, ServiceUnreachable, UnusableAddress

TIMEOUT = 90.0
"""Seconds without a byte after which a request has failed; the feed holds back an answer for 30."""

LONGEST_PAUSE = 60.0
"""Seconds between two tries, unless `Retry-After` asks for more."""

TRANSIENT = {408, 425, 429, 500, 502, 503, 504, 507}
"""The statuses after which the same request may succeed."""

LONGEST_ANSWER = 256_000_000
"""Bytes of a body, unpacked: a page of the feed has 200 entries, and a record hardly more than a megabyte."""

_LONGEST_REASON = 300  # characters of what a service says: enough to understand it, whatever it is

_MOST_RETRY_AFTER = 3600.0  # seconds; a service that asks for more is asked again after an hour

Tell = Callable[[str], None]
"""Takes a sentence for people."""


class Answer(NamedTuple):
    """A response that is no problem; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return orjson.loads(self.body)


class Service:
    """A service at an address such as `https://example.org/tasrih`, read with a token if it has closed reads.

    A request that fails for a while is tried `tries` times, or until it succeeds. `tell` is told of each failure.
    """

    def __init__(
        self, url: str, token: str | None = None, tries: int | None = None, tell: Tell = lambda _: None
    ) -> None:
        parts = urlsplit(url)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise UnusableAddress(f"'{url}' is not the http or https address of a service, without a user and a query.")
        self.url = url.rstrip("/")
        self._path = parts.path.rstrip("/")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection: HTTPConnection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
        self._headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "tasrih"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._tries, self._tell = tries, tell

    def get(self, path: str, query: Any = ()) -> Answer:
        """The answer to a GET; raise ServiceRefused with its problem, or ServiceUnreachable after the last try."""
        target = f"{path}?{urlencode(query, doseq=True)}" if query else path
        failures = 0
        while True:
            pause, reason = 0.0, ""
            try:
                answer = self._exchange(target)
                if answer.status not in TRANSIENT:
                    return _without_problem(answer)
                pause, reason = retry_after(answer.headers), f"it answers {answer.status}"
            except (OSError, HTTPException, EOFError, zlib.error) as error:
                self._connection.close()
                reason = str(error)[:_LONGEST_REASON] or type(error).__name__
            failures += 1
            if failures == self._tries:
                raise ServiceUnreachable(f"{self.url} can't be read: {reason}.")
            pause = pause or min(LONGEST_PAUSE, 2.0 ** (failures - 1))
            self._tell(f"{self.url} can't be read ({reason}): trying again in {pause:g} s.")
            time.sleep(pause)

    def _exchange(self, target: str) -> Answer:
        self._connection.request("GET", f"{self._path}{target}", headers=self._headers)
        response = self._connection.getresponse()
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, _body_of(response)
        )


def _body_of(response: HTTPResponse) -> bytes:
    """The whole body; raise OSError (BadGzipFile), EOFError, zlib.error or HTTPException when it breaks off or has no end."""
    is_packed = response.headers.get("Content-Encoding") == "gzip"
    content = gzip.GzipFile(fileobj=response) if is_packed else response
    body = content.read(LONGEST_ANSWER + 1)
    if len(body) > LONGEST_ANSWER:
        raise OSError(f"its answer has more than {LONGEST_ANSWER:,} bytes")
    if response.length:
        raise EOFError("its answer broke off")
    return body


def retry_after(headers: Mapping[str, str]) -> float:
    """How many seconds `Retry-After` asks to wait (RFC 9110, 10.2.3); 0 if it does not."""
    value = headers.get("retry-after", "")
    try:
        seconds = (
            float(value) if value.isdigit() else (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        )
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(_MOST_RETRY_AFTER, max(0.0, seconds))


def _without_problem(answer: Answer) -> Answer:
    """The answer; raise ServiceRefused when it is a problem, or no answer of this API."""
    if answer.status < 300:
        return answer
    try:
        problem = answer.json
        detail = str(problem.get("detail", problem["title"]))[:_LONGEST_REASON]
        raise ServiceRefused(answer.status, str(problem["type"]), detail, problem)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ServiceRefused(answer.status, "about:blank", f"The answer is {answer.status}.", {}) from None
