"""Dates in a text, and which day they mean when the page's own date is known: "أمس الثلاثاء", "9 تشرين الثاني/نوفمبر 2020".

Values are EDTF (ISO 8601-2). Hijri dates are passed over: pages give the Gregorian date beside them.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from api.drafting.text.words import NUMBER, Token
from api.drafting.values.months import MONTHS, month_at, word_at

STATED, RESOLVED, DATELINE, INFERRED = "stated", "relative-resolved", "dateline", "inferred"


class DateFound(NamedTuple):
    """A date in tokens `first` to `end` (exclusive): its EDTF value and how it is known.

    `value` is None when the page's date, which it counts from, is not known.
    """

    first: int
    end: int
    value: str | None
    basis: str


_WEEKDAYS = {
    "الاثنين": 0, "الثلاثاء": 1, "الاربعاء": 2, "الخميس": 3, "الجمعه": 4, "السبت": 5, "الاحد": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_PAST = frozenset("الماضي الماضيه الفايت المنصرم المنصرمه الفارط السابق last".split())
_COMING = frozenset("المقبل المقبله القادم القادمه next".split())
_CURRENT = frozenset("الجاري الجاريه الحالي الحاليه this".split())
_UNITS = {
    "الشهر": "month",
    "شهر": "month",
    "الاسبوع": "week",
    "العام": "year",
    "السنه": "year",
    "month": "month",
    "week": "week",
    "year": "year",
}
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


def dates(tokens: Sequence[Token], first: int, end: int, page: date | None) -> list[DateFound]:
    """The dates in a range of tokens, in order, none inside another."""
    found: list[DateFound] = []
    position = first
    while position < end:
        match = next((date_found for read in _READERS if (date_found := read(tokens, position, end, page))), None)
        if match:
            found.append(match)
        position = match.end if match else position + 1
    return found


def _calendar_date(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """Day, month and year; without the year, the last such day before the page."""
    day = _number(tokens, position, end)
    if day is None or not 1 <= day <= 31:
        return None
    after_day = position + 1 + (word_at(tokens, position + 1, end) in ("من", "of"))
    month = month_at(tokens, after_day, end)
    if month is None:
        return None
    number, after = month
    after += word_at(tokens, after, end) in ("،", ",", "من", "عام", "سنه")
    year = _year(tokens, after, end)
    if year:
        return _valid(position, after + 1, year, number, day, STATED)
    after = month[1] + (word_at(tokens, month[1], end) in _CURRENT)
    return _without_year(position, after, number, day, page)


def _without_year(position: int, after: int, month: int, day: int, page: date | None) -> DateFound | None:
    if page is None:
        return DateFound(position, after, None, RESOLVED)
    year = page.year if (month, day) <= (page.month, page.day) else page.year - 1
    return _valid(position, after, year, month, day, RESOLVED)


def _valid(first: int, end: int, year: int, month: int, day: int, basis: str) -> DateFound | None:
    return (
        DateFound(first, end, f"{year:04}-{month:02}-{day:02}", basis)
        if day <= calendar.monthrange(year, month)[1]
        else None
    )


def _english_date(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    month = MONTHS.get(word_at(tokens, position, end))
    word = word_at(tokens, position, end)
    if month is None or not word.isascii():
        return None
    day = _number(tokens, position + 1, end)
    if day is None or not 1 <= day <= 31:
        return None
    after = position + 2 + (word_at(tokens, position + 2, end) in (",", "st", "nd", "rd", "th"))
    year = _year(tokens, after, end)
    if year:
        return _valid(position, after + 1, year, month, day, STATED)
    return _without_year(position, position + 2, month, day, page)


def _numeric(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """18/01/2024, 2024-01-18."""
    parts = [word_at(tokens, position + offset, end) for offset in range(5)]
    if parts[1] != parts[3] or parts[1] not in ("/", "-", ".") or not all(part.isdecimal() for part in parts[::2]):
        return None
    numbers = [int(part) for part in parts[::2]]
    year, month, day = numbers if len(parts[0]) == 4 else numbers[::-1]
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _valid(position, position + 5, year, month, day, STATED)


def _month_and_year(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    month = month_at(tokens, position, end)
    if month is None:
        return None
    number, after = month
    year = _year(tokens, after, end)
    if year:
        return DateFound(position, after + 1, f"{year:04}-{number:02}", STATED)
    shift = word_at(tokens, after, end)
    if shift in _PAST | _COMING and page:
        return DateFound(position, after + 1, f"{_year_of_month(number, shift, page):04}-{number:02}", RESOLVED)
    return None


def _year_of_month(month: int, shift: str, page: date) -> int:
    if shift in _COMING:
        return page.year + (month <= page.month)
    return page.year - (month >= page.month)


def _month_alone(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """ "في يناير كانون الثاني": the last such month before the page's, or the page's own."""
    if page is None or word_at(tokens, position, end) not in ("في", "خلال", "شهر", "in"):
        return None
    month = month_at(tokens, position + 1, end)
    if month is None:
        return None
    number, after = month
    if _year(tokens, after, end) or word_at(tokens, after, end) in _PAST | _COMING | {"عام", "سنه", "من"}:
        return None
    return DateFound(position, after, f"{page.year - (number > page.month):04}-{number:02}", RESOLVED)


def _ago(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """قبل يومين، قبل ثلاثة أيام، البارحة، الليلة الماضية."""
    word, following = word_at(tokens, position, end), word_at(tokens, position + 1, end)
    if word in ("البارحه", "ليله", "الليله") and (word == "البارحه" or following in ("امس", *_PAST)):
        return DateFound(position, position + (1 if word == "البارحه" else 2), _iso(page, -1), RESOLVED)
    if word != "قبل":
        return None
    if following in ("يومين", "يوم"):
        return DateFound(position, position + 2, _iso(page, -2 if following == "يومين" else -1), RESOLVED)
    number = _number(tokens, position + 1, end) or _DAYS_AGO.get(following)
    if number and word_at(tokens, position + 2, end) in ("ايام", "يوما") and number <= 31:
        return DateFound(position, position + 3, _iso(page, -number), RESOLVED)
    return None


_DAYS_AGO = {"ثلاثه": 3, "اربعه": 4, "خمسه": 5, "سته": 6, "سبعه": 7, "عشره": 10}


def _year_alone(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    if word_at(tokens, position, end) not in ("عام", "سنه", "العام", "in", "since"):
        return None
    year = _year(tokens, position + 1, end)
    return DateFound(position, position + 2, f"{year:04}", STATED) if year else None


def _today(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    word = word_at(tokens, position, end)
    if word == "يوم" and word_at(tokens, position + 1, end) in ("امس", "الامس"):
        inner = _today(tokens, position + 1, end, page)
        return inner._replace(first=position) if inner else None
    shift = {"اليوم": 0, "today": 0, "امس": 1, "الامس": 1, "yesterday": 1}.get(word.removeprefix("و"))
    if shift is None or (word == "الامس" and word_at(tokens, position - 1, end) == "اول"):
        return None
    before = [token.text for token in tokens[max(0, position - 2) : position]]
    is_two_days_ago = shift == 1 and word_at(tokens, position + 1, len(tokens)) == "الاول"
    if is_two_days_ago or before[-1:] == ["اول"] or before == ["اول", "من"]:
        shift += 1
    position_after = position + 1 + is_two_days_ago
    after = position_after + (_weekday_at(tokens, position_after, end) is not None)
    return DateFound(position, after, _iso(page, -shift), RESOLVED)


def _weekday_at(tokens: Sequence[Token], position: int, end: int) -> int | None:
    word = word_at(tokens, position, end)
    if word in ("(", "،", ","):
        word = word_at(tokens, position + 1, end)
    return _WEEKDAYS.get(word)


def _weekday(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """The last such day, the page's own included; with "الماضي" the last before it, with "المقبل" the next."""
    word = word_at(tokens, position, end)
    weekday = _WEEKDAYS.get(word.removeprefix("و"))
    if weekday is None and word.startswith("و"):
        weekday = _WEEKDAYS.get(word)
    if weekday is None:
        return None
    shift = word_at(tokens, position + 1, end)
    dated = _calendar_date(tokens, position + 1 + (shift in ("،", ",")), end, page)
    if dated:
        return dated._replace(first=position)
    after = position + 1 + (shift in _PAST | _COMING | _CURRENT)
    if page is None:
        return DateFound(position, after, None, RESOLVED)
    back = (page.weekday() - weekday) % 7
    back = back or 7 if shift in _PAST else back
    if shift in _COMING:
        back -= 7
    return DateFound(position, after, _iso(page, -back), RESOLVED)


