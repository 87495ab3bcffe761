"""Speakers, the offices they held and the names they are known by."""

from peewee import SQL, Check, TextField

from api.models.aliases import Alias, Identifier
from api.models.base import BY_UPDATE, OwnerField, PartTable, Record, ReferenceField, TermField


class Speaker(Record):
    """Whoever makes, issues or relays a statement."""

    kind = TermField("speaker-kinds", index=True)
    part_of = ReferenceField("self", null=True)

    class Meta:
        indexes = (BY_UPDATE,)
        constraints = [Check("part_of_id <> number")]


class SpeakerAlias(Alias):
    """Another name of a speaker."""

    owner = OwnerField(Speaker)


class SpeakerIdentifier(Identifier):
    """A speaker in somebody else's catalogue; an identifier names one speaker only."""

    owner = OwnerField(Speaker, index=True)


class Office(PartTable):
    """A dated role. `earliest` and `latest` bound the days on which it may have been held."""

    speaker = OwnerField(Speaker)
    id = TextField()
    organization = ReferenceField(Speaker, null=True)
    earliest = TextField()
    latest = TextField()

    class Meta:
        constraints = [Check("earliest <= latest"), SQL('UNIQUE ("speaker_id", "id")')]
        indexes = ((("earliest", "latest"), False),)
