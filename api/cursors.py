"""Cursors: opaque, URL-safe positions in a sorted collection, good for one query only.

A cursor names the last record seen by its sort key and its number, so that going on costs the same at any depth and
records added meanwhile neither repeat nor hide others. It carries a digest of the query it was made for and of itself:
a cursor that is cut, altered or used with another query is recognised. It is no secret and grants nothing.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from api.errors import InvalidParameters, Issue

_DIGEST = 8  # bytes
_ADVICE = "take it whole from next or prev, leave the other parameters as they were, or start without one."
_NOT_PART_OF_THE_QUESTION = {"cursor", "limit", "total", "fields", "expand", "highlight"}


class Position(NamedTuple):
    """A place between two records: after (or, going backwards, before) the one with this key and number."""

    backwards: bool
    key: str | int
    number: int


def encode(position: Position, question: bytes) -> str:
    """The cursor for a position in the answer to a question (see `question_of`)."""
    body = orjson.dumps(list(position))
    return base64.urlsafe_b64encode(_digest(body, question) + body).rstrip(b"=").decode()


def decode(cursor: str, question: bytes, key: type[str] | type[int]) -> Position:
    """The position a cursor stands for; raise InvalidParameters when it was not made for this question.

    `key` is the type of the sort key: nobody can be kept from making a digest, so what is behind it is checked too.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = orjson.loads(raw[_DIGEST:])
    except ValueError:
        position = None
    if not _is_position(position, key) or encode(Position(*position), question) != cursor:
        raise InvalidParameters([Issue(f"Is not a cursor of this query: {_ADVICE}", parameter="cursor")])
    return Position(*position)


def _is_position(found: Any, key: type[str] | type[int]) -> bool:
    if not isinstance(found, list) or [type(part) for part in found] != [bool, key, int]:
        return False
    return "\0" not in str(found[1]) and all(abs(part) < 2**63 for part in found if type(part) is int)


def question_of(record_type: str, query: Mapping[str, Any]) -> bytes:
    """What a cursor is bound to: the collection, its filters and its order."""
    asked = {name: value for name, value in query.items() if name not in _NOT_PART_OF_THE_QUESTION}
    return record_type.encode() + orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)


def _digest(body: bytes, question: bytes) -> bytes:
    return hashlib.blake2b(question + b"\0" + body, digest_size=_DIGEST).digest()
