"""The expressions of a sentence, found in one walk over its tokens."""

from collections.abc import Container, Iterator

from api.drafting.cues.attributions import according, came_in, on_terms_of, refers_back, relayed
from api.drafting.cues.cue import QUOTED, THAT, Cue, Sentence
from api.drafting.cues.participles import participle, passive
from api.drafting.cues.scan import Scan
from api.drafting.cues.subjects_after import subjects_after
from api.drafting.cues.subjects_before import has_subject_first
from api.drafting.cues.verbs import finite_verb
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import PAST, PRESENT
from api.drafting.sources.description import BODY, PAIR, PERSON, TEXT
from api.drafting.text.quotations import Quotation
from api.drafting.text.words import COMMAS, WORD, without_conjunction

_DASHES = frozenset("-–—")
_BREAKS = COMMAS | frozenset("؛;:(") | _DASHES


def cues(sentence: Sentence, names: Container[str] = frozenset()) -> list[Cue]:
    """The reporting expressions of a sentence in order; settings, which tell nothing, have the rule `setting`.

    `names` are words of the names of those who were named before.
    """
    return list(_cues(Scan(sentence, names)))


def _cues(scan: Scan) -> Iterator[Cue]:
    position = scan.first
    while position < scan.end:
        if position in scan.opening and position > scan.first and scan.is_long_quotation(position):
            position = _enter(scan, position)
            continue
        if position in scan.opening and position > scan.first:
            position = min(scan.opening[position].last, scan.end - 1)  # a name or two words: no verb of saying
        if scan.tokens[position].text == "(":
            position = scan.after_bracket(position)
            continue
        if scan.tokens[position].text in _BREAKS:
            scan.clause, scan.after_that, position = position + 1, False, position + 1
            continue
        cue = _cue_at(scan, position)
        if cue is None:
            _note_clause(scan, position)
            position += 1
            continue
        scan.found.append(cue)
        yield cue
        position = max(position + 1, min(cue.content, scan.end))
        scan.outer = None
        if cue.rule != "setting" and cue.complement in (THAT, QUOTED) and cue.verb.act != "deny":
            position, scan.after_that = _after_complementizer(scan, position), True
            scan.outer = cue
        else:
            scan.after_that = False
        tells = cue.rule != "setting" and not scan.after_that
        scan.clause = scan.end if tells else position  # what a particle introduces is a noun, and no clause
        scan.that = position if scan.after_that else None


def _note_clause(scan: Scan, position: int) -> None:
    """After أن a clause begins whose subject may come first, also where nobody told it ("وعُلم أن العاصي تعهد")."""
    if scan.tokens[position].text in ("ان", "بان", "فان", "فانه", "فانها") and position + 1 < scan.end:
        scan.clause, scan.that, scan.after_that, scan.outer = position + 1, position + 1, True, None


def _enter(scan: Scan, position: int) -> int:
    """Past a quotation; but what a quoted text tells of others ("الجانبان أكدا") is looked at from its beginning."""
    quotation = scan.opening[position]
    if scan.after_that and position == scan.clause:
        scan.clause = scan.that = position + 1
        if has_subject_first(scan, position + 1) or _is_readout(scan, quotation):
            return position + 1
    scan.after_that = False
    return min(quotation.last + 1, scan.end)


def _is_readout(scan: Scan, quotation: Quotation) -> bool:
    """Whether a body or a text tells in quotation marks what persons said: "قالت الوزارة: «ناقش الوزيران ...»"."""
    teller = scan.outer.subjects[0].kind if scan.outer and scan.outer.subjects else None
    if teller not in (BODY, TEXT):
        return False
    for position in range(quotation.first + 1, min(quotation.last, scan.end - 1)):
        finite = [form for form in scan.forms_at(position)[0] if form.kind in (PAST, PRESENT) and not form.verb.bound]
        for form in finite:
            told = subjects_after(scan, position + 1, form)
            if told and told[0].kind in (PAIR, PERSON):
                return True
    return False


def _after_complementizer(scan: Scan, position: int) -> int:
    while position < scan.end and (
        without_conjunction(scan.tokens[position].text) in word_list("complementizers")
        or scan.tokens[position].text in (":", "الي", "علي", "عن", "من", "بما")
    ):
        position += 1
    return position


def _cue_at(scan: Scan, position: int) -> Cue | None:
    token = scan.tokens[position]
    if token.kind != WORD:
        return None
    return (
        relayed(scan, position)
        or passive(scan, position)
        or according(scan, position)
        or on_terms_of(scan, position)
        or refers_back(scan, position)
        or came_in(scan, position)
        or finite_verb(scan, position)
        or participle(scan, position)
    )
