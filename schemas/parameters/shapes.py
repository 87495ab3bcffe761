"""The parameters that shape the representation of a record, whichever records are asked for."""

from typing import Any

from marshmallow import fields, validate

from schemas import messages
from schemas.fields import RecordSchema
from schemas.parameters.values import LanguageTag, Names, Timestamp, one_of, some_of
from schemas.values.languages import FALLBACK
from schemas.walking import has_dates, record_types_referred_to

MOST_LANGUAGES = 10  # that somebody wants to read a text in
TERMS, DATES = "terms", "dates"  # what can be expanded besides record types
SUMMARY = "summary"
PLAIN = "plain"


def as_of() -> Timestamp:
    """The parameter that asks for the records as they were at a moment."""
    return Timestamp(
        metadata={
            "format": "date-time",
            "description": "Answer from the records as the service had them at this moment (RFC 3339). A moment in the future is refused. "
            "Annotations, suggestions, similar statements, histories and the feed of changes do not take it.",
            "example": "2026-01-01T00:00:00Z",
        }
    )


def shaped(schema: type[RecordSchema]) -> dict[str, fields.Field[Any]]:
    """The parameters that shape the representation of one record type's records."""
    names = [field.data_key or name for name, field in schema().fields.items()]
    shapes: dict[str, fields.Field[Any]] = {
        "fields": some_of(names, "Return only these keys (the id always comes along).", ["id"]),
        "as_of": as_of(),
    }
    shapes |= {"lang": lang(), "text": text()}
    if referred := sorted(record_types_referred_to(schema())):
        dates_too = [DATES] if has_dates(schema()) else []
        description = (
            "Put whole records in the place of references. `terms` adds the labels of all terms as `terms`, and to speakers "
            "their `kind`."
        )
        description += " `dates` adds labels of dates, such as `date_label`." if dates_too else ""
        shapes["expand"] = some_of([*referred, *dates_too, TERMS], description, [referred[0]])
    return shapes


def lang() -> Names:
    """The parameter that asks for texts in one language."""
    return Names(
        LanguageTag(),
        validate=validate.Length(max=MOST_LANGUAGES, error=messages.TOO_MANY_LANGUAGES),
        metadata={
            "description": "Leave of each text one language: the first of these that it has, or a broader or narrower form of it, "
            f"else {', then '.join(FALLBACK)}, then any. Several are separated by commas, the most wanted first.",
            "example": ["en"],
        },
    )


def text() -> fields.String:
    """The parameter that asks for texts as strings."""
    return fields.String(
        validate=one_of([PLAIN]),
        metadata={
            "description": f"With `{PLAIN}`, each text also comes as one string, such as `summary_text` beside `summary`: in the "
            "language that `lang` leaves.",
            "example": PLAIN,
        },
    )
