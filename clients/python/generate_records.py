"""Writes tasrih_client/records.py from openapi.yaml: a TypedDict for each schema of an answer. Run by `make openapi`."""

import sys
from keyword import iskeyword
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "openapi.yaml"
TARGET = HERE / "tasrih_client" / "records.py"

RECORDS = ("Statement", "Speaker", "Agreement", "Communique", "Event", "Place", "Article", "Reading", "Vocabulary")
ROOTS = (*RECORDS, "Feed")
TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}
HEAD = '''"""The records as answers have them, made from openapi.yaml by generate_records.py; not to be edited.

Every key of a record is there unless a request asks for `fields`. Terms are `str`, for vocabularies grow.
"""

from typing import Any, NotRequired, TypedDict
'''

Node = dict[str, Any]


class Writer:
    """The classes for schemas, each after those that it refers to."""

    def __init__(self, schemas: Node) -> None:
        self._schemas = schemas
        self._done: dict[str, str] = {}

    def written(self) -> str:
        """The whole module."""
        for name in ROOTS:
            self._name_of(name)
        return "\n\n\n".join([HEAD.rstrip(), *filter(None, self._done.values())]) + "\n"

    def _name_of(self, name: str) -> str:
        """The type for a schema: a class if it is an object with known keys."""
        schema = self._schemas[name]
        if "properties" not in schema:
            return self._type_of(schema)
        if name not in self._done:
            self._done[name] = ""
            members = {key: self._member(name, schema, key) for key in schema["properties"]}
            del self._done[name]  # what it refers to comes before it
            self._done[name] = _class(name, schema, members)
        return name

    def _member(self, name: str, schema: Node, key: str) -> str:
        kind = self._type_of(schema["properties"][key])
        return kind if key in self._required(name, schema) else f"NotRequired[{kind}]"

    def _required(self, name: str, schema: Node) -> set[str]:
        """The keys that are always there; of a record all that `fields` can ask for."""
        named = self._schemas.get(f"{name}Key", {}).get("enum", ()) if name in RECORDS else ()
        return {*schema.get("required", ()), *named}

    def _type_of(self, schema: Node) -> str:
        if "$ref" in schema:
            return self._name_of(schema["$ref"].rpartition("/")[2])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return " | ".join(dict.fromkeys(map(self._type_of, schema[union])))
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(self._type_of({**schema, "type": each}) for each in kind)
        if kind == "array":
            return f"list[{self._type_of(schema['items'])}]"
        if kind == "object" and schema.get("additionalProperties"):
            return f"dict[str, {self._type_of(schema['additionalProperties'])}]"
        return TYPES.get(str(kind), "Any")


def _class(name: str, schema: Node, members: dict[str, str]) -> str:
    """The source of a TypedDict; one with a key such as `from` is not written as a class."""
    first = " ".join(schema.get("description", f"{name}.").split()).partition(". ")[0].rstrip(".")
    if any(map(iskeyword, members)):
        lines = [f'        "{key}": {kind},' for key, kind in members.items()]
        return "\n".join([f"{name} = TypedDict(", f'    "{name}",', "    {", *lines, "    },", ")", f'"""{first}."""'])
    lines = [f"    {key}: {kind}" for key, kind in members.items()]
    return "\n".join([f"class {name}(TypedDict):", f'    """{first}."""', "", *lines])


def module() -> str:
    """The text of the module as the contract has it now."""
    return Writer(yaml.load(CONTRACT.read_bytes(), yaml.CSafeLoader)["components"]["schemas"]).written()


if __name__ == "__main__":
    TARGET.write_text(module(), encoding="utf-8")
    sys.exit(0)
