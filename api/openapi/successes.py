"""The responses of operations that succeed. Each is a component, shared by all operations with the same response."""

import orjson

from api.bulk import csv, exporting
from api.http.media_types import (
    ATOM,
    BIBTEX,
    CSL_JSON,
    CSV,
    JSON,
    JSON_FEED,
    LINKED_DATA,
    NDJSON,
    PLAIN_CITATION,
    RIS,
    ZIP,
)
from api.http.operations import Operation
from api.openapi.bodies import lines
from api.openapi.components import RECORDS, Node, example, schema
from api.openapi.examples import drafted, drafted_lines, examples, exported, shortened
from api.openapi.headers import headers
from api.openapi.links import links_of
from schemas.parameters.collections import DEFAULT_LIMIT

Named = tuple[str, Node]
"""A response and the name of its component."""

_OTHERS: dict[str, Node] = {
    CSL_JSON: {"schema": schema("OtherJSON"), "example": [{"type": "document", "id": "a-statement"}]},
    ATOM: {"schema": {"type": "string"}, "example": '<feed xmlns="http://www.w3.org/2005/Atom"/>'},
    JSON_FEED: {"schema": schema("OtherJSON"), "example": {"version": "https://jsonfeed.org/version/1.1"}},
    LINKED_DATA: {"schema": schema("OtherJSON"), "example": {"@context": "http://127.0.0.1:8000/contexts/1.jsonld"}},
    BIBTEX: {"schema": {"type": "string"}, "example": "@misc{a-statement,}"},
    RIS: {"schema": {"type": "string"}, "example": "TY  - GEN"},
    PLAIN_CITATION: {"schema": {"type": "string"}, "example": "António Guterres. [Summary]."},
}
"""Bodies in other forms than JSON, which specifications of their own describe, by media type."""

_CHANGED = {
    200: ("Stored{name}", "The record as it stands now.", ("ETag", "No-Store", "Content-Location")),
    201: ("Created{name}", "The new record.", ("ETag", "No-Store", "Location")),
    204: ("Deleted", "It is gone; there is no body.", ("No-Store",)),
}


def successes(operation: Operation, answer: Node, description: str) -> dict[str, Named]:
    """The successful responses of an operation by status; `answer` refers to the schema of its body."""
    if operation.rule == "/v1/statements/export":
        return {"200": ("StatementExport", _export())}
    if operation.media_types == (ZIP,):
        return {"200": ("DataPackage", _package())}
    if operation.rule == "/v1/import":
        return {"200": ("ImportOutcome", _import(operation, answer))}
    if not operation.reads and not operation.stores:
        return {"200": ("Draft", _draft(operation, answer))}
    if operation.reads:
        return {"200": _read(operation, answer, description)}
    statuses = (200, 201) if operation.method == "PUT" else (operation.success,)
    return {str(status): _changed(operation, answer, status) for status in statuses}


def _read(operation: Operation, answer: Node, description: str) -> Named:
    name = answer["$ref"].rpartition("/")[2]
    body = {"schema": answer, **_example_of_read(operation, name)}
    response: Node = {
        "description": description,
        "headers": headers(*_headers_of_read(operation)),
        "content": {operation.media_types[0]: body, **{name: _OTHERS[name] for name in operation.media_types[1:]}},
    }
    if _is_revision(operation):
        return f"{name}Revision", response
    return name, {**response, **links_of(name)}


def _headers_of_read(operation: Operation) -> list[str]:
    parameters = operation.query.fields
    is_memento = _is_revision(operation) or (operation.rule.endswith("/<id>") and "as_of" in parameters)
    leads_on = is_memento or "cursor" in parameters or operation.rule in ("/", "/v1/changes")
    return [
        "ETag",
        "Cache-Control",
        "Tasrih-Position",
        *(["Link"] if leads_on else []),
        *(["Memento-Datetime"] if is_memento else []),
    ]


def _is_revision(operation: Operation) -> bool:
    return operation.rule.endswith("/<n>")


def _example_of_read(operation: Operation, name: str) -> Node:
    if not isinstance(operation.example, str):
        return {"example": operation.example}
    if name in RECORDS.values():
        return example(name)
    page = {"limit": DEFAULT_LIMIT, "next": None, "prev": None}
    return {"example": {"data": [shortened(examples()[operation.example])], "page": page}}


def _changed(operation: Operation, answer: Node, status: int) -> Named:
    template, description, names = _CHANGED[status]
    response: Node = {"description": description, "headers": headers(*names, "Tasrih-Position")}
    if status == 204:
        return template, response
    name = answer["$ref"].rpartition("/")[2]
    (media_type,) = operation.media_types
    response["content"] = {media_type: {"schema": answer, **example(name)}}
    return template.format(name=name), {**response, **links_of(name)}


def _import(operation: Operation, answer: Node) -> Node:
    (media_type,) = operation.media_types
    return {
        "description": "All records are stored.",
        "headers": headers("No-Store", "Tasrih-Position"),
        "content": {media_type: {"schema": answer, "example": {"created": 1, "changed": 0, "unchanged": 0}}},
    }


def _draft(operation: Operation, answer: Node) -> Node:
    return {
        "description": "The draft; as NDJSON, documents ready for an import.",
        "headers": headers("No-Store"),
        "content": {
            JSON: {"schema": answer, "example": drafted()},
            NDJSON: {"schema": lines("One `Line` in each line, as JSON."), "example": drafted_lines()},
        },
    }


def _package() -> Node:
    return {
        "description": "The archive, in chunks; one that breaks off is not whole.",
        "headers": headers("Cache-Control", "Content-Disposition"),
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}, "example": "PK"}},
    }


def _export() -> Node:
    statement = exported()
    table = csv.header() + csv.rows([statement], "http://127.0.0.1:8000")
    about_table = "A table (RFC 4180) with a row for each statement, after one with the names of the columns."
    return {
        "description": "All statements found, in chunks; one that breaks off is not whole.",
        "headers": headers("Cache-Control", "Content-Disposition", "Tasrih-Position"),
        "content": {
            NDJSON: {
                "schema": lines("One `Line` in each line, as JSON."),
                "example": exporting.lines("statements", [orjson.dumps(statement)]).decode(),
            },
            CSV: {"schema": {"type": "string", "description": about_table}, "example": table.decode()},
        },
    }
