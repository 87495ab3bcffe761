"""Walking a document along its schema, so that each rule about fields is written once for all record types."""

from functools import cache
from typing import Any, NamedTuple

from marshmallow import Schema, fields

from schemas.fields import EDTFDate, Reference
from schemas.records.offices import OfficeReference

Path = tuple["Path", str | int] | None
"""Where a value stands: the path of what it is in, and its key or place there."""


class Visit(NamedTuple):
    """One value met on the way: its field, the object that holds it, and the path to it."""

    field: fields.Field[Any]
    holder: dict[str, Any]
    value: Any
    path: Path

    @property
    def pointer(self) -> str:
        """The JSON pointer to the value. Few are ever written out."""
        steps, path = [], self.path
        while path is not None:
            path, step = path
            steps.append(f"/{step}")
        return "".join(reversed(steps))


def walk(
    schema: Schema,
    document: dict[str, Any],
    owned: bool = False,
    only: tuple[type[fields.Field[Any]], ...] = (fields.Field,),
) -> list[Visit]:
    """Every value that is present, depth first, of a field of these classes; what the service owns only if `owned`.

    References and offices are visited whole, not entered.
    """
    visits: list[Visit] = []
    _collect(_plan(schema, owned, only), document, None, visits)
    return visits


class _Step(NamedTuple):
    """What to do at a key: to visit its values, if `inside` is None, or to take the steps inside each of them."""

    key: str
    field: fields.Field[Any]
    is_list: bool
    inside: "tuple[_Step, ...] | None"


@cache
def _plan(schema: Schema, owned: bool, only: tuple[type[fields.Field[Any]], ...]) -> tuple[_Step, ...]:
    """The steps through documents of a schema: worked out once, because schemas are walked for every record."""
    steps = []
    for name, field in schema.fields.items():
        if owned or not field.dump_only:
            is_list = isinstance(field, fields.List)
            inner: fields.Field[Any] = field.inner if isinstance(field, fields.List) else field
            is_entered = isinstance(inner, fields.Nested) and not isinstance(inner, Reference | OfficeReference)
            inside = _plan(inner.schema, owned, only) if isinstance(inner, fields.Nested) and is_entered else None
            if inside or (inside is None and isinstance(inner, only)):
                steps.append(_Step(field.data_key or name, inner, is_list, inside))
    return tuple(steps)


def _collect(steps: tuple[_Step, ...], document: dict[str, Any], path: Path, visits: list[Visit]) -> None:
    for key, field, is_list, inside in steps:
        value = document.get(key)
        if value is None or value == []:
            continue
        where = (path, key)
        if not is_list:
            if inside is None:
                visits.append(Visit(field, document, value, where))
            else:
                _collect(inside, value, where, visits)
        elif inside is None:
            visits += [Visit(field, document, item, (where, position)) for position, item in enumerate(value)]
        else:
            for position, item in enumerate(value):
                _collect(inside, item, (where, position), visits)


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
