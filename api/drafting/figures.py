"""Figures that the vocabulary of measures knows: how many were killed, displaced, released; money, areas, votes.

A number counts only when a word beside it says what is counted. Years, dates, times and ordinals are no figures.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from api.drafting.words import NUMBER, WORD, Token, without_conjunction

EXACT, APPROXIMATE, MORE, LEAST, LESS = "exact", "approximate", "more-than", "at-least", "less-than"


class Figure(NamedTuple):
    """A number in tokens `first` to `end` (exclusive): what is measured, how much, in which unit, and how exactly."""

    first: int
    end: int
    measure: str
    value: float
    bound: str


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
_DUALS = {
    "شخصين": "شخص", "جنديين": "جندي", "ساعتين": "ساعه", "قتيلين": "قتيل", "جريحين": "جريح", "طفلين": "طفل", "جثتين": "جثه",
    "جنديان": "جندي", "شخصان": "شخص", "مدنيان": "مدني", "جلستين": "جلسه", "اتفاقيتين": "اتفاقيات", "مذكرتين": "مذكرات",
}  # fmt: skip

_BOUNDS = (
    (LEAST, ("لا يقل عن", "لا تقل عن", "علي الاقل", "ما لا يقل عن", "at least", "no fewer than")),
    (
        MORE,
        (
            "اكثر من",
            "ما يزيد علي",
            "ما يزيد عن",
            "يزيد علي",
            "تزيد علي",
            "يفوق",
            "تفوق",
            "يتجاوز",
            "تجاوز",
            "تجاوزت",
            "more than",
            "over",
        ),
    ),
    (LESS, ("اقل من", "لا يتجاوز", "لا تتجاوز", "لم يتجاوز", "لم تتجاوز", "less than", "fewer than", "up to")),
    (
        APPROXIMATE,
        ("نحو", "حوالي", "قرابه", "زهاء", "ما يقارب", "ما يقرب من", "تقريبا", "about", "around", "nearly", "some"),
    ),
)
_BOUND_WORDS = [(bound, tuple(phrase.split())) for bound, phrases in _BOUNDS for phrase in phrases]
_BOUND_WORDS.sort(key=lambda entry: -len(entry[1]))

# What is counted, by the noun at the number; then by what happened to them, in the clause around it.
_SOLDIERS = frozenset(
    "جندي جنديا جنود جنودها جنوده جنودنا عسكري عسكريا عسكريين عسكريون ضابط ضباط مقاتل مقاتلا مقاتلين عناصر عنصرا soldiers soldier servicemen troops".split()
)
_CIVILIANS = frozenset("مدني مدنيا مدنيين مدنيون مدنيا civilians civilian".split())
_PEOPLE = frozenset(
    "شخص شخصا اشخاص طفل طفلا اطفال لاطفال امراه نساء مواطن مواطنا مواطنين مواطنون مهاجر مهاجرا مهاجرين لاجي لاجيا لاجيين نازح نازحا نازحين اخرين اخرون"
    " انسان بحارا بحاره بحار عامل عاملا عمال سجينا سجناء سجين معتقلا معتقلين اسيرا اسري محتجزا محتجزين رهينه رهاين مشتبه متهما متهمين ارهابيا ارهابيين مسلحا مسلحين متظاهرا متظاهرين قتيل قتيلا قتلي جريح جريحا جرحي مصاب مصابا"
    " مصابين مفقود مفقودا مفقودين مسافرا راكبا منهم people persons person children women migrants refugees others sailors prisoners dead injured wounded".split()
)
_FAMILIES = frozenset("اسره اسرا اسر عايله عايلات عايلا families households".split())
_BODIES = frozenset("جثه جثث جثمان جثامين جثمانا رفات bodies remains corpses".split())

_HAPPENED = (
    ("killed", re.compile(r"قتل|مقتل|قتيل|مصرع|استشهاد|شهيد|شهداء|لقوا حتف|وفاه|توفي|اودت|killed|dead|died|death")),
    ("injured", re.compile(r"اصاب|اصيب|جرح|جريح|مصاب|injur|wounded|hurt")),
    ("missing", re.compile(r"مفقود|فقدان|فقد |missing")),
    (
        "detained",
        re.compile(r"توقيف|اوقف|اعتقال|اعتقل|احتجاز|محتجز|القبض|معتقل|اسير|اسري|سجين|detain|arrest|captur|prisoner"),
    ),
    ("released", re.compile(r"افراج|اطلاق سراح|سراح|افرج|releas|freed")),
    ("displaced", re.compile(r"نزوح|نازح|نزح|تهجير|هجر |هجرت|مهجر|تشريد|شرد|لاجي|displac|fled|refugee")),
    ("returned", re.compile(r"عوده|عاد |عادوا|عادت|العايد|return")),
    ("evacuated", re.compile(r"اجلاء|اجلي|اخلاء|evacuat")),
    ("need", re.compile(r"بحاجه|يحتاج|تحتاج|محتاج|في حاجه|مجاعه|in need|need ")),
    ("assisted", re.compile(r"استفاد|مستفيد|تلقوا مساعد|تقديم المساعد|received aid|assist|reached with")),
    ("deployed", re.compile(r"نشر |انتشار|deploy")),
    ("participants", re.compile(r"مشارك|شارك|حضور|attend|participa")),
)
_PEOPLE_MEASURES = {
    "missing": "people-missing", "detained": "people-detained", "released": "people-released", "displaced": "people-displaced",
    "returned": "people-returned", "evacuated": "people-evacuated", "need": "people-in-need", "assisted": "people-assisted",
    "participants": "participants",
}  # fmt: skip
_MONEY = re.compile(r"^(?:ال)?(?:دولار|يورو|ريال|درهم|دينار|جنيه|ليره|روبل|فرنك|شيكل|dollar|euro|usd|\$|€)")
_THINGS = (
    ("vaccine-doses", re.compile(r"^جرع|^doses?$")),
    ("documents-signed", re.compile(r"^(?:اتفاقيه|اتفاقيات|مذكره|مذكرات|وثيقه|وثايق)$|^(?:agreements|memoranda)$")),
    ("mines-cleared", re.compile(r"^(?:لغم|لغما|الغام)$|^mines$")),
    ("buildings-damaged", re.compile(r"^(?:مبني|مباني|منزل|منزلا|منازل|بنايه|houses|homes|buildings)$")),
    ("settlements", re.compile(r"^(?:قريه|قري|بلده|بلدات|villages|towns)$")),
    ("equipment-lost", re.compile(r"^(?:دبابه|دبابات|مدرعه|مدرعات|طايره|طايرات|مسيره|tanks|drones|aircraft)$")),
    ("ceasefire-violations", re.compile(r"^(?:خرق|خرقا|خروق|خروقات|انتهاك|انتهاكا|انتهاكات|violations)$")),
    (
        "attacks",
        re.compile(r"^(?:هجوم|هجوما|هجمات|غاره|غارات|صاروخ|صاروخا|صواريخ|اعتداء|attacks|strikes|rockets|missiles)$"),
    ),
    ("votes-for", re.compile(r"^(?:صوت|صوتا|اصوات|votes)$")),
    ("goods-delivered", re.compile(r"^(?:طن|طنا|اطنان|شاحنه|شاحنات|tons|tonnes|trucks)$")),
    ("area", re.compile(r"^(?:هكتار|هكتارا|هكتارات|فدان|فدانا|دونم|دونما|hectares|acres)$")),
    ("distance", re.compile(r"^(?:كيلومتر|كيلومترا|كيلومترات|كم|ميل|ميلا|اميال|kilometres|kilometers|km|miles)$")),
    ("negotiation-sessions", re.compile(r"^(?:جلسه|جلسات|جوله|جولات|rounds|sessions)$")),
    ("duration", re.compile(r"^(?:ساعه|ساعات|ساعتين|دقيقه|دقايق|hours|minutes|hour)$")),
)
_LASTED = re.compile(r"استمر|دام|استغرق|مدته|lasted|duration")
_MEETING = re.compile(r"قمه|اجتماع|لقاء|محادث|مباحث|جلسه|summit|meeting|talks|call")
_REACH = 6  # tokens after a number in which what it counts is looked for
_CLAUSE = 14  # tokens before and after a number that say what happened


def figures(tokens: Sequence[Token], first: int, end: int) -> list[Figure]:
    """The figures in a range of tokens, in order."""
    found = []
    for start, stop, value in _numbers(tokens, first, end):
        if measure := _measure(tokens, first, end, start, stop):
            found.append(Figure(start, stop, measure, value, _bound(tokens, first, start, stop, end)))
    return found


def _numbers(tokens: Sequence[Token], first: int, end: int) -> Iterator[tuple[int, int, float]]:
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
    if word in _DUALS:
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


def _measure(tokens: Sequence[Token], first: int, end: int, start: int, stop: int) -> str | None:
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
        ("money-pledged", r"تعهد|سيقدم|ستقدم|تقديم|منحه|pledge"),
        ("money-paid", r"قدم|دفع|صرف|تبرع|paid|provided|gave"),
    ):
        if re.search(pattern, around):
            return measure
    return None


def _counted(tokens: Sequence[Token], start: int, near: Sequence[str], around: str, before: str) -> str | None:
    nouns = [without_conjunction(word) if without_conjunction(word) in _ALL_NOUNS else word for word in near[:3]]
    previous = tokens[start - 1].text if start else ""
    if previous in _BODIES:
        return _of_bodies(around)
    dual = _DUALS.get(tokens[start].text)
    noun = dual or next((word for word in nouns if word in _ALL_NOUNS), None)
    if tokens[start].text in ("اثنين", "اثنتين") and previous in _ALL_NOUNS:
        noun = previous
    near = [dual, *near] if dual else near
    if noun in _BODIES:
        return _of_bodies(around)
    if noun in _FAMILIES:
        return "families-displaced" if re.search(_HAPPENED[5][1], around) else None
    if noun is not None and noun in _PERSONS:
        return _of_people(noun, near, before, around)
    for measure, pattern in _THINGS:
        if near and any(pattern.match(word) for word in near[:1]):
            return _of_things(measure, around)
    if re.search(r"ب?اغلبيه|صوت", around) and near[:1] and near[0] in ("موافقه", "مويدا"):
        return "votes-for"
    happened = _happened(before, around) if not near or near[0] in ("من", "في", "و") or not near[0].isalpha() else None
    return _of_people("", near, before, around) if happened else None


def _happened(before: str, around: str) -> str | None:
    """What happened to those who are counted: the last thing told before the number, or else the first after it."""
    latest = max(
        ((match.start(), name) for name, pattern in _HAPPENED for match in pattern.finditer(before)), default=None
    )
    if latest:
        return latest[1]
    first = min(
        ((match.start(), name) for name, pattern in _HAPPENED if (match := pattern.search(around))), default=None
    )
    return first[1] if first else None


def _of_people(noun: str, near: Sequence[str], before: str, around: str) -> str | None:
    own = _happened(noun + " ", noun + " ") if noun else None
    after = " ".join(near)
    happened = own or _happened(before, after if not before else before + " " + after) or _happened("", around)
    soldiers = (
        noun in _SOLDIERS
        or any(word in _SOLDIERS for word in near[:3])
        or (noun in ("اخرين", "اخرون", "منهم", "") and re.search(r"جنود|جندي|عسكري", around))
    )
    civilians = noun in _CIVILIANS or any(word in _CIVILIANS for word in near[:2])
    who = "soldiers" if soldiers and not civilians else "civilians" if civilians else "people"
    if happened in ("killed", "injured"):
        return f"{who}-{happened}"
    if happened == "deployed":
        return "troops-deployed" if soldiers else None
    return _PEOPLE_MEASURES.get(happened or "")


def _of_bodies(around: str) -> str | None:
    if re.search(r"انتشال|عثر|العثور|recover|found|retriev", around):
        return "remains-recovered"
    if re.search(r"عرض|استعداد|offer", around):
        return "remains-offered"
    return "remains-transferred" if re.search(r"تسليم|تسلم|سلم|transfer|hand", around) else None


def _of_things(measure: str, around: str) -> str | None:
    if measure == "duration":
        if not _LASTED.search(around):
            return None
        return "meeting-duration" if _MEETING.search(around) else "duration"
    if measure == "negotiation-sessions":
        return measure if re.search(r"مفاوض|مباحث|محادث|تفاوض|talks|negotiat", around) else None
    if measure == "documents-signed":
        return measure if re.search(r"وقع|توقيع|ابرام|sign", around) else None
    if measure == "equipment-lost":
        return measure if re.search(r"تدمير|اسقاط|دمر|خسر|خساره|destroy|down|lost", around) else None
    if measure == "buildings-damaged":
        return measure if re.search(r"تدمير|دمر|تضرر|هدم|اضرار|damag|destroy", around) else None
    return measure


_PERSONS = _SOLDIERS | _CIVILIANS | _PEOPLE
_ALL_NOUNS = _PERSONS | _FAMILIES | _BODIES


def _bound(tokens: Sequence[Token], first: int, start: int, stop: int, end: int) -> str:
    for bound, phrase in _BOUND_WORDS:
        low = start - len(phrase)
        if (
            low >= first
            and tuple(without_conjunction(t.text) if i == 0 else t.text for i, t in enumerate(tokens[low:start]))
            == phrase
        ):
            return bound
        if low >= first and tuple(token.text for token in tokens[low:start]) == phrase:
            return bound
    if [token.text for token in tokens[stop : stop + 4]][-2:] == ["علي", "الاقل"]:
        return LEAST
    if start > first and tokens[start - 1].text == "سوي":
        return EXACT
    return EXACT