def _iso(page: date | None, days: int) -> str | None:
    return (page + timedelta(days=days)).isoformat() if page else None


def _unit(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """الشهر الماضي، الأسبوع المقبل، last month."""
    word, following = word_at(tokens, position, end), word_at(tokens, position + 1, end)
    if word in ("last", "next") and following in _UNITS:
        word, following = following, word
    unit = _UNITS.get(word)
    step = -1 if following in _PAST else 1 if following in _COMING else 0 if following in _CURRENT else None
    if unit is None or step is None:
        return None
    return DateFound(position, position + 2, _shifted(unit, step, page) if page else None, RESOLVED)


def _shifted(unit: str, step: int, page: date) -> str:
    if unit == "year":
        return f"{page.year + step:04}"
    if unit == "month":
        months = page.year * 12 + page.month - 1 + step
        return f"{months // 12:04}-{months % 12 + 1:02}"
    monday = page - timedelta(days=page.weekday()) + timedelta(weeks=step)
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def _number(tokens: Sequence[Token], position: int, end: int) -> int | None:
    if position >= end or tokens[position].kind != NUMBER:
        return None
    return int(tokens[position].text) if re.fullmatch(r"[0-9]{1,4}", tokens[position].text) else None


def _year(tokens: Sequence[Token], position: int, end: int) -> int | None:
    number = _number(tokens, position, end)
    if number is None or not _FIRST_YEAR <= number <= _LAST_YEAR:
        return None
    return None if word_at(tokens, position + 1, end) in ("ه", "هـ") else number


_READERS = (
    _numeric, _calendar_date, _english_date, _today, _ago, _weekday, _unit, _month_and_year, _month_alone, _year_alone,
)  # fmt: skip
