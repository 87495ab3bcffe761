"""Whatever a client writes has a longest length: no text and no list of any record type goes without one."""

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from api.bulk.folders import LOADABLE
from api.documents.record_types import RECORD_TYPES
from schemas.fields import Matches


def _unbounded(schema: Schema, pointer: str = "") -> Iterator[str]:
    for name, field in schema.fields.items():
        if not field.dump_only:
            yield from _unbounded_field(field, f"{pointer}/{name}")


def _unbounded_field(field: fields.Field[Any] | None, pointer: str) -> Iterator[str]:
    if isinstance(field, fields.Nested):
        yield from _unbounded(field.schema, pointer)
    elif isinstance(field, fields.List | fields.Dict):
        inner = field.inner if isinstance(field, fields.List) else field.value_field
        yield from _unbounded_field(inner, f"{pointer}/*")
    if isinstance(field, fields.String | fields.List | fields.Dict) and not any(map(_bounds, field.validators)):
        yield pointer


def _bounds(check: Any) -> bool:
    return isinstance(check, validate.OneOf) or getattr(check, "max", None) is not None or _bounded_pattern(check)


def _bounded_pattern(check: Any) -> bool:
    return isinstance(check, Matches) and not set("+*") & set(check.regex.pattern)


@pytest.mark.parametrize("record_type", LOADABLE)
def test_every_text_and_every_list_has_a_longest_length(record_type: str) -> None:
    assert list(_unbounded(RECORD_TYPES[record_type].schema)) == []
