"""Which language a text is in: Arabic or English, by its script and its function words."""

from collections.abc import Sequence

from api.drafting.text.words import WORD, Token

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
