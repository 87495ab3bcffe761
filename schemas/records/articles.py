"""Articles: the source documents. Their words are never stored here, only what is needed to recognise them."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import (
    EDTFDate,
    Language,
    Matches,
    Multilingual,
    RecordSchema,
    Reference,
    Slug,
    StrictSchema,
    Text,
    parts,
)
from schemas.records.vocabularies import Term

LONGEST_TEXT = 2**31 - 1  # code points; what an integer column of either engine holds
SHA256_PATTERN = r"^[0-9a-f]{64}$"


def sha256(**options: Any) -> fields.String:
    """A SHA-256 digest in lowercase hexadecimal."""
    return fields.String(
        required=True,
        validate=Matches(SHA256_PATTERN, error="Is not a SHA-256 digest in lowercase hexadecimal."),
        **options,
    )


class CreditSchema(StrictSchema):
    """An agency that the page credits."""

    agency = Reference("speakers", required=True)
    role = Term("credit-roles", required=True, metadata={"example": "text"})


class ArticleSchema(RecordSchema):
    """A page on which statements were found."""

    id = Slug(required=True, metadata={"example": "vision-group-lavrov-guterres-2020"})
    title = Text(
        300,
        load_default=None,
        allow_none=True,
        metadata={"searchable": True, "description": "The page's own title; null when it has none."},
    )
    supplied_title = Multilingual(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "A title in our words for a page without one.",
            "example": {"en": "Lavrov and Mirzoyan speak by telephone"},
        },
    )
    publisher = Reference("speakers", load_default=None, allow_none=True)
    publisher_basis = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(["stated", "inferred"]),
        metadata={"description": "Whether the page itself names its publisher.", "example": "stated"},
    )
    credits = parts(CreditSchema, "agency", "role")
    published = EDTFDate(required=True)
    date_basis = fields.String(
        required=True, validate=validate.OneOf(["stated", "inferred"]), metadata={"example": "stated"}
    )
    language = Language(required=True, metadata={"example": "ar"})
    rights = Text(
        300,
        lines=True,
        required=True,
        metadata={"description": "Who holds the rights in the text.", "example": "All rights with the publisher"},
    )
    sha256 = sha256(metadata={"description": "Digest of the normalised (NFC, LF) text in UTF-8."})
    length = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_TEXT),
        metadata={"description": "Length of the normalised text in Unicode code points.", "example": 2000},
    )

    @validates_schema(skip_on_field_errors=False)
    def _has_a_title(self, article: dict[str, Any], **_: Any) -> None:
        if all(article.get(key, "unusable") is None for key in ("title", "supplied_title")):
            raise ValidationError("A page without a title of its own needs a supplied one.", "supplied_title")
