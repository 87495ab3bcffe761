"""The bodies of changes: what may be sent of each record, and how."""

from collections.abc import Mapping
from typing import Any

from api.http.media_types import HTML, JSON, NDJSON, PLAIN_TEXT
from api.http.operations import Operation
from api.http.request_bodies import LINES, PATCHES
from api.openapi.components import DATA, RECORDS, Node, example, schema, with_article
from schemas.fields import ADDED_ON_REQUEST, label_key, text_key

KEPT_BY_SERVICE: Node = {"description": "Kept by the service: accepted as it was served, and passed over."}
PASSED_OVER = schema("KeptByService")

_LEFT_OUT = "What may be left out is then null, or an empty list."
_IMPORTED = "One `Line` in each line, as JSON; lines end with a line feed, and empty ones are passed over."


def request_body(operation: Operation) -> Node | None:
    """What an operation takes, None when it takes no body."""
    if operation.body is None:
        return None
    if operation.body == "DraftRequest":
        return _of_a_draft()
    if operation.body == "Line":
        body, types = lines(_IMPORTED), list(LINES)
    else:
        body, types = schema(operation.body), list(PATCHES) if operation.method == "PATCH" else [JSON]
    return {
        "required": True,
        "content": {media_type: {"schema": body, **example(operation.body)} for media_type in types},
    }


def _of_a_draft() -> Node:
    """An article as JSON, or its text or page alone."""
    plain = {"schema": {"type": "string"}, "example": "رحب غوتيريش بدور روسيا."}
    return {
        "required": True,
        "content": {
            JSON: {"schema": schema("DraftRequest"), **example("DraftRequest")},
            PLAIN_TEXT: plain,
            HTML.partition(";")[0]: plain,
        },
    }


def lines(description: str) -> Node:
    """The schema of lines of JSON."""
    return {
        "type": "string",
        "format": "binary",  # or generated clients would send it as a string of JSON
        "description": description,
        "contentMediaType": NDJSON,
        "contentSchema": schema("Line"),
    }


class Bodies:
    """Makes of the schemas of answers those of bodies: the same, with only those keys `required` that writers must give.

    `required` are those keys by schema, as marshmallow declares them.
    """

    def __init__(self, schemas: Mapping[str, Node], required: Mapping[str, list[str]]) -> None:
        self._schemas, self._required = schemas, required
        self._bodies: dict[str, Node] = {}

    def schemas(self) -> dict[str, Node]:
        """The body and the merge patch of each record type, and all that they hold."""
        for record_type, name in RECORDS.items():
            if record_type != "vocabularies":
                self._add_record(name)
        # Whatever `expand` shows of a record beside its id and name is passed over.
        self._bodies["ReferenceBody"].pop("additionalProperties")
        return {**self._bodies, "KeptByService": KEPT_BY_SERVICE}

    def _add_record(self, name: str) -> None:
        whole = self._sent(name)
        whole["properties"]["highlights"] = PASSED_OVER
        whole["required"] = [key for key in whole["required"] if key != "id"]  # the address has it, or one is made
        article = with_article(name)
        self._bodies[f"{name}Body"] = {
            **whole,
            "description": f"{article[0].upper()}{article[1:]} as it is sent. {_LEFT_OUT}",
        }
        self._bodies[f"{name}Patch"] = {
            "type": "object",
            "description": f"What is to change of {article}: a JSON Merge Patch (RFC 7396). `{name}Body` describes the keys.",
            "properties": {
                key: _or_null(_undescribed(value)) for key, value in whole["properties"].items() if not _is_added(key)
            },
        }

    def _sent(self, name: str) -> Node:
        """A schema as it may be sent."""
        node = self._schemas[name]
        properties = {key: self._node(value) for key, value in node["properties"].items()}
        return {
            "type": "object",
            "description": node["description"],
            "properties": properties,
            "required": [key for key in self._required.get(name, []) if properties[key] != PASSED_OVER],
            "additionalProperties": False,
        }

    def _node(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._node(item) for item in node]
        if not isinstance(node, dict):
            return node
        if node.get("readOnly") or self._target(node).get("readOnly"):
            return PASSED_OVER
        # A default makes some generators take a key for one that must be sent.
        sent = {key: value if key in DATA else self._node(value) for key, value in node.items() if key != "default"}
        if "$ref" in node:
            sent["$ref"] = schema(self._name(node["$ref"].rpartition("/")[2]))["$ref"]
        return sent

    def _target(self, node: Node) -> Node:
        return self._schemas[node["$ref"].rpartition("/")[2]] if "$ref" in node else {}

    def _name(self, name: str) -> str:
        """The name of the schema by which another is sent, which is added unless it is there."""
        name = "Reference" if name.startswith("Linked") else name
        if "properties" not in self._schemas[name]:
            return name  # a text, a list or a term is sent as it is served
        target = f"{name}Body"
        if target not in self._bodies:
            self._bodies[target] = {}  # so that one that holds itself is not begun again
            self._bodies[target] = self._sent(name)
        return target


def _is_added(key: str) -> bool:
    """Whether a key is only there when a query asks for it, so that a patch has no business with it."""
    return key in ADDED_ON_REQUEST or key.endswith((text_key(""), label_key("")))


def _undescribed(node: Node) -> Node:
    """A key without what the schema of the whole body says of it already."""
    return {key: value for key, value in node.items() if key not in ("description", "examples")}


def _or_null(node: Node) -> Node:
    if node == PASSED_OVER or {"type": "null"} in node.get("anyOf", ()) or "null" in node.get("type", ()):
        return node
    return {**node, "type": [node["type"], "null"]} if "type" in node else {"anyOf": [node, {"type": "null"}]}
