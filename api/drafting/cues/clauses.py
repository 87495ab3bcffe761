"""Where a clause begins, so that a verb there is one that reports."""

from collections.abc import Sequence

from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import PAST, PRESENT
from api.drafting.sources.heads import takes_particle
from api.drafting.text.words import SIGN, Token, without_conjunction

_NEGATIONS = frozenset("لم ولم لن ولن لا ولا ما وما دون عدم بعدم".split())


def begins_clause(scan: Scan, position: int) -> bool:
    """Whether a clause begins at a verb: after a sign, a conjunction, or a phrase of place or time."""
    if position == scan.clause:
        return True
    previous = scan.tokens[position - 1]
    if previous.text in _NEGATIONS and position - 1 >= scan.first:
        return begins_clause(scan, position - 1)
    if previous.text in ("انه", "انها") and scan.tokens[position - 2].text in ("الا", "غير", "بيد"):
        return True
    if previous.kind == SIGN and previous.text not in "/%":
        return True
    if previous.text in ("قد", "فقد", "وقد"):
        before = scan.tokens[position - 2] if position - 2 >= scan.first else None
        return position - 1 <= scan.clause or before is None or before.kind == SIGN or before.text in ("كان", "وكان")
    if previous.text in word_list("openers") and position - 1 >= scan.clause:
        after_before = position - 2 >= scan.first and scan.tokens[position - 2].text == "قبل"
        return previous.text not in ("ان", "انه", "انها") or scan.after_that or after_before
    return _is_fronted(scan, position)


def _is_fronted(scan: Scan, position: int) -> bool:
    """Whether only a phrase of place, time or source stands before the verb: "وفي 13 نوفمبر وقع", "وبحسب البيان يتشجع"."""
    start = scan.clause
    if position - start > 9 or start >= position:
        return False
    word = without_conjunction(scan.tokens[start].text)
    fronted = (
        word in word_list("prepositions")
        or word in word_list("adverbs")
        or word in word_list("according")
        or takes_particle(word, "ب")
    )
    return fronted and not any(
        scan.forms_at(place)[0] for place in range(start + 1, position) if _is_verbal(scan, place)
    )


def _is_verbal(scan: Scan, place: int) -> bool:
    return any(form.kind in (PAST, PRESENT) and form.verb.sure for form in scan.forms_at(place)[0])


def is_negated(tokens: Sequence[Token], position: int, first: int = 0) -> bool:
    """Whether a word that denies stands before the verb, not before the token `first`."""
    return position > first and tokens[position - 1].text in _NEGATIONS
