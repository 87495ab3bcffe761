"""Walking a document along its schema, so that each rule about fields is written once for all record types."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from marshmallow import Schema, fields

from schemas.fields import EDTFDate, Reference
from schemas.offices import OfficeReference


class Visit(NamedTuple):
    """One value met on the way: its field, the object that holds it, and the JSON pointer to it."""

    field: fields.Field[Any]
    holder: dict[str, Any]
    value: Any
    pointer: str


def walk(schema: Schema, document: dict[str, Any], pointer: str = "", owned: bool = False) -> Iterator[Visit]:
    """Visit every value that is present, depth first; what the service owns only if `owned`.

    References and offices are visited whole, not entered.
    """
    for name, field in schema.fields.items():
        key = field.data_key or name
        value = document.get(key)
        if value is not None and (owned or not field.dump_only):
            yield from _enter(field, document, value, f"{pointer}/{key}", owned)


def _enter(field: fields.Field[Any], holder: dict[str, Any], value: Any, pointer: str, owned: bool) -> Iterator[Visit]:
    if isinstance(field, fields.List):
        for position, item in enumerate(value):
            yield from _enter(field.inner, holder, item, f"{pointer}/{position}", owned)
    elif isinstance(field, fields.Nested) and not isinstance(field, Reference | OfficeReference):
        yield from walk(field.schema, value, pointer, owned)
    else:
        yield Visit(field, holder, value, pointer)


def has_dates(schema: Schema) -> bool:
    """Whether documents of a schema hold a vague date anywhere."""
    fields_within = [field.inner if isinstance(field, fields.List) else field for field in schema.fields.values()]
    return any(
        isinstance(field, EDTFDate)
        or (isinstance(field, fields.Nested) and not isinstance(field, Reference) and has_dates(field.schema))
        for field in fields_within
    )


def record_types_referred_to(schema: Schema) -> set[str]:
    """The record types to which documents of a schema refer anywhere."""
    record_types: set[str] = set()
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, Reference):
            record_types.add(inner.record_type)
        elif isinstance(inner, fields.Nested):
            record_types |= record_types_referred_to(inner.schema)
    return record_types
