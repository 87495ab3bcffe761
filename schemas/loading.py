"""Loading documents as their schemas do, several times as fast where nothing is wrong with them.

marshmallow collects every error with its place, which costs most of the time that a valid document takes. So the declared
fields are made into plain functions once, which stop at the first doubt. What they doubt, marshmallow loads, and words the
errors; what they do not know (hooks, other classes of fields), they leave to marshmallow from the beginning.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA

from schemas.fields import ById, Matches, Multilingual, Several, StrictSchema, Text

Loader = Callable[[Any], Any]


class _Doubt(Exception):
    """Something may be wrong with a value."""


def load(schema: Schema, value: Any) -> dict[str, Any]:
    """What `schema.load` returns; raise ValidationError with every error."""
    try:
        loaded: dict[str, Any] = _loader(schema)(value)
    except (_Doubt, ValidationError):
        loaded = schema.load(value)
    return loaded


@cache
def _loader(schema: Schema) -> Loader:
    """A function that loads an object by a schema, or raises _Doubt or ValidationError."""
    if not isinstance(schema, StrictSchema) or not _is_known(schema):
        return schema.load
    owned = frozenset(schema.service_owned())
    steps = [
        (key, key in owned, field.attribute or name, _of_field(field), _when_absent(field))
        for name, field in schema.load_fields.items()
        for key in [field.data_key or name]
    ]
    taken = owned.union(key for key, *_ in steps)
    checks = [getattr(schema, name) for name, *_ in schema._hooks[VALIDATES_SCHEMA]]
    key_checks = [
        (key, getattr(schema, name)) for name, _, options in schema._hooks[VALIDATES] for key in options["field_names"]
    ]

    def loaded(value: Any) -> Any:
        if type(value) is not dict or not taken.issuperset(value):
            raise _Doubt
        document = {}
        for key, is_owned, attribute, into, when_absent in steps:
            if key in value and not is_owned:
                document[attribute] = into(value[key])
            elif when_absent is not None:
                document[attribute] = when_absent()
        for key, check in key_checks:
            if key in document:
                check(document[key], data_key=key)
        for check in checks:
            check(document, many=False, partial=None, unknown=RAISE)
        return document

    return loaded


def _when_absent(field: fields.Field[Any]) -> Callable[[], Any] | None:
    """What gives the value of a field that an object does not have; None where the object has none then either."""
    default = field.load_default
    if default is not missing:
        return default if callable(default) else lambda: default
    return _doubt if field.required else None


def _doubt() -> Any:
    raise _Doubt


def _is_known(schema: Schema) -> bool:
    """Whether nothing happens to objects of a schema but what is done here."""
    hooks = schema._hooks
    own = [name for name, *_ in hooks[PRE_LOAD]]
    return (
        schema.unknown == RAISE
        and not schema.partial
        and not schema.many
        and own == ["_drop_service_owned"]
        and not hooks[POST_LOAD]
        and not any(options.get("pass_original") or many for _, many, options in hooks[VALIDATES_SCHEMA])
    )


def _of_field(field: fields.Field[Any]) -> Loader:
    """A function that loads the value of a field, null included."""
    into = _known_kind(field)
    if into is None or field.pre_load or field.post_load:
        return field.deserialize
    checked = _checked(into, _checks(field))
    if into is _text and not isinstance(field, Text):
        checked = _remembering(checked)
    allow_none = field.allow_none

    def loaded(value: Any) -> Any:
        if value is None and not allow_none:
            raise _Doubt
        return None if value is None else checked(value)

    return loaded


def _checked(into: Loader, checks: Sequence[Callable[[Any], Any]]) -> Loader:
    """A function that loads a value and runs checks on it."""
    if not checks:
        return into

    def loaded(value: Any) -> Any:
        value = into(value)
        for check in checks:
            check(value)
        return value

    return loaded


def _remembering(checked: Loader) -> Loader:
    """The same for strings that come again and again, like ids and terms: each is checked once."""
    valid: set[str] = set()

    def loaded(value: Any) -> Any:
        if type(value) is str and value in valid:
            return value
        value = checked(value)
        if len(valid) >= MOST_REMEMBERED:
            valid.clear()
        if len(value) <= LONGEST_REMEMBERED:
            valid.add(value)
        return value

    return loaded


MOST_REMEMBERED, LONGEST_REMEMBERED = 5_000, 100
"""Strings of each field, and the characters of each, that are remembered: a hostile sender must not fill the memory."""


def _known_kind(field: fields.Field[Any]) -> Loader | None:
    """How values of a class of fields are loaded, validators left aside; None for a class that is not known."""
    deserialize = type(field)._deserialize
    if deserialize is fields.String._deserialize:
        return _text
    if deserialize is fields.Integer._deserialize and getattr(field, "strict", False):
        return _whole_number
    if isinstance(field, fields.List) and deserialize in (fields.List._deserialize, Several._deserialize):
        return _list(_of_field(field.inner), getattr(field, "most", None))
    if isinstance(field, fields.Nested) and deserialize in (fields.Nested._deserialize, ById._deserialize):
        return _loader(field.schema) if not field.many and field.unknown is None else None
    if isinstance(field, fields.Dict) and deserialize in (fields.Dict._deserialize, Multilingual._deserialize):
        return _by_key(field)
    return None


def _text(value: Any) -> Any:
    if type(value) is not str:
        raise _Doubt
    return value


def _whole_number(value: Any) -> Any:
    if type(value) is not int:
        raise _Doubt
    return value


def _list(inner: Loader, most: int | None) -> Loader:
    def loaded(value: Any) -> Any:
        if type(value) is not list or (most is not None and len(value) > most):
            raise _Doubt
        return [inner(item) for item in value]

    return loaded


def _by_key(field: fields.Dict) -> Loader | None:
    if field.key_field is None or field.value_field is None:
        return None
    keys, values = _of_field(field.key_field), _of_field(field.value_field)

    def loaded(value: Any) -> Any:
        if type(value) is not dict:
            raise _Doubt
        return {keys(key): values(item) for key, item in value.items()}

    return loaded


def _checks(field: fields.Field[Any]) -> list[Callable[[Any], Any]]:
    """The validators of a field, as functions that raise."""
    checks = [_check(validator) for validator in field.validators]
    if not isinstance(field, Text):
        return checks
    length, *others = checks

    def check(value: str) -> None:
        if not (value.isprintable() and value[0].isalnum() and value[0] < _HANGUL):  # plain and visible
            for other in others:
                other(value)

    return [length, check]


_HANGUL = "\u1100"
"""The first of the letters some of which are blank; no letter before it is."""


def _check(validator: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A validator that raises, for the usual ones without the way to their messages."""
    match validator:
        case validate.Length(min=least, max=most, equal=None):
            return _length(least or 0, most)
        case validate.OneOf() if type(validator) is validate.OneOf:
            return _one_of(frozenset(validator.choices))
        case Matches():
            return _matches(validator)
    return validator


def _length(least: int, most: int | None) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if len(value) < least or (most is not None and len(value) > most):
            raise _Doubt

    return check


def _one_of(choices: frozenset[Any]) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if value not in choices:
            raise _Doubt

    return check


def _matches(validator: Matches) -> Callable[[Any], None]:
    fullmatch = validator.regex.fullmatch

    def check(value: Any) -> None:
        if fullmatch(value) is None:
            raise _Doubt

    return check
