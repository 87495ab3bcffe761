"""Watching requests from outside of the application: their ids on the way back, and what observers note of each.

Without an observer, and for a request without an id, this costs a look at one variable.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from time import perf_counter
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.exceptions import HTTPException

from api.http.operations import operations_of
from api.http.request_notes import CACHED, HEADER, REPLICA_READ, TOKEN, ReplicaRead, id_for_log, known_id

Environ = dict[str, Any]
Start = Callable[..., Any]

NO_ROUTE = "none"

ROUTES_KEPT = 1000  # addresses whose route is remembered; matching one takes 20 microseconds

_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context, 3.2


class Observation(NamedTuple):
    """A request that was answered: its route as the contract writes it, and the seconds until its response was made.

    `is_cached` is None for what the response cache has nothing to do with, `replica` for what no replica was asked for.
    """

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    token: str | None
    is_cached: bool | None
    trace_parent: str | None
    replica: ReplicaRead | None


Observer = Callable[[Observation], None]


class Observed:
    """A WSGI application that sends the id of a request back, and tells `observers` of each request."""

    def __init__(self, application: Callable[[Environ, Start], Iterable[bytes]], app: Flask) -> None:
        self.application = application
        self.observers: list[Observer] = []
        self._app = app
        self._route = lru_cache(ROUTES_KEPT)(self._matched_route)
        self._routes = {name: operation.path for name, operation in operations_of(app).items()}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        if not self.observers and "HTTP_X_REQUEST_ID" not in environ:
            return self.application(environ, start)
        return self._observed(environ, start)

    def _observed(self, environ: Environ, start: Start) -> Iterable[bytes]:
        began, statuses = perf_counter(), list[str]()
        is_stream = True

        def identified(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal is_stream
            statuses.append(status)
            is_stream = status.startswith("200") and not any(name.lower() == "content-length" for name, _ in headers)
            request_id = known_id(environ)
            if request_id is not None:
                headers = [*(field for field in headers if field[0] != HEADER), (HEADER, request_id)]
            return start(status, headers, *more)

        if self.observers:
            id_for_log(environ)
        chunks = self.application(environ, identified)
        if not self.observers:
            return chunks
        if not is_stream:
            self._tell(environ, statuses, began)
            return chunks
        return self._told_at_the_end(chunks, lambda: self._tell(environ, statuses, began))

    def _told_at_the_end(self, chunks: Iterable[bytes], tell: Callable[[], None]) -> Iterator[bytes]:
        try:
            yield from chunks
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
            tell()

    def _tell(self, environ: Environ, statuses: list[str], began: float) -> None:
        trace_parent = environ.get("HTTP_TRACEPARENT", "")
        observation = Observation(
            request_id=id_for_log(environ),
            method=environ["REQUEST_METHOD"],
            route=self._route(environ["REQUEST_METHOD"], environ["PATH_INFO"]),
            status=int(statuses[-1][:3]) if statuses else 500,
            seconds=perf_counter() - began,
            token=environ.get(TOKEN),
            is_cached=environ.get(CACHED),
            trace_parent=trace_parent if _TRACE_PARENT.fullmatch(trace_parent) else None,
            replica=environ.get(REPLICA_READ),
        )
        for observer in self.observers:
            observer(observation)

    def _matched_route(self, method: str, path: str) -> str:
        """The route that answers a request, with `{id}` for what varies, so that there are few."""
        try:
            rule, _ = self._app.url_map.bind("").match(path, method, return_rule=True)
        except HTTPException:
            return NO_ROUTE
        return self._routes.get(rule.endpoint) or rule.rule.replace("<", "{").replace(">", "}")
