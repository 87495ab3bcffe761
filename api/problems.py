"""Anything that goes wrong becomes `application/problem+json` (RFC 9457): a table from failures to answers."""

import logging
from difflib import get_close_matches
from typing import Any, NamedTuple, cast

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotAcceptable, NotFound

from api.failures import (
    DatabaseUnavailable,
    InvalidParameters,
    MissingScope,
    NoSuchRecord,
    TooSlow,
    Unauthenticated,
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
TOKEN_REQUIRED = Kind("token-required", 401, "A token is required")
INVALID_TOKEN = Kind("invalid-token", 401, "Invalid token")
MISSING_SCOPE = Kind("missing-scope", 403, "Missing scope")
NOT_FOUND = Kind("not-found", 404, "Not found")
NO_SUCH_RECORD = Kind("no-such-record", 404, "No such record")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "Method not allowed")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "Not acceptable")
URI_TOO_LONG = Kind("uri-too-long", 414, "URI too long")
INVALID_PARAMETERS = Kind("invalid-parameters", 422, "Invalid parameters")
HEADERS_TOO_LARGE = Kind("headers-too-large", 431, "Request header fields too large")
INTERNAL = Kind("internal-error", 500, "Internal error")
UNAVAILABLE = Kind("database-unavailable", 503, "Database unavailable")
TOO_SLOW = Kind("query-too-slow", 503, "Query too slow")
OTHER = Kind("http-error", 0, "HTTP error")

KINDS = (
    BAD_REQUEST,
    TOKEN_REQUIRED,
    INVALID_TOKEN,
    MISSING_SCOPE,
    NOT_FOUND,
    NO_SUCH_RECORD,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
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
