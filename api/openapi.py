"""The OpenAPI 3.1 document: what the routes declared, finished with the answers, headers and examples they share.

Nothing here is said twice: schemas come from the marshmallow classes, parameters from the query schemas, examples from
the corpus. What is added is what flask-smorest leaves open.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson
import yaml
from flask import Flask
from marshmallow import Schema, fields

from api import __version__, problems
from api.queries import counting
from api.records.examples import CHOSEN, examples
from schemas.fields import LANGUAGE_PATTERN, TEXT_LENGTH, Reference
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
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "example": int(problems.RETRY_AFTER),
    },
}

MULTILINGUAL: Node = {
    "description": "Text for people, keyed by language (BCP 47 tag); at least one.",
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": LANGUAGE_PATTERN},
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH},
    "examples": [{"ar": "أنطونيو غوتيريش", "en": "António Guterres"}],
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
        "contact": {"name": "The Tasrih maintainers"},
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    document["servers"] = [{"url": "/", "description": "This service."}]
    document["security"] = []
    document["tags"] = [{"name": name, "description": description} for name, description in TAGS.items()]
    components = document["components"]
    _finish_schemas(components["schemas"], _classes(api))
    for path, operations in document["paths"].items():
        _finish_path_parameters(path, operations)
        _finish_operation(path, operations["get"], components["schemas"])
    components["headers"] = HEADERS
    components["responses"] = {
        "NotModified": _not_modified(),
        **{name: _problem(kind, detail) for name, kind, detail in PROBLEMS.values()},
    }
    components["parameters"] = _shared_parameters(document["paths"])
    _drop_unused(components["schemas"], document)
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


def _classes(api: Any) -> dict[str, type[Schema]]:
    """The marshmallow class behind each component."""
    return {name: key[0] for key, name in api.ma_plugin.converter.refs.items()}


def _finish_schemas(schemas: Node, classes: Mapping[str, type[Schema]]) -> None:
    """Say what marshmallow can't, and that every key of an answer is always there unless `fields` asked for less."""
    for name, schema in schemas.items():
        schema["description"] = (classes[name].__doc__ or "").strip()
        _name_linked_records(schema["properties"], classes[name])
        for node in _schemas_within(schema):
            _modernise(node)
        if name not in ("Problem", "Mistake"):
            schema["required"] = [key for key in schema["properties"] if (name, key) != ("Page", "total")]
    schemas["Problem"]["properties"]["type"]["enum"] = [
        problems.type_of(kind) for kind in (*problems.KINDS, problems.OTHER)
    ]
    schemas["Facet"]["properties"]["facet"]["enum"] = list(counting.FACETS)
    schemas["Timeline"]["properties"]["interval"]["enum"] = list(counting.INTERVALS)
    schemas["Reference"].pop("additionalProperties", None)  # an expanded reference is the whole record
    schemas["Multilingual"] = MULTILINGUAL
    for noun, name in RECORDS.items():
        _tell_whole_from_partial(schemas, name)
        schemas[f"Linked{name}"] = _linked(noun, name)


def _schemas_within(schema: Node) -> Iterator[Node]:
    """A schema and all schemas inside it, without following references."""
    yield schema
    for inner in (*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")):
        if inner is not None:
            yield from _schemas_within(inner)


def _modernise(schema: Node) -> None:
    """JSON Schema 2020-12 where apispec writes OpenAPI 3.0, and one name for all multilingual text."""
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]
    if schema.get("additionalProperties") != MULTILINGUAL["additionalProperties"]:
        return
    kinds = schema.pop("type")
    for key in ("minLength", "additionalProperties"):
        schema.pop(key, None)
    if schema.get("examples") == MULTILINGUAL["examples"]:
        del schema["examples"]
    text = {"$ref": "#/components/schemas/Multilingual"}
    schema.update({"anyOf": [text, {"type": "null"}]} if "null" in kinds else text)


def _name_linked_records(properties: Node, declared: type[Schema]) -> None:
    """Let each reference say which noun's record `expand` puts in its place."""
    for name, field in declared().fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, Reference):
            for node in _schemas_within(properties[field.data_key or name]):
                if "$ref" in node:
                    node["$ref"] = f"#/components/schemas/Linked{RECORDS[inner.noun]}"


