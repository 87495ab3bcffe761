"""Numbers as they are written in a text: in digits, in words, with a scale, and in the Arabic dual."""

import re
from collections.abc import Iterator, Sequence

from api.drafting.text.words import NUMBER, WORD, Token, without_conjunction

_UNITS = {
    "واحد": 1, "واحده": 1, "احد": 1, "احدي": 1, "اثنان": 2, "اثنين": 2, "اثنتين": 2, "اثنتان": 2, "اثنا": 2, "اثني": 2, "اثنتا": 2, "اثنتي": 2,
    "ثلاثه": 3, "ثلاث": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5,
    "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7, "ثمانيه": 8, "ثماني": 8, "ثمان": 8, "تسعه": 9, "تسع": 9, "عشره": 10, "عشر": 10,
    "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60,
    "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90, "ميه": 100, "مايه": 100,
    **{f"{hundred}{ending}": 200 for hundred in ("ميت", "مايت") for ending in ("ين", "ان", "ي", "ا")},
    **{
        f"{digit}{hundred}": number * 100
        for digit, number in zip("ثلاث اربع خمس ست سبع ثمان ثماني تسع".split(), (3, 4, 5, 6, 7, 8, 8, 9), strict=True)
        for hundred in ("ميه", "مايه")
    },
    "الفين": 2000, "الفان": 2000, "الفي": 2000, "مليونين": 2_000_000, "مليوني": 2_000_000, "مليونان": 2_000_000, "مليونا": 1_000_000,
    "مليارين": 2_000_000_000, "مليارا": 1_000_000_000, "ملياري": 2_000_000_000,
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
    """Ranges of tokens that write a number, with its value: 60 ألف، ثمانية، 1,200، 12 ألفا و500، خمسة وعشرين، نصف مليون، جنديين."""
    position = first
    while position < end:
        read = None if _is_part(tokens, position, end) else _number_at(tokens, position, end)
        if read is None:
            position += 1
            continue
        yield position, *read
        position = read[0]


def _number_at(tokens: Sequence[Token], position: int, end: int) -> tuple[int, float] | None:
    """The number that begins at a token, and the token after it."""
    if tokens[position].text in DUALS:
        return position + 1, 2.0
    if tokens[position].text in ("واحد", "واحده"):
        return (position + 1, 1.0) if position > 0 and tokens[position - 1].kind == WORD else None
    read = _term(tokens, position, end)
    if read is None or (read[1] == 1 and tokens[position].kind == WORD):
        return None  # "أحد الوزراء" counts nobody
    stop, total, scale = read
    while scale > 1 and (after := _joined(tokens, stop, end)) is not None:
        more = _term(tokens, after, end, scale)
        if more is None or more[1] >= scale:
            break
        stop, total, scale = more[0], total + more[1], more[2]
    return stop, total


def _joined(tokens: Sequence[Token], position: int, end: int) -> int | None:
    """Where the next term of a number begins: after "و" before digits, or the word itself that و is written onto."""
    if position + 1 < end and tokens[position].text == "و" and tokens[position].end == tokens[position + 1].start:
        return position + 1
    return position if position < end and tokens[position].text[0] == "و" else None


def _term(tokens: Sequence[Token], position: int, end: int, within: float = 1.0) -> tuple[int, float, float] | None:
    """A number up to its scale ("12 ألفا", "خمسة وعشرين مليونا"): the token after it, its value, and the scale.

    `within` is the scale of the term before it, of which "ونصف" is a half.
    """
    word = without_conjunction(tokens[position].text)
    if word in _PARTS:
        is_of_scale = position + 1 < end and tokens[position + 1].text.removeprefix("ال") in _SCALES
        scale = _SCALES[tokens[position + 1].text.removeprefix("ال")] if is_of_scale else within
        return (position + 1 + is_of_scale, _PARTS[word] * scale, 1) if scale > 1 else None
    if word in _ALONE:
        return position + 1, _SCALES[word], _SCALES[word]
    if _UNITS.get(word, 0) >= _TWO_THOUSAND:
        return position + 1, _UNITS[word], _UNITS[word] // 2
    value = _value(tokens[position])
    if value is None:
        return None
    stop, value = _added(tokens, position + 1, end, value)
    if stop < end and tokens[stop].text in _SCALES:
        return stop + 1, value * _SCALES[tokens[stop].text], _SCALES[tokens[stop].text]
    if tokens[position].kind == NUMBER and _GROUPED.fullmatch(tokens[position].text):
        return stop, round(value * 1000), 1
    return stop, value, 1


_TWO_THOUSAND = 2000  # from here on the duals of scales: ألفين، مليونين
_PARTS = {"نصف": 0.5, "ربع": 0.25}
_ALONE = frozenset("الف مليون مليار".split())  # one of these, without a number before it
_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.٫][0-9]{3}")  # 1.200: without a scale no decimals, but thousands


def _added(tokens: Sequence[Token], stop: int, end: int, value: float) -> tuple[int, float]:
    """خمسة وعشرون، خمسة عشر، مئة وستون: words that go on with a number in words."""
    if tokens[stop - 1].kind == NUMBER:
        return stop, value
    while stop < end and tokens[stop].kind == WORD:
        word = without_conjunction(tokens[stop].text)
        more, is_joined = _UNITS.get(word), word != tokens[stop].text
        if more is None or not _goes_on(value, more, is_joined):
            break
        value = value * 100 if more == 100 and not is_joined else value + more
        stop += 1
    return stop, value


def _goes_on(value: float, more: int, is_joined: bool) -> bool:
    """Whether a word goes on with the number before it: ten after units, tens after units and و, less after hundreds and و."""
    rest = value % 100
    if not is_joined:
        return (0 < rest < 10 and more == 10) or (value < 10 and more == 100)
    return (0 < rest < 10 and 20 <= more <= 90) or (rest == 0 and more < 100)


def _value(token: Token) -> float | None:
    if token.kind == NUMBER:
        return _parsed(token.text)
    plain = without_conjunction(token.text)
    words = (token.text, plain, plain[1:] if plain[0] in "بلك" and len(plain) >= _SHORTEST_WITH_PARTICLE else "")
    return next((float(_UNITS[word]) for word in words if word in _UNITS), None)


_SHORTEST_WITH_PARTICLE = 5  # letters; لست is "I am not"


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
