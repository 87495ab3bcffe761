"""What all operations can answer beside success, and the headers of every answer."""

from typing import Any

from api.http import problems

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
        "example": "http://127.0.0.1:8000/v1/speakers/antonio-guterres",
    },
    "Content-Location": {
        "description": "The address of the record in the answer (RFC 9110, 8.7).",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
        "example": "http://127.0.0.1:8000/v1/speakers/antonio-guterres",
    },
    "Current-ETag": {
        "description": "The entity tag of the record as it is now, if there is one.",
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        "example": '"5f1d7c1a9a5e4f0b8d3c2a17"',
    },
    "Successor": {
        "description": "The address of the record in question, if it is another than this.",
        "schema": {"type": "string", "format": "uri"},
        "example": "http://127.0.0.1:8000/v1/speakers/antonio-guterres",
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
        "example": int(problems.RETRY_AFTER),
    },
}

PROBLEMS: dict[int, tuple[str, problems.Kind, str]] = {
    400: (
        "BadRequest",
        problems.BAD_REQUEST,
        'If-Match is * or entity tags in quotes, such as "5f1d7c1a9a5e4f0b8d3c2a17".',
    ),
    401: (
        "TokenRequired",
        problems.TOKEN_REQUIRED,
        "Send 'Authorization: Bearer' and a token of this service.",
    ),
    403: (
        "MissingScope",
        problems.MISSING_SCOPE,
        "The token has not the scope 'write', which this takes. Ask the operator for one that has.",
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
    409: (
        "Conflict",
        problems.STILL_REFERRED,
        "2 records refer to it, which errors lists. Change or delete those first.",
    ),
    410: (
        "Gone",
        problems.GONE,
        "The record 'nobody' was deleted; its address with /history tells when. PUT makes it again.",
    ),
    412: (
        "PreconditionFailed",
        problems.PRECONDITION_FAILED,
        "The record has changed, or the tag is that of a part (fields, expand). Read it whole, make the change anew"
        " and send its entity tag in If-Match.",
    ),
    413: (
        "BodyTooLarge",
        problems.BODY_TOO_LARGE,
        "The body has more than 1048576 bytes, the most that is read here.",
    ),
    415: (
        "UnsupportedMediaType",
        problems.UNSUPPORTED_MEDIA_TYPE,
        "The body is of type text/plain; send it as application/json.",
    ),
    428: (
        "PreconditionRequired",
        problems.PRECONDITION_REQUIRED,
        "Say which version is to be changed: send its entity tag, the ETag of a GET, in If-Match.",
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
    507: (
        "StorageFull",
        problems.STORAGE_FULL,
        problems.FULL,
    ),
}
ALWAYS_POSSIBLE = (406, 414, 422, 500, 503)
INVALID_DOCUMENT = (
    "InvalidDocument",
    problems.INVALID_DOCUMENT,
    problems.MISFIT.format(some=""),
)
MISTAKE = {"parameter": "since", "detail": "'2021-13-45' has no month 13."}


def shared_responses() -> Node:
    """The responses that operations refer to by name."""
    told = {name: _problem(kind, detail) for name, kind, detail in [*PROBLEMS.values(), INVALID_DOCUMENT]}
    return {"NotModified": _not_modified(), "Merged": _merged(), **told}


def failures(statuses: list[int], changing: bool = False) -> Node:
    """The problems an operation can answer: those it names and those that any can."""
    possible = {
        status: PROBLEMS[status] for status in sorted({*statuses, *ALWAYS_POSSIBLE, *([507] if changing else [])})
    }
    if changing:
        possible[422] = INVALID_DOCUMENT
    return {str(status): {"$ref": f"#/components/responses/{told[0]}"} for status, told in possible.items()}


def _problem(kind: problems.Kind, detail: str) -> Node:
    example: Node = {"type": problems.type_of(kind), "title": kind.title, "status": kind.status, "detail": detail}
    if kind in _MISTAKES:
        example["errors"] = _MISTAKES[kind]
    headers = {"Cache-Control": {"$ref": "#/components/headers/No-Store"}}
    for name, component in _HEADERS.get(kind, {}).items():
        headers[name] = {"$ref": f"#/components/headers/{component}"}
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


_MISTAKES = {
    problems.INVALID_PARAMETERS: [MISTAKE],
    problems.INVALID_DOCUMENT: [{"pointer": "/date", "detail": "'2021-13-45' has no month 13."}],
    problems.STILL_REFERRED: [{"document": "places/town", "detail": "Refers to it."}],
}

_HEADERS = {
    problems.UNAVAILABLE: {"Retry-After": "Retry-After"},
    problems.STORAGE_FULL: {"Retry-After": "Retry-After"},
    problems.TOKEN_REQUIRED: {"WWW-Authenticate": "WWW-Authenticate"},
    problems.MISSING_SCOPE: {"WWW-Authenticate": "WWW-Authenticate"},
    problems.PRECONDITION_FAILED: {"ETag": "Current-ETag"},
    problems.PRECONDITION_REQUIRED: {"ETag": "Current-ETag"},
    problems.STILL_REFERRED: {"Location": "Successor"},
}

_ALSO = {
    problems.BAD_REQUEST: [problems.NOT_JSON, problems.INVALID_IDEMPOTENCY_KEY, problems.MOMENT_NOT_REACHED],
    problems.TOKEN_REQUIRED: [problems.INVALID_TOKEN],
    problems.STILL_REFERRED: [
        *(problems.ALREADY_THERE, problems.MERGED, problems.UNFIT_FOR_OTHERS, problems.STILL_RUNNING),
    ],
    problems.INVALID_DOCUMENT: [problems.INVALID_PARAMETERS, problems.IDEMPOTENCY_KEY_REUSED],
    problems.NO_SUCH_RECORD: [problems.NOT_FOUND],  # an id with a slash in it is no id but another address
    problems.UNAVAILABLE: [problems.READ_ONLY, problems.TOO_SLOW, problems.TOO_MANY_EXPORTS],
    problems.GONE: [problems.POSITION_GONE, problems.MOMENT_GONE],
}


def _not_modified() -> Node:
    return {
        "description": "What the client has is still current; there is no body.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Cache-Control")},
    }


def _merged() -> Node:
    return {
        "description": "Another speaker stands for this one now: Location is the same address below that one.",
        "headers": {
            "Location": {"$ref": "#/components/headers/Location"},
            "Cache-Control": _reference("Cache-Control"),
        },
    }


def _reference(header: str) -> Node:
    return {"$ref": f"#/components/headers/{header}"}
