"""Dates in a text, and which day they mean when the page's own date is known: "أمس الثلاثاء", "9 تشرين الثاني/نوفمبر 2020".

Values are EDTF (ISO 8601-2). Hijri dates are passed over: pages give the Gregorian date beside them.
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from api.drafting.words import NUMBER, Token
from schemas.values import dates as edtf

STATED, RESOLVED, DATELINE, INFERRED = "stated", "relative-resolved", "dateline", "inferred"


class DateFound(NamedTuple):
    """A date in tokens `first` to `end` (exclusive): its EDTF value and how it is known.

    `value` is None when the page's date, which it counts from, is not known.
    """

    first: int
    end: int
    value: str | None
    basis: str


_MONTH_NAMES = """
1 يناير كانون2 جانفي january jan
2 فبراير شباط فيفري february feb
3 مارس اذار march mar
4 ابريل نيسان افريل april apr
5 مايو ايار ماي may
6 يونيو يونيه حزيران جوان june jun
7 يوليو يوليه تموز جويليه july jul
8 اغسطس اب اوت غشت august aug
9 سبتمبر ايلول شتنبر september sept sep
10 اكتوبر تشرين1 october oct
11 نوفمبر تشرين2 نونبر november nov
12 ديسمبر كانون1 دجنبر december dec
"""
MONTHS = {name: int(row.split()[0]) for row in _MONTH_NAMES.strip().splitlines() for name in row.split()[1:]}
_TWINS = {
    "تشرين": {"الاول": 10, "اول": 10, "الثاني": 11, "ثاني": 11},
    "كانون": {"الاول": 12, "اول": 12, "الثاني": 1, "ثاني": 1},
}
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


def published_day(published: str | None) -> date | None:
    """The last day on which a page dated so can have been published; None when that is not known."""
    if not published:
        return None
    try:
        days = edtf.parse(published)
    except ValueError:
        return None
    return days.latest if days.latest != edtf.LAST_DAY else None


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


def _plain(tokens: Sequence[Token], position: int, end: int) -> str:
    return tokens[position].text if position < end else ""


def _month(tokens: Sequence[Token], position: int, end: int) -> tuple[int, int] | None:
    """A month's number and where its name ends; "كانون الأول/ديسمبر" and "نوفمبر (تشرين الثاني)" are one name."""
    single = _single_month(tokens, position, end)
    if single is None:
        return None
    number, after = single
    if _plain(tokens, after, end) in ("/", "("):
        twin = _single_month(tokens, after + 1, end)
        if twin and twin[0] == number:
            after = twin[1] + (_plain(tokens, twin[1], end) == ")")
    return number, after


def _single_month(tokens: Sequence[Token], position: int, end: int) -> tuple[int, int] | None:
    word = _plain(tokens, position, end)
    if word in _TWINS:
        number = _TWINS[word].get(_plain(tokens, position + 1, end))
        return (number, position + 2) if number else None
    return (MONTHS[word], position + 1) if word in MONTHS else None


