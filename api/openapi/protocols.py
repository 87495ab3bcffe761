"""The addresses whose form others have decided, written out: OpenRefine's reconciliation and the context of JSON-LD.

Their specifications are their contract, which this part of the document sums up. Unknown parameters are passed over here.
"""

import json
from typing import Any

from api.http.media_types import HTML, JSON, LINKED_DATA
from api.linked_data.context import PATH as CONTEXT
from api.openapi.components import Node, ref, schema
from api.openapi.headers import headers
from api.reconciliation.properties import RECONCILED
from api.reconciliation.shapes import LONGEST_NAME, MOST_LISTED, MOST_ROWS, OTHERWISE_MOST

RECONCILE = "/reconcile/{record_type}"
TAGS: list[Node] = [
    {"name": "Reconciliation", "description": "OpenRefine's Reconciliation Service API 0.2."},
    {"name": "Linked data", "description": "The vocabulary of JSON-LD."},
]
_QUERIES = {"q0": {"query": "Lavrov", "limit": 1}}
_EXTENSION = {"ids": ["sergey-lavrov"], "properties": [{"id": "wikidata"}]}
_ANSWERS: dict[str, Any] = {
    "candidates": {
        "q0": {
            "result": [
                {
                    "id": "sergey-lavrov",
                    "name": "Sergey Lavrov",
                    "score": 100.0,
                    "description": "Lavrov (sergey-lavrov)",
                    "type": [{"id": "speakers", "name": "Speakers"}, {"id": "person", "name": "Person"}],
                    "features": [{"id": "name", "value": 100.0}],
                    "match": True,
                }
            ]
        }
    },
    "extension": {
        "meta": [{"id": "wikidata", "name": "Wikidata id"}],
        "rows": {"sergey-lavrov": {"wikidata": [{"str": "Q58217"}]}},
    },
}
_SUGGESTED = {
    "result": [{"id": "sergey-lavrov", "name": "Sergey Lavrov", "description": "Sergey Lavrov (sergey-lavrov)"}]
}
_PROPOSED = {"type": "speakers", "limit": 1, "properties": [{"id": "kind", "name": "Kind"}]}
_PREVIEW = '<!doctype html><html lang="en"><meta charset="utf-8"><title>sergey-lavrov</title></html>'


def _named(description: str) -> Node:
    texts = {key: {"type": "string"} for key in ("id", "name", "description")}
    return {"type": "object", "description": description, "properties": texts, "required": ["id", "name"]}


def _listed(items: Node, most: int) -> Node:
    return {"type": "array", "maxItems": most, "items": items}


_TEXT: Node = {"type": "string", "maxLength": LONGEST_NAME}
_LOOSE: Node = {"type": "object", "additionalProperties": True}
SCHEMAS: dict[str, Node] = {
    "ReconciledType": {
        "type": "string",
        "description": "A record type that names are reconciled with.",
        "enum": list(RECONCILED),
    },
    "SuggestedKind": {
        "type": "string",
        "description": "What is suggested: records, types or properties.",
        "enum": ["entity", "type", "property"],
    },
    "TypeStrictness": {
        "type": "string",
        "description": "Whether the types are demanded or, with `should`, preferred.",
        "enum": ["any", "all", "should"],
    },
    "ReconciliationRequest": {
        "type": "object",
        "description": "Queries by keys of the client's choice, or what columns are to be filled with.",
        "properties": {
            "queries": {
                "type": "object",
                "maxProperties": OTHERWISE_MOST,
                "additionalProperties": schema("ReconciliationQuery"),
            },
            "extend": {
                "type": "object",
                "properties": {
                    "ids": _listed(_TEXT, MOST_ROWS),
                    "properties": _listed(
                        {"type": "object", "properties": {"id": _TEXT, "settings": _LOOSE}, "required": ["id"]},
                        MOST_LISTED,
                    ),
                },
            },
        },
    },
    "ReconciliationQuery": {
        "type": "object",
        "description": "A name, properties to compare (`pid` and a value `v`), or both.",
        "properties": {
            "query": _TEXT,
            "type": {**_listed(_TEXT, MOST_LISTED), "type": ["string", "array"], "maxLength": LONGEST_NAME},
            "type_strict": schema("TypeStrictness"),
            "limit": {"type": "integer", "minimum": 1},
            "properties": _listed(
                {"type": "object", "properties": {"pid": _TEXT, "v": {}}, "required": ["pid"]}, MOST_LISTED
            ),
        },
    },
    "ReconciliationAnswer": {
        **_LOOSE,
        "description": "To `queries` the candidates by the key of each; to `extend` `meta` and `rows`; to neither the manifest.",
    },
    "Named": _named("A record, a type or a property by id and name."),
    "Suggested": {
        "type": "object",
        "description": "What begins with, or holds, the letters of a prefix.",
        "properties": {"result": {"type": "array", "items": schema("Named")}},
        "required": ["result"],
    },
    "ProposedProperties": {
        "type": "object",
        "description": "The properties that columns can be filled from.",
        "properties": {
            "type": {"type": "string"},
            "limit": {"type": "integer"},
            "properties": {"type": "array", "items": schema("Named")},
        },
        "required": ["type", "properties"],
    },
}


