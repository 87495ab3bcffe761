"""The heads of requests: found in what a client has sent so far, and parsed by gunicorn once they are complete."""

from typing import Any

from gunicorn.http.errors import (
    InvalidHeader,
    InvalidRequestLine,
    LimitRequestHeaders,
    LimitRequestLine,
    NoMoreData,
    UnsupportedTransferCoding,
)
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from api.server import limits

LONGEST_REQUEST_LINE = 8190
"""Bytes; the most that gunicorn reads."""


def read_head(buffer: bytearray, config: Any, client: Any) -> Request | None:
    """Take the head of a request off the buffer; None while it is incomplete.

    Raise gunicorn's ParseException for what can't become a request, as soon as that shows.
    """
    while buffer.startswith(b"\r\n"):  # RFC 9112, 2.2: empty lines before a request are ignored
        del buffer[:2]
    end = buffer.find(b"\r\n\r\n") + 4
    if end < 4:
        _require_hope(buffer)
        return None
    head = bytes(buffer[:end])
    if end > limits.LONGEST_HEAD:
        raise LimitRequestHeaders("longest head")
    del buffer[:end]
    return _parse(head, config, client)


def _require_hope(buffer: bytearray) -> None:
    """Raise ParseException when no bytes to come can complete this head."""
    if (
        buffer != b"\r" and not 0x20 < (buffer or b"G")[0] < 0x7F
    ):  # a method begins otherwise than, say, a handshake of TLS
        raise InvalidRequestLine(bytes(buffer[:20]))
    if b"\r\n" not in buffer and len(buffer) > LONGEST_REQUEST_LINE + 1:
        raise LimitRequestLine(len(buffer), LONGEST_REQUEST_LINE)
    if len(buffer) > limits.LONGEST_HEAD:
        raise LimitRequestHeaders("longest head")
    if buffer.count(b"\n") != buffer.count(b"\r\n"):
        raise InvalidHeader("bare LF")


def _parse(head: bytes, config: Any, client: Any) -> Request:
    try:
        request = Request(config, IterUnreader([head]), client)
    except (NoMoreData, StopIteration):  # gunicorn sees the end of the head elsewhere
        raise InvalidRequestLine("") from None
    _require_host(request)
    _require_chunked_alone(request)
    # RFC 9110, 6.2: who asks in HTTP/1.2 is answered in HTTP/1.1. gunicorn would repeat what it was asked in.
    request.version = min(request.version, (1, 1))
    return request


def _require_host(request: Request) -> None:
    """RFC 9112, 3.2: a request of HTTP/1.1 names its host, and none names two."""
    hosts = [value for name, value in request.headers if name == "HOST"]
    if len(hosts) > 1 or (not hosts and request.version >= (1, 1)):
        raise InvalidHeader("Host")


def _require_chunked_alone(request: Request) -> None:
    """Refuse what gunicorn lets pass: codings below `chunked`, which it would hand to the application undecoded.

    RFC 9112, 6.1: a coding that a server does not understand is answered with 501.
    """
    for name, value in request.headers:
        if name == "TRANSFER-ENCODING" and value.lower() != "chunked":
            raise UnsupportedTransferCoding(value)
