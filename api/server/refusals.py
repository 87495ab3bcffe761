"""What the service answers when a request never reaches the application: problems, like all its errors."""

from http import HTTPStatus

from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)

from api.http.addresses import LONGEST_URI
from api.http.media_types import PROBLEM
from api.http.problems.answering import document
from api.http.problems.headers import RETRY_AFTER
from api.http.problems.table import BY_NAME, FAILED, problem_of

STATUSES: dict[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ParseException: HTTPStatus.BAD_REQUEST,
    OSError: HTTPStatus.INSUFFICIENT_STORAGE,
}
"""The status for each error of reading a request; the first class that an error belongs to decides."""

DETAILS = {
    HTTPStatus.BAD_REQUEST: "The request is not valid HTTP: a line, a header or a chunk of it can't be read. In an address,"
    " percent-encode what is not ASCII.",
    HTTPStatus.REQUEST_URI_TOO_LONG: f"The address is too long; at most {LONGEST_URI} characters are read. Ask for less"
    " at a time.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The request's header fields are too large; send fewer or shorter ones.",
    HTTPStatus.EXPECTATION_FAILED: "The only expectation understood is 'Expect: 100-continue'.",
    HTTPStatus.NOT_IMPLEMENTED: "The only transfer coding understood is 'chunked', alone.",
    HTTPStatus.INSUFFICIENT_STORAGE: BY_NAME["storage-full"].example,
}
"""The detail for each of these statuses; any other is the service's own failure."""


def status_of(error: Exception) -> HTTPStatus:
    """The status that an error is answered with."""
    return next(
        (status for kind, status in STATUSES.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def refusal(status: HTTPStatus) -> bytes:
    """A whole response with a problem, after which the connection is closed."""
    body = document(problem_of(status), DETAILS.get(status, FAILED), status)
    retry = f"Retry-After: {RETRY_AFTER}\r\n" if status == HTTPStatus.INSUFFICIENT_STORAGE else ""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {PROBLEM}\r\n{retry}"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nAccess-Control-Allow-Origin: *\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
