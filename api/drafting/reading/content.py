"""The words that were said: where they end, and where the proposition begins."""

from collections.abc import Sequence

from api.drafting.cues.cue import Cue, Sentence
from api.drafting.lexicon.arabic import word_list
from api.drafting.sources.heads import takes_particle
from api.drafting.text.quotations import MARKS, between
from api.drafting.text.words import COMMAS, SIGN, Token

_TRAILING = COMMAS | frozenset(".:;؛!?؟…-–—()") | MARKS
_TRAILING_WORDS = frozenset("كما لكن لكنه لكنها وقد فيما بينما و حيث اذ كذلك ايضا ثم وكان قد".split())


def trim(tokens: Sequence[Token], first: int, stop: int) -> int:
    """The end of a range of tokens without the signs, conjunctions and adverbs that stand there."""
    stop = _without_signs(tokens, first, stop)
    while stop > first + 1 and tokens[stop - 1].text in _TRAILING_WORDS:
        stop = _without_signs(tokens, first, stop - 1)
    return stop


def _without_signs(tokens: Sequence[Token], first: int, stop: int) -> int:
    while stop > first + 1 and tokens[stop - 1].kind == SIGN and tokens[stop - 1].text in _TRAILING:
        stop -= 1
    return stop


def content_end(tokens: Sequence[Token], cue: Cue, end: int, sentence: Sentence) -> int:
    """The token after the last of what was said."""
    if cue.before:
        return between(sentence.quotations, cue.content, cue.content + 1)[0].last
    return max(trim(tokens, cue.content, _without_comment(tokens, cue.content, end)), cue.content + 1)


_COMMENTS = frozenset("خطوه اشاره حين وقت تطور اجراء ظل موشر".split())


def _without_comment(tokens: Sequence[Token], first: int, stop: int) -> int:
    """The end of what was said before what the outlet adds to it: "..., في خطوة من شأنها", "..., في إشارة إلى"."""
    for position in range(first + 3, stop - 2):
        if tokens[position].text in COMMAS and _is_comment(tokens, position + 1):
            return position
    return stop


def _is_comment(tokens: Sequence[Token], position: int) -> bool:
    word, following = tokens[position].text, tokens[position + 1].text
    return (word == "في" and following in _COMMENTS) or (word == "وسط" and not following.startswith("ال"))


def after_subject(cue: Cue) -> int:
    """The token after the verb, or after its subject where that follows."""
    follows = cue.subjects and not cue.before and cue.subjects[-1].end > cue.first
    return cue.subjects[-1].end if follows else cue.verb_end


def passage_of(tokens: Sequence[Token], cue: Cue, stop: int) -> list[Token]:
    """The words of the proposition, without the particle before it."""
    words = [token for token in tokens[cue.content : stop] if token.kind != SIGN]
    that, first = word_list("complementizers"), 0
    while first < len(words) and (
        words[first].text in that
        or (words[first].text in ("الي", "عن", "من") and first + 1 < len(words) and words[first + 1].text in that)
    ):
        first += 1
    return words[first:]


def without_asides(tokens: Sequence[Token], first: int, end: int) -> list[Token]:
    """The tokens between a subject and the particle that its verb governs, without where and when it was said.

    What is left is to whom: "دعت الهيئة، أمس، **الحكومة** إلى", "دعت الهيئة في بيان إلى".
    """
    starts = [first, *(p + 1 for p in range(first, end) if tokens[p].text in COMMAS)]
    parts = (tokens[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True))
    return [token for part in parts if part and not _is_aside(part[0].text) for token in part if token.kind != SIGN]


def _is_aside(word: str) -> bool:
    return word in word_list("prepositions") or word in word_list("adverbs") or takes_particle(word, "ب")