def _parameter(name: str, description: str, example: str, where: str = "query", of: Node | None = None) -> Node:
    return {
        "in": where,
        "name": name,
        **({"required": True} if where == "path" else {}),
        "description": description,
        "schema": of or {"type": "string"},
        "example": example,
    }


PARAMETERS: dict[str, Node] = {
    "record_type": _parameter("record_type", "A record type.", "speakers", "path", schema("ReconciledType")),
    "callback": _parameter("callback", "A function to be called with the answer (JSONP).", "found"),
    "prefix": _parameter("prefix", "The letters typed so far.", "lavr"),
    "skipped": _parameter("cursor", "How many suggestions to skip.", "0"),
}


def _answer(description: str, content: Node) -> Node:
    return {"description": description, "headers": headers("ETag", "Cache-Control"), "content": content}


def _json(name: str, examples: dict[str, Any]) -> Node:
    """An answer in JSON, or in a script for JSONP."""
    content: Node = {
        JSON: {"schema": schema(name), "examples": {key: {"value": each} for key, each in examples.items()}}
    }
    return content | {"text/javascript; charset=utf-8": {"schema": {"type": "string"}, "example": "/**/found({});"}}


RESPONSES: dict[str, Node] = {
    "Reconciled": _answer("The answer.", _json("ReconciliationAnswer", _ANSWERS)),
    "Suggested": _answer("The suggestions.", _json("Suggested", {"example": _SUGGESTED})),
    "ProposedProperties": _answer("The properties.", _json("ProposedProperties", {"example": _PROPOSED})),
    "Preview": _answer("A page to be framed.", {HTML: {"schema": {"type": "string"}, "example": _PREVIEW}}),
    "Context": _answer(
        "The context.", {LINKED_DATA: {"schema": {"type": "object"}, "example": {"@context": {"id": "@id"}}}}
    ),
}


def paths(is_closed: bool) -> Node:
    """The paths; with `is_closed` reading takes a token, but for the context."""

    def operation(answer: str, name: str, summary: str, description: str, *parameters: Node, **more: Any) -> Node:
        return {
            "operationId": name,
            "summary": summary,
            "description": description,
            "tags": ["Reconciliation"],
            **({"security": [{"bearer": []}]} if is_closed else {}),
            **({"parameters": list(parameters)} if parameters else {}),
            **more,
            "responses": {"200": ref("responses", answer), **_problems(404, *((401, 403) if is_closed else ()))},
        }

    def reading(answer: str, *words: Any) -> Node:
        node = operation(answer, *words)
        node["responses"] = dict(sorted({**node["responses"], "304": ref("responses", "NotModified")}.items()))
        return {"parameters": [ref("parameters", "record_type")], "get": node}

    callback, prefix, skipped = (ref("parameters", name) for name in ("callback", "prefix", "skipped"))
    asked = [
        _parameter("queries", "JSON, as the body of POST has it.", json.dumps(_QUERIES)),
        _parameter("extend", "JSON, likewise.", json.dumps(_EXTENSION)),
    ]
    body = {"schema": schema("ReconciliationRequest"), "example": {"queries": _QUERIES}}
    as_json = {name: {"contentType": JSON} for name in ("queries", "extend")}
    form = {**body, "encoding": as_json}
    context = _context()
    return {
        RECONCILE: {
            **reading(
                "Reconciled", "get_reconciliation", "What the service offers",
                "Answers with the manifest, or as POST does.", *asked, callback,
            ),
            "post": operation(
                "Reconciled", "reconcile", "Reconcile names, or fill columns",
                "Which records names mean ([guide](https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/)).",
                requestBody={"content": {"application/x-www-form-urlencoded": form, JSON: body}},
            ),
        },
        f"{RECONCILE}/suggest/{{kind}}": _with(
            _parameter("kind", "What is suggested.", "entity", "path", schema("SuggestedKind")),
            reading("Suggested", "suggest_for_reconciliation", "Suggest records, types or properties", "At most 20.", prefix, skipped, callback),
        ),
        f"{RECONCILE}/properties": reading(
            "ProposedProperties", "propose_properties", "List properties for columns", "Those with values to fill in.",
            _parameter("type", "The type in question.", "speakers"), _parameter("limit", "How many, as a number.", "1"), callback,
        ),
        f"{RECONCILE}/preview": reading(
            "Preview", "preview_record", "Show a record in a box", "A few lines of HTML.",
            _parameter("id", "The id of the record.", "sergey-lavrov"),
        ),
        CONTEXT: {"get": context},
    }  # fmt: skip


def _with(parameter: Node, path: Node) -> Node:
    return {**path, "parameters": [*path["parameters"], parameter]}


def _context() -> Node:
    return {
        "operationId": "get_context",
        "summary": "Get the context of JSON-LD",
        "description": "Gives the keys of JSON-LD their meaning. It never changes.",
        "tags": ["Linked data"],
        "responses": {"200": ref("responses", "Context"), "304": ref("responses", "NotModified"), **_problems()},
    }


_PROBLEMS = {
    401: "TokenRequired",
    403: "MissingScope",
    404: "NoSuchRecord",
    414: "UriTooLong",
    422: "InvalidParameters",
    500: "InternalError",
    503: "DatabaseUnavailable",
}


def _problems(*more: int) -> Node:
    statuses = sorted({414, 422, 500, 503, *more} if more else {414, 500, 503})
    return {str(status): ref("responses", _PROBLEMS[status]) for status in statuses}
