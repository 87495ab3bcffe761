"""Anything that goes wrong becomes `application/problem+json` (RFC 9457): a table from failures to answers."""

import logging
import re
from difflib import get_close_matches
from sqlite3 import OperationalError
from typing import Any, NamedTuple, cast

import orjson
from flask import Flask, Response, current_app, request
from peewee import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotAcceptable, NotFound

from api.database.connections import forget_connections
from api.database.outages import is_full, is_read_only
from api.errors import (
    AlreadyExists,
    BodyTooLarge,
    BreaksReferences,
    DatabaseUnavailable,
    Deleted,
    EmptyRevision,
    HistoryBusy,
    InvalidDocuments,
    InvalidIdempotencyKey,
    InvalidLines,
    InvalidParameters,
    Issue,
    KeyReused,
    LostPosition,
    MergedAway,
    MissingScope,
    MomentExpired,
    MomentNotReached,
    NoSuchRecord,
    NoSuchRevision,
    NotJSON,
    NotReproducible,
    NotYetCreated,
    PreconditionFailed,
    PreconditionRequired,
    RebuildingTooSlow,
    RequestInProgress,
    StillReferenced,
    TooManyExports,
    TooSlow,
    Unauthenticated,
    UnknownPosition,
    UnsupportedMediaType,
    UnusableCredentials,
)
from api.http.responses import url_for

CONTENT_TYPE = "application/problem+json"
MOST_LISTED = 1000  # issues; a body of nothing else can hold more, and so large an answer helps nobody
RETRY_AFTER = "5"  # seconds: as long as a writer may hold the database before readers are told

log = logging.getLogger("tasrih")


class Kind(NamedTuple):
    """A kind of problem: its name (the end of its `type` URN), HTTP status and title."""

    name: str
    status: int
    title: str


BAD_REQUEST = Kind("bad-request", 400, "Bad request")
MOMENT_NOT_REACHED = Kind("moment-not-reached", 400, "Moment not reached")
INVALID_IDEMPOTENCY_KEY = Kind("invalid-idempotency-key", 400, "Invalid Idempotency-Key")
NOT_JSON = Kind("not-json", 400, "Not JSON")
TOKEN_REQUIRED = Kind("token-required", 401, "A token is required")
INVALID_TOKEN = Kind("invalid-token", 401, "Invalid token")
MISSING_SCOPE = Kind("missing-scope", 403, "Missing scope")
NOT_FOUND = Kind("not-found", 404, "Not found")
NO_SUCH_RECORD = Kind("no-such-record", 404, "No such record")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "Method not allowed")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "Not acceptable")
POSITION_GONE = Kind("position-gone", 410, "Position gone")
MOMENT_GONE = Kind("moment-gone", 410, "Moment gone")
ALREADY_THERE = Kind("already-there", 409, "Already there")
MERGED = Kind("merged", 409, "Merged into another")
STILL_REFERRED = Kind("still-referred", 409, "Still referred to")
UNFIT_FOR_OTHERS = Kind("unfit-for-others", 409, "Unfit for other records")
STILL_RUNNING = Kind("still-running", 409, "Still running")
GONE = Kind("gone", 410, "Deleted")
PRECONDITION_FAILED = Kind("precondition-failed", 412, "Precondition failed")
BODY_TOO_LARGE = Kind("body-too-large", 413, "Body too large")
URI_TOO_LONG = Kind("uri-too-long", 414, "URI too long")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "Unsupported media type")
INVALID_DOCUMENT = Kind("invalid-document", 422, "Invalid document")
INVALID_PARAMETERS = Kind("invalid-parameters", 422, "Invalid parameters")
IDEMPOTENCY_KEY_REUSED = Kind("idempotency-key-reused", 422, "Idempotency-Key used before")
PRECONDITION_REQUIRED = Kind("precondition-required", 428, "Precondition required")
HEADERS_TOO_LARGE = Kind("headers-too-large", 431, "Request header fields too large")
INTERNAL = Kind("internal-error", 500, "Internal error")
UNAVAILABLE = Kind("database-unavailable", 503, "Database unavailable")
READ_ONLY = Kind("database-read-only", 503, "Database read-only")
TOO_MANY_EXPORTS = Kind("too-many-exports", 503, "Too many exports")
PAST_BUSY = Kind("past-busy", 503, "Busy with another moment")
TOO_SLOW = Kind("query-too-slow", 503, "Query too slow")
STORAGE_FULL = Kind("storage-full", 507, "Storage full")
OTHER = Kind("http-error", 0, "HTTP error")