def _linked(noun: str, name: str) -> Node:
    reference = {"$ref": "#/components/schemas/Reference"}
    return {
        "description": f"The id and name of {_a(name)}; with `expand={noun}` the rest of the record too.",
        "anyOf": [reference, {"allOf": [reference, {"$ref": f"#/components/schemas/{name}"}]}],
    }


def _tell_whole_from_partial(schemas: Node, name: str) -> None:
    """Split a record's schema: the keys it may have, and the whole that has all of them."""
    whole = schemas[name]
    schemas[f"Partial{name}"] = {
        **{key: value for key, value in whole.items() if key != "additionalProperties"},
        "description": f"The keys of {_a(name)} that `fields` asked for, and its id.",
        "required": ["id"],
    }
    # `required` stands beside `allOf`, not inside it, for there code generators apply it to the properties above.
    schemas[name] = {
        "description": whole["description"],
        "allOf": [{"$ref": f"#/components/schemas/Partial{name}"}],
        "required": whole["required"],
    }
    schemas[f"{name}Page"]["properties"]["data"]["items"] = _whole_or_partial(name)


def _whole_or_partial(name: str) -> Node:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"$ref": f"#/components/schemas/Partial{name}"}]}


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'AE' else 'a'} {name.lower()}"


def _finish_path_parameters(path: str, operations: Node) -> None:
    for parameter in operations.get("parameters", ()):
        noun = parameter.pop("x-noun")
        parameter["description"] = f"The id of {_a(RECORDS[noun])}."
        parameter["example"] = _owners()[noun] if path.endswith("/statements") else CHOSEN[noun]


def _owners() -> dict[str, str]:
    """For each noun with statements, the record to which the example statement belongs."""
    statement = examples()["statements"]
    return {
        "speakers": statement["speakers"][0]["speaker"]["id"],
        "agreements": statement["agreements"][0]["agreement"]["id"],
        "communiques": statement["communique"]["id"],
        "events": statement["event"]["id"],
        "places": statement["places"][0]["id"],
        "articles": statement["reports"][0]["article"]["id"],
    }


def _finish_operation(path: str, operation: Node, schemas: Node) -> None:
    example, statuses = operation.pop("x-example", None), operation.pop("x-statuses", [])
    content = operation["responses"]["200"]["content"]
    for media_type in content.values():
        answer = media_type["schema"]["$ref"].rpartition("/")[2]
        description = schemas[answer]["description"]
        if answer in RECORDS.values():
            media_type["schema"] = _whole_or_partial(answer)
        media_type["example"] = _example(path, example)
    headers = ["ETag", "Cache-Control"] + (["Link"] if _is_page(operation) or path == "/" else [])
    success = {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": content,
    }
    failures = {
        str(status): {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"}
        for status in sorted({*statuses, *ALWAYS_POSSIBLE})
    }
    for parameter in operation.get("parameters", ()):
        if "example" in parameter.get("schema", {}):
            parameter["example"] = parameter["schema"].pop("example")
    operation["responses"] = {"200": success, "304": {"$ref": "#/components/responses/NotModified"}, **failures}
    operation["summary"] = operation["summary"].removesuffix(".")
    operation.setdefault("description", f"{operation['summary']}.")


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
    # An id with a slash in it is no id but another address.
    kinds = [kind, problems.NOT_FOUND] if kind is problems.NO_SUCH_RECORD else [kind]
    properties: Node = {
        "type": {"type": "string", "enum": [problems.type_of(possible) for possible in kinds]},
        "status": {"type": "integer", "const": kind.status},
    }
    if kind is problems.INVALID_PARAMETERS:
        properties["errors"] = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Mistake"}}
    return {"type": "object", "properties": properties, "required": list(properties)}


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


def _drop_unused(schemas: Node, document: Node) -> None:
    """Leave out the components that flask-smorest adds and nothing here refers to."""
    while unused := [
        name for name in schemas if f'"#/components/schemas/{name}"'.encode() not in orjson.dumps(document)
    ]:
        for name in unused:
            del schemas[name]
