"""Addresses: how long they may be, which host they may name, and which ids can stand in them."""

from functools import lru_cache

from flask import Flask, Request
from werkzeug.exceptions import BadRequest, RequestURITooLarge
from werkzeug.routing import BaseConverter
from werkzeug.sansio.utils import get_host

from api.errors import NoSuchRecord
from api.http.checks import add_check
from schemas.fields import is_id
from schemas.records.statements import TAKEN_IDS

LONGEST_URI = 8000  # bytes of path and query (RFC 9110, 4.1 asks for at least 8000)


class StatementId(BaseConverter):
    """The id of a statement in an address: anything but what is an address of its own."""

    regex = rf"(?!(?:{'|'.join(TAKEN_IDS)})\Z)[^/]+"
    part_isolating = True
    weight = 101  # one more than any id, so that reads, which are more frequent, are matched at once


def require_id(record_id: str) -> None:
    """Raise NoSuchRecord for what can't be an id, before it gets near the database."""
    if not is_id(record_id):
        raise NoSuchRecord(record_id)


def refuse_unusable_requests(app: Flask) -> None:
    """Answer 414 to addresses longer than any this API makes, 400 to a Host that no link can be made of."""

    def check(request: Request) -> None:
        environ = request.environ
        length = len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", ""))
        if length > LONGEST_URI:
            raise RequestURITooLarge(
                f"The address has {length} characters; at most {LONGEST_URI} are read. Ask for less at a time."
            )
        if not _host(request.scheme, environ.get("HTTP_HOST"), request.server):
            raise BadRequest("The Host header is not the name of a host.")

    add_check(app, check)


_host = lru_cache(maxsize=100)(get_host)  # a service is known by a few names
