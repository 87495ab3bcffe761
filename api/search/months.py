"""The names of the months: نوفمبر, تشرين الثاني and November are the same token, in whichever calendar's wording.

The token is the Levantine name, with a digit where two months share it (تشرين1, تشرين2). Names of two words, and names
that are also other words (May, march, آب), are recognised by their neighbours, see `joined`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# The token, then the other names of the month, folded: Gregorian, Maghrebi, English. A bar marks how much of a name
# means the month in a search for beginnings; less of it also begins other words. Without a bar: the whole name.
_NAMES = """
كانون2 يناي|ر جانفي janu|ary
شباط فبر|اير فيفر|ي febr|uary feb
اذار مارس
نيسان ابريل افريل apri|l apr
ايار مايو
حزيران يونيو يونيه june
تموز يوليو يوليه جويلي|ه يوليوز july
اغسطس اغسط|وس غشت augu|st aug
ايلول سبتم|بر شتنب|ر septe|mber sept sep
تشرين1 اكتو|بر octo|ber oct
تشرين2 نوف|مبر نونب|ر novem|ber nov
كانون1 ديسم|بر دجنب|ر decem|ber dec
"""
_ROWS = [line.split() for line in _NAMES.strip().splitlines()]

MONTHS = {name.replace("|", ""): row[0] for row in _ROWS for name in row if not row[0][-1:].isdigit() or name != row[0]}
"""Names that mean nothing but the month, folded, with their tokens."""

# Names that are other words too. They mean months only beside a number or another month, after في or "since", or alone.
AMBIGUOUS = {
    "اب": "اغسطس",  # أب, a father
    "اوت": "اغسطس",
    "جوان": "حزيران",
    "ماي": "ايار",  # Theresa May
    "march": "اذار",
    "mar": "اذار",
    "may": "ايار",
    "jan": "كانون2",
    "jun": "حزيران",
    "jul": "تموز",
}
_LEADING = frozenset(
    """
    في منذ خلال حتي شهر منتصف مطلع اوايل اواخر بدايه نهايه
    in since until till by before after from of during early late mid last next
    """.split()
)

TWINS = frozenset({"تشرين", "كانون"})
_WHICH_TWIN = {"الاول": "1", "اول": "1", "الثاني": "2", "ثاني": "2"}

_TOKENS = frozenset(row[0] for row in _ROWS)
SIGNS = _TOKENS | TWINS | AMBIGUOUS.keys()
"""Stems of months. Words with none of these stems need not be `joined`."""


class Token(NamedTuple):
    """A token and the words it stands for, from `first` up to, not including, `end`."""

    token: str
    first: int
    end: int


def joined(words: Sequence[str], stems: Sequence[str]) -> list[Token]:
    """The tokens of a text's words: their stems, with a single token for each month.

    تشرين الثاني is a single token, and so is a month named twice, as official Arabic does: تشرين الثاني/نوفمبر.
    """
    tokens: list[Token] = []
    for token in _months(words, stems):
        if tokens and token.token in _TOKENS and token.token == tokens[-1].token:
            token = Token(token.token, tokens.pop().first, token.end)
        tokens.append(token)
    return tokens


def _months(words: Sequence[str], stems: Sequence[str]) -> Iterator[Token]:
    place = 0
    while place < len(stems):
        stem, width = stems[place], 1
        if stem in TWINS and place + 1 < len(words) and words[place + 1] in _WHICH_TWIN:
            stem, width = stem + _WHICH_TWIN[words[place + 1]], 2
        elif stem in AMBIGUOUS and _is_month(words, stems, place):
            stem = AMBIGUOUS[stem]
        yield Token(stem, place, place + width)
        place += width


def _is_month(words: Sequence[str], stems: Sequence[str], place: int) -> bool:
    name = stems[place]
    if words[place] not in (name, words[place][:1] + name):  # with a clitic; but not marches, الأب
        return False
    neighbours = [*stems[max(0, place - 1) : place], *stems[place + 1 : place + 2]]
    return (
        len(stems) == 1
        or (place > 0 and words[place - 1] in _LEADING)
        or any(stem.isdigit() or stem in _TOKENS or stem in TWINS for stem in neighbours)
    )


_BEGINNINGS = {
    name.replace("|", "")[:length]: row[0]
    for row in _ROWS
    for name in row[1:]
    if "|" in name
    for length in range(name.index("|"), len(name) - 1)
}


def month_begun(typed: str) -> str | None:
    """The token of the month whose name begins so; None when too little of it is typed to tell."""
    return _BEGINNINGS.get(typed)
