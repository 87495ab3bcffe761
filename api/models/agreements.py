"""Agreements with their steps, parties, signatories, mediators, points and relations."""

from peewee import SQL, AutoField, Check, IntegerField, TextField

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


class Agreement(Record):
    """What statements refer to. Its days span the milestones; without one they are unknown."""

    kind = TermField("agreement-kinds", index=True)
    status = TermField("agreement-statuses", index=True)
    date_earliest = TextField()
    date_latest = TextField()
    day = TextField()

    class Meta:
        constraints = dated_constraints()
        indexes = ((("day", "number"), False),)


class AgreementAlias(Table):
    """Another name of an agreement."""

    number = AutoField()
    owner = OwnerField(Agreement)
    value = TextField()
    lang = TextField()
    script = TextField(null=True)
    kind = TermField("alias-kinds")

    class Meta:
        indexes = ((("owner", "value", "lang"), True),)


class AgreementIdentifier(Table):
    """An agreement in somebody else's catalogue."""

    number = AutoField()
    owner = OwnerField(Agreement)
    scheme = TextField()
    value = TextField()

    class Meta:
        indexes = ((("scheme", "value"), True),)


class Milestone(DatedMixin):
    """A dated step."""

    number = AutoField()
    owner = OwnerField(Agreement)
    kind = TermField("milestone-kinds")
    place = ReferenceField(Place, null=True)

    class Meta:
        constraints = dated_constraints()


class Party(Table):
    """A party to an agreement."""

    number = AutoField()
    owner = OwnerField(Agreement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Signatory(Table):
    """Who signed, in which office and for whom."""

    number = AutoField()
    owner = OwnerField(Agreement)
    speaker = ReferenceField(Speaker)
    office = TextField(null=True)
    on_behalf_of = ReferenceField(Speaker, null=True)

    class Meta:
        constraints = [office_held_by()]
        indexes = ((("owner", "speaker"), True),)


class Mediator(Table):
    """Who brought the parties together."""

    number = AutoField()
    owner = OwnerField(Agreement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Provision(Table):
    """A numbered point of an agreement; the key's `point` is that number."""

    number = AutoField()
    owner = OwnerField(Agreement)
    point = IntegerField()

    class Meta:
        constraints = [Check("point > 0"), SQL('UNIQUE ("owner_id", "point")')]


class AgreementRelation(Table):
    """How an agreement stands to another one."""

    number = AutoField()
    owner = OwnerField(Agreement)
    relation = TermField("agreement-relations")
    agreement = ReferenceField(Agreement)

    class Meta:
        constraints = [Check("owner_id <> agreement_id")]
        indexes = ((("owner", "agreement", "relation"), True),)
