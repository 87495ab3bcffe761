"""The operations that change something: their bodies, conditions, token and answers."""

from copy import deepcopy
from typing import Any

from api.openapi.bulk import IMPORT, import_answer, import_body
from api.openapi.examples import CHOSEN, examples, written_examples
from api.openapi.links import answer_links
from api.openapi.responses import failures
from api.openapi.schemas import BY_LANGUAGE, RECORDS, with_article

Node = dict[str, Any]

BEARER: Node = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of this service (RFC 6750), made by its operator. Operations say which scope they take.",
}

_TAG = '"5f1d7c1a9a5e4f0b8d3c2a17"'
HEADER_PARAMETERS: Node = {
    "If-Match": {
        "description": "The entity tag of the version to be changed, the `ETag` of a GET; several, or * for any version "
        "(RFC 9110, 13.1.1). What exists is not changed without it.",
        "schema": {"type": "string"},
        "example": _TAG,
    },
    "If-None-Match": {
        "description": "`*` to create and never replace (RFC 9110, 13.1.2).",
        "schema": {"type": "string", "const": "*"},
        "example": "*",
    },
    "Idempotency-Key": {
        "description": "A string in double quotes that nothing else was sent with: sent again with it within 24 hours, the "
        "same request is answered as it was the first time, and done once.",
        "schema": {"type": "string", "pattern": r'^"([ !#-\[\]-~]|\\["\\])+"$'},
        "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    },
}
_CONDITIONS = {
    "put": ("If-Match", "If-None-Match"),
    "patch": ("If-Match",),
    "delete": ("If-Match",),
    "post": ("Idempotency-Key",),
}
_SUCCEEDED = {
    "200": ("The record as it stands now.", ("ETag", "No-Store", "Content-Location")),
    "201": ("The new record.", ("ETag", "No-Store", "Location")),
    "204": ("It is gone; there is no body.", ("No-Store",)),
}
_NAMES = {"No-Store": "Cache-Control"}
MERGE = "/merge"


def header_parameters() -> Node:
    """The components of the headers that a change takes."""
    return {name: {"in": "header", "name": name, "required": False, **said} for name, said in HEADER_PARAMETERS.items()}


def finish_change(path: str, method: str, operation: Node) -> None:
    """Give an operation its body, headers, token and answers."""
    statuses, component = operation.pop("x-statuses"), operation.pop("x-body")
    names = _CONDITIONS[method] + (("If-Match",) if path.endswith(MERGE) else ())
    operation["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    if component is not None:
        operation["requestBody"] = _body(path, method, component)
    content = next(iter(operation["responses"].values())).get("content")
    succeeded = ["200", "201"] if method == "put" else list(operation["responses"])
    answers = {status: _success(path, method, status, content) for status in succeeded}
    operation["responses"] = {**answers, **failures(statuses, changing=True)}
    if content is None:
        del operation["responses"]["406"]  # what has no body is of no type
    operation["security"] = [{"bearer": []}]  # Spectral takes scopes for those of OAuth, so the description has them
    said = f"Takes a token with the scope `{operation.pop('x-scope')}`."
    operation["description"] = f"{operation.get('description', '').strip()} {said}".strip()
    operation["summary"] = operation["summary"].removesuffix(".")


def _success(path: str, method: str, status: str, content: Node | None) -> Node:
    if path == IMPORT:
        return import_answer(content or {})
    said, names = _SUCCEEDED[status]
    headers = {_NAMES.get(name, name): {"$ref": f"#/components/headers/{name}"} for name in names}
    answer: Node = {"description": said, "headers": headers}
    if content is not None:
        answer["content"] = deepcopy(content)
        for media_type in answer["content"].values():
            media_type["example"] = examples()[_record_type(path)]
    if links := answer_links(path, method):
        answer["links"] = links
    return answer


def _body(path: str, method: str, component: str) -> Node:
    if path == IMPORT:
        return import_body()
    if path.endswith(MERGE):
        schema, example, types = component, {"into": CHOSEN["speakers"]}, ["application/json"]
    elif method == "patch":
        schema, example = f"{component}Patch", _patch(_record_type(path))
        types = ["application/merge-patch+json", "application/json"]
    else:
        schema, example, types = f"{component}Body", written_examples()[_record_type(path)], ["application/json"]
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    return {"required": True, "content": {media_type: deepcopy(content) for media_type in types}}


def _patch(record_type: str) -> Node:
    if record_type == "statements":
        return {"summary": {"en": "The same in other words"}, "event": None}
    return {"rights": "All rights reserved"} if record_type == "articles" else {"name": {"en": "Another name"}}


def _record_type(path: str) -> str:
    return path.split("/")[2]


def add_bodies(schemas: Node, required: dict[str, list[str]]) -> None:
    """Add what may be sent of each record: as it is served, but with only those keys `required` that writers must give."""
    for record_type, name in RECORDS.items():
        if record_type == "vocabularies":
            continue
        whole = _sent(f"Partial{name}", schemas, {**required, f"Partial{name}": required[name]})
        whole["properties"]["highlights"] = PASSED_OVER
        whole["required"] = [key for key in whole["required"] if key != "id"]  # the address has it, or one is made
        schemas[f"{name}Body"] = {**whole, "description": f"{_capital(with_article(name))} as it is sent."}
        patched = {key: _or_null(value) for key, value in whole["properties"].items()}
        said = f"What is to change of {with_article(name)}: a JSON Merge Patch (RFC 7396)."
        schemas[f"{name}Patch"] = {"type": "object", "description": said, "properties": patched}
    # Whatever `expand` shows of a record beside its id and name is passed over.
    schemas["ReferenceBody"].pop("additionalProperties")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _or_null(schema: Node) -> Node:
    return {"anyOf": [schema, {"type": "null"}]}


def _sent(name: str, schemas: Node, required: dict[str, list[str]]) -> Node:
    """A component as it may be sent; the components in it are added, as `...Body`, where they are sent otherwise."""
    node = schemas[name]
    properties = {key: _sent_node(value, schemas, required) for key, value in node["properties"].items()}
    return {
        "type": "object",
        "description": node["description"],
        "properties": properties,
        "required": [key for key in required.get(name, []) if not properties[key].get("readOnly")],
        "additionalProperties": False,
    }


def _sent_node(node: Any, schemas: Node, required: dict[str, list[str]]) -> Any:
    if isinstance(node, list):
        return [_sent_node(one, schemas, required) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("readOnly"):
        return PASSED_OVER
    sent = {key: value if key in _DATA else _sent_node(value, schemas, required) for key, value in node.items()}
    if "$ref" in node:
        sent["$ref"] = f"#/components/schemas/{_component_sent(node['$ref'].rpartition('/')[2], schemas, required)}"
    return sent


PASSED_OVER: Node = {
    "readOnly": True,
    "description": "Kept by the service: accepted as it was served, and passed over.",
}
_DATA = {"examples", "example", "enum", "default", "const"}


def _component_sent(name: str, schemas: Node, required: dict[str, list[str]]) -> str:
    """The name of the component by which another is sent."""
    if name in BY_LANGUAGE:
        return name
    target = "ReferenceBody" if name.startswith("Linked") or name == "Reference" else f"{name}Body"
    if target not in schemas:
        schemas[target] = {}
        schemas[target] = _sent("Reference" if target == "ReferenceBody" else name, schemas, required)
    return target
