"""The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a POST that is sent again is answered again, not done again.

A key belongs to the token it was sent with and to the request: method, address, conditions and body. Only the answer of
success (2xx) is kept. A refusal left nothing behind, so sending the request again is safe, and its answer may differ.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from flask import Response, request

from api.access.idempotency_keys import Answer, abandon, acquire, hold, keep, release
from api.database.outages import UNAVAILABLE
from api.errors import DatabaseUnavailable, InvalidIdempotencyKey
from api.http.authorization import current_bearer

View = Callable[..., Response]

HEADER = "Idempotency-Key"
LONGEST_KEY = 255

_STRING = r'"((?:[ !#-\[\]-~]|\\["\\])*)"'
_BARE = r"(?:" + _STRING.replace("((", "(?:(") + r"|[A-Za-z0-9*:?@+-][A-Za-z0-9!#$%&'*+./:=^_`|~?@-]*)"
_ITEM = re.compile(rf" *{_STRING}(?: *; *[a-z*][a-z0-9_.*-]*(?:={_BARE})?)* *")
"""A String with its parameters (RFC 9651, 3.3.3 and 3.1.2), which are ignored."""


class _Refused(Exception):
    """Rolls back the transaction of a view that refused without raising."""

    def __init__(self, response: Response) -> None:
        self.response = response


def replayed(view: View, body: Callable[[], bytes]) -> View:
    """A view that runs once for each key, and repeats its answer when the request is sent again.

    `body` gives what stands for the body of the request, as far as the view takes one: itself, or a digest where it is too
    large to be held. It raises what the view would raise about a body that it can not read.
    """

    @wraps(view)
    def once(*arguments: Any, **named: Any) -> Response:
        key = key_of_request()
        if key is None:
            return view(*arguments, **named)
        acquired = acquire(current_bearer().number, key, _fingerprint(body()))
        if isinstance(acquired, Answer):
            return Response(acquired.body, acquired.status, acquired.headers)
        return _done(acquired, lambda: view(*arguments, **named))

    return once


def _done(claim: str, run: Callable[[], Response]) -> Response:
    """Run the view under its claim of the key, and keep the answer in the same transaction."""
    try:
        with hold(claim, joins=request.path.startswith("/v1/statements")):
            response = run()
            if not 200 <= response.status_code < 300:
                raise _Refused(response)
            keep(claim, Answer(response.status_code, list(response.headers.items()), response.get_data()))
    except _Refused as refused:
        release(claim)
        return refused.response
    except (DatabaseUnavailable, *UNAVAILABLE):
        abandon(claim)
        raise
    except BaseException:
        release(claim)
        raise
    return response


def key_of_request() -> str | None:
    """The key of this request, None when it has none; raise InvalidIdempotencyKey when it is not one String."""
    header = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if header is None:
        return None
    item = _ITEM.fullmatch(header)
    if item is None or not item[1]:
        raise InvalidIdempotencyKey('must be one string in double quotes, as in "8e03978e-40d5-43dd"')
    key = re.sub(r"\\(.)", r"\1", item[1])
    if len(key) > LONGEST_KEY:
        raise InvalidIdempotencyKey(f"may have {LONGEST_KEY} characters; this one has {len(key)}")
    return key


def _fingerprint(body: bytes) -> str:
    target = f"{request.method} {request.path}?".encode() + request.query_string
    conditions = "\n".join(f"{name}: {request.headers.get(name, '')}" for name in ("If-Match", "If-None-Match"))
    return sha256(sha256(target).digest() + sha256(conditions.encode()).digest() + body).hexdigest()
