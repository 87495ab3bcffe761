"""A text as tokens: words, numbers and signs in their folded form, each with its place in the text as it was written."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from api.search.folding import folded, unified

WORD, NUMBER, SIGN = "word", "number", "sign"

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


ARABIC, ENGLISH = "ar", "en"
_ENGLISH = frozenset(
    "the of and to in that said was for on with has have is are he she they it by from will at as his her its".split()
)
_ARABIC = frozenset("في من على علي الى الي عن ان التي الذي مع بعد هذا هذه قال وقال اكد لا ما كما او".split())
_FEWEST = 0.03  # the share of function words below which a text in the script is in another of its languages
_LOOKED_AT = 2000  # words


def language_of(tokens: Sequence[Token]) -> str | None:
    """ "ar" or "en"; None for another language, for a mixture without a majority, and for no words at all."""
    words = [token.text for token in tokens if token.kind == WORD][:_LOOKED_AT]
    arabic = sum("ء" <= word[0] <= "ي" for word in words)
    latin = sum("a" <= word[0] <= "z" for word in words)
    if arabic * 2 > len(words):
        return ARABIC if _share(words, _ARABIC) >= _FEWEST / 3 or len(words) < 40 else None
    if latin * 2 > len(words):
        return ENGLISH if _share(words, _ENGLISH) >= _FEWEST * 3 or len(words) < 5 else None
    return None


def _share(words: Sequence[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / max(len(words), 1)
