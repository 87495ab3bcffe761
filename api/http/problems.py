"""Every problem this API answers with, as `application/problem+json` (RFC 9457): one table, one row for each `type`.

The error handlers (`api.http.error_handlers`) answer from it, and the contract (`api.openapi`) is written from it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from sqlite3 import OperationalError
from typing import Any
from urllib.parse import quote

from flask import current_app, request
from peewee import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    RequestURITooLarge,
)

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
    OutcomeUnknown,
    PositionNotReached,
    PreconditionFailed,
    PreconditionRequired,
    ReadOnlyCopy,
    RebuildingTooSlow,
    RecordsExist,
    RequestInProgress,
    StillReferenced,
    TooManyExports,
    TooSlow,
    Unauthenticated,
    UnfitDatabase,
    UnknownPosition,
    UnsupportedMediaType,
    UnusableCredentials,
    WaitedInVain,
)
from api.http.responses import url_for
from api.representations.compression import without_coding
from schemas.values.misspelling import nearest

MOST_LISTED = 1000  # issues; a body full of them can have more, and so large an answer helps nobody
RETRY_AFTER = "5"  # seconds: as long as a writer may hold the database before readers are turned away
REALM = "tasrih"

Detail = str | Callable[[Any], str]
Header = Callable[[Any], str | None]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One kind of problem: its name, when it is answered, and its sentences.

    `details` maps each exception that raises it to a sentence, a format string with `error` in it or a function of the
    exception. Where several rows name an exception, the first whose `applies` holds answers it. A header is a function of
    the exception that gives its value, or None to leave it out; those `always` there are promised by the contract.
    `example` is the detail shown in the contract.
    """

    name: str
    status: int
    title: str
    details: Mapping[type[Exception], Detail]
    example: str = ""
    applies: Callable[[Any], bool] = lambda error: True
    headers: Mapping[str, Header] = field(default_factory=dict)
    always: tuple[str, ...] = ()
    issues: Callable[[Any], list[dict[str, Any]]] = lambda error: []
    example_issues: tuple[Mapping[str, Any], ...] = ()

    @property
    def type(self) -> str:
        """The stable URN that clients compare."""
        return f"urn:tasrih:problem:{self.name}"


def entry_of(issue: Issue) -> dict[str, Any]:
    """One entry of `errors`: what is wrong, and where."""
    if issue.parameter is not None:
        return {"parameter": issue.parameter, "detail": issue.detail}
    entry = {"pointer": issue.pointer, "detail": issue.detail}
    if issue.line is not None:
        return {"line": issue.line, **entry}
    return entry if issue.document is None else {"document": issue.document, **entry}


def _all_issues(error: InvalidParameters | InvalidLines) -> list[dict[str, Any]]:
    return [entry_of(issue) for issue in error.issues]


def _first_issues(error: InvalidDocuments | BreaksReferences) -> list[dict[str, Any]]:
    return [entry_of(issue) for issue in error.issues[:MOST_LISTED]]


def _issues_of_document(error: InvalidDocuments) -> list[dict[str, Any]]:
    return _all_issues(error) if isinstance(error, InvalidLines) else _first_issues(error)


def _listing(sentence: str) -> Callable[[InvalidDocuments | BreaksReferences], str]:
    """A sentence about issues that says so where not all of them are listed."""

    def detail(error: InvalidDocuments | BreaksReferences) -> str:
        number = len(error.issues)
        return sentence.format(part=f": the first {MOST_LISTED} of {number}" if number > MOST_LISTED else "")

    return detail


def _referrers(error: StillReferenced) -> list[dict[str, Any]]:
    return [{"document": referrer, "detail": "Refers to it."} for referrer in error.referrers[:MOST_LISTED]]


def _still_referenced(error: StillReferenced) -> str:
    number = len(error.referrers)
    if number == 1:
        return f"{error} refers to it. Change that first."
    part = f"the first {MOST_LISTED} of {number}" if number > MOST_LISTED else "them"
    return f"{number} records refer to it; errors lists {part}. Change or delete those first."


def _challenge(error: Unauthenticated | UnusableCredentials | MissingScope) -> str | None:
    """How to authenticate (RFC 6750, 3)."""
    parameters = {"realm": REALM}
    if isinstance(error, MissingScope):
        parameters |= {"error": "insufficient_scope", "scope": error.scope}
    elif isinstance(error, UnusableCredentials):
        parameters["error"] = "invalid_request"
    elif not isinstance(error, Unauthenticated):
        return None
    elif error.error:
        parameters["error"] = error.error
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())


