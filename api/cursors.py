"""Cursors: opaque, URL-safe positions in a sorted collection, each good for a single query.

A cursor names the last record of a page by its sort key and its number, so that the next page costs the same at any depth,
and records that are added meanwhile neither repeat nor hide others. It carries a digest of itself and of its scope, the
query it was made for: a cursor that is cut, altered or used with another query is recognised. It is no secret and grants
nothing.
"""

import base64
import hashlib
from typing import Any, NamedTuple

import orjson

from api.errors import InvalidParameters, Issue
from schemas.messages import NOT_A_CURSOR

_DIGEST = 8  # bytes


class Position(NamedTuple):
    """A place between two records: after (when `backwards`, before) the record with this key and number."""

    backwards: bool
    key: str | int
    number: int
    counts: tuple[int, ...] = ()
    """What the order depends on besides the records, and was counted for the first page."""


def sides(position: Position | None, shown: bool, more: bool) -> tuple[bool, bool]:
    """Whether there is a page after and one before a page read from a position: `more` says whether the reading went on,
    and `shown` whether it holds anything."""
    if position is None:
        return more, False
    return (shown, more) if position.backwards else (more, shown)


def encode(position: Position, scope: bytes) -> str:
    """The cursor for a position; `scope` is what it is good for, such as `Query.cursor_scope`."""
    body = orjson.dumps([*position[:3], *position.counts])
    return base64.urlsafe_b64encode(_digest(body, scope) + body).rstrip(b"=").decode()


def decode(cursor: str, scope: bytes, key: type[str] | type[int]) -> Position:
    """The position of a cursor; raise InvalidParameters when it was not made for this scope.

    `key` is the type of the sort key. It is checked too, for clients can make digests themselves.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = orjson.loads(raw[_DIGEST:])
    except ValueError:
        position = None
    if _is_position(position, key):
        backwards, sort_key, number, *counts = position
        decoded = Position(backwards, sort_key, number, tuple(counts))
        if encode(decoded, scope) == cursor:
            return decoded
    raise InvalidParameters([Issue(NOT_A_CURSOR, parameter="cursor")])


def _is_position(value: Any, key: type[str] | type[int]) -> bool:
    if not isinstance(value, list) or [type(part) for part in value[:3]] != [bool, key, int]:
        return False
    if any(type(part) is not int or part < 0 for part in value[3:]):
        return False
    return "\0" not in str(value[1]) and all(abs(part) < 2**63 for part in value if type(part) is int)


def _digest(body: bytes, scope: bytes) -> bytes:
    return hashlib.blake2b(scope + b"\0" + body, digest_size=_DIGEST).digest()
