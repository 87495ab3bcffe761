"""The complement of a verb: what introduces the content, and where it begins."""

from collections.abc import Container
from functools import cache

from api.drafting.cues.cue import OBJECT, QUOTED, THAT
from api.drafting.cues.governing import INSIDE, PARTICLES, WRITTEN_ON, takes_both
from api.drafting.cues.homographs import DAYS
from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import PARTICIPLE, PAST, Verb
from api.drafting.sources.heads import bare, head_of, takes_particle
from api.drafting.text.words import COMMAS, NUMBER, WORD

_DASHES = frozenset("-–—")
_STRONGLY = frozenset("باشد باقسي باقوي باغلظ".split())  # "in the strongest terms", before the object
FARTHEST = 60  # tokens from a verb to its complement


def complement_at(scan: Scan, position: int, verb: Verb) -> tuple[str, int]:
    """What introduces the content, and the token where it begins; empty when the verb has no complement."""
    stop = min(scan.end, position + FARTHEST)
    position += 2 * (position + 2 < stop and scan.tokens[position].text in _STRONGLY)
    place, direct = _past_setting(scan, position, verb, stop), None
    while place < stop:
        if introduced := _introduced(scan, place, position, verb, stop):
            return introduced
        passed = _past_aside(scan, place, stop)
        if passed > place:
            place = passed
            continue
        if _other_begins(scan, place, position):
            break
        if direct is None and "object" in verb.complements and _may_be_object(scan, place, position):
            direct = place
            if not takes_both(verb):
                return OBJECT, place
        place += 1
    if direct is None and "object" in verb.complements and position + 2 < stop:
        direct = _object_after_aside(scan, position)
    return (OBJECT, direct) if direct is not None else ("", scan.end)


def _introduced(scan: Scan, place: int, position: int, verb: Verb, stop: int) -> tuple[str, int] | None:
    """The complement that a token introduces: a quotation, a colon, أن, or a particle that the verb governs."""
    word = scan.tokens[place].text
    takes_that = "that" in verb.complements
    if place in scan.opening and scan.is_long_quotation(place):
        is_name = scan.tokens[place - 1].text in ("موتمر", "باسم")
        return (QUOTED, place) if place == position or (takes_that and not is_name) else None
    if word == ":" and place + 1 < stop:
        return QUOTED, place + 1
    if word in word_list("complementizers") and takes_that and not _is_of_other_word(scan, place, position):
        return THAT, place
    if particle := _governed(word, verb, place, position, scan.opening):
        return (THAT if takes_that and _next_is_that(scan, place) else particle), place
    return None


_WITH_THAT = frozenset("شانها شانه قبل بعد منذ دون يمكن يجب ينبغي".split())


def _is_of_other_word(scan: Scan, place: int, position: int) -> bool:
    """Whether أن belongs to the word before it: "بعد أن", "من شأنها أن", "يمكن أن"."""
    return place > position and scan.tokens[place - 1].text in _WITH_THAT


def _past_aside(scan: Scan, place: int, stop: int) -> int:
    """Past a quoted name, a bracket, or "طلب عدم ذكر اسمه"; the place itself when nothing of the kind stands there."""
    word = scan.tokens[place].text
    if place in scan.opening and scan.is_long_quotation(place):
        return min(scan.opening[place].last + 1, scan.end)
    if word == "(":
        return scan.after_bracket(place)
    if word in _DASHES:
        return scan.after_bracket(place, word)
    following = scan.tokens[place + 1].text if place + 1 < stop else ""
    if word in ("طلب", "فضل", "رفض", "مشترطا", "طالبا", "مفضلا", "شريطه") and following in (
        "عدم",
        "الكشف",
        "ذكر",
        "حجب",
    ):
        return next((p for p in range(place, stop) if scan.tokens[p].text in COMMAS), place + 1)
    return place


_SETTINGS = frozenset("في خلال عبر عقب اثناء".split())
_LONGEST_SETTING = 14  # tokens


