"""Numbers as they are written in a text: in digits, in words, with a scale, and in the Arabic dual."""

import re
from collections.abc import Iterator, Sequence

from api.drafting.text.words import NUMBER, WORD, Token, without_conjunction

_UNITS = {
    "واحد": 1, "واحده": 1, "اثنان": 2, "اثنين": 2, "اثنتين": 2, "ثلاثه": 3, "ثلاث": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5,
    "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7, "ثمانيه": 8, "ثماني": 8, "ثمان": 8, "تسعه": 9, "تسع": 9, "عشره": 10, "عشر": 10,
    "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60,
    "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90, "ميه": 100, "مايه": 100, "ميتين": 200,
    "ميتان": 200, "مايتين": 200, "مايتي": 200, "ثلاثميه": 300, "ثلاثمايه": 300, "اربعميه": 400, "اربعمايه": 400, "خمسميه": 500, "خمسمايه": 500,
    "الفين": 2000, "الفان": 2000, "الفي": 2000, "مليونين": 2_000_000, "مليوني": 2_000_000, "مليونا": 1_000_000,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SCALES = {
    "الف": 1000, "الاف": 1000, "الفا": 1000, "مليون": 1_000_000, "ملايين": 1_000_000, "مليار": 1_000_000_000, "مليارات": 1_000_000_000,
    "بليون": 1_000_000_000, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "mln": 1_000_000, "bn": 1_000_000_000,
}  # fmt: skip
DUALS = {
    "شخصين": "شخص", "جنديين": "جندي", "ساعتين": "ساعه", "قتيلين": "قتيل", "جريحين": "جريح", "طفلين": "طفل", "جثتين": "جثه",
    "جنديان": "جندي", "شخصان": "شخص", "مدنيان": "مدني", "جلستين": "جلسه", "اتفاقيتين": "اتفاقيات", "مذكرتين": "مذكرات",
}  # fmt: skip


def numbers(tokens: Sequence[Token], first: int, end: int) -> Iterator[tuple[int, int, float]]:
    """Ranges of tokens that write a number, with its value: 60 ألف, ثمانية, 1,200, 2.3 مليون, جنديين."""
    position = first
    while position < end:
        value = _value(tokens[position])
        if value is None or _is_part(tokens, position, end):
            position += 1
            continue
        stop = position + 1
        stop, value = _added(tokens, stop, end, value)
        if stop < end and tokens[stop].text in _SCALES:
            value, stop = value * _SCALES[tokens[stop].text], stop + 1
        yield position, stop, value
        position = stop


def _added(tokens: Sequence[Token], stop: int, end: int, value: float) -> tuple[int, float]:
    """خمسة وعشرون، خمسة عشر."""
    while stop < end and tokens[stop].kind == WORD:
        word = without_conjunction(tokens[stop].text)
        more = _UNITS.get(word)
        if more is None or (word == tokens[stop].text and word not in ("عشر", "عشره", "ميه", "مايه")):
            break
        value = value * 100 if more == 100 and value < 10 else value + more
        stop += 1
    return stop, value


def _value(token: Token) -> float | None:
    if token.kind == NUMBER:
        return _parsed(token.text)
    word = token.text
    if word in DUALS:
        return 2.0
    plain = word if word in _UNITS else without_conjunction(word)
    return float(_UNITS[plain]) if plain in _UNITS and plain not in ("واحد", "واحده") else None


def _parsed(digits: str) -> float | None:
    plain = digits.replace("٬", ",").replace("٫", ".")
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", plain) or re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}", plain):
        return float(plain.replace(",", "").replace(".", ""))
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,6})?", plain) else None


def _is_part(tokens: Sequence[Token], position: int, end: int) -> bool:
    """Whether a number is part of a date, a time, an ordinal or a code."""
    before = tokens[position - 1].text if position else ""
    after = tokens[position + 1].text if position + 1 < end else ""
    if before in ("عام", "سنه", "العام", ":", "/", "رقم", "الماده", "البند", "الدوره", "in", "since") or after in (
        ":",
        "/",
    ):
        return True
    return (
        tokens[position].kind == NUMBER and before.endswith("ال") and tokens[position - 1].end == tokens[position].start
    )
