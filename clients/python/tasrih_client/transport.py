"""Requests over HTTP, tried again where that is safe."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tasrih_client.errors import ConnectionLost, problem_of

Value = str | int | float | bool | None | Sequence[str]
"""What a parameter takes: a list is repeated, None is left out."""

RETRIED = {429, 502, 503, 504, 507}
"""The statuses after which nothing has been changed and the same request may succeed."""

IN_PROGRESS = "urn:tasrih:problem:request-in-progress"
LONGEST_PAUSE = 300.0  # seconds, whatever `Retry-After` says


class Answer(NamedTuple):
    """A successful answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class Transport:
    """A service at an address. A request is repeated at most `retries` times, after `Retry-After` or 1, 2, 4 ... seconds."""

    def __init__(self, url: str, token: str | None, retries: int, timeout: float) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is no address of a service: it begins with http:// or https://.")
        self.url = url.rstrip("/")
        self._retries, self._timeout = retries, timeout
        self._headers = {"Accept": "application/json, application/x-ndjson, text/csv", "User-Agent": "tasrih-client"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Value] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request; raise Problem, or ConnectionLost."""
        address = f"{self.url}{path}{_query(query or {})}"
        request = Request(address, body, {**self._headers, **(headers or {})}, method=method)
        repeatable = method == "GET" or "Idempotency-Key" in (headers or {})
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries
            try:
                with urlopen(request, timeout=self._timeout) as response:
                    return Answer(response.status, _lower(response.headers.items()), response.read())
            except HTTPError as error:
                pause = self._pause_after(error, attempt, is_last)
            except (OSError, HTTPException) as error:
                if is_last or not repeatable:
                    raise ConnectionLost(f"{method} {address}: {error}") from error
                pause = 2.0**attempt
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _pause_after(self, error: HTTPError, attempt: int, is_last: bool) -> float:
        """How long to wait before the request is sent again; raise Problem when it is not to be."""
        with error:
            problem = problem_of(error.code, error.read(), error.headers.get("Location"))
        if is_last or (error.code not in RETRIED and problem.type != IN_PROGRESS):
            raise problem from None
        return retry_after(error.headers.get("Retry-After")) or 2.0**attempt


def retry_after(value: str | None) -> float:
    """The seconds that `Retry-After` asks to wait (RFC 9110, 10.2.3); 0 if it does not."""
    try:
        if value is None or value.isdigit():
            return min(LONGEST_PAUSE, float(value or 0))
        until = parsedate_to_datetime(value)
        return min(LONGEST_PAUSE, max(0.0, (until - datetime.now(UTC)).total_seconds()))
    except (ValueError, TypeError):
        return 0.0


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _query(parameters: Mapping[str, Value]) -> str:
    pairs = [(name, _text(each)) for name, value in parameters.items() for each in _values(value)]
    return f"?{urlencode(pairs)}" if pairs else ""


def _values(value: Value) -> Sequence[Any]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str | int | float) else value


def _text(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
