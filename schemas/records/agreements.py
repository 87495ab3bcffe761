"""Agreements: what statements refer to."""

from marshmallow import fields, validate

from schemas.fields import EDTFDate, Multilingual, Reference, Slug, StrictSchema, parts, references
from schemas.records.names import NamedSchema
from schemas.records.offices import OfficeReference
from schemas.records.vocabularies import Term

LAST_PROVISION = 999


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
        required=True, strict=True, validate=validate.Range(min=1, max=LAST_PROVISION), metadata={"example": 3}
    )
    summary = Multilingual(
        lines=True,
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
    status_as_of = EDTFDate(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The day on which the status was so; of later days it says nothing. Null if nobody wrote it down.",
            "example": "2022-11-01",
        },
    )
    milestones = parts(MilestoneSchema)
    parties = references("speakers")
    signatories = parts(SignatorySchema, "speaker")
    mediators = references("speakers")
    provisions = parts(ProvisionSchema, "number", most=LAST_PROVISION)
    relations = parts(AgreementRelationSchema, "agreement", "relation")
