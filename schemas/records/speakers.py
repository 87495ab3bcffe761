"""Speakers: whoever can make, issue or relay a statement."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from schemas.fields import EDTFDate, Multilingual, Reference, Slug, StrictSchema, parts
from schemas.records.names import NamedSchema
from schemas.records.vocabularies import Term
from schemas.values import dates


class OfficeSchema(StrictSchema):
    """A dated role. Its organization says on whose side the holder stands."""

    id = Slug(required=True, metadata={"description": "Unique within the speaker.", "example": "secretary-general"})
    title = Multilingual(
        required=True,
        metadata={"example": {"ar": "الأمين العام للأمم المتحدة", "en": "Secretary-General of the United Nations"}},
    )
    organization = Reference("speakers", load_default=None, allow_none=True)
    from_ = EDTFDate(
        data_key="from", attribute="from", load_default=None, allow_none=True, metadata={"example": "2017-01-01"}
    )
    to = EDTFDate(
        load_default=None,
        allow_none=True,
        metadata={"description": "Null while the office is held, or when its end is not known."},
    )

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, office: dict[str, Any], **_: Any) -> None:
        if not {"from", "to"} <= office.keys():
            return  # one of them is no date
        held = dates.tenure(office["from"], office["to"])
        if held.earliest > held.latest:
            raise ValidationError("Ends before it begins.", "to")


class SpeakerSchema(NamedSchema):
    """A person, state, body, group or outlet that speaks or passes words on."""

    id = Slug(required=True, metadata={"example": "antonio-guterres"})
    kind = Term("speaker-kinds", required=True, metadata={"example": "person"})
    part_of = Reference(
        "speakers",
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The body or state this one belongs to; followed upwards it tells whose side it is on."
        },
    )
    offices = parts(OfficeSchema, "id")


class MergerSchema(StrictSchema):
    """Into which speaker another one is merged."""

    into = Slug(
        required=True, metadata={"description": "The id of the speaker that stays.", "example": "sergey-lavrov"}
    )
