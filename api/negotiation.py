"""Content negotiation (RFC 9110, 12.5.1): may the client be answered in the one type an address has?"""

import re

from flask import request
from werkzeug.exceptions import NotAcceptable

_QUALITY = re.compile(r"\s*q\s*=\s*([0-9]*\.?[0-9]*)\s*", re.IGNORECASE | re.ASCII)


def require_acceptable(content_type: str, *kinds: str) -> None:
    """Raise NotAcceptable when the request's Accept header rules the type out; without one anything is accepted.

    `kinds` are types that the answer is of as well, as JSON-LD is JSON.
    """
    accept = request.environ.get("HTTP_ACCEPT", "")
    if accept in ("", "*/*", content_type):
        return
    if max(_quality(accept, kind) for kind in (content_type, *kinds)) <= 0:
        raise NotAcceptable(f"This address answers in {content_type} only; send Accept: {content_type} or none.")


def _quality(accept: str, content_type: str) -> float:
    """The quality a client gives a type: that of the most specific range that covers it, 0 when none does.

    Parameters of a range other than q are passed over: our types have no variants to choose from by them.
    """
    wanted = content_type.partition(";")[0].lower()
    specificity = {wanted: 3, f"{wanted.partition('/')[0]}/*": 2, "*/*": 1, "*": 1}
    best, quality = 0, 0.0
    for media_range in accept.split(","):
        name, *parameters = media_range.split(";")
        rank = specificity.get(name.strip().lower(), 0)
        if rank > best:
            best, quality = rank, _q(parameters)
    return quality


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        if found := _QUALITY.fullmatch(parameter):
            return float(found[1]) if found[1].strip(".") else 0.0
    return 1.0