def _not_found(error: NotFound) -> str:
    if error.description != NotFound.description:  # whoever raised it knows better what is missing
        return str(error.description)
    known = [rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments]
    close = nearest(request.path, known, 0.85)
    hint = f" Did you mean {close}?" if close else ""
    return f"Nothing lives at this address.{hint} GET / links everything there is."


_TAG = re.compile(r'(W/)?("[^"]*")')
_STALE = (
    "The record has changed, or the tag is that of a part (fields, expand). Read the whole record, make the change again"
    " and send its entity tag in If-Match."
)
_WEAK = (
    "If-Match holds a weak entity tag (W/), which never matches (RFC 9110, 13.1.1). A proxy weakens a tag when it"
    ' compresses: read the record with Accept-Encoding: identity and send the tag it has then, "..." without W/.'
)

_CODED = (
    "If-Match holds the entity tag of a compressed answer ({tag}): a proxy such as Apache appends the coding to the tag of what"
    " it compresses, and only the tag without it is the record's ({current}). Read the record with Accept-Encoding: identity and"
    " send the tag it has then."
)


_EXISTING = "Nothing was stored: If-None-Match: * only creates, and errors lists the lines whose records exist already."


def _precondition_failed(error: PreconditionFailed) -> str:
    if error.current_etag is None:
        return "There is no such record to change. Without If-Match it is created."
    if request.headers.get("If-None-Match"):
        return "The record exists already: to replace it send its entity tag in If-Match."
    if_match = request.headers.get("If-Match", "")
    if coded := _coded_tag(if_match, error.current_etag):
        return _CODED.format(tag=coded, current=error.current_etag)
    return _WEAK if _weakness_matters(if_match, error.current_etag) else _STALE


def _coded_tag(if_match: str, current_etag: str) -> str | None:
    """The tag of the header that would be that of the record without the coding that a proxy has appended, if any."""
    tags = (tag for _, tag in _TAG.findall(if_match))
    return next((tag for tag in tags if tag != current_etag and without_coding(tag) == current_etag), None)


def _weakness_matters(if_match: str, current_etag: str) -> bool:
    """Whether all tags of the header are weak, or a weak one would be that of the record if it were strong."""
    tags = _TAG.findall(if_match)
    return all(weak for weak, _ in tags) or ("W/", current_etag) in tags


def _current_etag(error: PreconditionFailed | PreconditionRequired | RecordsExist) -> str | None:
    """The entity tag of the record as it is, so that whoever was too late knows what to read."""
    return error.current_etag


def _read_only_copy(_: ReadOnlyCopy) -> str:
    primary = current_app.config["PRIMARY_URL"]
    where = "where it comes from; the operator knows the address" if primary is None else f"at {primary}"
    return f"This service reads a copy of the database: nothing was changed. Changes are made {where}."


def _where_to_write(_: ReadOnlyCopy) -> str | None:
    """Where the same request can be made with success: the link relation `edit` (RFC 5023, 11.1)."""
    primary = current_app.config["PRIMARY_URL"]
    return None if primary is None else f'<{primary}{quote(request.path)}>; rel="edit"'


def _retry_after(error: Exception) -> str:
    return str(error.seconds) if isinstance(error, WaitedInVain) else RETRY_AFTER


def _accept(error: UnsupportedMediaType) -> str | None:
    return None if error.understood is None else ", ".join(error.understood)


def _accept_patch(error: UnsupportedMediaType) -> str | None:
    return _accept(error) if request.method == "PATCH" else None  # RFC 5789, 2.2


def _accept_encoding(error: UnsupportedMediaType) -> str | None:
    return "identity" if error.understood is None else None  # RFC 9110, 15.5.16


def _changing_where_full(error: Exception) -> bool:
    return is_full(error) and request.method not in ("GET", "HEAD")


def _passes(error: Exception) -> bool:
    """Whether it is an outage that will pass: of what the system refuses, only that it has no room left."""
    return is_full(error) if isinstance(error, OSError) else not is_read_only(error)


_OUTAGES = (DatabaseUnavailable, DatabaseError, InterfaceError, MaxConnectionsExceeded, OperationalError, OSError)
FAILED = "The service failed unexpectedly; the operator finds it in the log. The same request may work later."
_RESYNC = "To be exact again a mirror starts over: read GET /v1/changes?since=0 to its end, and drop what that does not bring."
_NARROW = (
    "Finding this takes longer than the {error.seconds:g} seconds this service allows a query. Narrow it: add a filter or"
    " a word, lengthen a beginning such as a*, ask for fewer facets, or sort by date."
)
_DOCUMENT = "The document can't be stored; errors lists everything wrong with it{part}. Correct it and send it again."
_LINES = "Nothing was imported; errors lists everything wrong with every line. Correct them and send all of it again."
_QUERY = "The query can't be used; errors lists everything wrong with it. Correct it and ask again."

