"""Readings: what was read for statements, how completely, and by which version of the annotation guide."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import EDTFDate, Matches, Multilingual, RecordSchema, Reference, Slug, Text
from schemas.records.vocabularies import Term

READ = ("double", "whole", "selective", "partial")
"""The extents to which something was read, the most complete first; `unread` is not among them."""
COMPLETE = ("double", "whole")
"""The extents after which silence is absence: a statement that is not recorded was not there."""


def guide(**options: Any) -> fields.String:
    """A version of the annotation guide."""
    words = "Is not a version: write up to 50 letters, digits, dots, hyphens, underlines and plus signs."
    checks = [validate.Length(max=50), Matches(r"^[0-9A-Za-z][0-9A-Za-z.+_-]*$", error=words)]
    return fields.String(validate=checks, **options)


class ReadingSchema(RecordSchema):
    """What somebody read: one article, or all that a publisher published in a period."""

    id = Slug(required=True, metadata={"example": "vision-group-lavrov-guterres-2020"})
    article = Reference("articles", load_default=None, allow_none=True)
    publisher = Reference("speakers", load_default=None, allow_none=True)
    period = EDTFDate(
        load_default=None,
        allow_none=True,
        metadata={"description": "When the articles were published that were read.", "example": "2020-12"},
    )
    extent = Term("reading-extents", required=True, metadata={"example": "double"})
    guide = guide(
        required=True,
        metadata={"description": "The version of the annotation guide by which it was read.", "example": "1"},
    )
    read_by = Text(200, required=True, metadata={"description": "Who read it.", "example": "Tasrih"})
    date = EDTFDate(required=True, metadata={"description": "When it was read (EDTF)."})
    note = Multilingual(lines=True, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=False)
    def _is_of_an_article_or_a_period(self, reading: dict[str, Any], **_: Any) -> None:
        if "article" not in reading:  # what it names can't be used
            return
        of_article = reading["article"] is not None
        misplaced = [key for key in ("publisher", "period") if (reading.get(key, "unusable") is None) != of_article]
        if misplaced:
            raise ValidationError({key: [_OF_ARTICLE if of_article else _OF_NOTHING] for key in misplaced})


_OF_ARTICLE = "Must be null where an article is given: that has a publisher and a date."
_OF_NOTHING = "Is missing: name an article, or a publisher and a period."
