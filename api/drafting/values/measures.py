"""What a number measures, by the noun beside it and by what happened in the clause around it."""

import re
from collections.abc import Sequence

from api.drafting.text.words import Token, without_conjunction
from api.drafting.values.counted import (
    ALL_NOUNS,
    BODIES,
    FAMILIES,
    HAPPENED,
    PERSONS,
    THINGS,
    of_bodies,
    of_people,
    of_things,
    what_happened,
)
from api.drafting.values.numbers import DUALS

_MONEY = re.compile(r"^(?:ال)?(?:دولار|يورو|ريال|درهم|دينار|جنيه|ليره|روبل|فرنك|شيكل|dollar|euro|usd|\$|€)")
_REACH = 6  # tokens after a number in which what it counts is looked for
_CLAUSE = 14  # tokens before and after a number that say what happened


def measure_of(tokens: Sequence[Token], first: int, end: int, start: int, stop: int) -> str | None:
    """What a number measures; None when nothing beside it says so."""
    low, high = _clause(tokens, first, end, start, stop)
    around = " ".join(token.text for token in tokens[low:high])
    before = " ".join(token.text for token in tokens[low:start])
    near = [token.text for token in tokens[stop : min(end, stop + _REACH)]]
    if near and (near[0] in ("%", "٪", "percent", "بالميه", "بالمايه") or tuple(near[:2]) in _PERCENT):
        return (
            "change"
            if re.search(r"زياده|ارتفاع|ارتفع|انخفاض|انخفض|نمو|تراجع|increase|rose|fell|drop", around)
            else "share"
        )
    money = next((word for word in near[:3] if _MONEY.match(word)), None)
    if money:
        return _money(around)
    return _counted(tokens, start, near, around, before)


_PERCENT = {("في", "الميه"), ("في", "المايه"), ("per", "cent")}


def _clause(tokens: Sequence[Token], first: int, end: int, start: int, stop: int) -> tuple[int, int]:
    """The clause around a number: up to a comma or a conjunction of another happening on either side."""
    low, high = start, stop
    while low > max(first, start - _CLAUSE) and tokens[low - 1].text not in "؛;.":
        low -= 1
    while high < min(end, stop + _CLAUSE) and tokens[high].text not in "،,؛;.":
        high += 1
    return low, high


def _money(around: str) -> str | None:
    for measure, pattern in (
        ("trade-volume", r"تبادل|مبادلات|التجاري|trade"),
        ("damage-cost", r"اضرار|خساير|damage"),
        ("money-needed", r"حاجه|يحتاج|مطلوب|لازم|needed|require"),
        ("money-pledged", r"تعهد|سيقدم|ستقدم|سنقدم|تقديم|منحه|تخصيص|خصص|ستخصص|سيخصص|اعتماد بقيمه|فتح اعتماد|pledge"),
        ("money-paid", r"قدم|دفع|صرف|تبرع|paid|provided|gave"),
    ):
        if re.search(pattern, around):
            return measure
    return None


def _counted(tokens: Sequence[Token], start: int, near: Sequence[str], around: str, before: str) -> str | None:
    nouns = [without_conjunction(word) if without_conjunction(word) in ALL_NOUNS else word for word in near[:3]]
    previous = tokens[start - 1].text if start else ""
    if previous in BODIES:
        return of_bodies(around)
    dual = DUALS.get(tokens[start].text)
    noun = dual or next((word for word in nouns if word in ALL_NOUNS), None)
    if tokens[start].text in ("اثنين", "اثنتين") and previous in ALL_NOUNS:
        noun = previous
    near = [dual, *near] if dual else near
    if noun in BODIES:
        return of_bodies(around)
    if noun in FAMILIES:
        return "families-displaced" if re.search(HAPPENED[5][1], around) else None
    if noun is not None and noun in PERSONS:
        return of_people(noun, near, before, around)
    for measure, pattern in THINGS:
        if near and any(pattern.match(word) for word in near[:1]):
            return of_things(measure, around)
    if re.search(r"ب?اغلبيه|صوت", around) and near[:1] and near[0] in ("موافقه", "مويدا"):
        return "votes-for"
    happened = (
        what_happened(before, around) if not near or near[0] in ("من", "في", "و") or not near[0].isalpha() else None
    )
    return of_people("", near, before, around) if happened else None
