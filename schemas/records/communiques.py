"""Communiques: the official texts that statements stand in."""

from schemas.fields import EDTFDate, Multilingual, RecordSchema, Reference, Slug, references
from schemas.records.vocabularies import Term


class CommuniqueSchema(RecordSchema):
    """A joint statement, ministry statement, readout, address, briefing or decree."""

    id = Slug(required=True, metadata={"example": "un-spokesperson-statement-2021-11"})
    kind = Term("communique-kinds", required=True, metadata={"example": "spokesperson-statement"})
    name = Multilingual(
        required=True,
        metadata={
            "example": {
                "ar": "بيان المتحدث باسم الأمين العام",
                "en": "Statement of the Secretary-General's spokesperson",
            }
        },
    )
    issuers = references("speakers", least=1)
    date = EDTFDate(required=True)
    date_basis = Term("date-bases", required=True, metadata={"example": "stated"})
    event = Reference(
        "events",
        load_default=None,
        allow_none=True,
        metadata={"description": "The occasion at which its words were spoken, not one that it is only about."},
    )
