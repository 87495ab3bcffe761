"""Vague dates (EDTF) as people write them, in Arabic and in English: `2020-12-02/2020-12-04` is "2–4 December 2020"."""

import re
from functools import lru_cache
from typing import NamedTuple

MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_WORDS = {
    "ar": {"~": "نحو {}", "?": "ربما {}", "%": "ربما نحو {}", "since": "منذ {}", "until": "حتى {}", "to": "من {} إلى {}"},
    "en": {"~": "about {}", "?": "perhaps {}", "%": "perhaps about {}", "since": "since {}", "until": "until {}", "to": "{} – {}"},
}  # fmt: skip
LANGUAGES = tuple(_WORDS)


class _Parts(NamedTuple):
    """A date as its parts are written: the year, the months and days that are known, and a qualifier or an empty string."""

    year: str
    month: str
    day: str
    qualifier: str


@lru_cache(maxsize=4096)
def label(expression: str, language: str) -> str:
    """A valid EDTF expression in one of LANGUAGES."""
    words = _WORDS[language]
    start, slash, end = expression.partition("/")
    if not slash or start == end:
        return _date(_parts(start), language)
    if start in ("", ".."):
        return words["until"].format(_date(_parts(end), language))
    if end in ("", ".."):
        return words["since"].format(_date(_parts(start), language))
    return _range(_parts(start), _parts(end), language)


def labels(expression: str) -> dict[str, str]:
    """A valid EDTF expression in every language there is."""
    return {language: label(expression, language) for language in LANGUAGES}


def _parts(date: str) -> _Parts:
    body = date.rstrip("?~%")
    year, month, day = (*body.split("-"), "", "")[:3]
    return _Parts(year, "" if "X" in month else month, "" if "X" in day else day, date[len(body) :])


def _date(date: _Parts, language: str) -> str:
    written = " ".join(part for part in (_day(date), _month(date, language), _year(date, language)) if part)
    return _WORDS[language][date.qualifier].format(written) if date.qualifier else written


def _range(start: _Parts, end: _Parts, language: str) -> str:
    """Two dates, without what the first has in common with the second: 2–4 December 2020."""
    first = _date(start, language)
    if not start.qualifier and not end.qualifier and start.year == end.year and start.month and end.month:
        same_month = start.month == end.month and start.day and end.day
        first = _day(start) if same_month else f"{_day(start)} {_month(start, language)}".strip()
        if same_month and language == "en":
            return f"{first}–{_date(end, language)}"
    return _WORDS[language]["to"].format(first, _date(end, language))


def _day(date: _Parts) -> str:
    return date.day.lstrip("0")


def _month(date: _Parts, language: str) -> str:
    return MONTHS[language][int(date.month) - 1] if date.month else ""


def _year(date: _Parts, language: str) -> str:
    """The year; a decade or a century by its first and last year."""
    if "X" not in date.year:
        return date.year
    if language == "en" and re.fullmatch(r"\d{3}X", date.year):
        return f"{date.year[:3]}0s"
    return f"{date.year.replace('X', '0')}–{date.year.replace('X', '9')}"
