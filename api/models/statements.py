"""Statements, the reports that carry them, and the chain of agents from the speaker to the page."""

from peewee import SQL, BooleanField, Check, DoubleField, IntegerField, TextField

from api.models.agreements import Agreement
from api.models.articles import Article
from api.models.base import (
    BY_UPDATE,
    DEFERRED,
    DatedMixin,
    DocumentField,
    OwnerField,
    PartTable,
    Record,
    ReferenceField,
    SortedPartTable,
    SortKeyMixin,
    TermField,
    dated_constraints,
    office_held_by,
)
from api.models.communiques import Communique
from api.models.events import Event
from api.models.places import Place
from api.models.speakers import Speaker


class Statement(Record, DatedMixin, SortKeyMixin):
    """A speech act: its speakers, act, proposition and date.

    `span_days` is how many days after the day that it is filed under it may have been made; None when these are more than
    MOST_SPAN_DAYS, or when its date has no beginning or no end.
    """

    act = TermField("acts")
    date_basis = TermField("date-bases")
    communique = ReferenceField(Communique, null=True, index=False)
    event = ReferenceField(Event, null=True)
    span_days = IntegerField(null=True)
    label = TextField()  # long columns last: SQLite reads a row up to the last column that is selected
    document = DocumentField()

    class Meta:
        constraints = dated_constraints()
        indexes = (
            BY_UPDATE,
            (("span_days", "sort_key", "date_earliest", "date_latest"), False),
            (("sort_key", "act"), False),
            (("act", "sort_key"), False),
            (("communique", "sort_key"), False),
        )


class StatementSpeaker(SortedPartTable):
    """A speaker of a statement, in which office and capacity. `act` is the statement's, so that acts are counted without it."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker, index=False)
    office = TextField(null=True)
    capacity = TermField("capacities")
    act = TermField("acts")

    class Meta:
        constraints = [office_held_by()]
        indexes = ((("owner", "speaker"), True), (("speaker", "sort_key", "act"), False))


class SpeakerOnAgreement(SortedPartTable):
    """A speaker of a statement with an agreement that it refers to. Most queries filter by both, and scan them as one list."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker, index=False)
    agreement = ReferenceField(Agreement)

    class Meta:
        indexes = ((("owner", "speaker", "agreement"), True), (("speaker", "agreement", "sort_key"), False))


class OnBehalfOf(SortedPartTable):
    """A speaker on whose behalf a statement was made."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker, index=False)

    class Meta:
        indexes = ((("owner", "speaker"), True), (("speaker", "sort_key"), False))


class Addressee(SortedPartTable):
    """A speaker to whom a statement was made."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker, index=False)

    class Meta:
        indexes = ((("owner", "speaker"), True), (("speaker", "sort_key"), False))


class Target(SortedPartTable):
    """A speaker at whom the act of a statement is directed, or of whom it speaks."""

    owner = OwnerField(Statement)
    speaker = ReferenceField(Speaker, index=False)

    class Meta:
        indexes = ((("owner", "speaker"), True), (("speaker", "sort_key"), False))


class AgreementReference(SortedPartTable):
    """An agreement that a statement refers to, how, and at which point."""

    owner = OwnerField(Statement)
    agreement = ReferenceField(Agreement, index=False)
    relation = TermField("agreement-references")
    provision = IntegerField(null=True)
    label = TextField(null=True)

    class Meta:
        constraints = [
            SQL(f'FOREIGN KEY ("agreement_id", "provision") REFERENCES "provision" ("owner_id", "point") {DEFERRED}')
        ]
        indexes = (
            (("owner", "agreement", "relation", "provision"), True),
            (("agreement", "sort_key"), False),
            (("relation", "sort_key"), False),
            (("provision", "sort_key"), False),
        )


# NULLs are distinct to a unique index: without a provision the reference must be unique by itself.
AgreementReference.add_index(
    AgreementReference.index(
        AgreementReference.owner, AgreementReference.agreement, AgreementReference.relation, unique=True
    ).where(AgreementReference.provision.is_null())
)


