"""Agreements with their steps, parties, signatories, mediators, points and relations."""

from peewee import SQL, Check, IntegerField, TextField

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


class Agreement(Record, SortKeyMixin):
    """An agreement that statements refer to. Its days are those from the first milestone to the last; without any, unknown."""

    kind = TermField("agreement-kinds", index=True)
    status = TermField("agreement-statuses", index=True)
    status_as_of = TextField(null=True)
    date_earliest = TextField()
    date_latest = TextField()
    sort_day = TextField()

    class Meta:
        constraints = dated_constraints()
        indexes = (BY_UPDATE,)


class AgreementAlias(Alias):
    """Another name of an agreement."""

    owner = OwnerField(Agreement)


class AgreementIdentifier(Identifier):
    """An agreement in another catalogue."""

    owner = OwnerField(Agreement, index=True)


class Milestone(PartTable, DatedMixin):
    """A dated step."""

    owner = OwnerField(Agreement, index=True)
    kind = TermField("milestone-kinds")
    place = ReferenceField(Place, null=True)

    class Meta:
        constraints = dated_constraints()


class Party(PartTable):
    """A party to an agreement."""

    owner = OwnerField(Agreement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Signatory(PartTable):
    """A speaker who signed, in which office and on whose behalf."""

    owner = OwnerField(Agreement)
    speaker = ReferenceField(Speaker)
    office = TextField(null=True)
    on_behalf_of = ReferenceField(Speaker, null=True)

    class Meta:
        constraints = [office_held_by()]
        indexes = ((("owner", "speaker"), True),)


class Mediator(PartTable):
    """A speaker who brought the parties together."""

    owner = OwnerField(Agreement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Provision(PartTable):
    """A point of an agreement, by its number."""

    owner = OwnerField(Agreement)
    point = IntegerField()

    class Meta:
        constraints = [Check("point > 0"), SQL('UNIQUE ("owner_id", "point")')]


class AgreementRelation(PartTable):
    """The relation of an agreement to another."""

    owner = OwnerField(Agreement)
    relation = TermField("agreement-relations")
    agreement = ReferenceField(Agreement)

    class Meta:
        constraints = [Check("owner_id <> agreement_id")]
        indexes = ((("owner", "agreement", "relation"), True),)
