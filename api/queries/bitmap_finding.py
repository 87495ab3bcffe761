"""Which statements a query finds, by bitmaps: without reading one of them, however many they are.

Bitmaps know which values a statement has, not which of them stand together in a part of it. So queries with several
conditions on the same parts are found by SQL (`api.queries.finding`), and so are those with words or times of change.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import reduce
from itertools import islice
from operator import and_
from typing import Any, NamedTuple, TypeVar

from peewee import Field
from pyroaring import BitMap

from api.bitmaps.codes import Value
from api.bitmaps.columns import ALL, DAY, EARLIEST, FIELDS, LATEST, MONTH, YEAR
from api.bitmaps.days import filed_between, in_order
from api.bitmaps.following import Bitmaps, bitmaps
from api.changelog.positions import STATE_PARTS, State, current_state
from api.database.current import engine
from api.database.deferred_reads import take_over
from api.database.dialect import dialect
from api.database.statements import rows
from api.database.transactions import at_one_moment
from api.documents.record_types import NAMES_BY_TABLE
from api.models.base import NUMBER, ReferenceField, TermField
from api.models.statements import AgreementReference, SpeakerOnAgreement, Statement, StatementSpeaker
from api.queries import finding
from api.queries.filters import Condition, conditions, exclusions, part_towards
from api.queries.fragments import Arguments, Fragment, Scan, fragment, joined, with_common_tables
from api.queries.layers import Part, current_layers
from api.queries.query import Query
from api.queries.shapes import Shape, remembered, shape_of
from schemas.values import dates

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


class Needed(NamedTuple):
    """The columns, and the record types with labels, that an answer takes."""

    columns: list[str]
    labelled: list[str]


class Plan(NamedTuple):
    """The filters of a query, all of which bitmaps can answer, and whether it has a range of days."""

    filters: tuple[Filter, ...]
    has_days: bool

    @property
    def is_one_list(self) -> bool:
        """Whether SQL finds it along one list, or those of several values side by side, passing over nothing else."""
        pair = {each.column for each in self.filters} == {"speaker", "agreement"}
        return len(self.filters) <= (2 if pair else 1) and not any(
            each.excluding or not each.values for each in self.filters
        )

    @property
    def needed(self) -> Needed:
        """What it takes."""
        days = [EARLIEST, LATEST, *IN_ORDER] if self.has_days else []
        referring = (each.field for each in self.filters if each.values and isinstance(each.field, ReferenceField))
        return Needed([ALL, *(each.column for each in self.filters), *days], [*map(record_type_of, referring)])


IN_ORDER = [DAY, MONTH, YEAR]
"""The columns by which statements are put in the order of time."""


def record_type_of(reference: ReferenceField) -> str:
    """The type of the records that a field refers to."""
    return NAMES_BY_TABLE[reference.rel_model]


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


def are_kept() -> bool:
    """Whether bitmaps of the current database are kept: not of what was restored of an earlier moment."""
    return not getattr(engine(), "is_past", False)


def found(plan: Plan, query: Query, columns: Bitmaps, without: Collection[int] = ()) -> BitMap:
    """The statements that a query finds, `without` some by number."""
    wanted: list[BitMap] = []
    unwanted: list[BitMap] = []
    for each in plan.filters:
        values = columns[each.column]
        bitmap = values.any_of(_values(each, query, columns)) if each.values else values.present
        (unwanted if each.excluding else wanted).append(bitmap)
    if plan.has_days:
        wanted += _in_range(query, columns)
    statements = reduce(and_, sorted(wanted, key=len)) if wanted else columns[ALL].present
    unwanted += [BitMap(without)] if without else []
    return reduce(lambda left, excluded: left - excluded, unwanted, statements)


def _values(each: Filter, query: Query, columns: Bitmaps) -> Iterable[Value]:
    values = query.values(each.parameter)
    if isinstance(each.field, ReferenceField):
        ids = (query.successors.get((each.parameter, str(value)), str(value)) for value in values)
        return columns.labels(record_type_of(each.field)).numbers(ids)
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


# --- reading ---------------------------------------------------------------------------------------------------------


def state_sql(rest: str = "") -> list[Fragment]:
    """SELECTs of (part of the state of the records, number); `rest` are further columns."""
    return [Fragment(f"SELECT '{part}', ({select}){rest}") for part, select in STATE_PARTS.items()]


def state_of(rows: Iterable[tuple[Any, ...]]) -> State:
    """The state that the SELECTs of `state_sql` gave; other rows are passed over."""
    return State(**{row[0]: row[1] for row in rows if row[0] in STATE_PARTS})


def with_bitmaps(
    needed: Needed, read: Callable[[], list[Any]], make: Callable[[list[Any], Bitmaps], Made]
) -> Made | None:
    """What is made of the rows that are read, the state among them, and of the bitmaps of that state; None without them.

    Mostly nothing has changed since the last time. Otherwise the bitmaps follow, and it is read again at the moment up to
    which they did.
    """
    columns = bitmaps()
    result = read()
    with columns.lock:
        if columns.are_of(state_of(result), *needed):
            return make(result, columns)
        with at_one_moment():
            return make(read(), columns) if _follow(columns, needed) else None


def found_first(
    needed: Needed, find: Callable[[Bitmaps], Made], read: Callable[[Made], list[Any]]
) -> tuple[Made, list[Any]] | None:
    """What bitmaps find, and the rows that are read for it, the state among them; None without bitmaps."""
    columns = bitmaps()
    with columns.lock:
        state = columns.state(*needed)
        made = find(columns) if state is not None else None
    if made is not None:
        result = read(made)
        if state_of(result) == state:
            return made, result
    with columns.lock, at_one_moment():
        if not _follow(columns, needed):
            return None
        made = find(columns)
        return made, read(made)


def _follow(columns: Bitmaps, needed: Needed) -> bool:
    """Bring columns up to the moment of this transaction, unless it began so long ago that they are of a later one."""
    if current_layers() is not None and columns.are_after(current_state()):
        return False
    return columns.follow(*needed)


def first_of(statements: BitMap, columns: Bitmaps, descending: bool, beyond: int | None, most: int) -> list[int]:
    """The numbers of the first statements in the order of time, beyond a sort key."""
    return [key & NUMBER for key in islice(in_order(columns, statements, descending, beyond), most)]


class Along(NamedTuple):
    """Statements that match, the first of which in some order are to be found where they stand among all."""

    statements: BitMap
    of_all: int

    def first(self, walk: Fragment, arguments: Arguments, most: int) -> Iterable[int]:
        """The numbers of so many, or of all. `walk` gives those of all statements in that order, and is read further and further.

        If those that match are spread evenly one reading is enough. But the ids of a speaker's statements stand together. A walk of SQLite
        reads an index alone, 0.3 s for a million; one of PostgreSQL reads rows, so those that match are read instead where they are fewer.
        """
        found: list[int] = []
        done, step = 0, 2 * most * self.of_all // len(self.statements)
        while done <= len(self.statements) or not dialect().has_server:
            walked = rows(f"{walk.sql} LIMIT ? OFFSET ?", (*walk.values(arguments), step, done))
            found += [number for (number,) in walked if number in self.statements]
            if len(found) >= most or len(walked) < step:
                return found[:most]
            done, step = done + step, 4 * step
        return self.statements


def counted(
    query: Query, needed: Needed, make: Callable[[BitMap, Bitmaps], Made], part: Part | None = None
) -> Made | None:
    """What is made of the statements that a query finds, with these columns and labels; None without bitmaps.

    If it is a `part` of them, bitmaps are kept of the records that are stored.
    """
    if not are_kept():
        return None
    shape = shape_of("statements", query, dialect(), among=part and part.operator)
    among = () if part is None else part.numbers
    plan = plan_of(shape)
    statement = _STATE if plan is not None else _keys_statement(shape)
    of_plan = Needed([], []) if plan is None else plan.needed

    def count(result: list[Any], columns: Bitmaps) -> Made:
        if plan is not None:
            return make(found(plan, query, columns, among), columns)
        return make(BitMap([key & NUMBER for part, key in result if part == "key"]), columns)

    return with_bitmaps(
        Needed(needed.columns + of_plan.columns, needed.labelled + of_plan.labelled),
        lambda: _rows_and_state(statement, Arguments(query, among=among)),
        count,
    )


def _rows_and_state(statement: Fragment, arguments: Arguments) -> list[Any]:
    wanted = take_over()
    fetched = rows(statement.sql, statement.values(arguments))
    if wanted is not None:
        wanted.number = state_of(fetched).position
    return fetched


_STATE = joined(" UNION ALL ", state_sql())


@remembered
def _keys_statement(shape: Shape) -> Fragment:
    """A SELECT of the state of the records and of ('key', sort key) of what is found."""
    keys = fragment("SELECT 'key', found.sort_key FROM ({}) AS found", finding.select_keys(shape, _EVERYTHING))
    select = joined(" UNION ALL ", [*state_sql(), keys])
    return with_common_tables(finding.sparsest_list(shape, _EVERYTHING), select)


_EVERYTHING = Scan(limited=False)
