"""Events: occasions and outbreaks."""

from peewee import TextField

from api.models.aliases import Alias, Identifier
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
    office_held_by,
)
from api.models.places import Place
from api.models.speakers import Speaker


class Event(Record, DatedMixin, SortKeyMixin):
    """A meeting, call, session, briefing, or an outbreak of hostilities."""

    kind = TermField("event-kinds", index=True)
    date_basis = TermField("date-bases")
    place = ReferenceField(Place, null=True)

    class Meta:
        constraints = dated_constraints()
        indexes = (BY_UPDATE,)


class EventAlias(Alias):
    """Another name of an event."""

    owner = OwnerField(Event)


class EventIdentifier(Identifier):
    """An event in another catalogue."""

    owner = OwnerField(Event, index=True)


class Participant(PartTable):
    """A speaker who took part in an event, in which office and role."""

    owner = OwnerField(Event)
    speaker = ReferenceField(Speaker)
    office = TextField(null=True)
    role = TermField("event-roles")

    class Meta:
        constraints = [office_held_by()]
        indexes = ((("owner", "speaker", "role"), True),)
