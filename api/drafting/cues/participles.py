"""Expressions whose subject is that of the verb before: مضيفا، مشددين على, and the passive جرى التشديد على."""

from api.drafting.cues.complements import complement_at, is_reporting
from api.drafting.cues.cue import Cue
from api.drafting.cues.scan import Scan, is_nested
from api.drafting.cues.subjects_before import subject_of_unknown
from api.drafting.lexicon.arabic import arabic
from api.drafting.lexicon.verbs import NOUN, PARTICIPLE
from api.drafting.sources.description import Description
from api.drafting.text.words import COMMAS, SIGN, fold_words, without_conjunction

_ADVERBIAL = frozenset(
    "قايلا قايله مضيفا مضيفه مشيرا مشيره موكدا موكده موضحا موضحه لافتا لافته مشددا مشدده داعيا داعيه محذرا محذره مطالبا معربا معربه معتبرا معتبره".split()
)


def participle(scan: Scan, position: int) -> Cue | None:
    """مضيفا، مشددين على: a participle after a comma or و, whose subject is that of the verb before."""
    forms, joined = scan.forms_at(position)
    participles = [form for form in forms if form.kind == PARTICIPLE]
    if position + 1 < scan.end and scan.tokens[position + 1].text == "عدم":
        return None  # "مشترطا عدم ذكر اسمه"
    if not participles or not _may_continue(scan, position, joined):
        return None
    for form in participles:
        complement, content = complement_at(scan, position + 1, form.verb)
        if is_reporting(scan, form.verb, complement, content) and content - position <= 16:
            who = _subject_before(scan, position)
            return Cue("participle", form.verb, position, position, position + 1, who, complement, content, form.agrees)
    return None


_FEWEST = 3  # tokens from an unknown verb to a participle after it


def _subject_before(scan: Scan, position: int) -> tuple[Description, ...]:
    """The subject of a verb that is not known, before a participle: "وأثار النائب مسألة الأسعار، قائلا إن"."""
    after = scan.found[-1].content if scan.found else scan.first
    start = next(
        (p for p in range(position - _FEWEST, after - 1, -1) if p == scan.first or scan.tokens[p - 1].text in COMMAS),
        None,
    )
    if start is None or scan.tokens[start].text[0] != "و":
        return ()
    found = subject_of_unknown(scan, start, position)
    named = found[0].name if found else None
    if named and named[1] - named[0] > _LONGEST_NAME:  # what follows two names is the object
        return (found[0]._replace(end=named[0] + 2, name=(named[0], named[0] + 2)),)
    return found


_LONGEST_NAME = 3  # words


def passive(scan: Scan, position: int) -> Cue | None:
    """جرى التشديد على، تم الاتفاق على: done by those who were named before."""
    word = without_conjunction(scan.tokens[position].text)
    if word in _PASSIVES:
        return _finite_passive(scan, position, _PASSIVES[word])
    if word not in ("جري", "تم", "تمت", "يتم") or position + 1 >= scan.end:
        return None
    noun = _after_aside(scan, position + 1)
    for form in (form for form in arabic().forms.get(scan.tokens[noun].text, ()) if form.kind == NOUN):
        complement, content = complement_at(scan, noun + 1, form.verb)
        if form.verb.lemma not in ("عرض", "أعلن", "وقع", "كشف", "نقل") and complement and content - noun <= 5:
            nested = is_nested(scan, position)
            return Cue("passive", form.verb, position, position, noun + 1, (), complement, content, nested=nested)
    return None


_PASSIVES = {"اشير": "أشار", "نوقش": "ناقش", "نوقشت": "ناقش", "لوحظ": "لاحظ"}
"""Verbs in the passive whose spelling differs from the active: أشير إلى، نوقشت المسائل."""


def _finite_passive(scan: Scan, position: int, lemma: str) -> Cue | None:
    if position > scan.first + 1:
        return None
    verb = next(form.verb for form in arabic().forms[fold_words(lemma)[0]] if form.verb.lemma == lemma)
    complement, content = complement_at(scan, position + 1, verb)
    return Cue("passive", verb, position, position, position + 1, (), complement, content) if complement else None


def _after_aside(scan: Scan, position: int) -> int:
    """Past "خلال اللقاء" between جرى and the noun that says what was done."""
    if scan.tokens[position].text in ("خلاله", "خلالها", "خلالهما", "فيه", "فيها") and position + 1 < scan.end:
        return position + 1
    if scan.tokens[position].text not in ("خلال", "اثناء", "في") or position + 2 >= scan.end:
        return position
    after = position + 2
    while after + 1 < min(scan.end, position + 5) and not any(
        form.kind == NOUN for form in arabic().forms.get(scan.tokens[after].text, ())
    ):
        after += 1
    return after


def _may_continue(scan: Scan, position: int, joined: bool) -> bool:
    if position == scan.first:
        return False
    previous = scan.tokens[position - 1]
    after_break = previous.kind == SIGN and previous.text not in "/%("
    return (
        after_break
        or (joined and bool(scan.found))
        or (position >= scan.first + 3 and scan.tokens[position].text in _ADVERBIAL)
    )
