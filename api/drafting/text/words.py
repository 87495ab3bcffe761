"""A text as tokens: words, numbers and signs in their folded form, each with its place in the text as it was written."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from api.search.folding import folded, unified

WORD, NUMBER, SIGN = "word", "number", "sign"
COMMAS = frozenset("،,")

# Marks, tatweel and format characters (zero-width ones, direction marks) belong to the word they stand in.
_TOKEN = regex.compile(
    r"(?P<number>\p{Nd}+(?:[.,٫٬]\p{Nd}+)*)|(?P<word>[\p{L}\p{M}ـ](?:[\p{L}\p{M}\p{Cf}\p{No}ـ]|['’](?=\p{Latin}))*)|(?P<sign>[^\s\p{Cf}])"
)


class Token(NamedTuple):
    """A word, a number or a sign. `text` is folded, `start` and `end` (exclusive) are code points of the text."""

    text: str
    start: int
    end: int
    kind: str


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(unified(text)):
        kind = match.lastgroup or SIGN
        written = match[0]
        plain = "".join(map(folded, written)) if kind != SIGN else written
        if plain:
            yield Token(plain, match.start(), match.end(), kind)


def count(text: str) -> int:
    """How many words, numbers and signs a text has."""
    return sum(1 for _ in _TOKEN.finditer(text))


def fold_words(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase, as `tokens` would give them."""
    return tuple(token.text for token in _tokens(phrase) if token.kind != SIGN)


class Span(NamedTuple):
    """A stretch of the text, in code points, the end exclusive."""

    start: int
    end: int


PROCLITICS = ("و", "ف")


def without_conjunction(word: str) -> str:
    """A folded word without a leading و or ف, if anything is left."""
    return word[1:] if len(word) > 2 and word[0] in PROCLITICS else word


def span_of(tokens: Sequence[Token], first: int, end: int) -> Span:
    """From the first token to the last of a range, without signs at its ends except quotation marks inside."""
    while end > first + 1 and tokens[end - 1].kind == SIGN and tokens[end - 1].text in "،,.:؛-–":
        end -= 1
    return Span(tokens[first].start, tokens[end - 1].end)
