"""Appositions: the office that follows a name after a comma."""

from collections.abc import Sequence

from api.drafting.lexicon.arabic import arabic, word_list
from api.drafting.sources.boundaries import ends_before, goes_on_as_name
from api.drafting.sources.heads import bare, head_of, takes_particle
from api.drafting.text.words import COMMAS, SIGN, Token, without_conjunction

LONGEST_APPOSITION = 14


def apposition(tokens: Sequence[Token], first: int, stops: frozenset[str], takes_by: bool) -> int:
    """The end of an apposition after a comma, or `first` when there is none."""
    if first >= len(tokens) or not _may_appose(tokens[first].text) or _is_verb_before_subject(tokens, first):
        return first
    end = first
    while end < min(len(tokens), first + LONGEST_APPOSITION):
        token = tokens[end]
        if goes_on_as_name(tokens, end, first):
            end += 1
            continue
        if token.text in COMMAS or without_conjunction(token.text) in word_list("complementizers") or token.text == ":":
            return end
        if token.kind == SIGN and token.text not in "-–":
            return end if end > first else first
        if ends_before(tokens, end, first, stops, takes_by) and not _after_role(tokens, end, first):
            return end if end > first + 1 else first
        end += 1
    return end if end == len(tokens) else first


def _is_verb_before_subject(tokens: Sequence[Token], position: int) -> bool:
    """Whether an unknown word before an office is a verb: "..., قام رئيس أوردانيا"."""
    word = tokens[position].text
    if head_of(word) or word in word_list("titles") or position + 1 >= len(tokens):
        return False
    return head_of(tokens[position + 1].text) in word_list("roles") and len(word) <= 5


def _after_role(tokens: Sequence[Token], position: int, first: int) -> bool:
    word = tokens[position].text
    return (
        bool(head_of(tokens[first].text))
        and takes_particle(word, "ب")
        and (bare(word) != word or bool(head_of(word[1:])))
    )


_NO_APPOSITION = frozenset(
    "جري جرت تم تمت كما وذلك بينما فيما الذي التي الذين حيث طلب رفض فضل مما وهو وهي وقد حسبما وفقا".split()
)


def _may_appose(word: str) -> bool:
    plain = without_conjunction(word)
    if word[:1] == "و" and not head_of(plain):
        return word not in arabic().forms and plain not in arabic().forms and not word.startswith("وا")
    forms = arabic().forms.get(word, ())
    if forms and not head_of(word):
        return False
    return (
        word not in _NO_APPOSITION
        and plain not in word_list("adverbs")
        and plain not in word_list("prepositions")
        and plain not in word_list("complementizers")
        and plain not in word_list("openers")
        and word not in word_list("objects")
    )
