"""Finite verbs that report: before their subject, after it, or joined by و to what was told before."""

from collections.abc import Sequence

from api.drafting.cues.clauses import begins_clause, is_negated
from api.drafting.cues.complements import complement_at, is_reporting
from api.drafting.cues.cue import QUOTED, THAT, Cue
from api.drafting.cues.governing import INSIDE
from api.drafting.cues.homographs import LIKE_NOUNS, is_other_word
from api.drafting.cues.scan import Scan, is_nested
from api.drafting.cues.settings import setting
from api.drafting.cues.subjects_after import source_of_relay, subjects_after, without_last_word
from api.drafting.cues.subjects_before import is_after_as_for, subjects_before, subjects_of_other_verb
from api.drafting.lexicon.arabic import arabic, word_list
from api.drafting.lexicon.verbs import PAST, PRESENT, Form
from api.drafting.sources.description import Description
from api.drafting.sources.heads import bare
from api.drafting.text.words import NUMBER, WORD

_OF_A_THING = frozenset("ان انه انها انهم انهن انهما".split())


def finite_verb(scan: Scan, position: int) -> Cue | None:
    """The expression of a verb in the past or the present."""
    forms, joined = scan.forms_at(position)
    finite = [form for form in forms if form.kind in (PAST, PRESENT)]
    if not finite:
        return setting(scan, position)
    if is_negated(scan.tokens, position, scan.first) and not any(form.verb.lemma == "استبعد" for form in finite):
        return None
    if is_other_word(scan, position, finite[0]):
        return setting(scan, position)
    if position + 1 < scan.end and scan.tokens[position + 1].text in INSIDE:
        return _verb_first(scan, position, finite, "inside-a-text", position + 2)
    subjects = subjects_before(scan, position, finite) if not joined or is_after_as_for(scan, position) else ()
    if subjects and (cue := _verb_after(scan, position, finite, subjects)):
        return cue
    if begins_clause(scan, position):
        return _verb_first(scan, position, finite, "verb-first", position + 1) or setting(scan, position)
    if joined and scan.tokens[position].text[0] == "و":
        return _coordinated(scan, position, finite)
    return None if joined else _relative(scan, position, finite)


def _verb_first(scan: Scan, position: int, forms: Sequence[Form], rule: str, after: int) -> Cue | None:
    if after < scan.end and scan.tokens[after].kind == NUMBER:
        return None
    if after < scan.end and bare(scan.tokens[after].text) in word_list("nobody"):
        return None
    for form in forms:
        subjects = subjects_after(scan, after, form) or subjects_of_other_verb(scan, position, form)
        end = subjects[-1].end if subjects and subjects[-1].end > position else after
        complement, content = complement_at(scan, end, form.verb)
        if not complement and subjects:
            subjects, complement, content = without_last_word(scan, subjects, form.verb)
        if is_reporting(scan, form.verb, complement, content):
            nested = is_nested(scan, position) and not _goes_on_outside(scan, position, subjects)
            subjects = source_of_relay(scan, subjects)
            return Cue(
                rule, form.verb, position, position, after, subjects, complement, content, form.agrees, nested
            )  # fmt: skip
        if _tells_quotation_before(scan, position, form, subjects):
            quoted = next(iter(scan.opening))
            return Cue(
                "quotation-first", form.verb, position, position, after, subjects, QUOTED, quoted, form.agrees, before=True
            )  # fmt: skip
    return None


def _goes_on_outside(scan: Scan, position: int, subjects: Sequence[Description]) -> bool:
    """Whether و joins a verb without a subject to the verb that told, not to what it told: "قالت إن ... «خطأ» وطالبت"."""
    return not subjects and scan.that is not None and position > scan.that + 1 and scan.tokens[position].text[0] == "و"


def _tells_quotation_before(scan: Scan, position: int, form: Form, subjects: Sequence[Description]) -> bool:
    """Whether the sentence begins with a quotation that ends right before the verb."""
    quotation = next(iter(scan.opening.values()), None)
    return (
        bool(subjects)
        and "that" in form.verb.complements
        and quotation is not None
        and quotation.first <= scan.first + 1
        and quotation.closed
        and position - 2 <= quotation.last < position
    )


def _verb_after(scan: Scan, position: int, forms: Sequence[Form], subjects: tuple[Description, ...]) -> Cue | None:
    nested = scan.outer is not None and scan.that is not None and subjects[0].first - scan.that <= 1
    for form in forms:
        complement, content = complement_at(scan, position + 1, form.verb)
        if nested and form.verb.act == "consider":
            continue  # "إن الحكومة تدرس" says what a government does, and repeats no words of it
        if is_reporting(scan, form.verb, complement, content):
            return Cue(
                "subject-first", form.verb, subjects[0].first, position, position + 1, subjects, complement, content, form.agrees, nested
            )  # fmt: skip
    return None


def _relative(scan: Scan, position: int, forms: Sequence[Form]) -> Cue | None:
    """What a speaker says of a thing, within a clause about it: "تسليم جثث جنود قالت إنهم قتلوا"."""
    follows = scan.tokens[position + 1].text if position + 1 < scan.end else ""
    before = scan.found[-1] if scan.found else None
    if before is None or before.complement in (THAT, QUOTED):
        return None
    if follows not in _OF_A_THING or scan.tokens[position - 1].kind != WORD:
        return None
    for form in forms:
        if form.kind == PAST and form.verb.sure and form.agrees == before.agrees and before.rule == "verb-first":
            return Cue("relative", form.verb, position, position, position + 1, (), THAT, position + 1, form.agrees)
    return None


def _coordinated(scan: Scan, position: int, forms: Sequence[Form]) -> Cue | None:
    """A verb that و joins to what was told before, without a comma: "... وأكد أن"."""
    if scan.tokens[position].text[1:] in LIKE_NOUNS or not scan.found:
        return None
    cue = _verb_first(scan, position, forms, "coordinated-verb", position + 1)
    if cue is None or cue.content - position > 14:
        return None
    has_pronoun = scan.tokens[position].text[1:] not in arabic().forms
    return cue if cue.complement == THAT or cue.verb.sure or has_pronoun else None
