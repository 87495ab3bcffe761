"""References as they are served: the id and name of a record, and the rest of it where `expand` asked for that.

The schemas are flat, since generated clients make of alternatives a wrapper without keys. They do not refer to each other in
circles, in which mock servers and reference pages get lost: an expanded record has small references itself.
"""

from collections.abc import Mapping
from typing import Any

from api.openapi.components import DATA, RECORDS, Node, schema, with_article
from schemas.fields import ADDED_ON_REQUEST, text_key

_NAMES = {"id": schema("Id"), "name": schema("Multilingual")}
_STRING = {text_key("name"): schema("PlainText")}
_SAID_OF_RECORDS = ("description", "examples")
"""What a record's own schema says of its keys, and is not said again."""


def references(schemas: Mapping[str, Node]) -> dict[str, Node]:
    """The schemas of references to records, and of the parts of expanded records, out of those of records and parts."""
    parts: dict[str, Node] = {}
    linked = {f"Linked{name}": _linked(record_type, name, schemas, parts) for record_type, name in RECORDS.items()}
    return {**linked, **parts}


def _linked(record_type: str, name: str, schemas: Mapping[str, Node], parts: dict[str, Node]) -> Node:
    properties: Node = _small(schemas[name]["properties"], schemas, parts)
    rest = {
        key: value
        for key, value in properties.items()
        if key not in (*_NAMES, *_STRING, *ADDED_ON_REQUEST, *_beside_labels(properties))
        and value != schema("DateLabel")
    }
    return {
        "description": f"The id and name of {with_article(name)}; with `expand={record_type}` the rest of the record too.",
        "type": "object",
        "properties": {**_NAMES, **_STRING, **rest},
        "required": list(_NAMES),
    }


def _beside_labels(properties: Node) -> list[str]:
    """The keys of the strings beside labels of dates, which expanded records do not have."""
    return [text_key(key) for key, value in properties.items() if value == schema("DateLabel")]


def _small(node: Any, schemas: Mapping[str, Node], parts: dict[str, Node]) -> Any:
    """A piece of a schema with small references, at any depth; the parts that have some are added to `parts`."""
    if isinstance(node, list):
        return [_small(item, schemas, parts) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: value for key, value in node.items() if key not in _SAID_OF_RECORDS or not isinstance(value, str | list)
    }
    small = {key: value if key in DATA else _small(value, schemas, parts) for key, value in kept.items()}
    name = node.get("$ref", "").rpartition("/")[2]
    if name.startswith("Linked"):
        small["$ref"] = schema("Reference")["$ref"]
    elif name and _refers(schemas[name], schemas):
        parts[f"Unexpanded{name}"] = {
            **_small(schemas[name], schemas, parts),
            "description": f"{schemas[name]['description']} In an expanded record, with small references.",
        }
        small["$ref"] = schema(f"Unexpanded{name}")["$ref"]
    return small


def _refers(node: Any, schemas: Mapping[str, Node]) -> bool:
    """Whether a schema has references to records anywhere."""
    if isinstance(node, list):
        return any(_refers(item, schemas) for item in node)
    if not isinstance(node, dict):
        return False
    name = node.get("$ref", "").rpartition("/")[2]
    if name:
        return name.startswith("Linked") or _refers(schemas[name], schemas)
    return any(_refers(value, schemas) for key, value in node.items() if key not in DATA)
