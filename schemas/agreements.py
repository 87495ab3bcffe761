"""Agreements: what statements refer to."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import EDTFDate, Multilingual, Reference, Slug, StrictSchema, references
from schemas.names import NamedSchema
from schemas.offices import OfficeReference
from schemas.vocabularies import Term


class MilestoneSchema(StrictSchema):
    """A dated step in the life of an agreement."""

    kind = Term("milestone-kinds", required=True, metadata={"example": "signed"})
    date = EDTFDate(required=True)
    place = Reference("places", load_default=None, allow_none=True)


class SignatorySchema(StrictSchema):
    """Who signed, in which office and for whom."""

    speaker = Reference("speakers", required=True)
    office = OfficeReference()
    on_behalf_of = Reference("speakers", load_default=None, allow_none=True)


class ProvisionSchema(StrictSchema):
    """A numbered point, summarised in our own words."""

    number = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=999), metadata={"example": 3}
    )
    summary = Multilingual(
        required=True,
        metadata={"example": {"ar": "نشر قوات حفظ سلام روسية", "en": "Russian peacekeepers are deployed"}},
    )


class AgreementRelationSchema(StrictSchema):
    """How this agreement stands to another."""

    relation = Term("agreement-relations", required=True, metadata={"example": "implements"})
    agreement = Reference("agreements", required=True)


class AgreementSchema(NamedSchema):
    """A text or understanding between parties, with its steps, signatories and points."""

    id = Slug(required=True, metadata={"example": "trilateral-statement-2020-11-09"})
    kind = Term("agreement-kinds", required=True, metadata={"example": "trilateral-statement"})
    status = Term("agreement-statuses", required=True, metadata={"example": "announced"})
    milestones = fields.List(fields.Nested(MilestoneSchema), load_default=list)
    parties = references("speakers")
    signatories = fields.List(fields.Nested(SignatorySchema), load_default=list)
    mediators = references("speakers")
    provisions = fields.List(fields.Nested(ProvisionSchema), load_default=list)
    relations = fields.List(fields.Nested(AgreementRelationSchema), load_default=list)

    @validates_schema
    def _provisions_once(self, agreement: dict[str, Any], **_: Any) -> None:
        numbers = [provision["number"] for provision in agreement["provisions"]]
        if len(numbers) != len(set(numbers)):
            raise ValidationError("Two provisions have the same number.", "provisions")
