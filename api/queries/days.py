"""Days and times as conditions: on the row of a record, and on the place of a statement in time.

A vague date is filed under its first day. So a range of days is scanned from a little earlier on, as far as most vague
dates span. The few dates that span more, or that have no first or no last day, are looked up separately
(`finding._long_ranges`).
"""

from datetime import date
from functools import cache

from api.models.base import DAY_FACTOR, MOST_SPAN_DAYS, NUMBER, sort_key
from api.queries.fragments import Arguments, Fragment, Scan, fragment, joined, placeholder
from api.queries.query import Query
from api.queries.shapes import Shape
from schemas.values import dates


def _first(query: Query, name: str) -> date:
    return dates.parse(query.date(name)).earliest


def _last(query: Query, name: str) -> date:
    return dates.parse(query.date(name)).latest


@cache
def first_day(name: str) -> Fragment:
    """A placeholder for the first day that the value of a parameter can mean."""
    return placeholder(lambda query: _first(query, name).isoformat())


@cache
def last_day(name: str) -> Fragment:
    """A placeholder for the last day that the value of a parameter can mean."""
    return placeholder(lambda query: _last(query, name).isoformat())


def updated(shape: Shape, row: str) -> list[Fragment]:
    """The conditions on the time of a record's last change, and of the last that somebody made to its own content.

    That was no earlier than the other: so whoever has not changed since is not looked up in the log.
    """
    conditions = []
    if shape.updated_since:
        conditions.append(fragment(f"{row}.updated_at >= {{}}", placeholder(lambda query: query.updated_since)))
    if shape.content_changed_since:
        since = placeholder(lambda query: query.content_changed_since)
        revisions = (
            f"SELECT 1 FROM \"change\" AS revised WHERE revised.record_type = '{shape.record_type}'"
            f" AND revised.record_id = {row}.id AND revised.revision IS NOT NULL AND revised.recorded_at >= {{}}"
        )
        conditions += [fragment(f"{row}.updated_at >= {{}}", since), fragment(f"EXISTS ({revisions})", since)]
    return conditions


_FEW_CHANGED = 1_000
"""Statements changed lately that are gathered and sorted. Where there are more, a page is full soon in any other order."""

_CHANGED = "FROM statement WHERE updated_at >= {}"


def changed_lately(shape: Shape, all_of_them: bool = False) -> Fragment:
    """A SELECT of statements by their last change: a few at the most, or `all_of_them`. Other conditions are still to be met."""
    columns = "number, id, sort_key, act, updated_at, date_earliest, date_latest"
    limit = shape.dialect.no_limit if all_of_them else _FEW_CHANGED
    return fragment(f"SELECT {columns} {_CHANGED} LIMIT {limit}", placeholder(_changed_since))


def are_few_changed() -> Fragment:
    """The condition that so few statements changed lately."""
    changed = fragment(f"SELECT 1 {_CHANGED} LIMIT {_FEW_CHANGED}", placeholder(_changed_since))
    return fragment(f"(SELECT COUNT(*) FROM ({{}}) AS changed) < {_FEW_CHANGED}", changed)


def _changed_since(query: Query) -> str | None:
    return query.updated_since or query.content_changed_since


def in_range(shape: Shape, row: str) -> list[Fragment]:
    """The conditions on the days of a record."""
    since, until = ("date_earliest", "date_latest") if shape.certain else ("date_latest", "date_earliest")
    conditions = [fragment(f"{row}.{since} >= {{}}", first_day("since"))] if shape.since else []
    return conditions + ([fragment(f"{row}.{until} <= {{}}", last_day("until"))] if shape.until else [])


def has_long_ranges(shape: Shape) -> bool:
    """Whether dates may overlap the range of days although they are filed outside of it."""
    return (shape.since or shape.until) and not shape.certain


def bounds(shape: Shape, scan: Scan, column: str) -> list[Fragment]:
    """Between which sort keys the scan runs, by the range of days and the position of the cursor."""
    upper = [placeholder(_end)] if shape.until else []
    lower = [placeholder(_start if shape.certain else _early_start)] if shape.since else []
    if scan.from_position:
        (upper if scan.descending else lower).append(_POSITION)
    return [
        *_bound(column, "<", upper, shape.dialect.least),
        *_bound(column, ">=", lower, shape.dialect.greatest),
        *(beyond_position(scan, column) if not scan.descending else []),
    ]


def beyond_position(scan: Scan, column: str) -> list[Fragment]:
    """The condition that a sort key lies behind the position of the cursor."""
    return [fragment(f"{column} {'<' if scan.descending else '>'} {{}}", _POSITION)] if scan.from_position else []


def _bound(column: str, sign: str, limits: list[Fragment], tightest: str) -> list[Fragment]:
    if len(limits) > 1:  # an index is entered by a single bound
        limits = [fragment(f"{tightest}({{}})", joined(", ", limits))]
    return [fragment(f"{column} {sign} {{}}", limit) for limit in limits]


def _position(arguments: Arguments) -> tuple[int]:
    assert arguments.position is not None
    return (int(arguments.position.key),)


_POSITION = Fragment("?", (_position,))


def _start(query: Query) -> int:
    return sort_key(_first(query, "since").isoformat(), 0)


def _early_start(query: Query) -> int:
    """As many days before the range as a date may span."""
    first = _first(query, "since")
    earlier = max(first.toordinal() - MOST_SPAN_DAYS, dates.FIRST_DAY.toordinal())
    return sort_key(date.fromordinal(earlier).isoformat(), 0)


def _end(query: Query) -> int:
    return sort_key(_last(query, "until").isoformat(), 0) + DAY_FACTOR


def within_bounds(shape: Shape, column: str) -> list[Fragment]:
    """The other conditions on the days and times of a statement whose sort key lies within the bounds."""
    on_row = f"EXISTS (SELECT 1 FROM statement AS dated WHERE dated.number = {column} & {NUMBER} AND {{}})"
    conditions = [fragment(on_row, condition) for condition in updated(shape, "dated")]
    if shape.certain:
        return conditions + [fragment(on_row, condition) for condition in in_range(shape, "dated")]
    if not shape.since:
        return conditions
    overlapping = fragment(on_row, fragment("dated.date_latest >= {}", first_day("since")))
    return [*conditions, fragment(f"({column} >= {{}} OR {{}})", placeholder(_start), overlapping)]