KINDS = (
    BAD_REQUEST,
    MOMENT_NOT_REACHED,
    INVALID_IDEMPOTENCY_KEY,
    NOT_JSON,
    TOKEN_REQUIRED,
    INVALID_TOKEN,
    MISSING_SCOPE,
    NOT_FOUND,
    NO_SUCH_RECORD,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    POSITION_GONE,
    MOMENT_GONE,
    ALREADY_THERE,
    MERGED,
    STILL_REFERRED,
    UNFIT_FOR_OTHERS,
    STILL_RUNNING,
    GONE,
    PRECONDITION_FAILED,
    BODY_TOO_LARGE,
    URI_TOO_LONG,
    UNSUPPORTED_MEDIA_TYPE,
    INVALID_DOCUMENT,
    INVALID_PARAMETERS,
    IDEMPOTENCY_KEY_REUSED,
    PRECONDITION_REQUIRED,
    HEADERS_TOO_LARGE,
    INTERNAL,
    UNAVAILABLE,
    READ_ONLY,
    TOO_MANY_EXPORTS,
    PAST_BUSY,
    TOO_SLOW,
    STORAGE_FULL,
)


FAILED = "The service failed unexpectedly; the operator finds it in the log. The same request may work later."
LISTED = "The query can't be used; errors lists every mistake. Mend them and ask again."
REALM = "tasrih"
MISFIT = "The document can't be stored; errors lists every mistake{some}. Mend them and send it again."
MISFIT_LINES = "Nothing was imported; errors lists every mistake of every line. Mend them and send all of it again."
RETRY = f"The database can't answer at the moment. Try again in {RETRY_AFTER} seconds."
UNWRITABLE = f"The database can only be read at the moment: nothing was changed. Try again in {RETRY_AFTER} seconds."
FULL = f"There is no room left to store anything: nothing was changed. Try again in {RETRY_AFTER} seconds."


NARROW = (
    "Finding this takes longer than the {seconds:g} seconds this service allows a query. Narrow it: add a filter or a word,"
    " lengthen a beginning such as a*, ask for fewer facets, or sort by date."
)


def type_of(kind: Kind) -> str:
    """The stable `type` of a kind of problem."""
    return f"urn:tasrih:problem:{kind.name}"


def body(kind: Kind, detail: str, errors: list[dict[str, Any]] | None = None, status: int | None = None) -> bytes:
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


