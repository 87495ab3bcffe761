"""Anything that goes wrong becomes `application/problem+json` (RFC 9457): a table from failures to answers."""

import logging
from difflib import get_close_matches
from typing import Any, NamedTuple, cast

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotAcceptable, NotFound

from api.failures import (
    DatabaseUnavailable,
    Deleted,
    ExpiredPosition,
    InvalidParameters,
    MergedAway,
    MissingScope,
    MomentExpired,
    MomentNotReached,
    NoSuchRecord,
    TooSlow,
    Unauthenticated,
    UnknownPosition,
    UnusableCredentials,
)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER = "5"  # seconds: as long as a writer may hold the database before readers are told

log = logging.getLogger("tasrih")


class Kind(NamedTuple):
    """A kind of problem: its name (the end of its `type` URN), HTTP status and title."""

    name: str
    status: int
    title: str


BAD_REQUEST = Kind("bad-request", 400, "Bad request")
MOMENT_NOT_REACHED = Kind("moment-not-reached", 400, "Moment not reached")
TOKEN_REQUIRED = Kind("token-required", 401, "A token is required")
INVALID_TOKEN = Kind("invalid-token", 401, "Invalid token")
MISSING_SCOPE = Kind("missing-scope", 403, "Missing scope")
NOT_FOUND = Kind("not-found", 404, "Not found")
NO_SUCH_RECORD = Kind("no-such-record", 404, "No such record")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "Method not allowed")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "Not acceptable")
MERGED = Kind("merged", 308, "Merged")
GONE = Kind("gone", 410, "Gone")
POSITION_GONE = Kind("position-gone", 410, "Position gone")
MOMENT_GONE = Kind("moment-gone", 410, "Moment gone")
URI_TOO_LONG = Kind("uri-too-long", 414, "URI too long")
INVALID_PARAMETERS = Kind("invalid-parameters", 422, "Invalid parameters")
HEADERS_TOO_LARGE = Kind("headers-too-large", 431, "Request header fields too large")
INTERNAL = Kind("internal-error", 500, "Internal error")
UNAVAILABLE = Kind("database-unavailable", 503, "Database unavailable")
TOO_SLOW = Kind("query-too-slow", 503, "Query too slow")
OTHER = Kind("http-error", 0, "HTTP error")

KINDS = (
    BAD_REQUEST,
    MOMENT_NOT_REACHED,
    TOKEN_REQUIRED,
    INVALID_TOKEN,
    MISSING_SCOPE,
    NOT_FOUND,
    NO_SUCH_RECORD,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    MERGED,
    GONE,
    POSITION_GONE,
    MOMENT_GONE,
    URI_TOO_LONG,
    INVALID_PARAMETERS,
    HEADERS_TOO_LARGE,
    INTERNAL,
    UNAVAILABLE,
    TOO_SLOW,
)


FAILED = "The service failed unexpectedly; the operator finds it in the log. The same request may work later."
LISTED = "The query can't be used; errors lists every mistake. Mend them and ask again."
REALM = "tasrih"
RETRY = f"The database can't answer at the moment. Try again in {RETRY_AFTER} seconds."


NARROW = (
    "Finding this takes longer than the {seconds:g} seconds this service allows a query. Narrow it: add a filter or a word,"
    " lengthen a beginning such as a*, ask for fewer facets, or sort by date."
)


def type_of(kind: Kind) -> str:
    """The stable `type` of a kind of problem."""
    return f"urn:tasrih:problem:{kind.name}"


def body(kind: Kind, detail: str, errors: list[dict[str, str]] | None = None, status: int | None = None) -> bytes:
    """A problem document in UTF-8."""
    document: dict[str, Any] = {
        "type": type_of(kind),
        "title": kind.title,
        "status": status or kind.status,
        "detail": detail,
    }
    if errors:
        document["errors"] = errors
    return orjson.dumps(document)


