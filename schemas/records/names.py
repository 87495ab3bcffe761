"""Names and their variants, shared by everything that has a name."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from schemas.fields import (
    NAME_LENGTH,
    Identifier,
    Language,
    Matches,
    Multilingual,
    RecordSchema,
    StrictSchema,
    Text,
    parts,
)
from schemas.records.vocabularies import Term

MOST_NAME_WORDS = 5000  # of one record; each is a beginning of its name that can be typed, and stored as such
_WORD = re.compile(r"\w+")


class AliasSchema(StrictSchema):
    """Another name by which the same thing is found: a spelling, a transliteration, an abbreviation."""

    value = Text(200, required=True, metadata={"searchable": True, "example": "غوتيريس"})
    lang = Language(required=True, metadata={"example": "ar", "description": "BCP 47 language tag."})
    script = fields.String(
        load_default=None,
        allow_none=True,
        validate=Matches(r"^[A-Z][a-z]{3}$"),
        metadata={"description": "ISO 15924 code, where the language alone does not tell.", "example": "Latn"},
    )
    kind = Term("alias-kinds", required=True, metadata={"example": "variant"})


class NamedSchema(RecordSchema):
    """What every record with a name of its own has."""

    name = Multilingual(NAME_LENGTH, required=True)
    aliases = parts(AliasSchema, "value", "lang")
    identifiers = parts(Identifier, "scheme", "value")

    @validates_schema
    def _within_reach(self, document: dict[str, Any], **_: Any) -> None:
        """Refuse names that would take seconds to be made findable from each of their words on."""
        names = [*document["name"].values(), *(alias["value"] for alias in document["aliases"])]
        count = sum(len(_WORD.findall(unicodedata.normalize("NFKC", name))) for name in names)
        if count > MOST_NAME_WORDS:
            raise ValidationError(
                f"Has {count} words in all names, more than the {MOST_NAME_WORDS} that are taken.", "aliases"
            )
