"""Filters as data: for every filter of every collection, the column that it is compared with.

Conditions on the same table of parts hold for the same row: `agreement=X&relation=welcomes` finds statements that
welcome X, `agent=X&publisher=Y` those with a report that has both. So it matters which table a column is in.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from peewee import Field

from api.bitmaps.columns import FIELDS
from api.models.agreements import Agreement, Mediator, Party, Signatory
from api.models.articles import Article, Credit, Reading
from api.models.base import Record, ReferenceField, Table, TermField, owner_of
from api.models.communiques import Communique, Issuer
from api.models.events import Event, Participant
from api.models.places import Place
from api.models.speakers import Office, Speaker
from api.models.statements import (
    Attribution,
    Report,
    SpeakerOnAgreement,
    Statement,
    StatementLink,
)
from api.queries.days import first_day, last_day
from api.queries.fragments import Arguments, Binder, Fragment, fragment
from api.queries.query import Query
from api.queries.shapes import Shape
from schemas.parameters.filters import NOT


class Condition(NamedTuple):
    """A condition on a row of a table: of the records themselves or of their parts.

    `column` has any of the values of `parameter`, of which there are `values`; without any, it has a value at all. If
    there is a `template`, that is the condition instead, for a row called `{row}`.
    """

    table: type[Table]
    column: Field | None
    parameter: str
    values: int
    template: Fragment | None = None


def _office_within(shape: Shape, parameter: str) -> Condition:
    """An office in one of these bodies or in any body that is a part of it, at any depth."""
    count = dict(shape.filters)[parameter]
    if not count:
        return Condition(Office, Office.organization, parameter, 0)
    values = values_of(parameter, count, Office.organization)
    below = fragment(
        "{{row}}.organization_id IN (WITH RECURSIVE below(number) AS (SELECT number FROM speaker WHERE id IN ({})"
        " UNION SELECT speaker.number FROM speaker JOIN below ON speaker.part_of_id = below.number)"
        " SELECT number FROM below)",
        values,
    )
    return Condition(Office, Office.organization, parameter, count, below)


def _in_office_on(shape: Shape, parameter: str) -> Condition:
    """An office that may have been held on a day, or on any day of a month or year."""
    held = fragment("{{row}}.earliest <= {} AND {{row}}.latest >= {}", last_day("office_on"), first_day("office_on"))
    return Condition(Office, None, parameter, 1, held)


def _linked(shape: Shape, parameter: str) -> Condition:
    """A statement that answers or repeats another one, in any of these ways or at all."""
    count = dict(shape.filters)[parameter]
    in_a_way = fragment(" WHERE relation IN ({})", values_of(parameter, count, StatementLink.relation))
    linked = "{{row}}.number IN (SELECT owner_id FROM statement_link{})"
    return Condition(Statement, None, parameter, count, fragment(linked, in_a_way if count else Fragment("")))


def _reported(shape: Shape, parameter: str) -> Condition:
    """A report in an article that may (or with `date_match=certain` must) have been published in a range of days."""
    ends = ("date_latest", "date_earliest") if not shape.certain else ("date_earliest", "date_latest")
    of_range = fragment(f"{ends[0]} >= {{}}", first_day(parameter))
    if parameter == "reported_until":
        of_range = fragment(f"{ends[1]} <= {{}}", last_day(parameter))
    return Condition(
        Report, None, parameter, 1, fragment("{{row}}.article_id IN (SELECT number FROM article WHERE {})", of_range)
    )


def _published_by(shape: Shape, parameter: str) -> Condition:
    """A reading of what any of these published, or of what somebody at all did."""
    count = dict(shape.filters)[parameter]
    by = fragment(
        " AND publisher.id IN ({})", values_of(parameter, count, Reading.publisher) if count else Fragment("")
    )
    read = fragment(
        "EXISTS (SELECT 1 FROM speaker AS publisher WHERE publisher.number = COALESCE({{row}}.publisher_id,"
        " (SELECT publisher_id FROM article WHERE article.number = {{row}}.article_id)){})",
        by if count else Fragment(""),
    )
    return Condition(Reading, None, parameter, count, read)


MOST_PAIRS = 16
"""Pairs of a speaker and an agreement, each of which is a list to scan. With more, both are looked up separately."""

Special = Callable[[Shape, str], Condition]
"""Makes the condition of a parameter: of the filter, or of that which excludes its values."""

FILTERS: dict[type[Record], dict[str, Field | Special]] = {
    Statement: {
        **{name: field for field, name in FIELDS.items()},
        "link": _linked,
        "reported_since": _reported,
        "reported_until": _reported,
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
    Reading: {
        "article": Reading.article,
        "publisher": _published_by,
        "extent": Reading.extent,
        "guide": Reading.guide,
    },
}
"""For statements, of two filters on the same table of parts the earlier is met by fewer rows, as a rule."""


def conditions(records: type[Record], shape: Shape) -> list[Condition]:
    """The conditions of the filters on records of a table; those of text, days and times of change are not among them."""
    counts = _with_values(shape)
    wanted = _of_speaker_and_agreement(counts) if records is Statement else []
    for name, filtered in FILTERS.get(records, {}).items():
        if name in counts:
            wanted += _conditions(name, filtered, shape)
    return wanted


def exclusions(records: type[Record], shape: Shape) -> list[Condition]:
    """The conditions that no row of a record or of its parts may meet: excluded values, or that there is a value at all."""
    counts = dict(shape.filters)
    filters = FILTERS.get(records, {})
    unwanted = [(name, filters[name]) for name, count in counts.items() if count == 0]
    unwanted += [(f"{NOT}{name}", filtered) for name, filtered in filters.items() if f"{NOT}{name}" in counts]
    return [
        Condition(filtered.model, filtered, name, counts[name])
        if isinstance(filtered, Field)
        else filtered(shape, name)
        for name, filtered in unwanted
    ]


def _with_values(shape: Shape) -> dict[str, int]:
    """How many values each filter has, without those that ask for records without a value."""
    return {name: count for name, count in shape.filters if count}


def _of_speaker_and_agreement(counts: dict[str, int]) -> list[Condition]:
    """The conditions that make a single list of speaker and agreement; what they cover is removed from `counts`."""
    if not {"speaker", "agreement"} <= counts.keys() or counts["speaker"] * counts["agreement"] > MOST_PAIRS:
        return []
    pair = [
        Condition(SpeakerOnAgreement, SpeakerOnAgreement.speaker, "speaker", counts.pop("speaker")),
        Condition(SpeakerOnAgreement, SpeakerOnAgreement.agreement, "agreement", counts["agreement"]),
    ]
    if not {"relation", "provision"} & counts.keys():  # filters on the same reference to the agreement
        del counts["agreement"]
    return pair


def _conditions(name: str, filtered: Field | Special, shape: Shape) -> list[Condition]:
    counts = _with_values(shape)
    if not isinstance(filtered, Field):
        return [filtered(shape, name)]
    if filtered is Report.first_hand and "speaker" in counts:  # that speaker's own side, whoever else spoke
        return [
            Condition(Attribution, Attribution.speaker, "speaker", counts["speaker"]),
            Condition(Attribution, Attribution.first_hand, name, 1),
        ]
    return [Condition(filtered.model, filtered, name, counts[name])]


def holds(condition: Condition, row: str, no_index: str = "") -> Fragment:
    """The condition in SQL for a row of this name; `no_index` is the dialect's word that keeps it from using an index."""
    if condition.template is not None:
        return Fragment(condition.template.sql.format(row=row), condition.template.binders)
    assert condition.column is not None
    column = f'{no_index}{row}."{condition.column.column_name}"'
    if not condition.values:
        return Fragment(f"{column} IS NOT NULL")
    values = values_of(condition.parameter, condition.values, condition.column)
    is_any_of = "= {}" if condition.values == 1 else "IN ({})"
    if isinstance(condition.column, ReferenceField):
        table = condition.column.rel_model._meta.table_name
        numbers = fragment(f'(SELECT number FROM "{table}" WHERE id {is_any_of})', values)
        return fragment(f"{column} {'=' if condition.values == 1 else 'IN'} {{}}", numbers)
    return fragment(f"{column} {is_any_of}", values)


