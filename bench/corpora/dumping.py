"""Documents as JSON by their schema, like `api.records.rendering.render` but without marshmallow's generality.

A reference is rendered once and its bytes are used again wherever the same record is referred to.
"""

from collections.abc import Callable
from typing import Any

import orjson
from marshmallow import Schema, fields

from schemas.fields import Reference

Dump = Callable[[Any], Any]


def dumper(schema: Schema) -> Dump:
    """A function that gives of a completed document what the schema dumps, ready for orjson."""
    inner = [(name, _dump_of(field)) for name, field in schema.dump_fields.items()]

    def dump(document: Any) -> Any:
        return {
            name: document[name] if into is None or document[name] is None else into(document[name])
            for name, into in inner
        }

    return dump


def _dump_of(field: fields.Field[Any]) -> Dump | None:
    """How the value of a field is dumped; None where it is dumped as it is."""
    if isinstance(field, fields.List):
        into = _dump_of(field.inner)
        return None if into is None else lambda values: [into(value) for value in values]
    if isinstance(field, Reference):
        return _remembering(field.schema)
    return dumper(field.schema) if isinstance(field, fields.Nested) else None


def _remembering(schema: Schema) -> Dump:
    seen: dict[str, orjson.Fragment] = {}

    def dump(value: Any) -> orjson.Fragment:
        fragment = seen.get(value["id"])
        if fragment is None:
            fragment = seen[value["id"]] = orjson.Fragment(orjson.dumps(schema.dump(value)))
        return fragment

    return dump
