"""Days and times as conditions: on a row, and on the place of a statement in time.

A vague date is filed under its first day. So a range of days is walked from a little earlier on, as far as most vague
dates reach; the few that reach further, or have no beginning or no end, are looked at apart.
"""

from datetime import date

from api.models.base import DAY_FACTOR, MOST_SPAN_DAYS, sort_key
from api.queries.fragments import Asked, Fragment, Query, fragment, joined, placeholder
from api.queries.scans import Scan
from api.queries.shapes import Shape
from schemas import dates

NUMBER = DAY_FACTOR - 1
"""`filed & NUMBER` is the number of a statement."""


def _first(query: Query, name: str) -> date:
    return dates.parse(query[name]).earliest


def _last(query: Query, name: str) -> date:
    return dates.parse(query[name]).latest


def first_day(name: str) -> Fragment:
    """A mark for the first day that a parameter can mean."""
    return placeholder(lambda query: _first(query, name).isoformat())


def last_day(name: str) -> Fragment:
    """A mark for the last day that a parameter can mean."""
    return placeholder(lambda query: _last(query, name).isoformat())


def updated(shape: Shape, row: str) -> list[Fragment]:
    """What must hold for the time of a record's last change."""
    asked = "updated_since" in shape.asked
    return [fragment(f"{row}.updated_at >= {{}}", placeholder(lambda query: query["updated_since"]))] if asked else []


def in_range(shape: Shape, row: str) -> list[Fragment]:
    """What must hold for the days of a record."""
    since, until = ("date_earliest", "date_latest") if _certain(shape) else ("date_latest", "date_earliest")
    found = [fragment(f"{row}.{since} >= {{}}", first_day("since"))] if "since" in shape.asked else []
    return found + ([fragment(f"{row}.{until} <= {{}}", last_day("until"))] if "until" in shape.asked else [])


def _certain(shape: Shape) -> bool:
    return shape.asked.get("date_match") == "certain"


def ranges(shape: Shape) -> bool:
    """Whether dates may lie in the range of days that are filed outside of it."""
    return bool({"since", "until"} & shape.asked.keys()) and not _certain(shape)


def bounds(shape: Shape, scan: Scan, column: str) -> list[Fragment]:
    """Between which two `sort_key` the walk goes, as far as the range of days and the position on the way tell."""
    upper = [placeholder(_end)] if "until" in shape.asked else []
    lower = [placeholder(_start if _certain(shape) else _early_start)] if "since" in shape.asked else []
    if scan.started:
        (upper if scan.descending else lower).append(_HERE)
    return [
        *_beyond(column, "<", upper, "MIN" if shape.sqlite else "LEAST"),
        *_beyond(column, ">=", lower, "MAX" if shape.sqlite else "GREATEST"),
        *(position(scan, column) if scan.started and not scan.descending else []),
    ]


def position(scan: Scan, column: str) -> list[Fragment]:
    """What lies beyond the position on the way."""
    return [fragment(f"{column} {'<' if scan.descending else '>'} {{}}", _HERE)] if scan.started else []


def _beyond(column: str, sign: str, limits: list[Fragment], tightest: str) -> list[Fragment]:
    if len(limits) > 1:  # one bound, for an index is entered by one
        limits = [fragment(f"{tightest}({{}})", joined(", ", limits))]
    return [fragment(f"{column} {sign} {{}}", limit) for limit in limits]


def _here(asked: Asked) -> tuple[int]:
    assert asked.position is not None
    return (int(asked.position.key),)


_HERE = Fragment("?", (_here,))


def _start(query: Query) -> int:
    return sort_key(_first(query, "since").isoformat(), 0)


def _early_start(query: Query) -> int:
    """As much before the range as a date may reach into it."""
    first = _first(query, "since")
    earlier = max(first.toordinal() - MOST_SPAN_DAYS, dates.FIRST_DAY.toordinal())
    return sort_key(date.fromordinal(earlier).isoformat(), 0)


def _end(query: Query) -> int:
    return sort_key(_last(query, "until").isoformat(), 0) + DAY_FACTOR


def dated(shape: Shape, column: str) -> list[Fragment]:
    """What else must hold for the days and times of a statement within the bounds."""
    row = f"EXISTS (SELECT 1 FROM statement AS dated WHERE dated.number = {column} & {NUMBER} AND {{}})"
    found = [fragment(row, changed) for changed in updated(shape, "dated")]
    if _certain(shape):
        return found + [fragment(row, days) for days in in_range(shape, "dated")]
    if "since" not in shape.asked:
        return found
    reaching = fragment(row, fragment("dated.date_latest >= {}", first_day("since")))
    return [*found, fragment(f"({column} >= {{}} OR {{}})", placeholder(_start), reaching)]
