"""Communiques: the official texts that statements stand in."""

from api.models.base import (
    BY_UPDATE,
    DatedMixin,
    OwnerField,
    PartTable,
    Record,
    ReferenceField,
    SortKeyMixin,
    TermField,
    dated_constraints,
)
from api.models.events import Event
from api.models.speakers import Speaker


class Communique(Record, DatedMixin, SortKeyMixin):
    """A joint statement, readout, address, briefing or decree."""

    kind = TermField("communique-kinds", index=True)
    date_basis = TermField("date-bases")
    event = ReferenceField(Event, null=True)

    class Meta:
        constraints = dated_constraints()
        indexes = (BY_UPDATE,)


class Issuer(PartTable):
    """A speaker who issued a communique."""

    owner = OwnerField(Communique)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)
