"""Invented words and names in Arabic and Latin letters, drawn so that a few are frequent and most are rare.

The words mean nothing. They have the lengths and the distribution of a language's, which is what a text index notices.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from random import Random

from api.search.months import SIGNS
from api.search.text import fold, stem

_ONSETS = "b d f g h k l m n p r s t v z br dr gr kr pr st tr sh ch th".split()
_VOWELS = "a e i o u ai ea io ou".split()
_CODAS = ["", "", "", "n", "r", "s", "t", "l", "nd", "rt", "st"]
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_PATTERNS = (
    "{}{}{}",
    "{}ا{}{}",
    "{}{}ي{}",
    "{}{}و{}",
    "م{}{}{}",
    "ت{}{}ي{}",
    "{}{}ا{}ة",
    "ا{}ت{}ا{}",
    "م{}{}و{}ة",
    "{}{}ا{}ات",
)
_BEFORE = ("", "", "", "", "ال", "ال", "ال", "و", "ب", "لل")
_CYRILLIC = dict(zip("abdefghijklmnoprstuvz", "абдефгхийклмнопрстувз", strict=True)) | {"c": "ц"}


class Zipf:
    """Draws from a list by Zipf's law: the item of rank r comes up in proportion to 1 / r."""

    def __init__(self, items: Sequence[str]) -> None:
        self.items = items
        self.cumulative = list(accumulate(1 / rank for rank in range(1, len(items) + 1)))

    def draw(self, random: Random, count: int) -> list[str]:
        """Some items, each drawn independently."""
        return random.choices(self.items, cum_weights=self.cumulative, k=count)

    def one(self, random: Random) -> str:
        """One item."""
        return self.draw(random, 1)[0]

    def distinct(self, random: Random, count: int) -> list[str]:
        """Some different items; no more than there are."""
        found: dict[str, None] = {}
        while len(found) < min(count, len(self.items)):
            found[self.one(random)] = None
        return list(found)

    @cached_property
    def shares(self) -> dict[str, float]:
        """How often each item comes up in one draw."""
        total = self.cumulative[-1]
        return {item: 1 / rank / total for rank, item in enumerate(self.items, 1)}


def vocabulary(seed: int, language: str, count: int) -> list[str]:
    """Different words of a language (`ar` or `en`), the shorter ones mostly before the longer ones.

    None of them may name a month: those are read together with their neighbours.
    """
    random = Random(f"{seed}/words/{language}")
    word = arabic_word if language == "ar" else english_word
    found: dict[str, None] = {}
    while len(found) < count:
        some = word(random)
        if stem(fold(some)) not in SIGNS:
            found[some] = None
    return sorted(found, key=lambda some: len(some) + random.random() * 6)


def english_word(random: Random) -> str:
    """A word of two to four syllables."""
    syllables = random.choices((1, 2, 3, 4), weights=(2, 5, 5, 2))[0]
    return "".join(random.choice(_ONSETS) + random.choice(_VOWELS) for _ in range(syllables)) + random.choice(_CODAS)


def arabic_word(random: Random) -> str:
    """Three consonants in a pattern, often with the article or a particle before them."""
    return random.choice(_BEFORE) + random.choice(_PATTERNS).format(*random.choices(_LETTERS, k=3))


def name(random: Random, words: int) -> dict[str, str]:
    """A name in Arabic, English and Russian, of some words."""
    english = " ".join(english_word(random).capitalize() for _ in range(words))
    return {
        "ar": " ".join(arabic_word(random) for _ in range(words)),
        "en": english,
        "ru": "".join(_CYRILLIC.get(letter, letter) for letter in english.lower()).title(),
    }
