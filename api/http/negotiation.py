"""Content negotiation (RFC 9110, 12.5.1): which of the media types of an address the client accepts."""

import re
from collections.abc import Mapping
from functools import lru_cache

from flask import request
from werkzeug.exceptions import NotAcceptable

from api.http.media_types import HTML, JSON, JSON_LD

_XHTML = "application/xhtml+xml"
_QUALITY = re.compile(r"[0-9]*(?:\.[0-9]*)?", re.ASCII)  # one way to match each text: a client can send many digits


def require_acceptable(content_type: str, *more: str, broader: tuple[str, ...] = ()) -> None:
    """Raise NotAcceptable when the request's Accept header rules out all types; without one anything is accepted.

    `broader` are types that cover the answer as well, as JSON covers JSON-LD.
    """
    accept = request.environ.get("HTTP_ACCEPT", "")
    if accept in ("", "*/*", content_type):
        return
    if max(_quality(accept, covering) for covering in (content_type, *more, *broader)) <= 0:
        names = " or ".join(_bare(name) for name in (content_type, *more))
        raise NotAcceptable(f"This address answers in {names} only; send Accept: {_bare(content_type)} or none.")


def preferred(variants: Mapping[str, tuple[str, ...]]) -> str:
    """The name of the variant that the client likes best by the types it is of; of equals the first."""
    accept = request.environ.get("HTTP_ACCEPT") or "*/*"
    if accept == "*/*":
        return next(iter(variants))
    return max(variants, key=lambda name: max(_quality(accept, content_type) for content_type in variants[name]))


def is_page_wanted(media_type: str) -> bool:
    """Whether the client of this request likes HTML better than the JSON that is served.

    Browsers name XHTML too. Others that take JSON at all get it: the default of Java is `text/html, ..., */*;q=.2`.
    """
    accept = request.environ.get("HTTP_ACCEPT", "")
    if "text/html" not in accept.lower() or media_type not in (JSON, JSON_LD):
        return False
    of_json = max(_quality(accept, media_type), _quality(accept, JSON))
    return _quality(accept, HTML) > of_json and (_XHTML in accept or not of_json)


@lru_cache(maxsize=500)  # a few clients send a few headers, each of which is weighed against a dozen types
def _quality(accept: str, content_type: str) -> float:
    """The quality a client gives a type: that of the most specific range that covers it, 0 when none does.

    Parameters of a range other than q are passed over: our types have no variants to choose from by them.
    """
    wanted = _bare(content_type).lower()
    specificity = {wanted: 3, f"{wanted.partition('/')[0]}/*": 2, "*/*": 1, "*": 1}
    best, quality = 0, 0.0
    for media_range in accept.split(","):
        name, *parameters = media_range.split(";")
        rank = specificity.get(name.strip().lower(), 0)
        if rank > best:
            best, quality = rank, _q(parameters)
    return quality


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0]


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        name, equals, value = map(str.strip, parameter.partition("="))
        if equals and name.lower() == "q" and _QUALITY.fullmatch(value):
            return float(value) if value.strip(".") else 0.0
    return 1.0
