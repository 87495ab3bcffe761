"""Dates that may be vague: the part of EDTF (ISO 8601-2:2019, levels 0 and 1) that official records need.

Understood are calendar dates of any precision (`2020`, `2020-11`, `2020-11-09`), unspecified digits from the right
(`202X`, `2020-XX`, `2020-11-XX`), the qualifiers `?`, `~` and `%`, and intervals whose ends may be
open (`..`) or unknown (empty). Seasons are left out: which months they mean depends on the hemisphere. Every expression stands for a range of days in the proleptic Gregorian calendar.
"""

import calendar
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from schemas import messages

FIRST_DAY = date.min
LAST_DAY = date.max
"""Stand for open ends; no date that can be written reaches them."""

_DATE = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?[?~%]?", re.ASCII)


class Days(NamedTuple):
    """The first and the last day an expression can stand for, both included."""

    earliest: date
    latest: date


@lru_cache(maxsize=1024)  # every list that a query is looked up in needs its days
def parse(expression: str) -> Days:
    """Give the range of days of an EDTF expression; raise ValueError with a sentence when it is none."""
    start, slash, end = expression.partition("/")
    if not slash:
        return _parse_date(expression)
    if {start, end} <= {"", ".."}:
        raise ValueError(messages.ENDLESS.format(date=expression))
    earliest = FIRST_DAY if start in ("", "..") else _parse_date(start).earliest
    latest = LAST_DAY if end in ("", "..") else _parse_date(end).latest
    if earliest > latest:
        raise ValueError(messages.ENDS_FIRST.format(date=expression))
    return Days(earliest, latest)


def tenure(since: str | None, until: str | None) -> Days:
    """The days on which an office may have been held; None stands for an end that is not known or not yet come."""
    return Days(parse(since).earliest if since else FIRST_DAY, parse(until).latest if until else LAST_DAY)


def moment(at: datetime) -> str:
    """A moment as the service stores it: RFC 3339 in UTC with microseconds, so that moments sort as text."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _parse_date(expression: str) -> Days:
    match = _DATE.fullmatch(expression)
    if match is None:
        raise ValueError(messages.NOT_A_DATE.format(date=expression))
    year, month, day = match["year"], match["month"], match["day"]
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first_year < FIRST_DAY.year + 1 or last_year > LAST_DAY.year - 1:
        raise ValueError(messages.NO_SUCH_YEAR.format(date=expression))
    if month is None:
        return Days(date(first_year, 1, 1), date(last_year, 12, 31))
    if first_year != last_year or (month == "XX" and day not in (None, "XX")):
        raise ValueError(messages.LEAVES_OPEN.format(date=expression))
    if month == "XX":
        return Days(date(first_year, 1, 1), date(first_year, 12, 31))
    return _days_of_month(expression, first_year, int(month), day)


def _days_of_month(expression: str, year: int, month: int, day: str | None) -> Days:
    if not 1 <= month <= 12:
        raise ValueError(messages.NO_SUCH_MONTH.format(date=expression, month=month))
    if day is not None and day != "XX":
        try:
            exact = date(year, month, int(day))
        except ValueError:
            raise ValueError(messages.NO_SUCH_DAY.format(date=expression)) from None
        return Days(exact, exact)
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
