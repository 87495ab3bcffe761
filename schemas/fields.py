"""The fields and base schemas that every document is made of."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate, validates

from schemas import messages
from schemas.values import dates
from schemas.values.misspelling import nearest

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NONE = "none"  # in a filter: records without a value
ID_LENGTH = 100  # long enough for a telling slug, short enough for a URL, an index key and a file name
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
LANGUAGE_LENGTH = 35  # what RFC 5646, 4.4.1 asks readers of tags to allow
TEXT_LENGTH = 2000
NAME_LENGTH = 300  # of a name by which a record is found: it can be typed from each of its words on
LIST_LENGTH = 1000  # far more than any real record has
LANGUAGES = 50  # of one text
DATE_LENGTH = 40  # the longest EDTF expression that is accepted has 23
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BETWEEN_LINES = re.compile(r"[\t\n]")
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs", "Mn", "Me"}
"""The categories of characters that leave no mark of their own: blanks, marks of direction, joiners, accents alone."""
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs, as their categories go, that are blank."""


_EXPECTED: tuple[tuple[type[fields.Field[Any]], str, str], ...] = (
    (fields.String, "invalid", "Is not text: write it in double quotes."),
    (fields.Integer, "invalid", "Is not a whole number: write it in digits, without quotes."),
    (fields.List, "invalid", "Is not a list: write one in brackets, also of a single item."),
    (fields.Dict, "invalid", 'Write an object by language: {{"en": "..."}}.'),
)
"""The messages for values of the wrong type, by field class; marshmallow formats them."""
_FEW = 12  # keys; a longer list would not help whoever misspelt one


def _reword(field: Any) -> None:
    for field_class, key, message in _EXPECTED:
        if isinstance(field, field_class):
            field.error_messages[key] = message
    for part in ("inner", "key_field", "value_field"):
        if getattr(field, part, None) is not None:
            _reword(getattr(field, part))


@lru_cache(maxsize=1000)
def _unknown(key: str, known: tuple[str, ...]) -> str:
    if close := nearest(key, known):
        return f"Is no key here. Did you mean '{close}'?"
    return f"Is no key here; the keys are {', '.join(known)}." if len(known) <= _FEW else "Is no key here."


