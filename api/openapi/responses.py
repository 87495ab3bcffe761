"""What all operations can answer beside success, and the headers of every answer."""

from typing import Any

from api import problems

Node = dict[str, Any]

HEADERS: dict[str, Node] = {
    "ETag": {
        "description": "Strong validator of this representation (RFC 9110, 8.8.3).",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        "example": '"5f1d7c1a9a5e4f0b8d3c2a17"',
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
        "schema": {"type": "string", "const": "no-store"},
        "example": "no-store",
    },
    "Link": {
        "description": "Links to where one can go from here (RFC 8288); on a page, the same ones as in its body.",
        "schema": {"type": "string"},
        "example": '<http://127.0.0.1:8000/v1/statements?cursor=abc>; rel="next"',
    },
    "Memento-Datetime": {
        "description": "Since when the service had said this, when it is asked what it said before (RFC 7089).",
        "schema": {"type": "string"},
        "example": "Sat, 21 Nov 2026 09:00:00 GMT",
    },
    "Location": {
        "description": "The address of the record that stands for this one.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "/v1/speakers/antonio-guterres",
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "example": int(problems.RETRY_AFTER),
    },
}

PROBLEMS: dict[int, tuple[str, problems.Kind, str]] = {
    400: (
        "BadRequest",
        problems.MOMENT_NOT_REACHED,
        "'as_of' lies in the future, after 2026-11-21T09:00:00.000000Z. Give a moment that has been.",
    ),
    410: (
        "Gone",
        problems.GONE,
        "The record 'nobody' was deleted; its address with /history tells when. PUT makes it again.",
    ),
    404: (
        "NoSuchRecord",
        problems.NO_SUCH_RECORD,
        "There is no record 'nobody' here. Look for it with the collection's parameter q.",
    ),
    406: (
        "NotAcceptable",
        problems.NOT_ACCEPTABLE,
        "This address answers in application/json only; send Accept: application/json or none.",
    ),
    414: (
        "UriTooLong",
        problems.URI_TOO_LONG,
        "The address has 9000 characters; at most 8000 are read. Ask for less at a time.",
    ),
    422: (
        "InvalidParameters",
        problems.INVALID_PARAMETERS,
        problems.LISTED,
    ),
    500: (
        "InternalError",
        problems.INTERNAL,
        problems.FAILED,
    ),
    503: (
        "DatabaseUnavailable",
        problems.UNAVAILABLE,
        problems.RETRY,
    ),
}
ALWAYS_POSSIBLE = (406, 414, 422, 500, 503)
MISTAKE = {"parameter": "since", "detail": "'2021-13-45' has no month 13."}


def shared_responses() -> Node:
    """The responses that operations refer to by name."""
    told = {name: _problem(kind, detail) for name, kind, detail in PROBLEMS.values()}
    return {"NotModified": _not_modified(), "Moved": _moved(), **told}


def failures(statuses: list[int]) -> Node:
    """The problems an operation can answer: those it names and those that any can."""
    possible = sorted({*statuses, *ALWAYS_POSSIBLE})
    names = {308: "Moved", **{status: name for status, (name, _, _) in PROBLEMS.items()}}
    return {str(status): {"$ref": f"#/components/responses/{names[status]}"} for status in possible}


def _problem(kind: problems.Kind, detail: str) -> Node:
    example: Node = {"type": problems.type_of(kind), "title": kind.title, "status": kind.status, "detail": detail}
    if kind is problems.INVALID_PARAMETERS:
        example["errors"] = [MISTAKE]
    headers = {"Cache-Control": {"$ref": "#/components/headers/No-Store"}}
    if kind is problems.UNAVAILABLE:
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, _told_apart(kind)]}
    return {
        "description": f"{kind.title}.",
        "headers": headers,
        "content": {problems.CONTENT_TYPE: {"schema": schema, "example": example}},
    }


def _told_apart(kind: problems.Kind) -> Node:
    """What sets one kind of problem apart from the others: constants that a typed client can switch on."""
    kinds = [kind, *_ALSO.get(kind, ())]
    properties: Node = {
        "type": {"type": "string", "enum": [problems.type_of(possible) for possible in kinds]},
        "status": {"type": "integer", "const": kind.status},
    }
    if kind is problems.INVALID_PARAMETERS:
        properties["errors"] = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Mistake"}}
    return {"type": "object", "properties": properties, "required": list(properties)}


_ALSO = {
    problems.NO_SUCH_RECORD: [problems.NOT_FOUND],  # an id with a slash in it is no id but another address
    problems.UNAVAILABLE: [problems.TOO_SLOW],
    problems.MOMENT_NOT_REACHED: [problems.BAD_REQUEST],
    problems.GONE: [problems.POSITION_GONE, problems.MOMENT_GONE],
}


def _not_modified() -> Node:
    return {
        "description": "What the client has is still current; there is no body.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Cache-Control")},
    }


def _moved() -> Node:
    return {
        "description": "Another record stands for this one since they were merged; there is no body.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("Location", "Cache-Control")},
    }
