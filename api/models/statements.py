"""Statements, the reports that carry them, and the chain of agents from the speaker to the page."""

from peewee import SQL, BooleanField, Check, DoubleField, IntegerField, TextField

from api.models.agreements import Agreement
from api.models.articles import Article
from api.models.base import (
    BY_DAY,
    BY_UPDATE,
    DEFERRED,
    DatedMixin,
    OwnerField,
    PartTable,
    Record,
    ReferenceField,
    TermField,
    dated_constraints,
    office_held_by,
)
from api.models.communiques import Communique
from api.models.events import Event
from api.models.places import Place
from api.models.speakers import Speaker


class Statement(Record, DatedMixin):
    """One speech act: its speakers, act, proposition and date."""

    act = TermField("acts", index=True)
    date_basis = TermField("date-bases")
    communique = ReferenceField(Communique, null=True)
    event = ReferenceField(Event, null=True)

    class Meta:
        constraints = dated_constraints()
        indexes = (BY_DAY, BY_UPDATE)


class StatementSpeaker(PartTable):
    """Who made a statement, in which office and capacity."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker)
    office = TextField(null=True)
    capacity = TermField("capacities")

    class Meta:
        constraints = [office_held_by()]
        indexes = ((("owner", "speaker"), True),)


class OnBehalfOf(PartTable):
    """For whom a statement was made."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Addressee(PartTable):
    """To whom a statement was made."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Target(PartTable):
    """Whom the act of a statement is directed at or speaks of."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker)

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class AgreementReference(PartTable):
    """An agreement a statement refers to, how, and at which point."""

    owner = OwnerField(Statement)
    agreement = ReferenceField(Agreement)
    relation = TermField("agreement-references", index=True)
    provision = IntegerField(null=True)
    label = TextField(null=True)

    class Meta:
        constraints = [
            SQL(f'FOREIGN KEY ("agreement_id", "provision") REFERENCES "provision" ("owner_id", "point") {DEFERRED}')
        ]
        indexes = ((("owner", "agreement", "relation", "provision"), True),)


# NULLs are distinct to a unique index: without a provision the reference must be unique by itself.
AgreementReference.add_index(
    AgreementReference.index(
        AgreementReference.owner, AgreementReference.agreement, AgreementReference.relation, unique=True
    ).where(AgreementReference.provision.is_null())
)


class EventReference(PartTable):
    """An event a statement speaks of."""

    owner = OwnerField(Statement)
    event = ReferenceField(Event)

    class Meta:
        indexes = ((("owner", "event"), True),)


class StatementTopic(PartTable):
    """What a statement is about."""

    owner = OwnerField(Statement)
    topic = TermField("topics", index=True)

    class Meta:
        indexes = ((("owner", "topic"), True),)


class StatementPlace(PartTable):
    """A place a statement speaks of."""

    owner = OwnerField(Statement)
    place = ReferenceField(Place)

    class Meta:
        indexes = ((("owner", "place"), True),)


class Figure(PartTable):
    """A number somebody put forward in a statement."""

    owner = OwnerField(Statement, index=True)
    measure = TermField("measures", index=True)
    value = DoubleField()
    unit = TermField("units")
    bound = TermField("bounds")
    claimant = ReferenceField(Speaker)
    party = ReferenceField(Speaker, null=True)
    period = TextField(null=True)
    event = ReferenceField(Event, null=True)

    class Meta:
        constraints = [Check("value >= 0")]


class StatementLink(PartTable):
    """Another statement that this one answers or repeats."""

    owner = OwnerField(Statement)
    relation = TermField("statement-relations")
    statement = ReferenceField(Statement)

    class Meta:
        constraints = [Check("owner_id <> statement_id")]
        indexes = ((("owner", "statement", "relation"), True),)


class Report(PartTable):
    """One article that carries a statement. `first_hand`: every speaker's own side put the words out."""

    owner = OwnerField(Statement)
    article = ReferenceField(Article)
    mode = TermField("report-modes", index=True)
    label = TextField(null=True)
    first_hand = BooleanField()

    class Meta:
        indexes = ((("owner", "article"), True),)


class ChainLink(PartTable):
    """One agent on the way from the speaker to the page."""

    owner = OwnerField(Report)
    position = IntegerField()
    agent = ReferenceField(Speaker)
    role = TermField("chain-roles")

    class Meta:
        constraints = [Check("position >= 0")]
        indexes = ((("owner", "position"), True), (("owner", "agent"), True))


class Attribution(PartTable):
    """For each speaker of a reported statement: whether his own side put the words out."""

    owner = OwnerField(Report)
    speaker = ReferenceField(Speaker)
    first_hand = BooleanField()

    class Meta:
        indexes = ((("owner", "speaker"), True),)


class Evidence(PartTable):
    """A span of an article's normalised text, in code points, end exclusive, with the digest of its words."""

    owner = OwnerField(Report)
    start = IntegerField()
    end = IntegerField()
    sha256 = TextField()

    class Meta:
        constraints = [Check('"start" >= 0'), Check('"start" < "end"'), Check("length(sha256) = 64")]
        indexes = ((("owner", "start", "end"), True),)
