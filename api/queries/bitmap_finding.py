"""Which statements a query finds, by bitmaps: without reading one of them, however many they are.

Bitmaps know which values a statement has, not which of them stand together in a part of it. So queries with several
conditions on the same parts are found by SQL (`api.queries.finding`), and so are those with words or times of change.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, NamedTuple, TypeVar

from peewee import Field
from pyroaring import BitMap

from api.bitmaps.columns import ALL, DAY, EARLIEST, FIELDS, LATEST, MONTH, YEAR
from api.bitmaps.following import Bitmaps, bitmaps
from api.bitmaps.values import Value
from api.changelog.positions import State
from api.database.dialect import dialect
from api.database.statements import rows
from api.database.transactions import at_one_moment
from api.models.base import ReferenceField, TermField
from api.models.statements import AgreementReference, SpeakerOnAgreement, Statement, StatementSpeaker
from api.queries import finding
from api.queries.days import NUMBER
from api.queries.filters import Condition, conditions, exclusions, part_towards, values_of
from api.queries.fragments import Arguments, Fragment, fragment, joined, with_common_tables
from api.queries.query import Query
from api.queries.scans import Scan
from api.queries.shapes import Shape, remembered, shape_of
from schemas import dates

Result = TypeVar("Result")
Made = TypeVar("Made")

_PAIRED: dict[Any, Field] = {
    SpeakerOnAgreement.speaker: StatementSpeaker.speaker,
    SpeakerOnAgreement.agreement: AgreementReference.agreement,
}
"""The columns of the table that joins two others, whose bitmaps are intersected instead."""


class Filter(NamedTuple):
    """A filter on a column: statements with any of its values, or if `excluding` without them. Without values: any value."""

    field: Field
    parameter: str
    values: int
    excluding: bool = False

    @property
    def column(self) -> str:
        """The name of the column's bitmaps."""
        return FIELDS[self.field]


class Plan(NamedTuple):
    """The filters of a query, all of which bitmaps can answer, and whether it has a range of days."""

    filters: tuple[Filter, ...]
    has_days: bool

    @property
    def columns(self) -> list[str]:
        """The columns whose bitmaps it takes."""
        days = [DAY, MONTH, YEAR, EARLIEST, LATEST] if self.has_days else []
        return [ALL, *(each.column for each in self.filters), *days]


@remembered
def plan_of(shape: Shape) -> Plan | None:
    """How bitmaps find what a query asks for; None when they can't."""
    if shape.record_type != "statements" or shape.text or shape.is_by_change:
        return None
    wanted = conditions(Statement, shape)
    parts = [
        part_towards(Statement, each.table) or each.column for each in wanted if each.table is not SpeakerOnAgreement
    ]
    filters = [_filter(each) for each in wanted] + [_filter(each, True) for each in exclusions(Statement, shape)]
    known = tuple(each for each in filters if each is not None)
    if len(set(parts)) < len(parts) or len(known) < len(filters):
        return None
    return Plan(known, shape.since or shape.until)


def _filter(condition: Condition, excluding: bool = False) -> Filter | None:
    field = _PAIRED.get(condition.column, condition.column)
    if field not in FIELDS or condition.template is not None:
        return None
    return Filter(field, condition.parameter, condition.values, excluding)


class Named(NamedTuple):
    """The numbers of the records that the filters of a plan name, by the place of the filter, and the state of all records."""

    state: State
    numbers: dict[int, list[int]]


_STATE = {
    "change": 'SELECT MAX(sequence) FROM "change"',
    "resumed": "SELECT MAX(resumed) FROM restoration",
    "expired": "SELECT MAX(until) FROM expiry",
}


def named_sql(plan: Plan, rest: str = "") -> list[Fragment]:
    """SELECTs of (what it is, number) from which `named_of` makes what a plan needs; `rest` are further columns."""
    state = [Fragment(f"SELECT '{part}', ({select}){rest}") for part, select in _STATE.items()]
    return state + [
        fragment(
            f"SELECT 'named {place}', number{rest} FROM \"{each.field.rel_model._meta.table_name}\" WHERE id IN ({{}})",
            values_of(each.parameter, each.values, each.field),
        )
        for place, each in enumerate(plan.filters)
        if each.values and isinstance(each.field, ReferenceField)
    ]


def named_of(rows: Iterable[tuple[Any, ...]]) -> Named:
    """What the SELECTs of `named_sql` gave; other rows are passed over."""
    state: dict[str, int | None] = {}
    numbers: dict[int, list[int]] = {}
    for part, number, *_ in rows:
        if part in _STATE:
            state[part] = number
        elif part.startswith("named "):
            numbers.setdefault(int(part[6:]), []).append(number)
    return Named(State(**state), numbers)


def found(plan: Plan, query: Query, named: Named, columns: Bitmaps) -> BitMap:
    """The statements that a query finds."""
    wanted: list[BitMap] = []
    unwanted: list[BitMap] = []
    for place, each in enumerate(plan.filters):
        values = columns[each.column]
        bitmap = values.any_of(_values(each, query, named.numbers.get(place, []))) if each.values else values.present
        (unwanted if each.excluding else wanted).append(bitmap)
    if plan.has_days:
        wanted += _in_range(query, columns)
    statements = reduce(and_, sorted(wanted, key=len)) if wanted else columns[ALL].present
    return reduce(lambda left, excluded: left - excluded, unwanted, statements)


