"""The subject before its verb: "لكن وزارة الدفاع نفت"."""

from collections.abc import Sequence

from api.drafting.cues.homographs import DAYS, LIKE_NOUNS
from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import FEMININE, MASCULINE, PAST, PRESENT, Form
from api.drafting.sources.description import BODY, PERSON, Description
from api.drafting.sources.descriptions import descriptions_within
from api.drafting.sources.heads import head_of
from api.drafting.text.words import COMMAS, WORD, without_conjunction

_LOOSE = frozenset("، , كان كانت ايضا كذلك اليوم امس".split())


def subjects_before(scan: Scan, position: int, forms: Sequence[Form]) -> tuple[Description, ...]:
    """Who stands before the verb in its clause: "لكن وزارة الدفاع نفت", "وكان المتحدث، فلان، قد زعم", "أن دولة سواحل عرضت"."""
    found = _subjects_from(scan, position, forms, _subject_start(scan, position))
    after_aside = not scan.found and scan.clause > scan.first and scan.tokens[position - 1].text in COMMAS
    if found or not after_aside:
        return found
    at_first = _subjects_from(scan, position, forms, scan.first)  # "الدكتور حسام نبيل، أستاذ الاقتصاد، يرى"
    return at_first if at_first and at_first[0].kind in (PERSON, BODY) else ()


def _subjects_from(scan: Scan, position: int, forms: Sequence[Form], start: int | None) -> tuple[Description, ...]:
    if start is None or not 1 <= position - start <= 18:
        return ()
    certain = scan.tokens[position - 1].text in ("قد", "فقد", "سبق") or any(
        f.kind == PRESENT or f.agrees != MASCULINE for f in forms
    )
    if not certain and scan.tokens[position].text in LIKE_NOUNS:
        return ()
    stop = position - (scan.tokens[position - 1].text in ("قد", "فقد"))
    while stop > start and scan.tokens[stop - 1].text in _LOOSE:
        stop -= 1
    found = descriptions_within(scan.tokens, start, stop)
    if not found or not _reaches(scan, found[-1].end, stop, position):
        return ()
    if found[0].kind == "name" and not _may_be_subject(scan, found[0], start):
        return ()
    if not _agrees_before(forms, found[0]):
        return ()
    return tuple(found)


def is_after_as_for(scan: Scan, position: int) -> bool:
    """Whether ف joins a verb to the subject after أما: "أما رئيس البلدية فحمّل الشركة المسؤولية"."""
    starts = scan.tokens[position].text[0] == "ف" or scan.tokens[position - 1].text == "فقد"
    return starts and scan.tokens[scan.first].text in ("اما", "واما")


def has_subject_first(scan: Scan, start: int) -> bool:
    """Whether a clause that begins at a token names its subject and then a verb of saying."""
    stop = min(scan.end, start + 12)
    for position in range(start + 1, stop):
        forms = [form for form in scan.forms_at(position)[0] if form.kind in (PAST, PRESENT)]
        if forms and subjects_before(scan, position, forms):
            return True
    return False


def _subject_start(scan: Scan, position: int) -> int | None:
    start = scan.clause
    if is_after_as_for(scan, position):
        return scan.first + 1
    if scan.that is not None and scan.that < position and position - scan.that <= 18:
        return scan.that
    opens = start < position and scan.tokens[start].text in word_list("openers") | word_list("complementizers")
    if opens and scan.tokens[start].text not in ("قد", "وقد", "فقد"):
        return start + 1 + (scan.tokens[start + 1].text in ("كان", "كانت"))
    passed = [
        place
        for place in range(max(scan.first, position - 18), position)
        if scan.tokens[place].text in ("كان", "وكان", "كانت", "وكانت", "لكن", "ولكن", "الا")
    ]
    if passed:
        last = passed[-1] + 1
        if all(token.text == "قد" for token in scan.tokens[last:position]):
            return start  # "أن الوزارة كانت قد أعلنت"
        return last + 1 if last < position and scan.tokens[last].text == "ان" else last
    return start


def _may_be_subject(scan: Scan, described: Description, start: int) -> bool:
    """Whether words that are no office or body name a subject: known names, or a short name after أن or لكن."""
    if not described.name:
        return False
    after_particle = start > scan.first and scan.tokens[start - 1].text in word_list("openers") | word_list(
        "complementizers"
    )
    return scan.is_known(described) or (after_particle and described.end - described.first <= 3)


def _reaches(scan: Scan, end: int, stop: int, verb: int) -> bool:
    """Whether only an aside between commas, a day or an adverb separates a description from the verb."""
    if end < stop and scan.tokens[end].text in COMMAS:
        return stop - end <= 14 and any(scan.tokens[place].text in COMMAS for place in range(stop, verb))
    if end < stop and scan.tokens[end].text in ("طلب", "فضل", "رفض", "اشترط", "تحدث"):  # "مصدرا طلب عدم كشف هويته قال"
        return stop - end <= 8
    if end >= stop or scan.tokens[end].text in DAYS:
        return stop - end <= 14
    return scan.tokens[end].text in ("في", "خلال", "امس", "اليوم", "ايضا", "مساء") and stop - end <= 8


def _agrees_before(forms: Sequence[Form], described: Description) -> bool:
    for form in forms:
        if form.agrees == FEMININE and described.gender == MASCULINE and described.kind != "body":
            continue
        if form.agrees == MASCULINE and described.gender == FEMININE:
            continue
        return True
    return False


_FARTHEST = 40  # tokens from a verb to whom an unknown verb before it names


def subjects_of_other_verb(scan: Scan, position: int, form: Form) -> tuple[Description, ...]:
    """The subject of an unknown verb before one that names nobody: "أفرجت جماعة الراية عن جنود، وقالت إن ..."."""
    if scan.goes_on() or position - scan.first < _FEWEST or form.agrees not in (MASCULINE, FEMININE):
        return ()
    for start in range(max(scan.first, position - _FARTHEST), position - 2):
        if start == scan.first or scan.tokens[start - 1].text in COMMAS:
            found = subject_of_unknown(scan, start, position)
            if found and _agrees_before((form,), found[0]):
                return found
    return ()


_FEWEST = 3  # tokens of a clause with a verb and its subject


def subject_of_unknown(scan: Scan, start: int, end: int) -> tuple[Description, ...]:
    """Whom a verb at a token names, whatever the verb is: an office or a body."""
    word = scan.tokens[start].text
    plain = without_conjunction(word)
    if scan.tokens[start].kind != WORD or head_of(word) or head_of(plain) or plain.startswith(("ال", "لل")):
        return ()
    if any(w in word_list(name) for w in (word, plain) for name in _NO_VERBS):
        return ()
    found = descriptions_within(scan.tokens, start + 1, end)
    return tuple(found[:1]) if found and found[0].head and found[0].kind in (PERSON, BODY) else ()


_NO_VERBS = (
    "adverbs",
    "prepositions",
    "openers",
    "complementizers",
    "objects",
    "titles",
    "according",
    "states",
    "texts",
)
