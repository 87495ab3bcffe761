"""Every problem this API answers with, as `application/problem+json` (RFC 9457): one table, one row for each `type`.

The error handlers (`api.http.problems.answering`) answer from it, and the contract (`api.openapi`) is written from it.
"""

from sqlite3 import OperationalError

from flask import request
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
from api.http.problems.details import STALE, not_found, precondition_failed, read_only_copy
from api.http.problems.headers import (
    RETRY_AFTER,
    accept,
    accept_encoding,
    accept_patch,
    challenge,
    current_etag,
    retry_after,
    where_to_write,
)
from api.http.problems.issues import (
    all_issues,
    first_issues,
    issues_of_document,
    listing,
    referrers,
    still_referenced,
)
from api.http.problems.problem import Detail, Problem
from api.http.responses import url_for

_EXISTING = "Nothing was stored: If-None-Match: * only creates, and errors lists the lines whose records exist already."


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
        headers={"WWW-Authenticate": challenge},
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
        headers={"WWW-Authenticate": challenge},
        always=("WWW-Authenticate",),
        example="Send 'Authorization: Bearer' and a token of this service.",
    ),
    Problem(
        name="invalid-token",
        status=401,
        title="Invalid token",
        details={Unauthenticated: "{error}"},
        headers={"WWW-Authenticate": challenge},
        always=("WWW-Authenticate",),
    ),
    Problem(
        name="missing-scope",
        status=403,
        title="Missing scope",
        details={
            MissingScope: "The token lacks the scope '{error.scope}'. Ask the operator for one that has it.",
        },
        headers={"WWW-Authenticate": challenge},
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
    Problem(name="not-found", status=404, title="Not found", details={NotFound: not_found}),
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
        details={StillReferenced: still_referenced},
        issues=referrers,
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
            BreaksReferences: listing(
                "Other records would no longer be valid; errors lists what and where{part}. Change those first."
            )
        },
        issues=first_issues,
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
        details={PreconditionFailed: precondition_failed, RecordsExist: _EXISTING},
        headers={"ETag": current_etag},
        issues=lambda error: all_issues(error) if isinstance(error, RecordsExist) else [],
        example=STALE,
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
        headers={"Accept": accept, "Accept-Patch": accept_patch, "Accept-Encoding": accept_encoding},
        example="The body is of type text/plain; send it as application/json.",
    ),
    Problem(
        name="invalid-parameters",
        status=422,
        title="Invalid parameters",
        details={InvalidParameters: _QUERY},
        issues=all_issues,
        example=_QUERY,
        example_issues=({"parameter": "since", "detail": "'2021-13-45' has no month 13."},),
    ),
    Problem(
        name="invalid-document",
        status=422,
        title="Invalid document",
        details={InvalidDocuments: listing(_DOCUMENT), InvalidLines: _LINES},
        issues=issues_of_document,
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
        headers={"ETag": current_etag},
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
        headers={"Retry-After": retry_after},
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
        headers={"Retry-After": retry_after},
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
        headers={"Retry-After": retry_after},
        always=("Retry-After",),
    ),
    Problem(
        name="read-only-copy",
        status=503,
        title="Read-only copy",
        details={ReadOnlyCopy: read_only_copy},
        headers={"Link": where_to_write},  # no Retry-After: nobody knows whether this copy will ever be promoted
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
        headers={"Retry-After": retry_after},
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
        headers={"Retry-After": retry_after},
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
