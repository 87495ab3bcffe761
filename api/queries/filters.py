"""Filters as data: for every parameter of every collection, the column that holds what it asks for.

Conditions on the same row of parts hold together: `agreement=X&relation=welcomes` finds statements that welcome X,
`agent=X&publisher=Y` those with one report that has both. So it matters in whose table a column stands.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from peewee import Field

from api.models.agreements import Agreement, Mediator, Party, Signatory
from api.models.articles import Article, Credit
from api.models.base import Record, ReferenceField, Table, TermField, owner_of
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
    SpeakerOnAgreement,
    Statement,
    StatementPlace,
    StatementSpeaker,
    StatementTopic,
    Target,
)
from api.queries.days import first_day, last_day
from api.queries.fragments import Asked, Fragment, fragment
from api.queries.shapes import Shape


class Condition(NamedTuple):
    """What must hold for a row of a table: of the records themselves or of their parts.

    `column` has one of the `times` values of `parameter`; where `made` is given, that is the condition instead, written
    for a row called `{row}`.
    """

    table: type[Table]
    column: Field | None
    parameter: str
    times: int
    made: Fragment | None = None


def _office_within(shape: Shape) -> Condition:
    """An office in one of these bodies or in any body that is part of it, however far down."""
    values = values_of("organization", shape.asked["organization"])
    below = fragment(
        "{{row}}.organization_id IN (WITH RECURSIVE below(number) AS (SELECT number FROM speaker WHERE id IN ({})"
        " UNION SELECT speaker.number FROM speaker JOIN below ON speaker.part_of_id = below.number)"
        " SELECT number FROM below)",
        values,
    )
    return Condition(Office, None, "organization", 1, below)


def _in_office_on(shape: Shape) -> Condition:
    """An office that may have been held on a day, or on any day of a month or year."""
    held = fragment("{{row}}.earliest <= {} AND {{row}}.latest >= {}", last_day("office_on"), first_day("office_on"))
    return Condition(Office, None, "office_on", 1, held)


MOST_PAIRS = 16
"""Of a speaker and an agreement, each of which is a list to walk; of more, both are looked up apart."""

Special = Callable[[Shape], Condition]

FILTERS: dict[type[Record], dict[str, Field | Special]] = {
    Statement: {
        "speaker": StatementSpeaker.speaker,
        "target": Target.speaker,
        "addressee": Addressee.speaker,
        "on_behalf_of": OnBehalfOf.speaker,
        "communique": Statement.communique,
        "agreement": AgreementReference.agreement,
        "provision": AgreementReference.provision,
        "relation": AgreementReference.relation,
        "event": EventReference.event,
        "article": Report.article,
        "agent": ChainLink.agent,
        "publisher": Report.publisher,
        "mode": Report.mode,
        "first_hand": Report.first_hand,
        "claimant": Figure.claimant,
        "party": Figure.party,
        "measure": Figure.measure,
        "place": StatementPlace.place,
        "topic": StatementTopic.topic,
        "act": Statement.act,
    },
    Speaker: {
        "kind": Speaker.kind,
        "part_of": Speaker.part_of,
        "organization": _office_within,
        "office_on": _in_office_on,
    },
    Agreement: {
        "kind": Agreement.kind,
        "status": Agreement.status,
        "party": Party.speaker,
        "signatory": Signatory.speaker,
        "mediator": Mediator.speaker,
    },
    Communique: {"kind": Communique.kind, "issuer": Issuer.speaker, "event": Communique.event},
    Event: {"kind": Event.kind, "place": Event.place, "participant": Participant.speaker},
    Place: {"kind": Place.kind, "part_of": Place.part_of},
    Article: {"publisher": Article.publisher, "agency": Credit.agency, "language": Article.language},
}
"""For statements the order tells which condition on a row of parts is met by fewer rows, as a rule: the earlier one."""


def conditions(records: type[Record], shape: Shape) -> list[Condition]:
    """What must hold for a record of this table to be found; text, days and times of change are not among it."""
    asked = dict(shape.asked)
    found = _together(asked) if records is Statement else []
    for name, by in FILTERS.get(records, {}).items():
        if name in asked:
            found += _conditions(name, by, shape.asked, shape)
    return found


def _together(asked: dict[str, Any]) -> list[Condition]:
    """What is asked of speaker and agreement at once, as one list; it is taken out of what is asked beside it."""
    if not {"speaker", "agreement"} <= asked.keys() or asked["speaker"] * asked["agreement"] > MOST_PAIRS:
        return []
    both = [
        Condition(SpeakerOnAgreement, SpeakerOnAgreement.speaker, "speaker", asked.pop("speaker")),
        Condition(SpeakerOnAgreement, SpeakerOnAgreement.agreement, "agreement", asked["agreement"]),
    ]
    if not {"relation", "provision"} & asked.keys():  # which ask of the same reference to the agreement
        del asked["agreement"]
    return both


def _conditions(name: str, by: Field | Special, asked: dict[str, Any], shape: Shape) -> list[Condition]:
    if not isinstance(by, Field):
        return [by(shape)]
    if by is Report.first_hand and "speaker" in asked:  # that speaker's own side, whoever else spoke with him
        return [
            Condition(Attribution, Attribution.speaker, "speaker", asked["speaker"]),
            Condition(Attribution, Attribution.first_hand, name, 1),
        ]
    return [Condition(by.model, by, name, asked[name])]


def holds(condition: Condition, row: str, index: bool = True, sqlite: bool = True) -> Fragment:
    """The condition in SQL for a row of this name; without `index`, SQLite is kept from looking it up in one."""
    if condition.made is not None:
        return Fragment(condition.made.sql.format(row=row), condition.made.binders)
    assert condition.column is not None
    column = f'{row}."{condition.column.column_name}"'
    hidden = "+" if sqlite and not index else ""
    values = values_of(condition.parameter, condition.times, condition.column)
    if isinstance(condition.column, ReferenceField):
        table = condition.column.rel_model._meta.table_name
        one_of = "= {}" if condition.times == 1 else "IN ({})"
        numbers = fragment(f'(SELECT number FROM "{table}" WHERE id {one_of})', values)
        return fragment(f"{hidden}{column} {'=' if condition.times == 1 else 'IN'} {{}}", numbers)
    return fragment(f"{hidden}{column} {'= {}' if condition.times == 1 else 'IN ({})'}", values)


def each_value(condition: Condition) -> list[Condition]:
    """The condition for one value at a time."""
    if condition.times == 1:
        return [condition]
    return [condition._replace(parameter=f"{condition.parameter}.{i}", times=1) for i in range(condition.times)]


def values_of(parameter: str, count: int, column: Field | None = None) -> Fragment:
    """Marks for the values of a parameter, as its column stores them; `name.3` is the fourth value of `name`."""
    name, _, place = parameter.partition(".")
    stored = column.db_value if isinstance(column, TermField) else _as_it_is

    def binder(asked: Asked) -> list[Any]:
        given = asked.query[name]
        several = given if isinstance(given, list) else [given]
        return [stored(value) for value in (several if not place else several[int(place) : int(place) + 1])]

    return Fragment(", ".join("?" * count), (binder,))


def _as_it_is(value: Any) -> Any:
    return value


def part_towards(table: type[Table], below: type[Table]) -> type[Table] | None:
    """The part of `table` through which rows of `below` belong to it; None when they don't."""
    while below is not table:
        owner = owner_of(below)
        if owner is None:
            return None
        if owner.rel_model is table:
            return below
        below = owner.rel_model
    return None