def answer(kind: Kind, detail: str, errors: list[dict[str, str]] | None = None, status: int | None = None) -> Response:
    """A problem as a response that no cache keeps."""
    response = Response(body(kind, detail, errors, status), status or kind.status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Let every failure of this application answer as a problem."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Unauthenticated, _unauthenticated)
    app.register_error_handler(UnusableCredentials, _unusable_credentials)
    app.register_error_handler(MissingScope, _missing_scope)
    app.register_error_handler(NoSuchRecord, _no_such_record)
    app.register_error_handler(Deleted, _deleted)
    app.register_error_handler(MergedAway, _merged)
    app.register_error_handler(UnknownPosition, _unknown_position)
    app.register_error_handler(ExpiredPosition, _expired_position)
    app.register_error_handler(MomentNotReached, _moment_not_reached)
    app.register_error_handler(MomentExpired, _moment_expired)
    app.register_error_handler(InvalidParameters, _invalid_parameters)
    app.register_error_handler(DatabaseUnavailable, _unavailable)
    app.register_error_handler(TooSlow, _too_slow)
    app.register_error_handler(Exception, _unforeseen)


def _unauthenticated(failure: Unauthenticated) -> Response:
    kind = INVALID_TOKEN if failure.error else TOKEN_REQUIRED
    return _challenged(answer(kind, str(failure)), **({"error": failure.error} if failure.error else {}))


def _unusable_credentials(failure: UnusableCredentials) -> Response:
    return _challenged(answer(BAD_REQUEST, str(failure)), error="invalid_request")


def _missing_scope(failure: MissingScope) -> Response:
    said = f"The token has not the scope '{failure.scope}', which this takes. Ask the operator for one that has."
    return _challenged(answer(MISSING_SCOPE, said), error="insufficient_scope", scope=failure.scope)


def _challenged(response: Response, **parameters: str) -> Response:
    """An answer that says how to authenticate (RFC 6750, 3)."""
    told = {"realm": REALM, **parameters}
    response.headers["WWW-Authenticate"] = "Bearer " + ", ".join(f'{name}="{value}"' for name, value in told.items())
    return response


def _no_such_record(failure: NoSuchRecord) -> Response:
    shown = str(failure)[:100]
    return answer(NO_SUCH_RECORD, f"There is no record '{shown}' here. Look for it with the collection's parameter q.")


def _deleted(failure: Deleted) -> Response:
    history = "/".join(request.path.split("/")[:4])
    return answer(GONE, f"There is nothing here any more: '{failure}' was deleted. {history}/history tells when.")


def _merged(failure: MergedAway) -> Response:
    """The way to the record that stands for another, the rest of the address as it was (RFC 9110, 15.4.9)."""
    here = f"/v1/{failure.noun}/"
    successor = f"{here}{failure.into}" + request.path.removeprefix(f"{here}{failure.record_id}")
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    response = answer(MERGED, f"'{failure}' was merged into '{failure.into}', which is at {here}{failure.into}.")
    response.headers["Location"] = f"{request.script_root}{successor}{query}"
    return response


RESYNC = "To be exact again a mirror starts anew: read GET /v1/changes?since=0 to its end, and drop what that does not bring."


def _unknown_position(failure: UnknownPosition) -> Response:
    shown = str(failure.since)[:30]
    return answer(POSITION_GONE, f"The feed has no position '{shown}'; it ends at {failure.last}. {RESYNC}")


def _expired_position(failure: ExpiredPosition) -> Response:
    said = f"Some changes after position {failure.since} are no longer kept; all after {failure.expired} are. {RESYNC}"
    return answer(POSITION_GONE, said)


def _moment_not_reached(failure: MomentNotReached) -> Response:
    return answer(MOMENT_NOT_REACHED, f"'as_of' lies in the future, after {failure}. Give a moment that has been.")


def _moment_expired(failure: MomentExpired) -> Response:
    return answer(MOMENT_GONE, f"What was said then is no longer kept. Ask for {failure.moment} or later.")


def _invalid_parameters(failure: InvalidParameters) -> Response:
    errors = [{"parameter": mistake.where, "detail": mistake.detail} for mistake in failure.mistakes]
    return answer(INVALID_PARAMETERS, LISTED, errors)


def _unavailable(failure: DatabaseUnavailable) -> Response:
    log.error("The database is unavailable: %s", failure, exc_info=failure)
    response = answer(UNAVAILABLE, RETRY)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _too_slow(failure: TooSlow) -> Response:
    log.warning("Too slow: %s", request.full_path)
    return answer(TOO_SLOW, NARROW.format(seconds=failure.seconds))


def _http_error(error: HTTPException) -> Response:
    """Keep the headers an error came with (Allow, Retry-After, WWW-Authenticate); replace its page by a problem."""
    if isinstance(error, InternalServerError):
        return _unforeseen(error.original_exception or error)
    if error.response is not None or (error.code or 500) < 400:
        return cast(Response, Response.force_type(error.get_response(), request.environ))
    problem = answer(*_told(error), status=error.code)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            problem.headers[name] = value
    return problem


def _told(error: HTTPException) -> tuple[Kind, str]:
    if isinstance(error, NotFound):
        return NOT_FOUND, f"Nothing lives at this address.{_hint(request.path)} GET / links everything there is."
    if isinstance(error, MethodNotAllowed):
        return METHOD_NOT_ALLOWED, f"This address answers {', '.join(sorted(error.valid_methods or ()))}."
    if isinstance(error, NotAcceptable):
        return NOT_ACCEPTABLE, str(error.description)
    known = {kind.status: kind for kind in KINDS}
    return known.get(error.code or 0, OTHER), str(error.description or error.name)


def _hint(path: str) -> str:
    known = [rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments]
    close = get_close_matches(path[:100].lower(), known, n=1, cutoff=0.85)
    return f" Did you mean {close[0]}?" if close else ""


def _unforeseen(error: BaseException) -> Response:
    log.error("Unforeseen failure answering %s %s", request.method, request.path, exc_info=error)
    return answer(INTERNAL, FAILED)