class EventReference(SortedPartTable):
    """An event on which a statement was made or of which it speaks."""

    owner = OwnerField(Statement)
    event = ReferenceField(Event, index=False)

    class Meta:
        indexes = ((("owner", "event"), True), (("event", "sort_key"), False))


class StatementTopic(SortedPartTable):
    """A topic of a statement."""

    owner = OwnerField(Statement)
    topic = TermField("topics")

    class Meta:
        indexes = ((("owner", "topic"), True), (("topic", "sort_key"), False))


class StatementPlace(SortedPartTable):
    """A place that a statement speaks of."""

    owner = OwnerField(Statement)
    place = ReferenceField(Place, index=False)

    class Meta:
        indexes = ((("owner", "place"), True), (("place", "sort_key"), False))


class Figure(SortedPartTable):
    """A number that a speaker put forward in a statement.

    `period_earliest` and `period_latest` are the first and the last day (YYYY-MM-DD) that `period` can mean.
    """

    owner = OwnerField(Statement, index=True)
    measure = TermField("measures")
    value = DoubleField()
    unit = TermField("units")
    bound = TermField("bounds")
    claimant = ReferenceField(Speaker, index=False)
    party = ReferenceField(Speaker, null=True, index=False)
    period = TextField(null=True)
    event = ReferenceField(Event, null=True)
    period_earliest = TextField(null=True)
    period_latest = TextField(null=True)

    class Meta:
        constraints = [Check("value >= 0")]
        indexes = (
            (("sort_key",), False),
            (("measure", "unit", "party"), False),
            (("measure", "sort_key"), False),
            (("claimant", "sort_key"), False),
            (("party", "sort_key"), False),
        )


class StatementLink(PartTable):
    """Another statement that a statement answers or repeats."""

    owner = OwnerField(Statement)
    relation = TermField("statement-relations")
    statement = ReferenceField(Statement)

    class Meta:
        constraints = [Check("owner_id <> statement_id")]
        indexes = ((("owner", "statement", "relation"), True), (("relation", "owner"), False))


class Report(SortedPartTable):
    """An article that carries a statement. `first_hand`: every speaker's own side published the words.

    `publisher` is the article's.
    """

    owner = OwnerField(Statement)
    article = ReferenceField(Article, index=False)
    publisher = ReferenceField(Speaker, null=True, index=False)
    mode = TermField("report-modes")
    label = TextField(null=True)
    first_hand = BooleanField()

    class Meta:
        indexes = (
            (("owner", "article"), True),
            (("article", "sort_key"), False),
            (("publisher", "sort_key"), False),
            (("mode", "sort_key"), False),
            (("first_hand", "sort_key"), False),
        )


class ChainLink(SortedPartTable):
    """An agent on the way from the speaker to the page."""

    owner = OwnerField(Report)
    position = IntegerField()
    agent = ReferenceField(Speaker, index=False)
    role = TermField("chain-roles")

    class Meta:
        constraints = [Check("position >= 0")]
        indexes = ((("owner", "position"), True), (("owner", "agent"), True), (("agent", "sort_key"), False))


class Attribution(SortedPartTable):
    """For each speaker of a reported statement: whether the speaker's own side published the words."""

    owner = OwnerField(Report)
    speaker = ReferenceField(Speaker, index=False)
    first_hand = BooleanField()

    class Meta:
        indexes = ((("owner", "speaker"), True), (("speaker", "sort_key"), False))


class Evidence(PartTable):
    """A span of an article's normalised text, in code points, end exclusive, with the digest of its words."""

    owner = OwnerField(Report)
    start = IntegerField()
    end = IntegerField()
    sha256 = TextField()

    class Meta:
        constraints = [Check('"start" >= 0'), Check('"start" < "end"'), Check("length(sha256) = 64")]
        indexes = ((("owner", "start", "end"), True),)