def _values(each: Filter, query: Query, numbers: list[int]) -> Iterable[Value]:
    if isinstance(each.field, ReferenceField):
        return numbers
    values = query.values(each.parameter)
    if isinstance(each.field, TermField):
        return [str(each.field.db_value(str(value))) for value in values]
    return [int(value) for value in values]  # points of agreements, and whether the side published its own words


# --- days ------------------------------------------------------------------------------------------------------------


def _in_range(query: Query, columns: Bitmaps) -> list[BitMap]:
    """The statements made in or after the first day of a range, and those made in or before its last (`queries.days`)."""
    is_certain = query.date_match == "certain"
    wanted = []
    if query.since is not None:
        first = _day(dates.parse(query.since).earliest)
        wanted.append(_dated(columns, lambda day: day >= first, first, None, EARLIEST if is_certain else LATEST))
    if query.until is not None:
        last = _day(dates.parse(query.until).latest)
        wanted.append(_dated(columns, lambda day: day <= last, None, last, LATEST if is_certain else EARLIEST))
    return wanted


def _dated(
    columns: Bitmaps, is_in_range: Callable[[int], bool], first: int | None, last: int | None, vague: str
) -> BitMap:
    """The statements of a day within these, and those whose vague date has such a first or last day."""
    days = columns[vague]
    exact = filed_between(columns, first, last) - days.present
    return exact | days.any_of(day for day in days.bitmaps if is_in_range(int(day)))


def _day(day: date) -> int:
    return int(day.isoformat().replace("-", ""))


def filed_between(columns: Bitmaps, first: int | None, last: int | None) -> BitMap:
    """The statements filed under days (YYYYMMDD) of a range that may be open, by whole years and months where it holds them."""
    first, last = first or 0, last or _LAST
    bitmaps = []
    for year, of_year in columns[YEAR].bitmaps.items():
        start = int(year) * 10000
        if first <= start and start + 9999 <= last:
            bitmaps.append(of_year)
        elif start + 9999 >= first and start <= last:
            bitmaps += _of_months(columns, int(year), first, last)
    return BitMap.union(*bitmaps) if bitmaps else BitMap()


_LAST = 99999999


def _of_months(columns: Bitmaps, year: int, first: int, last: int) -> Iterable[BitMap]:
    months, days = columns[MONTH].bitmaps, columns[DAY].bitmaps
    for month in range(100 * year + 1, 100 * year + 13):
        start = 100 * month
        if first <= start and start + 99 <= last:
            if month in months:
                yield months[month]
        else:
            within = range(max(first, start), min(last, start + 31) + 1)
            yield from (days[day] for day in within if day in days)


# --- reading ---------------------------------------------------------------------------------------------------------


class Needed(NamedTuple):
    """The columns and the labels that an answer takes."""

    columns: list[str]
    labelled: list[str]


def with_bitmaps(
    needed: Needed,
    read: Callable[[], Result],
    state_of: Callable[[Result], State],
    make: Callable[[Result, Bitmaps], Made],
) -> Made | None:
    """What is made of a result and of the bitmaps as they were when it was read; None when these are not there yet.

    Most results are read when nothing has changed since the last. Otherwise the bitmaps follow, and it is read again at
    the moment up to which they did.
    """
    columns = bitmaps()
    result = read()
    with columns.lock:
        if columns.are_of(state_of(result), *needed):
            return make(result, columns)
        with at_one_moment():
            return make(read(), columns) if columns.follow(*needed) else None


class _Read(NamedTuple):
    named: Named
    found: BitMap | None
    """What SQL found; None where bitmaps say what is found."""


def counted(
    query: Query, columns: list[str], labelled: list[str], make: Callable[[BitMap, Bitmaps], Made]
) -> Made | None:
    """What is made of the statements that a query finds, and of these columns and labels; None without bitmaps.

    Nobody keeps bitmaps of earlier moments.
    """
    if query.as_of is not None:
        return None
    shape = shape_of("statements", query, dialect())
    plan = plan_of(shape)
    statement = _keys_statement(shape) if plan is None else _named_statement(shape)

    def read() -> _Read:
        result = rows(statement.sql, statement.values(Arguments(query)))
        keys = None if plan is not None else BitMap([key & NUMBER for part, key in result if part == "key"])
        return _Read(named_of(result), keys)

    def count(result: _Read, bitmaps: Bitmaps) -> Made:
        of_query = found(plan, query, result.named, bitmaps) if plan is not None else result.found
        assert of_query is not None
        return make(of_query, bitmaps)

    needed = Needed([*columns, *(plan.columns if plan is not None else [])], labelled)
    return with_bitmaps(needed, read, lambda result: result.named.state, count)


@remembered
def _named_statement(shape: Shape) -> Fragment:
    """A SELECT of (what it is, number) of what a plan needs."""
    plan = plan_of(shape)
    assert plan is not None
    return joined(" UNION ALL ", named_sql(plan))


@remembered
def _keys_statement(shape: Shape) -> Fragment:
    """A SELECT of (what it is, number) of the state of the records, and of the sort keys of what is found."""
    keys = fragment("SELECT 'key', found.sort_key FROM ({}) AS found", finding.select_keys(shape, _EVERYTHING))
    select = joined(" UNION ALL ", [*named_sql(_NOTHING_NAMED), keys])
    return with_common_tables(finding.sparsest_list(shape, _EVERYTHING), select)


_NOTHING_NAMED = Plan((), False)
_EVERYTHING = Scan(limited=False)
