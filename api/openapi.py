"""The OpenAPI 3.1 document: what the routes declared, finished with the answers, headers and examples they share.

Nothing here is said twice: schemas come from the marshmallow classes, parameters from the query schemas, examples from
the corpus. What is added is what flask-smorest leaves open.
"""

from functools import cache
from typing import Any

import orjson
import yaml
from flask import Flask

from api import __version__, problems
from api.records.examples import CHOSEN, examples
from schemas.parameters import DEFAULT_LIMIT

Node = dict[str, Any]

RECORDS = {
    "statements": "Statement",
    "speakers": "Speaker",
    "agreements": "Agreement",
    "communiques": "Communique",
    "events": "Event",
    "places": "Place",
    "articles": "Article",
    "vocabularies": "Vocabulary",
}
"""The component that describes a whole record of each noun."""

DESCRIPTION = """\
Official statements, each with its speaker, act, date and references, and with the chain of agents that carried it to the
article it was found in: *who said what, when, on whose behalf, about which agreement, according to whom*.

* Every answer is JSON in UTF-8. Every documented key is always there, null or empty when there is nothing to say.
* A collection answers `{"data": [...], "page": {...}}`; follow `page.next` until it is null.
* Errors are `application/problem+json` (RFC 9457) and list every mistake at once.
* Every answer has a strong `ETag`; send it back in `If-None-Match` and an unchanged answer is 304 without a body.
* HEAD works wherever GET does. Browsers may call from anywhere (CORS).
"""

TAGS = {
    "statements": "Who said what, when, on whose behalf, about which agreement, according to whom.",
    "speakers": "Whoever can make, issue or relay a statement.",
    "agreements": "What statements refer to.",
    "communiques": "The official texts statements stood in.",
    "events": "The occasions on which things were said, and those they were said about.",
    "places": "Places, with the names each side gives them.",
    "articles": "The source documents, without their words.",
    "vocabularies": "The closed lists that coded fields take their values from.",
    "service": "The service itself.",
}

HEADERS: dict[str, Node] = {
    "ETag": {
        "description": "Strong validator of this representation (RFC 9110, 8.8.3).",
        "schema": {"type": "string"},
        "example": '"5f1d7c1a9a5e4f0b8d3c2a17"',
    },
    "Cache-Control": {
        "description": "How long caches may keep the answer (RFC 9111).",
        "schema": {"type": "string"},
        "example": "public, max-age=60",
    },
    "Link": {
        "description": "The same links as in the body (RFC 8288).",
        "schema": {"type": "string"},
        "example": '<http://127.0.0.1:8000/v1/statements?cursor=abc>; rel="next"',
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "schema": {"type": "string"},
        "example": problems.RETRY_AFTER,
    },
}

PROBLEMS: dict[int, tuple[str, problems.Kind, str]] = {
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
        "The query can't be used; errors lists every mistake. Mend them and ask again.",
    ),
    500: (
        "InternalError",
        problems.INTERNAL,
        "The service failed unexpectedly; the operator finds it in the log. The same request may work later.",
    ),
    503: (
        "DatabaseUnavailable",
        problems.UNAVAILABLE,
        "The database can't answer at the moment. Try again in 5 seconds.",
    ),
}
ALWAYS_POSSIBLE = (406, 414, 422, 500, 503)
MISTAKE = {"parameter": "since", "detail": "'2021-13-45' has no month 13."}


