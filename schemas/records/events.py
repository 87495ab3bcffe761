"""Events: the occasions on which things were said, and those they were said about."""

from schemas.fields import EDTFDate, Reference, Slug, StrictSchema, parts
from schemas.records.names import NamedSchema
from schemas.records.offices import OfficeReference
from schemas.records.vocabularies import Term


class ParticipantSchema(StrictSchema):
    """Who took part, in which office and role."""

    speaker = Reference("speakers", required=True)
    office = OfficeReference()
    role = Term("event-roles", required=True, metadata={"example": "participant"})


class EventSchema(NamedSchema):
    """A meeting, call, session, briefing, or an outbreak of hostilities."""

    id = Slug(required=True, metadata={"example": "sochi-summit-2021-11-26"})
    kind = Term("event-kinds", required=True, metadata={"example": "summit"})
    date = EDTFDate(required=True)
    date_basis = Term("date-bases", required=True, metadata={"example": "stated"})
    place = Reference("places", load_default=None, allow_none=True)
    participants = parts(ParticipantSchema, "speaker", "role")