def answer(kind: Kind, detail: str, errors: list[dict[str, Any]] | None = None, status: int | None = None) -> Response:
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
    app.register_error_handler(InvalidIdempotencyKey, _invalid_idempotency_key)
    app.register_error_handler(KeyReused, _key_reused)
    app.register_error_handler(RequestInProgress, _still_running)
    app.register_error_handler(NoSuchRecord, _no_such_record)
    app.register_error_handler(NotYetCreated, _not_there_yet)
    app.register_error_handler(NoSuchRevision, _no_such_revision)
    app.register_error_handler(EmptyRevision, _empty_revision)
    app.register_error_handler(Deleted, _deleted)
    app.register_error_handler(MergedAway, _merged)
    app.register_error_handler(UnknownPosition, _unknown_position)
    app.register_error_handler(LostPosition, _lost_position)
    app.register_error_handler(MomentNotReached, _moment_not_reached)
    app.register_error_handler(MomentExpired, _moment_expired)
    app.register_error_handler(AlreadyExists, _already_there)
    app.register_error_handler(StillReferenced, _still_referred)
    app.register_error_handler(BreaksReferences, _unfit_for_others)
    app.register_error_handler(PreconditionRequired, _precondition_required)
    app.register_error_handler(PreconditionFailed, _precondition_failed)
    app.register_error_handler(InvalidDocuments, _invalid_documents)
    app.register_error_handler(InvalidLines, _invalid_lines)
    app.register_error_handler(NotJSON, _not_json)
    app.register_error_handler(BodyTooLarge, _body_too_large)
    app.register_error_handler(UnsupportedMediaType, _unsupported_media_type)
    app.register_error_handler(InvalidParameters, _invalid_parameters)
    for outage in (DatabaseUnavailable, DatabaseError, InterfaceError, MaxConnectionsExceeded, OperationalError):
        app.register_error_handler(outage, _unavailable)
    for misuse in (DataError, IntegrityError, ProgrammingError):
        app.register_error_handler(misuse, _unforeseen)
    app.register_error_handler(OSError, _system_refused)
    app.register_error_handler(TooSlow, _too_slow)
    app.register_error_handler(TooManyExports, _too_many_exports)
    app.register_error_handler(RebuildingTooSlow, _rebuilding_too_slow)
    app.register_error_handler(HistoryBusy, _past_busy)
    app.register_error_handler(NotReproducible, _not_reproducible)
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


def _invalid_idempotency_key(failure: InvalidIdempotencyKey) -> Response:
    return answer(INVALID_IDEMPOTENCY_KEY, f"The header Idempotency-Key {failure}.")


def _key_reused(_: KeyReused) -> Response:
    said = "This Idempotency-Key came with another address or body before. Send a new key with each new request."
    return answer(IDEMPOTENCY_KEY_REUSED, said)


def _still_running(failure: RequestInProgress) -> Response:
    said = f"The request that came first with this Idempotency-Key is not answered yet. Send it again in {failure.seconds} s."
    response = answer(STILL_RUNNING, said)
    response.headers["Retry-After"] = str(failure.seconds)
    return response


def _no_such_record(failure: NoSuchRecord) -> Response:
    shown = str(failure)[:100]
    return answer(NO_SUCH_RECORD, f"There is no record '{shown}' here. Look for it with the collection's parameter q.")


def _no_such_revision(failure: NoSuchRevision) -> Response:
    shown, number = failure.record_id[:100], failure.number[:20]
    return answer(NO_SUCH_RECORD, f"'{shown}' has no revision {number}: its address with /history lists what there is.")


def _empty_revision(failure: EmptyRevision) -> Response:
    said = f"By revision {failure.number} '{failure.record_id}' was deleted or merged: there is no document of it."
    return answer(GONE, f"{said} Its address with /history tells more; the revision before is what it said last.")


def _not_there_yet(failure: NotYetCreated) -> Response:
    shown = str(failure)[:100]
    return answer(
        NO_SUCH_RECORD, f"There was no record '{shown}' here then. Its address with /history tells since when."
    )


def _deleted(failure: Deleted) -> Response:
    said = f"The record '{failure}' was deleted; its address with /history tells when. PUT makes it again."
    return answer(GONE, said)


def _merged(failure: MergedAway) -> Response:
    """308 to the same address below the record that stands for it now; to writers a conflict that names it."""
    here, there = (f"/v1/{failure.record_type}/{record}" for record in (failure.record_id, failure.into))
    if request.method in ("GET", "HEAD"):
        location, query = url_for(there + request.path.removeprefix(here)), request.query_string.decode("latin-1")
        response = Response(b"", 308, {"Location": f"{location}?{query}" if query else location})
        response.headers["Cache-Control"] = current_app.config["CACHE_CONTROL"]
        return response
    said = f"The record '{failure.record_id}' was merged into '{failure.into}': read {there} and change that one."
    response = answer(MERGED, said)
    response.headers["Location"] = url_for(there)
    return response


def _already_there(failure: AlreadyExists) -> Response:
    where = f"/v1/{failure.record_type}/{failure.record_id}"
    response = answer(ALREADY_THERE, f"There is a record '{failure.record_id}' already: change it with PUT {where}.")
    response.headers["Location"] = url_for(where)
    return response