PROBLEMS: tuple[Problem, ...] = (
    Problem(
        name="bad-request",
        status=400,
        title="Bad request",
        details={UnusableCredentials: "{error}", BadRequest: "{error.description}"},
        headers={"WWW-Authenticate": _challenge},
        example='If-Match is * or entity tags in quotes, such as "5f1d7c1a9a5e4f0b8d3c2a17".',
    ),
    Problem(
        name="moment-not-reached",
        status=400,
        title="Moment not reached",
        details={MomentNotReached: "'as_of' lies in the future, after {error}. Give a moment that has been."},
    ),
    Problem(
        name="invalid-idempotency-key",
        status=400,
        title="Invalid Idempotency-Key",
        details={InvalidIdempotencyKey: "The header Idempotency-Key {error}."},
    ),
    Problem(name="not-json", status=400, title="Not JSON", details={NotJSON: "{error}"}),
    Problem(
        name="token-required",
        status=401,
        title="A token is required",
        details={Unauthenticated: "{error}"},
        applies=lambda error: not error.error,
        headers={"WWW-Authenticate": _challenge},
        always=("WWW-Authenticate",),
        example="Send 'Authorization: Bearer' and a token of this service.",
    ),
    Problem(
        name="invalid-token",
        status=401,
        title="Invalid token",
        details={Unauthenticated: "{error}"},
        headers={"WWW-Authenticate": _challenge},
        always=("WWW-Authenticate",),
    ),
    Problem(
        name="missing-scope",
        status=403,
        title="Missing scope",
        details={
            MissingScope: "The token lacks the scope '{error.scope}'. Ask the operator for one that has it.",
        },
        headers={"WWW-Authenticate": _challenge},
        always=("WWW-Authenticate",),
        example="The token lacks the scope 'write'. Ask the operator for one that has it.",
    ),
    Problem(
        name="no-such-record",
        status=404,
        title="No such record",
        details={
            NoSuchRecord: "There is no record '{error!s:.100}' here. Look for it with the collection's parameter q.",
            NoSuchRevision: "'{error.record_id:.100}' has no revision {error.number:.20}:"
            " its address with /history lists those it has.",
            NotYetCreated: "There was no record '{error!s:.100}' here then. Its address with /history tells since when.",
        },
        example="There is no record 'nobody' here. Look for it with the collection's parameter q.",
    ),
    Problem(name="not-found", status=404, title="Not found", details={NotFound: _not_found}),
    Problem(
        name="method-not-allowed",
        status=405,
        title="Method not allowed",
        details={
            MethodNotAllowed: lambda error: f"This address answers {', '.join(sorted(error.valid_methods or ()))}."
        },
    ),
    Problem(
        name="not-acceptable",
        status=406,
        title="Not acceptable",
        details={NotAcceptable: "{error.description}"},
        example="This address answers in application/json only; send Accept: application/json or none.",
    ),
    Problem(
        name="still-referenced",
        status=409,
        title="Still referenced",
        details={StillReferenced: _still_referenced},
        issues=_referrers,
        example="2 records refer to it; errors lists them. Change or delete those first.",
        example_issues=({"document": "places/town", "detail": "Refers to it."},),
    ),
    Problem(
        name="already-exists",
        status=409,
        title="Already exists",
        details={
            AlreadyExists: "A record '{error.record_id}' exists already:"
            " change it with PUT /v1/{error.record_type}/{error.record_id}.",
        },
        headers={"Location": lambda error: url_for(f"/v1/{error.record_type}/{error.record_id}")},
    ),
    Problem(
        name="merged",
        status=409,
        title="Merged into another",
        details={
            MergedAway: "The record '{error.record_id}' was merged into '{error.into}':"
            " read /v1/{error.record_type}/{error.into} and change that one.",
        },
        headers={"Location": lambda error: url_for(f"/v1/{error.record_type}/{error.into}")},
    ),
    Problem(
        name="breaks-references",
        status=409,
        title="Breaks references of other records",
        details={
            BreaksReferences: _listing(
                "Other records would no longer be valid; errors lists what and where{part}. Change those first."
            )
        },
        issues=_first_issues,
    ),
    Problem(
        name="request-in-progress",
        status=409,
        title="Request in progress",
        details={
            RequestInProgress: "The first request with this Idempotency-Key is still in progress."
            " Send it again in {error.seconds} s.",
        },
        headers={"Retry-After": lambda error: str(error.seconds)},
        always=("Retry-After",),
    ),
    Problem(
        name="gone",
        status=410,
        title="Deleted",
        details={
            Deleted: "The record '{error}' was deleted; its address with /history tells when. PUT creates it again.",
            EmptyRevision: "By revision {error.number} '{error.record_id}' was deleted or merged: it has no document."
            " Its address with /history tells more; the revision before has the last document.",
        },
        example="The record 'nobody' was deleted; its address with /history tells when. PUT creates it again.",
    ),
    Problem(
        name="position-gone",
        status=410,
        title="Position gone",
        details={
            UnknownPosition: "The feed has no position '{error.since!s:.30}'; it ends at {error.last}. " + _RESYNC,
            LostPosition: "The database was restored from a backup, and the changes served after {error.position} then"
            " are lost. " + _RESYNC,
        },
    ),
    Problem(
        name="moment-gone",
        status=410,
        title="Moment gone",
        details={MomentExpired: "That moment's records are no longer kept. Ask for {error.moment} or later."},
    ),
    Problem(
        name="precondition-failed",
        status=412,
        title="Precondition failed",
        details={PreconditionFailed: _precondition_failed, RecordsExist: _EXISTING},
        headers={"ETag": _current_etag},
        issues=lambda error: _all_issues(error) if isinstance(error, RecordsExist) else [],
        example=_STALE,
    ),
    Problem(
        name="body-too-large",
        status=413,
        title="Body too large",
        details={BodyTooLarge: "The body has more than {error.limit} bytes, the most that is read here."},
        headers={"Connection": lambda error: "close"},  # the rest of the body is not waited for
        example="The body has more than 1048576 bytes, the most that is read here.",
    ),
    Problem(
        name="uri-too-long",
        status=414,
        title="URI too long",
        details={RequestURITooLarge: "{error.description}"},
        example="The address has 9000 characters; at most 8000 are read. Ask for less at a time.",
    ),
    Problem(
        name="unsupported-media-type",
        status=415,
        title="Unsupported media type",
        details={UnsupportedMediaType: "{error}"},
        headers={"Accept": _accept, "Accept-Patch": _accept_patch, "Accept-Encoding": _accept_encoding},
        example="The body is of type text/plain; send it as application/json.",
    ),
    Problem(
        name="invalid-parameters",
        status=422,
        title="Invalid parameters",
        details={InvalidParameters: _QUERY},
        issues=_all_issues,
        example=_QUERY,
        example_issues=({"parameter": "since", "detail": "'2021-13-45' has no month 13."},),
    ),
    Problem(
        name="invalid-document",
        status=422,
        title="Invalid document",
        details={InvalidDocuments: _listing(_DOCUMENT), InvalidLines: _LINES},
        issues=_issues_of_document,
        example=_DOCUMENT.format(part=""),
        example_issues=({"pointer": "/date", "detail": "'2021-13-45' has no month 13."},),
    ),
    Problem(
        name="idempotency-key-reused",
        status=422,
        title="Idempotency-Key used before",
        details={
            KeyReused: "This Idempotency-Key came with another address or body before."
            " Send a new key with each new request.",
        },
    ),
    Problem(
        name="precondition-required",
        status=428,
        title="Precondition required",
        details={
            PreconditionRequired: "Say which version to change: send its entity tag, the ETag of a GET, in If-Match."
        },
        headers={"ETag": _current_etag},
        example="Say which version to change: send its entity tag, the ETag of a GET, in If-Match.",
    ),
    Problem(name="headers-too-large", status=431, title="Request header fields too large", details={}),
    Problem(
        name="storage-full",
        status=507,
        title="Storage full",
        details=dict.fromkeys(
            _OUTAGES,
            f"There is no room left to store anything: nothing was changed. Try again in {RETRY_AFTER} seconds.",
        ),
        applies=_changing_where_full,
        headers={"Retry-After": _retry_after},
        always=("Retry-After",),
        example=f"There is no room left to store anything: nothing was changed. Try again in {RETRY_AFTER} seconds.",
    ),
    Problem(
        name="database-unavailable",
        status=503,
        title="Database unavailable",
        details={
            **dict.fromkeys(_OUTAGES, f"The database can't answer at the moment. Try again in {RETRY_AFTER} seconds."),
            WaitedInVain: "Another writer has the database for long, such as an import: nothing was changed."
            " Try again in {error.seconds} seconds.",
            UnfitDatabase: "The database has been upgraded, and this service has not yet. The operator should restart it.",
        },
        applies=_passes,
        headers={"Retry-After": _retry_after},
        always=("Retry-After",),
        example=f"The database can't answer at the moment. Try again in {RETRY_AFTER} seconds.",
    ),
    Problem(
        name="database-read-only",
        status=503,
        title="Database read-only",
        details=dict.fromkeys(
            _OUTAGES,
            f"The database can only be read at the moment: nothing was changed. Try again in {RETRY_AFTER} seconds.",
        ),
        applies=is_read_only,
        headers={"Retry-After": _retry_after},
        always=("Retry-After",),
    ),
    Problem(
        name="read-only-copy",
        status=503,
        title="Read-only copy",
        details={ReadOnlyCopy: _read_only_copy},
        headers={"Link": _where_to_write},  # no Retry-After: nobody knows whether this copy will ever be promoted
        example="This service reads a copy of the database: nothing was changed. Changes are made at https://tasrih.example.",
    ),
    Problem(
        name="outcome-unknown",
        status=503,
        title="Outcome unknown",
        details={
            OutcomeUnknown: "The connection to the database broke while the change was committed, so it may have been made. Send"
            " the same request again: with the same If-Match or Idempotency-Key it can't take effect twice."
        },
        headers={"Retry-After": _retry_after},
        always=("Retry-After",),
    ),
    Problem(
        name="position-not-reached",
        status=503,
        title="Position not reached",
        details={
            PositionNotReached: "The database has reached position {error.last}, and Tasrih-At-Least is {error.position}."
            " A copy that lags may reach it in a moment; a database that was restored may never."
        },
        headers={"Retry-After": lambda error: "1"},
        always=("Retry-After",),
    ),
    Problem(
        name="too-many-exports",
        status=503,
        title="Too many exports",
        details={TooManyExports: "No more exports can run at the same time. Try again in a minute."},
        headers={"Retry-After": lambda error: "60"},
        always=("Retry-After",),
    ),
    Problem(
        name="history-busy",
        status=503,
        title="History busy",
        details={HistoryBusy: f"Another moment is being put together. Try again in {RETRY_AFTER} seconds."},
        headers={"Retry-After": _retry_after},
        always=("Retry-After",),
    ),
    Problem(
        name="query-too-slow",
        status=503,
        title="Query too slow",
        details={
            TooSlow: _NARROW,
            RebuildingTooSlow: "Putting that moment together takes longer than the {error.seconds:g} seconds this service"
            " allows for it. Single records answer as of any moment.",
        },
    ),
    Problem(
        name="internal-error",
        status=500,
        title="Internal error",
        details={
            NotReproducible: "The past state of {error} can't be put together: its log is damaged. The operator should run"
            " 'tasrih check'. Other records and other moments answer.",
            **dict.fromkeys((DataError, IntegrityError, ProgrammingError, OSError), FAILED),
            InternalServerError: FAILED,
            Exception: FAILED,
        },
        example=FAILED,
    ),
    Problem(
        name="http-error",
        status=0,  # whichever the exception has
        title="HTTP error",
        details={HTTPException: lambda error: str(error.description or error.name)},
    ),
)
"""Every kind of problem. Of those with one status the first is the one that the contract shows."""

BY_NAME = {problem.name: problem for problem in PROBLEMS}
INTERNAL_ERROR, HTTP_ERROR = BY_NAME["internal-error"], BY_NAME["http-error"]


def problem_for(error: Exception) -> tuple[Problem, Detail]:
    """The row that answers an exception, named by its class or the nearest one above, and its sentence for that class."""
    for raised in type(error).__mro__:
        for problem in PROBLEMS:
            if raised in problem.details and problem.applies(error):
                return _by_status(problem, error), problem.details[raised]
    return INTERNAL_ERROR, FAILED


def _by_status(problem: Problem, error: Exception) -> Problem:
    """HTTP errors of which the table knows no more than the status are those of the first row with that."""
    return problem_of(error.code or 500) if problem is HTTP_ERROR and isinstance(error, HTTPException) else problem


def problem_of(status: int) -> Problem:
    """The first kind of problem with a status; `http-error` where there is none."""
    return next((problem for problem in PROBLEMS if problem.status == status), HTTP_ERROR)
