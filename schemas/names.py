"""Names and their variants, shared by everything that has a name."""

from marshmallow import fields, validate

from schemas.fields import Identifier, Language, Multilingual, RecordSchema, StrictSchema, Text
from schemas.vocabularies import Term


class AliasSchema(StrictSchema):
    """Another name by which the same thing is found: a spelling, a transliteration, an abbreviation."""

    value = Text(200, required=True, metadata={"searchable": True, "example": "غوتيريس"})
    lang = Language(required=True, metadata={"example": "ar", "description": "BCP 47 language tag."})
    script = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"^[A-Z][a-z]{3}$"),
        metadata={"description": "ISO 15924 code, where the language alone does not tell.", "example": "Latn"},
    )
    kind = Term("alias-kinds", required=True, metadata={"example": "variant"})


class NamedSchema(RecordSchema):
    """What every record with a name of its own has."""

    name = Multilingual(required=True)
    aliases = fields.List(fields.Nested(AliasSchema), load_default=list)
    identifiers = fields.List(fields.Nested(Identifier), load_default=list)
