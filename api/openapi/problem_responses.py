"""What operations can answer beside success, worked out from the table of problems."""

from collections.abc import Iterable

from api.http.media_types import PROBLEM
from api.http.operations import Operation
from api.http.problems.problem import Problem
from api.http.problems.table import BY_NAME, PROBLEMS
from api.openapi.components import Node, ref, schema
from api.openapi.enumerations import Enumerations
from api.openapi.headers import HEADERS, headers, optional
from api.openapi.parameters import shows_records

ALWAYS_POSSIBLE = (406, 414, 422, 500, 503)
_COMPONENTS = {"ETag": "Current-ETag", "Location": "Successor"}
"""The components of those headers that say something else of a problem than of a record."""


def _by_status(status: int) -> tuple[Problem, ...]:
    return tuple(problem for problem in PROBLEMS if problem.status == status)


RESPONSES: dict[str, tuple[Problem, ...]] = {
    "BadRequest": _by_status(400),
    "TokenRequired": _by_status(401),
    "MissingScope": _by_status(403),
    "NoSuchRecord": _by_status(404),  # also not-found: an id with a slash in it is no id but another address
    "NotAcceptable": _by_status(406),
    "Conflict": _by_status(409),
    "Gone": _by_status(410),
    "PreconditionFailed": _by_status(412),
    "BodyTooLarge": _by_status(413),
    "UriTooLong": _by_status(414),
    "UnsupportedMediaType": _by_status(415),
    "InvalidParameters": (BY_NAME["invalid-parameters"],),
    "InvalidDocument": tuple(
        BY_NAME[name] for name in ("invalid-document", "invalid-parameters", "idempotency-key-reused")
    ),
    "PreconditionRequired": _by_status(428),
    "InternalError": _by_status(500),
    "DatabaseUnavailable": _by_status(503),
    "StorageFull": _by_status(507),
}
"""The responses that operations refer to, each with the problems that it tells of: the first is the example."""


def problem_statuses(operation: Operation) -> set[int]:
    """The statuses of the problems that an operation can answer with."""
    statuses = {*operation.statuses, *ALWAYS_POSSIBLE}
    if shows_records(operation.rule):
        statuses.add(400)
    if "as_of" in operation.query.fields:
        statuses.add(410)
    if operation.reads and 404 in statuses and operation.record_type != "vocabularies" and not _outlives(operation):
        statuses.add(410)
    if not operation.reads and operation.stores:
        statuses.add(507)
        statuses -= set() if operation.answer else {406}  # what has no body is of no type
    return statuses


def _outlives(operation: Operation) -> bool:
    """Whether what is at an address stays there when the record has gone."""
    return operation.rule.endswith(("/history", "/revisions/<n>"))


def moves(operation: Operation) -> bool:
    """Whether an address answers with that of another record when its own was merged."""
    return operation.reads and operation.record_type == "speakers" and not _outlives(operation)


def problem_responses(operation: Operation, more: Iterable[int] = ()) -> Node:
    """The problems an operation can answer with, by status, and those of `more` statuses."""
    left_out = "InvalidDocument" if operation.reads else "InvalidParameters"
    names = {problems[0].status: name for name, problems in RESPONSES.items() if name != left_out}
    return {str(status): ref("responses", names[status]) for status in sorted({*problem_statuses(operation), *more})}


def shared_responses() -> dict[str, Node]:
    """The responses that operations refer to by name."""
    return {
        "NotModified": {
            "description": "What the client has is still current; there is no body.",
            "headers": headers("ETag", "Cache-Control"),
        },
        "Merged": {
            "description": "Another speaker stands for this one now: Location is the same address below that one.",
            "headers": headers("Location", "Cache-Control"),
        },
        **{name: _response(name, problems) for name, problems in RESPONSES.items()},
    }


def _response(name: str, problems: tuple[Problem, ...]) -> Node:
    shown = problems[0]
    example: Node = {"type": shown.type, "title": shown.title, "status": shown.status, "detail": shown.example}
    if shown.example_issues:
        example["errors"] = [dict(issue) for issue in shown.example_issues]
    return {
        "description": f"{shown.title}.",
        "headers": {**headers("No-Store"), **_headers(problems)},
        "content": {PROBLEM: {"schema": schema(f"{name}Problem"), "example": example}},
    }


def _headers(problems: tuple[Problem, ...]) -> Node:
    """The headers that come with some of these problems; those that come with all are required."""
    names = dict.fromkeys(name for problem in problems for name in problem.headers)
    found: Node = {}
    for name in names:
        component = _COMPONENTS.get(name, name)
        if component in HEADERS:
            always = all(name in problem.always for problem in problems) or component in _COMPONENTS.values()
            found[name] = ref("headers", component) if always else optional(component)
    return found


def problem_schemas(general: Node, named: Enumerations) -> dict[str, Node]:
    """The body of each of these responses: the general `Problem` with constants that a typed client can switch on.

    The enumerations of several types are added to `named`.
    """
    return {f"{name}Problem": _schema(name, problems, general, named) for name, problems in RESPONSES.items()}


def _schema(name: str, problems: tuple[Problem, ...], general: Node, named: Enumerations) -> Node:
    title, types = problems[0].title, [problem.type for problem in problems]
    properties: Node = {
        "type": {"type": "string", "const": types[0]},
        "title": {"type": "string"},
        "status": {"type": "integer", "const": problems[0].status},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": schema("Issue")},
    }
    if len(types) > 1:
        properties["type"] = named.add(f"{name}Type", f"The types of problems with status {problems[0].status}.", types)
    if problems == RESPONSES["InvalidParameters"]:
        properties["errors"]["minItems"] = 1
    return {
        "description": f"{title}.",
        "type": "object",
        "properties": properties,
        "required": [*general["required"], *(["errors"] if "minItems" in properties["errors"] else [])],
        # Each is a `Problem`. With `allOf` generated clients would have to merge two types for the same key.
        "dependentSchemas": {"type": schema("Problem")},
    }
