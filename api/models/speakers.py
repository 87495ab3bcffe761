"""Speakers, the offices they held and the names they are known by."""

from peewee import SQL, AutoField, Check, TextField

from api.models.base import OwnerField, Record, ReferenceField, Table, TermField


class Speaker(Record):
    """Whoever makes, issues or relays a statement."""

    kind = TermField("speaker-kinds", index=True)
    part_of = ReferenceField("self", null=True)

    class Meta:
        constraints = [Check("part_of_id <> number")]


class SpeakerAlias(Table):
    """Another name of a speaker."""

    number = AutoField()
    owner = OwnerField(Speaker)
    value = TextField()
    lang = TextField()
    script = TextField(null=True)
    kind = TermField("alias-kinds")

    class Meta:
        indexes = ((("owner", "value", "lang"), True),)


class SpeakerIdentifier(Table):
    """A speaker in somebody else's catalogue; an identifier names one speaker only."""

    number = AutoField()
    owner = OwnerField(Speaker)
    scheme = TextField()
    value = TextField()

    class Meta:
        indexes = ((("scheme", "value"), True),)


class Office(Table):
    """A dated role. `earliest` and `latest` bound the days on which it may have been held."""

    number = AutoField()
    speaker = OwnerField(Speaker)
    id = TextField()
    organization = ReferenceField(Speaker, null=True)
    earliest = TextField()
    latest = TextField()

    class Meta:
        constraints = [Check("earliest <= latest"), SQL('UNIQUE ("speaker_id", "id")')]
        indexes = ((("earliest", "latest"), False),)