class StrictSchema(Schema):
    """A schema that refuses what it does not know and forgives what only the service may write.

    A document read from the API can be sent back unchanged: the keys the service owns are dropped before validation.
    """

    class Meta:
        unknown = RAISE

    error_messages = {"type": "Is not an object: write one in braces, each of its keys with a value."}

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Word the messages about wrong types for people who write JSON."""
        _reword(field_obj)

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Suggest for each unknown key the known one that may have been meant."""
        known = tuple(field.data_key or name for name, field in self.load_fields.items())
        messages: Any = error.messages
        for key in messages:
            if key not in known and messages[key] == [self.error_messages["unknown"]]:
                messages[key] = [_unknown(key, known)]

    @pre_load
    def _drop_service_owned(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        owned = self.service_owned()
        return {key: value for key, value in data.items() if key not in owned}

    def service_owned(self) -> AbstractSet[str]:
        """The keys that only the service writes."""
        own = {field.data_key or name for name, field in self.fields.items() if field.dump_only}
        return own.union(*(_keys_beside(field.data_key or name, field) for name, field in self.fields.items()))


def unusable(character: str) -> str:
    """The message about a text with this control character or surrogate."""
    point = f"U+{ord(character):04X}"
    if "\ud800" <= character <= "\udfff":
        return f"Contains {point}, half of a surrogate pair, which is no character without the other half."
    if unicodedata.category(character) == "Cn":
        return f"Contains {point}, which Unicode keeps for no character."
    return f"Contains the control character {point}."


def plain_text(value: str) -> None:
    """Refuse control characters and lone surrogates, which no database and no reader can use."""
    match = _CONTROL.search(value)
    if match:
        raise ValidationError(unusable(match[0]))


def one_line(value: str) -> None:
    """Refuse line feeds and tabs, which have no place in a name."""
    match = _BETWEEN_LINES.search(value)
    if match:
        raise ValidationError(f"Contains the control character U+{ord(match[0]):04X}; this text has one line.")


def visible(value: str) -> None:
    """Refuse blanks and other characters that nobody sees, where there is nothing else: they say as little as no text."""
    if value and all(unicodedata.category(character) in _UNSEEN or character in _FILLERS for character in value):
        raise ValidationError("Holds nothing that can be seen, only blanks and the like.")


class Text(fields.String):
    """Text in one language or none: 1 to `longest` code points, one of them visible at least, no control characters.

    With `lines` it may have several lines, ended by line feeds, and tabs.
    """

    def __init__(self, longest: int = TEXT_LENGTH, lines: bool = False, **options: Any) -> None:
        allowed = [plain_text, visible] if lines else [plain_text, one_line, visible]
        super().__init__(validate=[validate.Length(min=1, max=longest), *allowed], **options)


def up_to(most: int) -> validate.Length:
    """A check: the text is no longer than so many characters."""
    return validate.Length(max=most, error=messages.TOO_LONG)


class Matches(validate.Regexp):
    """The whole string matches. `$` alone would let a final line break pass, and JSON Schema has no other anchor."""

    def __call__(self, value: Any) -> Any:
        """Give the value back, or raise ValidationError."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


class Unique:
    """A check of a list: no two items are the same, or, with keys, have the same values or references under them."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def __call__(self, items: list[Any]) -> None:
        """Raise ValidationError when an item is there twice."""
        if len(items) < 2:
            return
        seen: set[tuple[Any, ...]] = set()
        for item in items:
            marks = self.marks(item)
            if marks in seen:
                shown = ", ".join(str(mark) for mark in marks if mark is not None)
                raise ValidationError(f"Holds the same twice: {shown}.")
            seen.add(marks)

    def marks(self, item: Any) -> tuple[Any, ...]:
        """What tells an item from the others."""
        return tuple(_mark(item[key]) for key in self.keys) if self.keys else (item,)


def _mark(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value


class Several(fields.List[Any]):
    """A list of bounded length, whose items are not even looked at when they are too many; with `least`, it must be given."""

    def __init__(
        self,
        inner: fields.Field[Any],
        *checks: Callable[[Any], Any],
        least: int = 0,
        most: int = LIST_LENGTH,
        **options: Any,
    ) -> None:
        presence: dict[str, Any] = {"required": True} if least else {"load_default": list}
        length = validate.Length(min=least or None, max=most)
        super().__init__(inner, validate=[length, *checks], **presence, **options)
        self.most = most

    def _deserialize(self, value: Any, *more: Any, **options: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError(f"Has {len(value)} items, more than the {self.most} that are taken.")
        return super()._deserialize(value, *more, **options)


def parts(schema: type[Schema], *unique: str, **options: Any) -> Several:
    """A list of objects, unique by some of their keys; further options are those of `Several`."""
    checks = [Unique(*unique)] if unique else []
    return Several(fields.Nested(schema), *checks, **options)


def is_id(text: str) -> bool:
    """Whether a record could have this id."""
    return len(text) <= ID_LENGTH and re.fullmatch(ID_PATTERN, text) is not None


class Slug(fields.String):
    """An id: lowercase ASCII letters and digits in groups joined by hyphens, and none that is `taken` by an address."""

    def __init__(self, taken: Sequence[str] = (), **options: Any) -> None:
        free = [validate.NoneOf(taken, error="Is an address of its own and so can't be an id.")] if taken else []
        form = Matches(ID_PATTERN, error=messages.NOT_AN_ID)
        super().__init__(validate=[up_to(ID_LENGTH), form, *free], **options)


class Quantity(fields.Float):
    """A finite JSON number, not a string that looks like one; whole ones stay whole."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Is not a number.")
        number = super()._validated(value)
        return int(number) if number is not None and number == int(number) else number

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_: Any) -> Any:
        return value


class Language(fields.String):
    """A BCP 47 language tag."""

    def __init__(self, **options: Any) -> None:
        checks = [up_to(LANGUAGE_LENGTH), Matches(LANGUAGE_PATTERN, error=messages.NOT_A_TAG)]
        super().__init__(validate=checks, **options)


class Multilingual(fields.Dict):
    """Text for people, keyed by BCP 47 language tag; at least one language. With `lines` it may have more than one line."""

    def __init__(self, longest: int = TEXT_LENGTH, lines: bool = False, **options: Any) -> None:
        options.setdefault("metadata", {}).setdefault("example", {"ar": "أنطونيو غوتيريش", "en": "António Guterres"})
        self.longest = longest
        super().__init__(
            keys=Language(),
            values=Text(longest, lines),
            validate=[
                validate.Length(min=1, error="Has no language: give at least one, such as 'ar' or 'en'."),
                validate.Length(max=LANGUAGES),
            ],
            **options,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, Mapping) and len(value) > LANGUAGES:
            raise ValidationError(f"Has {len(value)} languages, more than the {LANGUAGES} that are taken.")
        try:
            return super()._deserialize(value, attr, data, **options)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if isinstance(error.messages, dict):  # {"en": {"value": [...]}}: the pointer ends at the language
                flat = {
                    key: [message for messages in by_part.values() for message in messages]
                    for key, by_part in error.messages.items()
                }
                raise ValidationError(flat) from None
            raise


class EDTFDate(fields.String):
    """A date that may be vague, in EDTF level 0 or 1."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("metadata", {}).setdefault("example", "2020-11-09")
        options["metadata"].setdefault("format", "edtf")
        super().__init__(validate=[validate.Length(max=DATE_LENGTH), _edtf], **options)


def label_key(key: str) -> str:
    """The key beside that of a date which holds the date as people write it."""
    return f"{key}_label"


def text_key(key: str) -> str:
    """The key beside that of a text in several languages which holds it as one string."""
    return f"{key}_text"


def _keys_beside(key: str, field: fields.Field[Any]) -> set[str]:
    """The keys that a query may add beside that of a field."""
    if isinstance(field, EDTFDate):
        return {label_key(key), text_key(label_key(key))}
    return {text_key(key)} if isinstance(field, Multilingual) else set()


def _edtf(expression: str) -> None:
    if len(expression) > DATE_LENGTH:
        return  # its length says it all
    try:
        dates.parse(expression)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class ReferenceSchema(StrictSchema):
    """Another record, small: its id, and its name so that a page can be drawn without a second request."""

    id = Slug(required=True)
    name = Multilingual(dump_only=True)

    def service_owned(self) -> AbstractSet[str]:
        """All but the id: `expand` shows the rest of the record beside its name."""
        return _keys_of_records()


@cache
def _keys_of_records() -> frozenset[str]:
    """The keys that records of any record type have, but for their ids."""
    every = [
        (field.data_key or name, field) for schema in _below(RecordSchema) for name, field in schema().fields.items()
    ]
    beside = (added for key, field in every for added in _keys_beside(key, field))
    return frozenset([*(key for key, _ in every), *beside]) - {"id"}


def _below(schema: type[Schema]) -> Iterator[type[Schema]]:
    for inner in schema.__subclasses__():
        yield inner
        yield from _below(inner)


class ById(fields.Nested):
    """A small object that stands for something else by its id."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, partial: Any = None, **options: Any) -> Any:
        if not isinstance(value, Mapping):
            record_id = value if isinstance(value, str) and is_id(value) else "antonio-guterres"
            message = f'Write a reference as an object: {{"id": "{record_id}"}}.'
            raise ValidationError(message, valid_data={})  # {} so that what follows in a list keeps its place
        return super()._deserialize(value, attr, data, partial, **options)


class Reference(ById):
    """A reference to a record of another record type; it must exist among those of `record_type`."""

    def __init__(self, record_type: str, **options: Any) -> None:
        self.record_type = record_type
        super().__init__(ReferenceSchema, **options)


def references(record_type: str, **options: Any) -> Several:
    """A list of references to records of one record type, each at most once; further options are those of `Several`."""
    return Several(Reference(record_type), Unique("id"), **options)


class Identifier(StrictSchema):
    """The same thing in somebody else's catalogue."""

    scheme = fields.String(
        required=True,
        validate=Matches(r"^[a-z][a-z0-9-]{0,39}$"),
        metadata={"description": "The catalogue: `wikidata`, `pa-x` and the like.", "example": "wikidata"},
    )
    value = Text(200, required=True, metadata={"example": "Q1253"})


ADDED_ON_REQUEST = frozenset({"highlights", "terms", "terms_text", "said_by", "articles"})
"""Keys that a record has only when a query asks for them."""


class RecordSchema(StrictSchema):
    """What every record has: an id its writer chose and, last, the times the service keeps."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name in ("created_at", "updated_at"):
            for declared in (self.fields, self.dump_fields):
                if name in declared:
                    declared[name] = declared.pop(name)

    def service_owned(self) -> AbstractSet[str]:
        """The keys that the service keeps of a record, and those it adds to some answers."""
        return super().service_owned() | (ADDED_ON_REQUEST - self.fields.keys())

    @validates("id")
    def _is_no_word_of_filters(self, value: str, **_: Any) -> None:
        if value == NONE:
            raise ValidationError(f"Can't be an id, for in filters '{NONE}' finds records without a value.")

    id = Slug(required=True)
    created_at = fields.String(
        dump_only=True,
        metadata={
            "format": "date-time",
            "description": "When the record was first stored (RFC 3339, UTC).",
            "example": "2026-11-21T09:00:00.000000Z",
        },
    )
    updated_at = fields.String(
        dump_only=True,
        metadata={
            "format": "date-time",
            "description": "When this representation last changed (RFC 3339, UTC).",
            "example": "2026-11-21T09:00:00.000000Z",
        },
    )
