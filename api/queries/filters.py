"""Filters as data: for every parameter of every collection, the table and the condition it stands for.

Conditions on the same table of parts hold for the same row: `agreement=X&relation=welcomes` finds statements that
welcome X, `agent=X&publisher=Y` those with one report that has both.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from peewee import SQL, Expression, Field, Select

from api.database import is_sqlite
from api.models import database
from api.models.agreements import Agreement, Mediator, Party, Signatory
from api.models.articles import Article, Credit
from api.models.base import Record, ReferenceField, Table, owner_of
from api.models.communiques import Communique, Issuer
from api.models.events import Event, Participant
from api.models.places import Place
from api.models.speakers import Office, Speaker
from api.models.statements import (
    Addressee,
    AgreementReference,
    Attribution,
    ChainLink,
    EventReference,
    Figure,
    OnBehalfOf,
    Report,
    Statement,
    StatementPlace,
    StatementSpeaker,
    StatementTopic,
    Target,
)
from schemas import dates

Query = Mapping[str, Any]


class Condition(NamedTuple):
    """What must hold for a row of a table: of the records themselves or of their parts."""

    table: type[Table]
    expression: Expression


Filter = Callable[[Any, Query], Condition]


def _refers(field: ReferenceField, ids: list[str]) -> Expression:
    target = field.rel_model
    return field.in_(target.select(target.number).where(target.id.in_(ids)))


def _one_of(field: Field) -> Filter:
    """The column holds one of the values; where it refers to records, to one with one of these ids."""
    if isinstance(field, ReferenceField):
        return lambda values, query: Condition(field.model, _refers(field, values))
    return lambda values, query: Condition(field.model, field.in_(values))


def _published_by(values: list[str], query: Query) -> Condition:
    return Condition(
        Report, Report.article.in_(Article.select(Article.number).where(_refers(Article.publisher, values)))
    )


def _said_on_or_about(values: list[str], query: Query) -> Condition:
    about = EventReference.select(EventReference.owner).where(_refers(EventReference.event, values))
    return Condition(Statement, _refers(Statement.event, values) | Statement.number.in_(about))


def _first_hand(value: bool, query: Query) -> Condition:
    if query.get("speaker"):
        return Condition(
            Attribution, _refers(Attribution.speaker, query["speaker"]) & (Attribution.first_hand == value)
        )
    return Condition(Report, Report.first_hand == value)


def _in_office_within(values: list[str], query: Query) -> Condition:
    """An office in one of these bodies or in any body that is part of it, however far down."""
    marks = ", ".join("?" if is_sqlite(database) else "%s" for _ in values)
    below = SQL(
        f"(WITH RECURSIVE below(number) AS (SELECT number FROM speaker WHERE id IN ({marks})"
        " UNION SELECT speaker.number FROM speaker JOIN below ON speaker.part_of_id = below.number)"
        " SELECT number FROM below)",
        values,
    )
    return Condition(Office, Office.organization.in_(below))


def _in_office_on(value: str, query: Query) -> Condition:
    asked = dates.parse(value)
    return Condition(
        Office, (Office.earliest <= asked.latest.isoformat()) & (Office.latest >= asked.earliest.isoformat())
    )


FILTERS: dict[type[Record], dict[str, Filter]] = {
    Statement: {
        "speaker": _one_of(StatementSpeaker.speaker),
        "on_behalf_of": _one_of(OnBehalfOf.speaker),
        "addressee": _one_of(Addressee.speaker),
        "target": _one_of(Target.speaker),
        "act": _one_of(Statement.act),
        "agreement": _one_of(AgreementReference.agreement),
        "relation": _one_of(AgreementReference.relation),
        "provision": _one_of(AgreementReference.provision),
        "communique": _one_of(Statement.communique),
        "event": _said_on_or_about,
        "place": _one_of(StatementPlace.place),
        "topic": _one_of(StatementTopic.topic),
        "article": _one_of(Report.article),
        "publisher": _published_by,
        "agent": _one_of(ChainLink.agent),
        "mode": _one_of(Report.mode),
        "first_hand": _first_hand,
        "measure": _one_of(Figure.measure),
        "claimant": _one_of(Figure.claimant),
        "party": _one_of(Figure.party),
    },
    Speaker: {
        "kind": _one_of(Speaker.kind),
        "part_of": _one_of(Speaker.part_of),
        "organization": _in_office_within,
        "office_on": _in_office_on,
    },
    Agreement: {
        "kind": _one_of(Agreement.kind),
        "status": _one_of(Agreement.status),
        "party": _one_of(Party.speaker),
        "signatory": _one_of(Signatory.speaker),
        "mediator": _one_of(Mediator.speaker),
    },
    Communique: {
        "kind": _one_of(Communique.kind),
        "issuer": _one_of(Issuer.speaker),
        "event": _one_of(Communique.event),
    },
    Event: {
        "kind": _one_of(Event.kind),
        "place": _one_of(Event.place),
        "participant": _one_of(Participant.speaker),
    },
    Place: {"kind": _one_of(Place.kind), "part_of": _one_of(Place.part_of)},
    Article: {
        "publisher": _one_of(Article.publisher),
        "agency": _one_of(Credit.agency),
        "language": _one_of(Article.language),
    },
}


def conditions(records: type[Record], query: Query) -> list[Expression]:
    """What must hold for a record of this table to be found by the query; `q` is not among it."""
    asked = [
        make(query[name], query) for name, make in FILTERS.get(records, {}).items() if query.get(name) not in (None, [])
    ]
    found = _held_together(records, asked)
    if "updated_since" in query:
        found.append(records.updated_at >= query["updated_since"])
    return [*found, *_in_range(records, query)]


def _held_together(table: type[Table], asked: list[Condition]) -> list[Expression]:
    """Conditions on `table`, those on its parts folded into one subquery for each table of parts."""
    here = [condition.expression for condition in asked if condition.table is table]
    below: dict[type[Table], list[Condition]] = {}
    for condition in asked:
        part = _part_towards(table, condition.table)
        if part is not None:
            below.setdefault(part, []).append(condition)
    return here + [table.number.in_(_owners(part, some)) for part, some in below.items()]


def _owners(part: type[Table], asked: list[Condition]) -> Select:
    return part.select(owner_of(part)).where(*_held_together(part, asked))  # never empty: something was asked below


def _part_towards(table: type[Table], below: type[Table]) -> type[Table] | None:
    """The part of `table` through which rows of `below` belong to it; None when they don't."""
    while below is not table:
        owner = owner_of(below)
        if owner is None:
            return None
        if owner.rel_model is table:
            return below
        below = owner.rel_model
    return None


def _in_range(records: Any, query: Query) -> list[Expression]:
    found = []
    certain = query.get("date_match") == "certain"
    if "since" in query:
        first = dates.parse(query["since"]).earliest.isoformat()
        found.append((records.date_earliest if certain else records.date_latest) >= first)
    if "until" in query:
        last = dates.parse(query["until"]).latest.isoformat()
        found.append((records.date_latest if certain else records.date_earliest) <= last)
    return found