def _calendar_date(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """Day, month and year; without the year, the last such day before the page."""
    day = _number(tokens, position, end)
    if day is None or not 1 <= day <= 31:
        return None
    after_day = position + 1 + (_plain(tokens, position + 1, end) in ("من", "of"))
    month = _month(tokens, after_day, end)
    if month is None:
        return None
    number, after = month
    after += _plain(tokens, after, end) in ("،", ",", "من", "عام", "سنه")
    year = _year(tokens, after, end)
    if year:
        return _valid(position, after + 1, year, number, day, STATED)
    after = month[1] + (_plain(tokens, month[1], end) in _CURRENT)
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
    month = MONTHS.get(_plain(tokens, position, end))
    word = _plain(tokens, position, end)
    if month is None or not word.isascii():
        return None
    day = _number(tokens, position + 1, end)
    if day is None or not 1 <= day <= 31:
        return None
    after = position + 2 + (_plain(tokens, position + 2, end) in (",", "st", "nd", "rd", "th"))
    year = _year(tokens, after, end)
    if year:
        return _valid(position, after + 1, year, month, day, STATED)
    return _without_year(position, position + 2, month, day, page)


def _numeric(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """18/01/2024, 2024-01-18."""
    parts = [_plain(tokens, position + offset, end) for offset in range(5)]
    if parts[1] != parts[3] or parts[1] not in ("/", "-", ".") or not all(part.isdecimal() for part in parts[::2]):
        return None
    numbers = [int(part) for part in parts[::2]]
    year, month, day = numbers if len(parts[0]) == 4 else numbers[::-1]
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _valid(position, position + 5, year, month, day, STATED)


def _month_and_year(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    month = _month(tokens, position, end)
    if month is None:
        return None
    number, after = month
    year = _year(tokens, after, end)
    if year:
        return DateFound(position, after + 1, f"{year:04}-{number:02}", STATED)
    shift = _plain(tokens, after, end)
    if shift in _PAST | _COMING and page:
        return DateFound(position, after + 1, f"{_year_of_month(number, shift, page):04}-{number:02}", RESOLVED)
    return None


def _year_of_month(month: int, shift: str, page: date) -> int:
    if shift in _COMING:
        return page.year + (month <= page.month)
    return page.year - (month >= page.month)


def _year_alone(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    if _plain(tokens, position, end) not in ("عام", "سنه", "العام", "in", "since"):
        return None
    year = _year(tokens, position + 1, end)
    return DateFound(position, position + 2, f"{year:04}", STATED) if year else None


def _today(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    word = _plain(tokens, position, end)
    if word == "يوم" and _plain(tokens, position + 1, end) in ("امس", "الامس"):
        inner = _today(tokens, position + 1, end, page)
        return inner._replace(first=position) if inner else None
    shift = {"اليوم": 0, "today": 0, "امس": 1, "الامس": 1, "yesterday": 1}.get(word.removeprefix("و"))
    if shift is None or (word == "الامس" and _plain(tokens, position - 1, end) == "اول"):
        return None
    if position and tokens[position - 1].text == "اول":
        shift += 1
    after = position + 1 + (_weekday_at(tokens, position + 1, end) is not None)
    return DateFound(position, after, _iso(page, -shift), RESOLVED)


def _weekday_at(tokens: Sequence[Token], position: int, end: int) -> int | None:
    word = _plain(tokens, position, end)
    if word in ("(", "،", ","):
        word = _plain(tokens, position + 1, end)
    return _WEEKDAYS.get(word)


def _weekday(tokens: Sequence[Token], position: int, end: int, page: date | None) -> DateFound | None:
    """The last such day, the page's own included; with "الماضي" the last before it, with "المقبل" the next."""
    word = _plain(tokens, position, end)
    weekday = _WEEKDAYS.get(word.removeprefix("و"))
    if weekday is None and word.startswith("و"):
        weekday = _WEEKDAYS.get(word)
    if weekday is None:
        return None
    shift = _plain(tokens, position + 1, end)
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
    word, following = _plain(tokens, position, end), _plain(tokens, position + 1, end)
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
    return None if _plain(tokens, position + 1, end) in ("ه", "هـ") else number


_READERS = (_numeric, _calendar_date, _english_date, _today, _weekday, _unit, _month_and_year, _year_alone)


def page_date(tokens: Sequence[Token]) -> str | None:
    """The first full date of a dateline or of a text that says "today": the page's own, if it gives one."""
    full = (found.value for found in dates(tokens, 0, len(tokens), None) if found.value and len(found.value) == 10)
    return next(full, None)


def date_today(tokens: Sequence[Token]) -> str | None:
    """The full date that stands beside "اليوم" in a text: the page's, too."""
    for found in _dated_today(tokens):
        return found
    return None


def _dated_today(tokens: Sequence[Token]) -> Iterator[str]:
    for position, token in enumerate(tokens):
        if token.text in ("اليوم", "today"):
            found = dates(tokens, position + 1, min(len(tokens), position + 9), None)
            yield from (each.value for each in found if each.value and len(each.value) == 10)


MONTH_NUMBERS: Mapping[str, int] = MONTHS