def _still_referred(failure: StillReferenced) -> Response:
    listed = failure.referrers[:MOST_LISTED]
    errors = [{"document": referrer, "detail": "Refers to it."} for referrer in listed]
    some = f", the first {len(listed)} of which" if len(listed) < len(failure.referrers) else ", which"
    said = f"{len(failure.referrers)} records refer to it{some} errors lists. Change or delete those first."
    return answer(STILL_REFERRED, said if len(listed) > 1 else f"{failure} refers to it. Change that first.", errors)


def _unfit_for_others(failure: BreaksReferences) -> Response:
    said = "Other records would no longer be right; errors lists what and where{some}. Change those first."
    return _mistaken(UNFIT_FOR_OTHERS, said, failure.issues)


def _precondition_required(failure: PreconditionRequired) -> Response:
    said = "Say which version is to be changed: send its entity tag, the ETag of a GET, in If-Match."
    return _with_etag(answer(PRECONDITION_REQUIRED, said), failure.current_etag)


_TAG = re.compile(r'(W/)?("[^"]*")')


def _precondition_failed(failure: PreconditionFailed) -> Response:
    if failure.current_etag is None:
        return answer(PRECONDITION_FAILED, "There is no such record to be changed. Without If-Match it is created.")
    if request.headers.get("If-None-Match"):
        said = "The record is there already: to replace it send its entity tag in If-Match."
    elif _weakness_matters(request.headers.get("If-Match", ""), failure.current_etag):
        said = (
            "If-Match holds a weak entity tag (W/), which never matches (RFC 9110, 13.1.1). A proxy weakens a tag when it"
            ' compresses: read the record with Accept-Encoding: identity and send its tag as it is then, "..." without W/.'
        )
    else:
        said = (
            "The record has changed, or the tag is that of a part (fields, expand). Read it whole, make the change anew"
            " and send its entity tag in If-Match."
        )
    return _with_etag(answer(PRECONDITION_FAILED, said), failure.current_etag)


def _weakness_matters(if_match: str, current_etag: str) -> bool:
    """Whether all tags of the header are weak, or a weak one would be that of the record if it were strong."""
    tags = _TAG.findall(if_match)
    return all(weak for weak, _ in tags) or ("W/", current_etag) in tags


def _with_etag(response: Response, etag: str) -> Response:
    """The entity tag is that of the record as it is, so that who was too late knows what to read."""
    response.headers["ETag"] = etag
    return response


def _invalid_documents(failure: InvalidDocuments) -> Response:
    return _mistaken(INVALID_DOCUMENT, MISFIT, failure.issues)


def _mistaken(kind: Kind, said: str, issues: list[Issue]) -> Response:
    """A problem that lists issues: where they are not all, it says so."""
    some = f": the first {MOST_LISTED} of {len(issues)}" if len(issues) > MOST_LISTED else ""
    return answer(kind, said.format(some=some), [_of_document(issue) for issue in issues[:MOST_LISTED]])


def _invalid_lines(failure: InvalidLines) -> Response:
    return answer(INVALID_DOCUMENT, MISFIT_LINES, [_of_document(issue) for issue in failure.issues])


def _of_document(issue: Issue) -> dict[str, Any]:
    error = {"pointer": issue.pointer, "detail": issue.detail}
    if issue.line is not None:
        return {"line": issue.line, **error}
    return error if issue.document is None else {"document": issue.document, **error}


def _not_json(failure: NotJSON) -> Response:
    return answer(NOT_JSON, str(failure))


def _body_too_large(failure: BodyTooLarge) -> Response:
    response = answer(BODY_TOO_LARGE, f"The body has more than {failure.limit} bytes, the most that is read here.")
    response.headers["Connection"] = "close"  # what is left of the body is not waited for
    return response


def _unsupported_media_type(failure: UnsupportedMediaType) -> Response:
    response = answer(UNSUPPORTED_MEDIA_TYPE, str(failure))
    if failure.understood is None:
        response.headers["Accept-Encoding"] = "identity"  # RFC 9110, 15.5.16
    else:
        response.headers["Accept"] = ", ".join(failure.understood)
        if request.method == "PATCH":
            response.headers["Accept-Patch"] = response.headers["Accept"]  # RFC 5789, 2.2
    return response


