"""Speakers, the offices that they held, and their names."""

from peewee import SQL, Check, TextField

from api.models.aliases import Alias, Identifier
from api.models.base import BY_UPDATE, OwnerField, PartTable, Record, ReferenceField, TermField


class Speaker(Record):
    """A person, body, state or outlet that makes, issues or relays statements."""

    kind = TermField("speaker-kinds", index=True)
    part_of = ReferenceField("self", null=True)

    class Meta:
        indexes = (BY_UPDATE,)
        constraints = [Check("part_of_id <> number")]


class SpeakerAlias(Alias):
    """Another name of a speaker."""

    owner = OwnerField(Speaker)


class SpeakerIdentifier(Identifier):
    """A speaker in another catalogue."""

    owner = OwnerField(Speaker, index=True)


class Office(PartTable):
    """An office, held at most from the day `earliest` to the day `latest`."""

    speaker = OwnerField(Speaker)
    id = TextField()
    organization = ReferenceField(Speaker, null=True)
    earliest = TextField()
    latest = TextField()

    class Meta:
        constraints = [Check("earliest <= latest"), SQL('UNIQUE ("speaker_id", "id")')]
        indexes = ((("earliest", "latest"), False),)
