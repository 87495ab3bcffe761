"""Walking a document along its schema, so that each rule about fields is written once for all nouns."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from marshmallow import Schema, fields

from schemas.fields import Reference
from schemas.offices import OfficeReference


class Visit(NamedTuple):
    """One value met on the way: its field, the object that holds it, and the JSON pointer to it."""

    field: fields.Field[Any]
    holder: dict[str, Any]
    value: Any
    pointer: str


def walk(schema: Schema, document: dict[str, Any], pointer: str = "") -> Iterator[Visit]:
    """Visit every value that is present, depth first. References and offices are visited whole, not entered."""
    for name, field in schema.fields.items():
        value = document.get(name)
        if value is not None and not field.dump_only:
            yield from _enter(field, document, value, f"{pointer}/{name}")


def _enter(field: fields.Field[Any], holder: dict[str, Any], value: Any, pointer: str) -> Iterator[Visit]:
    if isinstance(field, fields.List):
        for position, item in enumerate(value):
            yield from _enter(field.inner, holder, item, f"{pointer}/{position}")
    elif isinstance(field, fields.Nested) and not isinstance(field, Reference | OfficeReference):
        yield from walk(field.schema, value, pointer)
    else:
        yield Visit(field, holder, value, pointer)