RESYNC = "To be exact again a mirror starts anew: read GET /v1/changes?since=0 to its end, and drop what that does not bring."


def _unknown_position(failure: UnknownPosition) -> Response:
    shown = str(failure.since)[:30]
    return answer(POSITION_GONE, f"The feed has no position '{shown}'; it ends at {failure.last}. {RESYNC}")


def _lost_position(failure: LostPosition) -> Response:
    told = (
        f"The database was put back from a copy, and the changes after {failure.position} that were told then are lost."
    )
    return answer(POSITION_GONE, f"{told} {RESYNC}")


def _moment_not_reached(failure: MomentNotReached) -> Response:
    return answer(MOMENT_NOT_REACHED, f"'as_of' lies in the future, after {failure}. Give a moment that has been.")


def _moment_expired(failure: MomentExpired) -> Response:
    return answer(MOMENT_GONE, f"What was said then is no longer kept. Ask for {failure.moment} or later.")


def _invalid_parameters(failure: InvalidParameters) -> Response:
    errors = [{"parameter": issue.parameter, "detail": issue.detail} for issue in failure.issues]
    return answer(INVALID_PARAMETERS, LISTED, errors)


def _unavailable(failure: Exception) -> Response:
    """What is the database's fault, and passes: the next request is to find it as it is then, on connections of its own."""
    forget_connections()
    kind, told = _outage(failure)
    log.error("%s: %s", kind.title, failure, exc_info=failure)
    response = answer(kind, told)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _outage(failure: Exception) -> tuple[Kind, str]:
    if is_full(failure) and request.method not in ("GET", "HEAD"):
        return STORAGE_FULL, FULL
    return (READ_ONLY, UNWRITABLE) if is_read_only(failure) else (UNAVAILABLE, RETRY)


def _system_refused(failure: OSError) -> Response:
    """A file for what is too large for the memory could not be written; only where no room is left will that pass."""
    return _unavailable(failure) if is_full(failure) else _unforeseen(failure)


def _too_many_exports(_: TooManyExports) -> Response:
    response = answer(TOO_MANY_EXPORTS, "As many exports are under way as can be. Try again in a minute.")
    response.headers["Retry-After"] = "60"
    return response


def _too_slow(failure: TooSlow) -> Response:
    log.warning("Too slow: %s", request.full_path)
    return answer(TOO_SLOW, NARROW.format(seconds=failure.seconds))


def _rebuilding_too_slow(failure: RebuildingTooSlow) -> Response:
    log.warning("Too slow: %s", request.full_path)
    said = (
        f"Putting together what was said then takes longer than the {failure.seconds:g} seconds this service allows for it."
        " Single records answer as of any moment."
    )
    return answer(TOO_SLOW, said)


def _past_busy(_: HistoryBusy) -> Response:
    said = f"Another moment is being put together. Try again in {RETRY_AFTER} seconds."
    response = answer(PAST_BUSY, said)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _not_reproducible(failure: NotReproducible) -> Response:
    log.error("The log of %s is damaged; run 'tasrih check': %s", failure, request.full_path, exc_info=failure)
    said = (
        f"What was said of {failure} then can't be put together again: its log is damaged. The operator should run"
        " 'tasrih check'. Other records and other moments answer."
    )
    return answer(INTERNAL, said)


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
    kind = next((kind for kind in KINDS if kind.status == error.code), OTHER)
    return kind, str(error.description or error.name)


def _hint(path: str) -> str:
    known = [rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments]
    close = get_close_matches(path[:100].lower(), known, n=1, cutoff=0.85)
    return f" Did you mean {close[0]}?" if close else ""


def _unforeseen(error: BaseException) -> Response:
    log.error("Unforeseen failure answering %s %s", request.method, request.path, exc_info=error)
    return answer(INTERNAL, FAILED)
