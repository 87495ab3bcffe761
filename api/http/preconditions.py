"""If-Match and If-None-Match (RFC 9110, 13.1.1 and 13.1.2): the condition of a change, and whether a read is answered with 304."""

import re
from typing import Literal

from flask import request
from werkzeug.exceptions import BadRequest

from api.records.changing import ANY, Condition
from api.representations.compression import plain_tag, without_coding

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[\s,]*{_TAG}(?:\s*,[\s,]*{_TAG})*[\s,]*")  # what is empty between commas says nothing (5.6.1.2)

ONE_OF_THEM = "Send If-Match or If-None-Match: *, not both: the first changes what exists, the second only creates."
NO_TAGS = 'If-Match is * or entity tags in quotes, such as "5f1d7c1a9a5e4f0b8d3c2a17".'
OF_ONE_RECORD = "If-Match is of one record. An import takes If-None-Match: *, which lets it create and never replace."
NOT_NEW = "A change takes If-None-Match only as *: it then creates and never replaces."


def client_has(if_none_match: str | None, tag: str) -> bool:
    """Whether a client has this version already, so that a GET is answered with 304.

    The comparison is weak, also between codings: a cache in between may have weakened or marked the tag.
    """
    if not if_none_match:
        return False
    if if_none_match == tag:
        return True
    tags = [without_coding(candidate.strip().removeprefix("W/")) for candidate in if_none_match.split(",")]
    return without_coding(tag) in tags or tags == ["*"]


def condition() -> Condition:
    """The condition of this request; raise BadRequest when its headers make none."""
    if_match, if_none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if if_match is not None and if_none_match is not None:
        raise BadRequest(ONE_OF_THEM)
    if if_none_match is not None:
        if if_none_match.strip() != ANY:
            raise BadRequest(NOT_NEW)
        return Condition(must_be_new=True)
    return Condition(None if if_match is None else _tags(if_match))


def only_creates() -> bool:
    """Whether a request that writes many records may replace none; raise BadRequest for a condition on one record."""
    if "If-Match" in request.headers:
        raise BadRequest(OF_ONE_RECORD)
    return condition().must_be_new


def _tags(if_match: str) -> tuple[str, ...] | Literal["*"]:
    """The entity tags of a header, those of compressed answers as what they were of.

    Weak ones stay and match nothing: the comparison is the strong one.
    """
    if if_match.strip() == ANY:
        return ANY
    if not _TAGS.fullmatch(if_match):
        raise BadRequest(NO_TAGS)
    return tuple(map(plain_tag, re.findall(_TAG, if_match)))
