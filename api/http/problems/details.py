"""The `detail` of problems where it depends on the request, not on the exception alone."""

import re

from flask import current_app, request
from werkzeug.exceptions import NotFound

from api.errors import PreconditionFailed, ReadOnlyCopy
from api.representations.compression import without_coding
from schemas.values.misspelling import nearest


def not_found(error: NotFound) -> str:
    """What is missing: what whoever raised it says, or that there is no such address, and the nearest one that there is."""
    if error.description != NotFound.description:  # whoever raised it knows better what is missing
        return str(error.description)
    known = [rule.rule for rule in current_app.url_map.iter_rules() if not rule.arguments]
    close = nearest(request.path, known, 0.85)
    hint = f" Did you mean {close}?" if close else ""
    return f"Nothing lives at this address.{hint} GET / links everything there is."


_TAG = re.compile(r'(W/)?("[^"]*")')
STALE = (
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


def precondition_failed(error: PreconditionFailed) -> str:
    """Why the condition of a change does not hold, and what to send instead."""
    if error.current_etag is None:
        return "There is no such record to change. Without If-Match it is created."
    if request.headers.get("If-None-Match"):
        return "The record exists already: to replace it send its entity tag in If-Match."
    if_match = request.headers.get("If-Match", "")
    if coded := _coded_tag(if_match, error.current_etag):
        return _CODED.format(tag=coded, current=error.current_etag)
    return _WEAK if _weakness_matters(if_match, error.current_etag) else STALE


def _coded_tag(if_match: str, current_etag: str) -> str | None:
    """The tag of the header that would be that of the record without the coding that a proxy has appended, if any."""
    tags = (tag for _, tag in _TAG.findall(if_match))
    return next((tag for tag in tags if tag != current_etag and without_coding(tag) == current_etag), None)


def _weakness_matters(if_match: str, current_etag: str) -> bool:
    """Whether all tags of the header are weak, or a weak one would be that of the record if it were strong."""
    tags = _TAG.findall(if_match)
    return all(weak for weak, _ in tags) or ("W/", current_etag) in tags


def read_only_copy(_: ReadOnlyCopy) -> str:
    """That nothing was changed, and where it can be."""
    primary = current_app.config["PRIMARY_URL"]
    where = "where it comes from; the operator knows the address" if primary is None else f"at {primary}"
    return f"This service reads a copy of the database: nothing was changed. Changes are made {where}."