def build(app: Flask) -> Node:
    """The finished document of an application."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    document: Node = orjson.loads(orjson.dumps(api.spec.to_dict()))
    document["info"] = {
        "title": "Tasrih",
        "version": __version__,
        "summary": "Official statements with their attribution and evidence.",
        "description": DESCRIPTION,
        "contact": {"name": "The Tasrih maintainers", "url": "https://example.org/tasrih"},
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    document["servers"] = [{"url": "/", "description": "This service."}]
    document["security"] = []
    document["tags"] = [{"name": name, "description": description} for name, description in TAGS.items()]
    components = document["components"]
    _finish_schemas(components["schemas"])
    for path, operations in document["paths"].items():
        _finish_path_parameters(operations)
        _finish_operation(path, operations["get"])
    components["headers"] = HEADERS
    components["responses"] = {
        "NotModified": _not_modified(),
        **{name: _problem(kind, detail) for name, kind, detail in PROBLEMS.values()},
    }
    components["parameters"] = _shared_parameters(document["paths"])
    order = ("openapi", "info", "servers", "security", "tags", "paths", "components")
    return {key: document[key] for key in order}


def as_json(app: Flask) -> bytes:
    """The document as JSON in UTF-8."""
    return _written(app)[0]


def as_yaml(app: Flask) -> bytes:
    """The document as YAML in UTF-8: the very bytes of openapi.yaml."""
    return _written(app)[1]


@cache
def _written(app: Flask) -> tuple[bytes, bytes]:
    document = build(app)
    text = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return orjson.dumps(document), text.encode()


class _Dumper(yaml.SafeDumper):
    """Writes the same node twice rather than anchors, which code generators stumble over."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _finish_schemas(schemas: Node) -> None:
    """Say that every key of an answer is always there; for records, except where `fields` asked for less."""
    for name, schema in list(schemas.items()):
        if schema.get("type") != "object" or name in ("Problem", "Mistake"):
            continue
        optional = {"Page": {"total"}}.get(name, set())
        schema["required"] = [key for key in schema["properties"] if key not in optional]
    schemas["Reference"].pop("additionalProperties", None)  # an expanded reference is the whole record
    for name in RECORDS.values():
        whole = schemas[name]
        schemas[f"{name}Fields"] = {
            **whole,
            "description": f"The keys of a {name.lower()} that `fields` asked for.",
            "required": ["id"],
        }
        schemas[f"{name}Fields"].pop("additionalProperties", None)
        schemas[name] = {
            "description": whole.get("description", ""),
            "allOf": [
                {"$ref": f"#/components/schemas/{name}Fields"},
                {"type": "object", "required": whole["required"]},
            ],
        }
        page = schemas[f"{name}Page"]["properties"]["data"]
        page["items"] = _whole_or_cut(name)


def _whole_or_cut(name: str) -> Node:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"$ref": f"#/components/schemas/{name}Fields"}]}


def _finish_path_parameters(operations: Node) -> None:
    for parameter in operations.get("parameters", ()):
        parameter["example"] = CHOSEN[parameter.pop("x-noun")]


def _finish_operation(path: str, operation: Node) -> None:
    example, statuses = operation.pop("x-example", None), operation.pop("x-statuses", [])
    content = operation["responses"]["200"]["content"]
    for media_type in content.values():
        record = media_type["schema"].get("$ref", "").rpartition("/")[2]
        if record in RECORDS.values():
            media_type["schema"] = _whole_or_cut(record)
        media_type["example"] = _example(path, example)
    headers = ["ETag", "Cache-Control"] + (["Link"] if _is_page(operation) else [])
    success = {
        "description": "The answer.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": content,
    }
    failures = {
        str(status): {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"}
        for status in sorted({*statuses, *ALWAYS_POSSIBLE})
    }
    operation["responses"] = {"200": success, "304": {"$ref": "#/components/responses/NotModified"}, **failures}
    operation.setdefault("description", operation["summary"])


def _is_page(operation: Node) -> bool:
    return any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", ()))


def _example(path: str, example: Any) -> Any:
    if not isinstance(example, str):
        return example
    record = examples()[example]
    if path.endswith(("/{id}",)):
        return record
    return {"data": [record], "page": {"limit": DEFAULT_LIMIT, "next": None, "prev": None}}


def _problem(kind: problems.Kind, detail: str) -> Node:
    example: Node = {"type": problems.type_of(kind), "title": kind.title, "status": kind.status, "detail": detail}
    if kind is problems.INVALID_PARAMETERS:
        example["errors"] = [MISTAKE]
    headers = ["Cache-Control"] + (["Retry-After"] if kind is problems.UNAVAILABLE else [])
    return {
        "description": f"{kind.title}.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


def _not_modified() -> Node:
    return {
        "description": "What the client has is still current; there is no body.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Cache-Control")},
    }


def _shared_parameters(paths: Node) -> Node:
    """Move parameters that several operations have in common into components; give those components."""
    operations = [operations["get"] for operations in paths.values()]
    variants: dict[str, list[Node]] = {}
    for operation in operations:
        for parameter in operation.get("parameters", ()):
            variants.setdefault(parameter["name"], []).append(parameter)
    shared = {name: same[0] for name, same in variants.items() if len(same) > 1 and all(one == same[0] for one in same)}
    for operation in operations:
        if "parameters" in operation:
            operation["parameters"] = [
                {"$ref": f"#/components/parameters/{p['name']}"} if p["name"] in shared else p
                for p in operation["parameters"]
            ]
    return dict(sorted(shared.items()))
