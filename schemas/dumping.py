"""Documents as their schema dumps them, without marshmallow's generality: rendering is most of what a bulk write does.

A loaded and completed document holds text, numbers, truth values and objects by language, all of which JSON takes as they
are. So dumping is putting keys in the order of the schema, and leaving out what is no key of it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from marshmallow import Schema, fields

Dump = Callable[[Any], Any]

_ABSENT = object()


@cache
def dumper(schema: Schema) -> Dump:
    """A function that returns of a completed document what the schema dumps. Keys that the document lacks are left out."""
    steps = [
        (field.data_key or name, field.attribute or name, _dump_of(field)) for name, field in schema.dump_fields.items()
    ]

    keys = [key for key, *_ in steps]
    is_flat = all(into is None and key == source for key, source, into in steps)

    def dump(document: Any) -> dict[str, Any]:
        if is_flat and [*document] == keys:
            return document  # type: ignore[no-any-return]
        return {
            key: value if into is None or value is None else into(value)
            for key, source, into in steps
            if (value := document.get(source, _ABSENT)) is not _ABSENT
        }

    return dump


def _dump_of(field: fields.Field[Any]) -> Dump | None:
    """How the value of a field is dumped; None where it is dumped as it is."""
    if isinstance(field, fields.List):
        into = _dump_of(field.inner)
        return None if into is None else lambda values: [into(value) for value in values]
    return dumper(field.schema) if isinstance(field, fields.Nested) else None
