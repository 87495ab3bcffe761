"""The names of months in Arabic and English, with twins such as تشرين الأول/أكتوبر."""

from collections.abc import Sequence

from api.drafting.text.words import Token

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


def word_at(tokens: Sequence[Token], position: int, end: int) -> str:
    """The folded word at a token; empty at the end of the range."""
    return tokens[position].text if position < end else ""


def month_at(tokens: Sequence[Token], position: int, end: int) -> tuple[int, int] | None:
    """A month's number and where its name ends; "كانون الأول/ديسمبر" and "نوفمبر (تشرين الثاني)" are one name."""
    single = _single_month(tokens, position, end)
    if single is None:
        return None
    number, after = single
    if word_at(tokens, after, end) in ("/", "("):
        twin = _single_month(tokens, after + 1, end)
        if twin and twin[0] == number:
            after = twin[1] + (word_at(tokens, twin[1], end) == ")")
    return number, after


def _single_month(tokens: Sequence[Token], position: int, end: int) -> tuple[int, int] | None:
    word = word_at(tokens, position, end)
    if word in _TWINS:
        number = _TWINS[word].get(word_at(tokens, position + 1, end))
        return (number, position + 2) if number else None
    return (MONTHS[word], position + 1) if word in MONTHS else None