def each_value(condition: Condition) -> list[Condition]:
    """The condition for each of its values separately."""
    if condition.values == 1:
        return [condition]
    return [condition._replace(parameter=f"{condition.parameter}.{i}", values=1) for i in range(condition.values)]


def values_of(parameter: str, count: int, column: Field | None = None) -> Fragment:
    """Placeholders for the values of a filter, as its column stores them; `name.3` is the fourth value of `name`."""
    key = (parameter, id(column))
    if key not in _BINDERS:
        _BINDERS[key] = _binder(parameter, column)
    return Fragment(", ".join("?" * count), (_BINDERS[key],))


_BINDERS: dict[tuple[str, int], Binder] = {}
"""One binder for each parameter and column; columns are compared by identity, since peewee makes SQL of `==`."""


def _binder(parameter: str, column: Field | None) -> Binder:
    name, _, place = parameter.partition(".")

    def binder(arguments: Arguments) -> list[Any]:
        values = arguments.query.values(name)
        values = values[int(place) : int(place) + 1] if place else values
        if isinstance(column, TermField):
            return [column.db_value(str(value)) for value in values]
        if isinstance(column, ReferenceField) and arguments.query.successors:
            return [arguments.query.successors.get((name, str(value)), value) for value in values]
        return list(values)

    return binder


_COLUMNS_OF_IDS: dict[Special, Field] = {_office_within: Office.organization, _published_by: Reading.publisher}
"""The columns whose ids special filters name."""


def named_ids(records: type[Record], query: Query) -> Iterator[tuple[str, type[Record], str]]:
    """The ids that filters of a query name, each as (parameter, table of its record, id)."""
    filters = FILTERS.get(records, {})
    for parameter in query.filters:
        filtered = filters.get(parameter.removeprefix(NOT))
        column = _COLUMNS_OF_IDS.get(filtered, filtered) if callable(filtered) else filtered
        if isinstance(column, ReferenceField):
            yield from ((parameter, column.rel_model, str(value)) for value in query.values(parameter))


def part_towards(table: type[Table], below: type[Table]) -> type[Table] | None:
    """The part of `table` through which rows of `below` belong to it; None when they don't belong to it."""
    while below is not table:
        owner = owner_of(below)
        if owner is None:
            return None
        if owner.rel_model is table:
            return below
        below = owner.rel_model
    return None