def _past_setting(scan: Scan, place: int, verb: Verb, stop: int) -> int:
    """To the comma after where and when it was said, right after the verb or its subject: "أدان المجلس، في بيان له أمس، الهجوم".

    The place itself when nothing of the kind stands there.
    """
    if place + 1 >= stop or scan.tokens[place].text not in COMMAS:
        return place
    word = scan.tokens[place + 1].text
    if word not in _SETTINGS or _governed(word, verb, place + 1, place, ()):
        return place
    end = min(stop - 1, place + _LONGEST_SETTING)
    return next((p for p in range(place + 2, end) if scan.tokens[p].text in COMMAS), place)


def _object_after_aside(scan: Scan, position: int) -> int | None:
    """The object after a place or time of two words: "وأكد الرئيس خلال اللقاء عمق العلاقات"."""
    aside = scan.tokens[position].text in ("خلال", "عقب", "بعد", "اثناء", "امام", "في")
    after = scan.tokens[position + 2]
    return position + 2 if aside and after.kind == WORD and after.text not in word_list("adverbs") else None


def _governed(word: str, verb: Verb, place: int, position: int, opening: Container[int]) -> str:
    for complement, particles, written in _particles(verb.complements):
        if word in particles or (word == written and place + 1 in opening):
            return complement
        if written and word.startswith(written) and takes_particle(word, written):
            if complement == "for" and place > position and (head_of(word) or place > position + 8):
                continue
            if complement == "by" and _is_setting_phrase(word):
                continue
            return complement
    return ""


@cache
def _particles(complements: frozenset[str]) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """What introduces each complement: words, and what is written onto the first word; in the order of their names."""
    return tuple((name, PARTICLES[name], WRITTEN_ON.get(name, "")) for name in sorted(complements & PARTICLES.keys()))


def _is_setting_phrase(word: str) -> bool:
    return (
        bare(word) in ("عاصمه", "مدينه", "مقر", "موتمر", "قصر", "تاريخ", "تصريح", "تصريحات", "مناسبه", "وزاره", "كلمه")
        and word[:1] == "ب"
    )


def _next_is_that(scan: Scan, place: int) -> bool:
    place += 1 + (place + 1 < scan.end and scan.tokens[place + 1].text == "القول")
    return place < scan.end and scan.tokens[place].text in word_list("complementizers")


def _other_begins(scan: Scan, place: int, position: int) -> bool:
    """Whether another verb of saying begins here, so that this one has no complement of its own."""
    if place <= position or scan.tokens[place].kind != WORD:
        return False
    if place + 1 < scan.end and scan.tokens[place + 1].text in INSIDE and scan.forms_at(place)[0]:
        return True
    if scan.tokens[place - 1].text not in COMMAS:
        return False
    if scan.tokens[place].text in ("فيما", "بينما", "كما", "لكن", "ولكن"):
        return True
    forms = [form for form in scan.forms_at(place)[0] if form.kind in (PAST, PARTICIPLE)]
    return any(form.verb.sure or form.kind == PARTICIPLE for form in forms)


def _may_be_object(scan: Scan, place: int, position: int) -> bool:
    token = scan.tokens[place]
    if token.kind == NUMBER:
        return place == position
    if token.kind != WORD:
        between = (scan.tokens[p].text for p in range(position, place))
        after_aside = place > position + 1 and scan.tokens[place - 1].text in COMMAS
        return token.text in '«"“' and (after_aside or all(word in DAYS for word in between))
    word = token.text
    if word in DAYS or (word == "اول" and place + 1 < scan.end and scan.tokens[place + 1].text in ("امس", "من")):
        return False
    if place > position and scan.tokens[place - 1].text not in COMMAS and word not in word_list("objects"):
        after_day = scan.tokens[place - 1].kind == WORD and scan.tokens[place - 1].text in DAYS
        return after_day and not takes_particle(word, "ب") and word not in word_list("prepositions")
    return (
        word not in word_list("adverbs")
        and word not in word_list("prepositions")
        and word not in word_list("openers")
        and not takes_particle(word, "ب")
        and not word.startswith(("لل", "في"))
        and word not in DAYS
    )


def is_reporting(scan: Scan, verb: Verb, complement: str, content: int) -> bool:
    """Whether a verb with this complement reports what follows."""
    if content >= scan.end:
        return False
    if complement in (THAT, QUOTED):
        return True
    return bool(complement) and not verb.bound and (verb.sure or complement in verb.complements)
