"""Events: occasions and outbreaks."""

from peewee import AutoField, TextField

from api.models.base import (
    DatedMixin,
    OwnerField,
    Record,
    ReferenceField,
    Table,
    TermField,
    dated_constraints,
    office_held_by,
)
from api.models.places import Place
from api.models.speakers import Speaker


class Event(Record, DatedMixin):
    """A meeting, call, session, briefing, or an outbreak of hostilities."""

    kind = TermField("event-kinds", index=True)
    date_basis = TermField("date-bases")
    place = ReferenceField(Place, null=True)

    class Meta:
        constraints = dated_constraints()
        indexes = ((("day", "number"), False),)


class EventAlias(Table):
    """Another name of an event."""

    number = AutoField()
    owner = OwnerField(Event)
    value = TextField()
    lang = TextField()
    script = TextField(null=True)
    kind = TermField("alias-kinds")

    class Meta:
        indexes = ((("owner", "value", "lang"), True),)


class EventIdentifier(Table):
    """An event in somebody else's catalogue."""

    number = AutoField()
    owner = OwnerField(Event)
    scheme = TextField()
    value = TextField()

    class Meta:
        indexes = ((("scheme", "value"), True),)


class Participant(Table):
    """Who took part in an event."""

    number = AutoField()
    owner = OwnerField(Event)
    speaker = ReferenceField(Speaker)
    office = TextField(null=True)
    role = TermField("event-roles")

    class Meta:
        constraints = [office_held_by()]
        indexes = ((("owner", "speaker", "role"), True),)
