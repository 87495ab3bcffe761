"""What the service answers when a request never reaches the application: problems, like all its errors."""

from http import HTTPStatus

from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)

from api.http import problems
from api.http.contract import LONGEST_URI

STATUSES: dict[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ParseException: HTTPStatus.BAD_REQUEST,
    OSError: HTTPStatus.INSUFFICIENT_STORAGE,
}
"""The status for each error of reading a request; the first class that an error belongs to decides."""

PROBLEMS = {
    HTTPStatus.BAD_REQUEST: (
        problems.BAD_REQUEST,
        "The request is not valid HTTP: a line, a header or a chunk of it can't be read. In an address, percent-encode what is not ASCII.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        problems.URI_TOO_LONG,
        f"The address is too long; at most {LONGEST_URI} characters are read. Ask for less at a time.",
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        problems.HEADERS_TOO_LARGE,
        "The request's header fields are too large; send fewer or shorter ones.",
    ),
    HTTPStatus.EXPECTATION_FAILED: (problems.OTHER, "The only expectation understood is 'Expect: 100-continue'."),
    HTTPStatus.NOT_IMPLEMENTED: (problems.OTHER, "The only transfer coding understood is 'chunked', alone."),
    HTTPStatus.INSUFFICIENT_STORAGE: (problems.STORAGE_FULL, problems.FULL),
}
"""The kind of problem and its detail for each of these statuses; any other is the service's own failure."""


def status_of(error: Exception) -> HTTPStatus:
    """The status that an error is answered with."""
    return next(
        (status for kind, status in STATUSES.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def refusal(status: HTTPStatus) -> bytes:
    """A whole response with a problem, after which the connection is closed."""
    kind, detail = PROBLEMS.get(status, (problems.INTERNAL, problems.FAILED))
    body = problems.body(kind, detail, status=status)
    retry = f"Retry-After: {problems.RETRY_AFTER}\r\n" if status == HTTPStatus.INSUFFICIENT_STORAGE else ""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {problems.CONTENT_TYPE}\r\n{retry}"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nAccess-Control-Allow-Origin: *\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
