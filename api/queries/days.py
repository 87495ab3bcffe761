"""Days and times as conditions: on a row, and on the place of a statement in time.

A vague date is filed under its first day. So a range of days is walked from a little earlier on, as far as most vague
dates reach; the few that reach further, or have no beginning or no end, are looked at apart.
"""

from datetime import date

from api.models.base import DAY, LONGEST_REACH, filed
from api.queries.pieces import Asked, Piece, Query, joined, marked, piece
from api.queries.shapes import Shape
from api.queries.walks import Walk
from schemas import dates

NUMBER = DAY - 1
"""`filed & NUMBER` is the number of a statement."""


def _first(query: Query, name: str) -> date:
    return dates.parse(query[name]).earliest


def _last(query: Query, name: str) -> date:
    return dates.parse(query[name]).latest


def first_day(name: str) -> Piece:
    """A mark for the first day that a parameter can mean."""
    return marked(lambda query: _first(query, name).isoformat())


def last_day(name: str) -> Piece:
    """A mark for the last day that a parameter can mean."""
    return marked(lambda query: _last(query, name).isoformat())


def updated(shape: Shape, row: str) -> list[Piece]:
    """What must hold for the time of a record's last change."""
    asked = "updated_since" in shape.asked
    return [piece(f"{row}.updated_at >= {{}}", marked(lambda query: query["updated_since"]))] if asked else []


def in_range(shape: Shape, row: str) -> list[Piece]:
    """What must hold for the days of a record."""
    since, until = ("date_earliest", "date_latest") if _certain(shape) else ("date_latest", "date_earliest")
    found = [piece(f"{row}.{since} >= {{}}", first_day("since"))] if "since" in shape.asked else []
    return found + ([piece(f"{row}.{until} <= {{}}", last_day("until"))] if "until" in shape.asked else [])


def _certain(shape: Shape) -> bool:
    return shape.asked.get("date_match") == "certain"


def ranges(shape: Shape) -> bool:
    """Whether dates may lie in the range of days that are filed outside of it."""
    return bool({"since", "until"} & shape.asked.keys()) and not _certain(shape)


def bounds(shape: Shape, walk: Walk, column: str) -> list[Piece]:
    """Between which two `filed` the walk goes, as far as the range of days and the position on the way tell."""
    upper = [marked(_end)] if "until" in shape.asked else []
    lower = [marked(_start if _certain(shape) else _early_start)] if "since" in shape.asked else []
    if walk.started:
        (upper if walk.descending else lower).append(_HERE)
    return [
        *_beyond(column, "<", upper, "MIN" if shape.sqlite else "LEAST"),
        *_beyond(column, ">=", lower, "MAX" if shape.sqlite else "GREATEST"),
        *(position(walk, column) if walk.started and not walk.descending else []),
    ]


def position(walk: Walk, column: str) -> list[Piece]:
    """What lies beyond the position on the way."""
    return [piece(f"{column} {'<' if walk.descending else '>'} {{}}", _HERE)] if walk.started else []


def _beyond(column: str, sign: str, limits: list[Piece], tightest: str) -> list[Piece]:
    if len(limits) > 1:  # one bound, for an index is entered by one
        limits = [piece(f"{tightest}({{}})", joined(", ", limits))]
    return [piece(f"{column} {sign} {{}}", limit) for limit in limits]


def _here(asked: Asked) -> tuple[int]:
    assert asked.position is not None
    return (int(asked.position.key),)


_HERE = Piece("?", (_here,))


def _start(query: Query) -> int:
    return filed(_first(query, "since").isoformat(), 0)


def _early_start(query: Query) -> int:
    """As much before the range as a date may reach into it."""
    first = _first(query, "since")
    earlier = max(first.toordinal() - LONGEST_REACH, dates.FIRST_DAY.toordinal())
    return filed(date.fromordinal(earlier).isoformat(), 0)


def _end(query: Query) -> int:
    return filed(_last(query, "until").isoformat(), 0) + DAY


def dated(shape: Shape, column: str) -> list[Piece]:
    """What else must hold for the days and times of a statement within the bounds."""
    row = f"EXISTS (SELECT 1 FROM statement AS dated WHERE dated.number = {column} & {NUMBER} AND {{}})"
    found = [piece(row, changed) for changed in updated(shape, "dated")]
    if _certain(shape):
        return found + [piece(row, days) for days in in_range(shape, "dated")]
    if "since" not in shape.asked:
        return found
    reaching = piece(row, piece("dated.date_latest >= {}", first_day("since")))
    return [*found, piece(f"({column} >= {{}} OR {{}})", marked(_start), reaching)]
