"""The text pipeline of the search, which texts that are indexed and queries both pass through.

Spelling is folded (`fold`), words are cut down to light stems (`stem`), and the database engines are given plain tokens.
They apply no rules of their own, so SQLite and PostgreSQL find the same records. docs/search.md describes what is cut,
what is not, and how well that works.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from os.path import commonprefix
from typing import NamedTuple

from api.search import arabic, english, months
from api.search.folding import fold, folded, lengths, unified

__all__ = ["Span", "fold", "prefix", "spans", "stem", "tokens", "words"]

LONGEST_WORD = 32  # letters; longer words are not inflected, and pasted garbage must not cost time
LONGEST_TOKEN = 64  # letters; PostgreSQL refuses lexemes beyond 2 KiB

# A number with separators between its thousands is a single word: 6,500 and ٦٬٥٠٠, with the letters written onto it.
# Decimals (6.5) and lists (12,34) are not; 1.500 is read as it is printed in most of the languages of the corpus.
_GROUPED = r"(?:(?<![0-9][,٬،.])[وفبكل]{0,2}(?:ال)?[0-9]{1,3}(?:[,٬،.][0-9]{3})+(?![0-9]|[,٬،.][0-9])[^\W_]*)"
# Names that are written together or apart: عبدالله, نصرالله, سيف الدين, أبوظبي, أبوالغيط; and measures: كيلومتر.
_COMPOUND = (
    r"(?:(?<![^\W_])[وفبكل]?(?:(?:عبد|ابو|ذو)(?=ال[^\W_]{2})|ابو(?=(?:ظبي|مازن|بكر)(?![^\W_]))"
    r"|(?:ال)?(?:كيلو|سنتي|ملي|ميغا|ميجا|غيغا|جيجا)(?=(?:متر|غرام|جرام|واط|هرتز|بايت)(?:ا|ات)?(?![^\W_]))"
    r"|(?:نصر|فضل|جار|حسب|خلف|عطا|سيف|نور|صلاح|شمس|علاء|محيي?|جمال|كمال|زين|عز|بهاء|ضياء|فخر|نجم|بدر|خير|سعد|عماد|رام|فتح|جاد|رزق|عون)"
    r"(?=ال(?:له|دين)(?![^\W_]))))"
)
_WORD = re.compile(_GROUPED + "|" + _COMPOUND + r"|[^\W_]+(?:'s(?![^\W_]))?")
_NUMBER = re.compile(r"[وفبكل]{0,2}(?:ال)?(?P<digits>[0-9]+)(?:st|nd|rd|th|م|ه)?")


def words(text: str) -> list[str]:
    """The folded words of the text in order: runs of letters and digits, with the 's of an English possessive."""
    return list(_words(text) if len(text) <= LONGEST_KEPT else _words.__wrapped__(text))


LONGEST_KEPT = 2_000  # characters; whatever is indexed is read for its words and again for the names in it


@lru_cache(maxsize=2_048)
def _words(text: str) -> tuple[str, ...]:
    return tuple([word if word.isalnum() else _ungrouped(word) for word in _WORD.findall(fold(text))])


def _ungrouped(word: str) -> str:
    return word if word.endswith("'s") else re.sub("[,٬،.]", "", word)


def tokens(text: str) -> list[str]:
    """The stems of the text's words in order, as an index stores and a phrase compares them. A month is a single token."""
    folded_words = words(text)
    stems = [stem(word) for word in folded_words]
    if months.SIGNS.isdisjoint(stems):
        return stems
    return [token for token, _, _ in months.joined(folded_words, stems)]


class Span(NamedTuple):
    """Where a token stands in the text as it was written: code points from `start` up to, not including, `end`."""

    start: int
    end: int
    token: str


def spans(text: str) -> list[Span]:
    """The same tokens as `tokens` gives, each with its place in the original text.

    A span covers what a reader would mark as the word: its harakat and tatweel too, no direction marks around it. Only
    words that share a character (½, ﷺ) overlap.
    """
    folded_words, places = words(text), word_places(text)
    return [
        Span(places[first][0], places[end - 1][1], token)
        for token, first, end in months.joined(folded_words, [stem(word) for word in folded_words])
    ]


def word_places(text: str) -> list[tuple[int, int]]:
    """Where each of the text's `words` begins and ends in the text as it was written."""
    starts, ends = _origins(text)
    text = unified(text)  # the last dot of U.N. belongs to it
    return [
        (_with_modifiers(text, starts[word.start()]), _with_marks(text, ends[word.end() - 1]))
        for word in _WORD.finditer(fold(text))
    ]


def _origins(text: str) -> tuple[list[int], list[int]]:
    """For each character of the folded text: where the characters begin and end that it was folded from."""
    sources = [index for index, length in enumerate(lengths(text)) for _ in range(length)]
    result = fold(text)
    if len(result) == len(sources):
        return sources, [index + 1 for index in sources]
    # Korean syllables: folding decomposes each into its letters, and composes them in the end.
    ends = list(accumulate(len(unicodedata.normalize("NFKD", character)) for character in result))
    return [sources[i] for i in (0, *ends[:-1])], [sources[i - 1] + 1 for i in ends]


def _with_modifiers(text: str, start: int) -> int:
    while start and _is_silent(text[start - 1]) and unicodedata.category(text[start - 1]) == "Lm":
        start -= 1  # the ʿ of ʿAlī, the tatweel before a letter
    return start


def _with_marks(text: str, end: int) -> int:
    following = end
    while following < len(text) and _is_silent(text[following]):
        following += 1
        if unicodedata.category(text[following - 1]) != "Cf":
            end = following
    return end


def _is_silent(character: str) -> bool:
    return not folded(character)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The light stem of a folded word; never empty, and a stem is its own stem.

    Arabic and English words are stemmed; numbers lose the letters written onto them (و11, ال20, 2020م, 9th); words of
    other scripts, and other mixtures of letters and digits, stay as they are.
    """
    word = (word.removesuffix("'s") or word)[:LONGEST_TOKEN]
    if len(word) > LONGEST_WORD:
        return word
    if not word.isalpha() and (number := _NUMBER.fullmatch(word)):
        return number["digits"]
    shorter = arabic.stem(word) if _is_arabic(word) else months.MONTHS.get(word) or english.stem(word)
    return shorter if shorter == word else stem(shorter)


def _is_arabic(word: str) -> bool:
    return word.isalpha() and "ء" <= word[0] <= "ە"


@lru_cache(maxsize=1 << 12)
def prefix(word: str) -> str:
    """The beginning of stems that a search for `word*` looks up."""
    typed = "".join(words(word)[:1])
    if (month := months.month_begun(typed)) is not None:
        return month
    stemmed = stem(typed)
    if len(typed) > LONGEST_WORD or stemmed in months.SIGNS:
        return stemmed
    if _is_arabic(typed):
        return arabic.beginning_of_stems(typed)
    # "party" and its stem "parti" are equally long: the stem is what the index holds.
    return stemmed if len(stemmed) == len(typed) else commonprefix([typed, stemmed]) or stemmed  # noqa: RUF071 - of letters, as wanted
