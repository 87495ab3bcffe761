"""The headers of requests and answers."""

from api.http.problems.headers import RETRY_AFTER
from api.openapi.components import Node, ref
from schemas.answers.changes import LAST_SEQUENCE

_TAG = '"5f1d7c1a9a5e4f0b8d3c2a17"'
_RECORD = "http://127.0.0.1:8000/v1/speakers/antonio-guterres"

HEADERS: dict[str, Node] = {
    "ETag": {
        "description": "Strong validator of this representation (RFC 9110, 8.8.3).",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        "example": _TAG,
    },
    "Cache-Control": {
        "description": "How long caches may keep the answer (RFC 9111).",
        "required": True,
        "schema": {"type": "string"},
        "example": "public, max-age=60",
    },
    "No-Store": {
        "description": "A problem is not to be kept by any cache (RFC 9111, 5.2.2.5).",
        "required": True,
        "schema": {"type": "string", "pattern": "^no-store$"},
        "example": "no-store",
    },
    "Link": {
        "description": "Links to where one can go from here (RFC 8288); on a page, the same ones as in its body.",
        "schema": {"type": "string"},
        "example": '<http://127.0.0.1:8000/v1/statements?cursor=abc>; rel="next"',
    },
    "Tasrih-Position": {
        "description": "The answer shows everything up to this position of the feed of changes. Sent as `Tasrih-At-Least` with "
        "another request, that one is answered from no earlier state, or with 503.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LAST_SEQUENCE},
        "example": 42,
    },
    "Content-Disposition": {
        "description": "The name of the file to be saved (RFC 6266).",
        "required": True,
        "schema": {"type": "string"},
        "example": 'attachment; filename="statements.ndjson"',
    },
    "Memento-Datetime": {
        "description": "Since when the service had said this, when it is asked what it said before (RFC 7089).",
        "schema": {"type": "string"},
        "example": "Sat, 21 Nov 2026 09:00:00 GMT",
    },
    "Location": {
        "description": "The address of the record (RFC 9110, 10.2.2).",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
        "example": _RECORD,
    },
    "Content-Location": {
        "description": "The address of the record in the answer (RFC 9110, 8.7).",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
        "example": _RECORD,
    },
    "Current-ETag": {
        "description": "The entity tag of the record as it is now, if there is one.",
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        "example": _TAG,
    },
    "Successor": {
        "description": "The address of the record in question, if it is another than this.",
        "schema": {"type": "string", "format": "uri"},
        "example": _RECORD,
    },
    "WWW-Authenticate": {
        "description": "How to authenticate (RFC 6750, 3).",
        "required": True,
        "schema": {"type": "string"},
        "example": 'Bearer realm="tasrih"',
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "example": int(RETRY_AFTER),
    },
}
_NAMES = {"No-Store": "Cache-Control", "Current-ETag": "ETag", "Successor": "Location"}
"""The headers of components that are called otherwise."""

CONDITIONS: dict[str, Node] = {
    "If-Match": {
        "description": "The entity tag of the version to be changed, the `ETag` of a GET; several, or * for any version "
        "(RFC 9110, 13.1.1). What exists is not changed without it.",
        "schema": {"type": "string"},
        "example": _TAG,
    },
    "If-None-Match": {
        "description": "`*` to create and never replace (RFC 9110, 13.1.2).",
        "schema": {"type": "string", "pattern": r"^\*$"},
        "example": "*",
    },
    "Idempotency-Key": {
        "description": "A string in double quotes that nothing else was sent with: sent again with it within 24 hours, the "
        "same request is answered as it was the first time, and done once.",
        "schema": {"type": "string", "pattern": r'^"([ !#-\[\]-~]|\\["\\])+"$'},
        "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    },
}


STATES: dict[str, Node] = {
    "Tasrih-At-Least": {
        "description": "The `Tasrih-Position` of an earlier answer: this one shows no earlier state. A replica that lags is "
        "waited for, half a second at most; 503 when the service has not come so far.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LAST_SEQUENCE},
        "example": 0,
    },
}


def header_parameters() -> dict[str, Node]:
    """The components of the headers that requests take: conditions of changes, and which state is to be shown."""
    sent = {**CONDITIONS, **STATES}
    return {name: {"in": "header", "name": name, "required": False, **node} for name, node in sent.items()}


def headers(*components: str) -> Node:
    """References to headers, each by the name it has in an answer."""
    return {_NAMES.get(name, name): ref("headers", name) for name in components}


def optional(component: str) -> Node:
    """A header that is not always there."""
    return {key: value for key, value in HEADERS[component].items() if key != "required"}
