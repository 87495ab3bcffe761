"""Names and their variants, shared by everything that has a name."""

from marshmallow import fields

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
from schemas.vocabularies import Term


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
