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

_MONEY = re.compile(
    r"^(?:ال)?(?:دولار|يورو|اورو|ريال|درهم|دراهم|دينار|دنانير|جنيه|ليره|روبل|روبيه|فرنك|شيكل|شلن|استرليني|ين$|يوان|dollar|euro|usd|\$|€)"
)
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
            if re.search(
                r"زياد|زاد|رفع|خفض|تخفيض|تقليص|ارتفاع|ارتفع|[يت]رتفع|انخفاض|انخفض|[يت]نخفض|نمو|نما|تراجع|انكماش|انكمش|تقلص|تضاعف|قفز|هبط|هبوط|صعود|increase|rose|fell|drop",
                around,
            )
            else "share"
        )
    money = next((word for word in near[:3] if _MONEY.match(word)), None)
    if money:
        return _money(before, around)
    return _counted(tokens, start, near, around, before)


_VOTERS = frozenset("اعضاء عضوا نواب نايبا نايب دول دوله اصوات صوت صوتا موافقه مويدا معارضا معارضه ضد".split())


def _votes(near: Sequence[str], before: str) -> str | None:
    """Votes for a text, against it, or neither: by what stands before the voters, or after them."""
    if near[0] not in _VOTERS:
        return None
    if re.search(r"(?:امتناع|امتنع|امتنعت|تحفظ)\W*(?:\S+ )?$", before + " "):
        return "abstentions"
    if near[0] in ("ضد", "معارضا", "معارضه") or re.search(r"(?:معارضه|عارضه|عارضته|مقابل|رفض|ضد)\s$", before + " "):
        return "votes-against"
    if near[0] in ("موافقه", "مويدا") or re.search(
        r"(?:اغلبيه|باغلبيه|بموافقه|بتاييد|ايد\S*|لصالح\S*|صوت\S*)\s$", before + " "
    ):
        return "votes-for"
    return "votes-for" if near[0].startswith("صوت") else None


_PERCENT = {("في", "الميه"), ("في", "المايه"), ("ب", "الميه"), ("ب", "المايه"), ("per", "cent")}


def _clause(tokens: Sequence[Token], first: int, end: int, start: int, stop: int) -> tuple[int, int]:
    """The clause around a number: up to a comma or a conjunction of another happening on either side."""
    low, high = start, stop
    while low > max(first, start - _CLAUSE) and tokens[low - 1].text not in "؛;.":
        low -= 1
    while high < min(end, stop + _CLAUSE) and tokens[high].text not in "،,؛;.":
        high += 1
    return low, high


_MONEY_MEASURES = tuple(
    (measure, re.compile(pattern))
    for measure, pattern in (
        ("trade-volume", r"تبادل|مبادلات|التجاري|صادرات|واردات|trade"),
        ("damage-cost", r"اضرار|خساير|خساره|damage"),
        ("money-needed", r"حاجه|[يت]حتاج|نحتاج|مطلوب|لازم|نداء|تمويل(?:ا|ات)? ب|[يت]تطلب|needed|require"),
        (
            "money-pledged",
            r"تعهد|سيقدم|ستقدم|سنقدم|تقديم|منح|مساهم|تخصيص|خصص|رصد|اعتماد بقيمه|فتح اعتماد|قرض|حزمه|س[يتن](?:دفع|تبرع|صرف|وفر|ساهم|مول|نفق)|pledge",
        ),
        ("money-paid", r"(?<![ست])(?<!س[يتن])قدم|دفع|صرف|تبرع|انفق|حول(?:ت)? |paid|provided|gave"),
    )
)


def _money(before: str, around: str) -> str | None:
    """What a sum is: by the last word before it that says so, or else by the first after it."""
    latest = max(((m.end(), name) for name, pattern in _MONEY_MEASURES for m in pattern.finditer(before)), default=None)
    first = min(
        ((m.start(), name) for name, pattern in _MONEY_MEASURES for m in pattern.finditer(around)), default=None
    )
    return latest[1] if latest else first[1] if first else None


def _counted(tokens: Sequence[Token], start: int, near: Sequence[str], around: str, before: str) -> str | None:
    nouns = [without_conjunction(word) if without_conjunction(word) in ALL_NOUNS else word for word in near[:3]]
    previous = tokens[start - 1].text if start else ""
    if previous in BODIES:
        return of_bodies(around)
    dual = DUALS.get(tokens[start].text)
    noun = dual or next((word for word in nouns if word in ALL_NOUNS), None)
    if tokens[start].text in ("واحد", "واحده", "اثنان", "اثنين", "اثنتين", "اثنتان") and previous in ALL_NOUNS:
        noun = previous
    near = [dual, *near] if dual else near
    if noun in BODIES:
        return of_bodies(around)
    if noun in FAMILIES:
        return "families-displaced" if re.search(HAPPENED[5][1], around) else None
    if noun is not None and noun in PERSONS:
        return of_people(noun, near, before, around)
    if re.search(r"اغلبيه|صوت|تصويت|امتناع|امتنع|عارض", around) and near and (votes := _votes(near, before)):
        return votes
    for measure, pattern in THINGS:
        if near and any(pattern.match(word) for word in near[:1]):
            return of_things(measure, around)
    happened = (
        what_happened(before, around) if not near or near[0] in ("من", "في", "و") or not near[0].isalpha() else None
    )
    return of_people("", near, before, around) if happened else None
