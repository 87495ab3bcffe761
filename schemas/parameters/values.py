"""How the values of query parameters are written: numbers, days, moments, terms, alternatives, lists of names."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from schemas import messages
from schemas.fields import NONE, Language, Slug
from schemas.records.vocabularies import Term
from schemas.values import dates
from schemas.values.languages import canonical

MOST_VALUES = 50  # values of one repeatable parameter
BEGINNING = "*"  # the cursor of a first page
LONGEST_CURSOR = 1000

_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,30})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_LOST_PLUS = re.compile(r".*[0-9] [0-9]{2}:[0-9]{2}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)


def one_of(names: Iterable[str]) -> validate.OneOf:
    """A check: the value is one of these names."""
    return validate.OneOf(names, error=messages.NONE_OF_THESE)


def within(least: int, most: int) -> validate.Range:
    """A check: the number is neither smaller nor greater than these."""
    return validate.Range(min=least, max=most, error=messages.OUTSIDE)


class WholeNumber(fields.Integer):
    """An integer in plain ASCII digits, as against everything else Python takes for one."""

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            raise ValidationError(messages.NOT_WHOLE)
        return int(value)


class Day(fields.String):
    """A day, month or year: YYYY-MM-DD, YYYY-MM or YYYY; to be described in `metadata`."""

    def __init__(self, **options: Any) -> None:
        options["metadata"]["pattern"] = f"^{_DAY.pattern}$"
        super().__init__(validate=_day, **options)


def _day(value: str) -> None:
    if not _DAY.fullmatch(value):
        raise ValidationError(messages.NOT_A_DAY)
    try:
        dates.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class Timestamp(fields.String):
    """A moment in RFC 3339, kept as UTC text with microseconds, the way the service stores it; finer parts are cut off."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **options)).upper()
        written = _MOMENT.fullmatch(text)
        try:
            if written is None:
                raise ValueError
            whole, fraction, offset = written.groups()
            return dates.moment(datetime.fromisoformat(f"{whole}{(fraction or '.0')[:7]:0<7}{offset}"))
        except (ValueError, OverflowError):
            if _LOST_PLUS.fullmatch(text):
                raise ValidationError(messages.LOST_PLUS) from None
            raise ValidationError(messages.NOT_A_MOMENT) from None


def yes_or_no(**options: Any) -> fields.Boolean:
    """A boolean written `true` or `false`, nothing else."""
    return fields.Boolean(
        truthy={"true"}, falsy={"false"}, error_messages={"invalid": messages.NEITHER_TRUE_NOR_FALSE}, **options
    )


class AnyOf(fields.List[Any]):
    """Alternatives, given one by one. An `optional` one also takes NONE, for records without a value: no alternatives at all."""

    def __init__(self, inner: fields.Field[Any], optional: bool = False, **options: Any) -> None:
        super().__init__(inner, **options)
        self.optional = optional

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if any("," in item for item in value):
            raise ValidationError(messages.COMMA)
        if NONE not in value:
            return super()._deserialize(value, attr, data, **options)
        if not self.optional:
            raise ValidationError(messages.NONE_TAKEN.format(none=NONE))
        if set(value) != {NONE}:
            raise ValidationError(messages.NONE_BY_ITSELF.format(none=NONE))
        return []


def any_of(inner: fields.Field[Any], description: str, example: str | int, optional: bool = False) -> AnyOf:
    """A parameter that may be repeated: its values are alternatives."""
    without = f" `{NONE}` finds records without one." if optional else ""
    return AnyOf(
        inner,
        optional,
        validate=validate.Length(max=MOST_VALUES, error=messages.TOO_OFTEN),
        metadata={"description": f"{description} Repeat it for alternatives.{without}", "example": [example]},
    )


def ids(description: str, example: str, optional: bool = False) -> AnyOf:
    """A repeatable parameter that takes ids."""
    return any_of(Slug(), description, example, optional)


def terms(vocabulary: str, description: str, example: str, optional: bool = False) -> AnyOf:
    """A repeatable parameter that takes terms of a vocabulary."""
    return any_of(Term(vocabulary), description, example, optional)


class Names(fields.List[Any]):
    """Several names, separated by commas or given one by one; each counts once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        names = dict.fromkeys(name for item in value for name in item.split(","))
        return super()._deserialize(list(names), attr, data, **options)


def some_of(names: list[str], description: str, example: list[str]) -> Names:
    """A parameter that takes several of these names."""
    sentence = f"{description} Several are separated by commas or given one by one."
    return Names(fields.String(validate=one_of(names)), metadata={"description": sentence, "example": example})


class LanguageTag(Language):
    """A language tag, in canonical form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        tag = str(super()._deserialize(value, attr, data, **options))
        known = canonical(tag)
        if known is None:
            raise ValidationError(messages.NO_LANGUAGE.format(tag=tag))
        return known


class Cursor(fields.String):
    """A place between two records; None at the beginning, so that a loop over pages may begin with a cursor too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        cursor = super()._deserialize(value, attr, data, **options)
        return None if cursor == BEGINNING else cursor

    def _validate(self, value: str | None) -> None:
        if value is not None:
            super()._validate(value)
