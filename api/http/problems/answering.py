"""From an exception to the answer: the row of the table of problems that names it, written as a response."""

import logging
from typing import Any, cast
from urllib.parse import quote

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from api.database.connections import forget_connections
from api.database.outages import is_disconnected, is_locked, is_read_only
from api.errors import (
    DatabaseUnavailable,
    NotCommitted,
    NotReproducible,
    ReadOnlyCopy,
    TasrihError,
    TooSlow,
    UnfitDatabase,
    WaitedInVain,
)
from api.http.media_types import PROBLEM
from api.http.problems.problem import Detail, Problem
from api.http.problems.table import INTERNAL_ERROR, problem_for
from api.http.request_notes import FROM_REPLICA, HEADER, OUTAGE, id_for_log, known_id
from api.migrations.versions import refuse_newer_while_serving

log = logging.getLogger("tasrih")

OUTAGES = frozenset({"storage-full", "database-unavailable", "database-read-only", "outcome-unknown"})


def answer_with_problems(app: Flask) -> None:
    """Answer every exception that a view or a hook of this application raises with the problem that names it."""
    app.register_error_handler(Exception, handle)


def handle(error: Exception) -> Response:
    """The response to an exception; HTTP redirects are what they are."""
    if isinstance(error, HTTPException) and (error.response is not None or (error.code or 500) < 400):
        return cast(Response, Response.force_type(error.get_response(), request.environ))
    error = _of_newer_database(error)
    problem, detail = problem_for(error)
    _note(problem, error)
    return _respond(problem, error, detail)


def _of_newer_database(error: Exception) -> Exception:
    """What is behind a failure: perhaps that a newer program has changed the tables meanwhile."""
    if isinstance(error, HTTPException | TasrihError) and not isinstance(error, DatabaseUnavailable):
        return error
    if request.environ.get(FROM_REPLICA):  # which may hang; the primary is asked again in any case
        return error
    try:
        refuse_newer_while_serving()
    except UnfitDatabase as newer:
        return newer
    except Exception:  # the database can't even be asked, which the error itself says
        return error
    return error


def document(
    problem: Problem,
    detail: str,
    status: int | None = None,
    issues: list[dict[str, Any]] | None = None,
    request_id: str | None = None,
) -> bytes:
    """A problem document in UTF-8; its status is the problem's own unless another is given."""
    members = {"type": problem.type, "title": problem.title, "status": status or problem.status, "detail": detail}
    more = {"request_id": request_id, "errors": issues}
    return orjson.dumps(members | {name: value for name, value in more.items() if value})


def _respond(problem: Problem, error: Exception, detail: Detail) -> Response:
    """The problem as a response that no cache keeps, with the headers that an HTTP error came with (Allow, Retry-After)."""
    status = (error.code if isinstance(error, HTTPException) else None) or problem.status
    sentence = detail(error) if callable(detail) else detail.format(error=error)
    request_id = known_id(request.environ)
    body = document(problem, sentence, status, problem.issues(error), request_id)
    response = Response(body, status, content_type=PROBLEM)
    if request_id:
        response.headers[HEADER] = request_id
    response.headers["Cache-Control"] = "no-store"
    for name, value in [*_headers_of_http_error(error), *((name, of(error)) for name, of in problem.headers.items())]:
        if value is not None:
            response.headers[name] = value
    return response


def _headers_of_http_error(error: Exception) -> list[tuple[str, str | None]]:
    if not isinstance(error, HTTPException):
        return []
    headers = error.get_headers(request.environ)
    return [(name, value) for name, value in headers if name.lower() not in ("content-type", "content-length")]


def _says_all(error: Exception) -> bool:
    """Whether the operator learns nothing more from the place where an exception was raised."""
    waited = isinstance(error, DatabaseUnavailable) and error.__cause__ is None
    return waited or isinstance(error, UnfitDatabase) or any(seen(error) for seen in _EXPLAINED)


_EXPLAINED = (is_locked, is_read_only, is_disconnected)
"""What happens where nobody programmed anything: during a failover to every request, so that traces would fill the log."""


def _note(problem: Problem, error: Exception) -> None:
    """Tell the operator what only they can mend; after an outage the next request gets connections of its own."""
    if problem.name in OUTAGES and request.environ.get(FROM_REPLICA):
        forget_connections()
        request.environ[OUTAGE] = True
        _log(logging.WARNING, f"A replica can't answer, so the primary does: {' '.join(str(error).split())}")
    elif problem.name in OUTAGES:
        if not isinstance(error, (NotCommitted, WaitedInVain)):
            forget_connections()
        _log(logging.ERROR, f"{problem.title}: {error}", None if _says_all(error) else error)
    elif isinstance(error, ReadOnlyCopy):
        _log(logging.WARNING, f"Refused by a read-only copy: {request.method} {_path()}")
    elif isinstance(error, TooSlow):
        query = request.query_string.decode("ascii", "replace")
        _log(logging.WARNING, f"Too slow: {_path()}{'?' if query else ''}{query}")
    elif isinstance(error, NotReproducible):
        _log(logging.ERROR, f"The log of {error} is damaged; run 'tasrih check': {_path()}", error)
    elif problem is INTERNAL_ERROR:
        cause = (error.original_exception if isinstance(error, InternalServerError) else None) or error
        _log(logging.ERROR, f"Unforeseen failure answering {request.method} {_path()}", cause)


def _path() -> str:
    """The path as the client may have written it: in what is logged, one line."""
    return quote(request.path)


def _log(level: int, sentence: str, error: BaseException | None = None) -> None:
    """Log a sentence under the id of the request, which its problem shows."""
    request_id = id_for_log(request.environ)
    extra = {"fields": {"request_id": request_id}}
    log.log(level, "%s [request %s]", sentence, request_id, exc_info=error, extra=extra)
