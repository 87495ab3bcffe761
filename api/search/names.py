"""Names as they stand in texts and as they are typed: where a text mentions a name, and which beginnings find it.

Names are compared more strictly than other words. A stem joins الكرملين and كرمل, الجزيرة and جزيرة; writers who mean the
Kremlin or the channel write the name out. So a word of a text stands for a word of a name when it is the same folded
word, with nothing added but the clitics that Arabic writes before it (و ف, ب ك ل, the article) or an English 's.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from api.search.text import stem, words

Words = tuple[str, ...]

FEWEST_LETTERS = 3  # of the longest word: "US" is also "us", and a number or two letters alone name nobody
_CLITICS = re.compile("[وف]?[بكل]?(?:ال)?")
_BEFORE_ARTICLE = re.compile("[وف]?لل")
ARTICLE = "ال"


def name_words(name: str) -> Words:
    """The folded words of a name, without English possessives."""
    return tuple(word.removesuffix("'s") or word for word in words(name))


def is_distinctive(name: Words) -> bool:
    """Whether a name is distinctive: a text with its words can be taken to mean its holder."""
    for word in name:  # noqa: SIM110 - `any` takes three times as long
        if len(word) >= FEWEST_LETTERS and word.isalpha():
            return True
    return False


def stands_for(written: str, word: str) -> bool:
    """Whether a folded word of a text is this word of a name. If so, their stems in the index are the same."""
    written = written.removesuffix("'s") or written
    if written == word:
        return True
    if not "ء" <= word[0] <= "ە" or stem(written) != stem(word):
        return False
    if written.endswith(word):
        return _CLITICS.fullmatch(written[: -len(word)]) is not None
    bare = word.removeprefix(ARTICLE)
    return bare != word and written.endswith(bare) and _BEFORE_ARTICLE.fullmatch(written[: -len(bare)]) is not None


@lru_cache(maxsize=1 << 16)
def root(word: str) -> str:
    """What a folded word of a text and every word of a name that it stands for have in common."""
    bare = word.removesuffix("'s") or word
    return stem(bare) if "ء" <= bare[0] <= "ە" else bare


def starts(name: Words) -> Iterator[str]:
    """What can be typed to find a name: its end from each of its words on, also without the article or "and" before that word."""
    for position, word in enumerate(name):
        rest = "".join(f" {later}" for later in name[position + 1 :])
        bare = word[1:] if position and word[0] == "و" and stem(word) == stem(word[1:] or word) else word
        for form in dict.fromkeys((word, bare, _without_article(bare))):
            yield form + rest


def _without_article(word: str) -> str:
    return word.removeprefix(ARTICLE) if len(word) >= len(ARTICLE) + FEWEST_LETTERS else word


# --- sound -----------------------------------------------------------------------------------------------------------

# Consonants that writers of the same or of different scripts put for each other, by a common letter. Vowels, and letters
# that stand for them or are hardly heard (ا و ي ع ه ح, w y h), are left out: no two transliterations agree on them.
_SOUNDS = {
    "b": "bp ب бп բփպ",
    "f": "fv ف фв ֆվ",
    "t": "t تطث т թտ",
    "d": "d دضذ д դ",
    "k": "kqgx كقغخ кгх կքգղխ",
    "j": "j ج ж ջժ",
    "s": "sz سصشزظ сзшщ սզշ",
    "l": "l ل л լ",
    "m": "m م м մ",
    "n": "n ن н ն",
    "r": "r ر р րռ",
}
_SOUND = {ord(letter): sound for sound, letters in _SOUNDS.items() for letter in letters if letter != " "}
_SOUND |= {ord(letter): "ts" for letter in "чцչճցծ"} | {ord("ձ"): "ds"}
# The sounds of several Latin letters together, the longest first. A "c" sounds as k, before e and i as s.
_LATIN = {"tsch": "ts", "tch": "ts", "dzh": "j", "ch": "ts", "sh": "s", "zh": "j", "kh": "k", "gh": "k", "ph": "f"}
_LATIN |= {"th": "t", "dj": "j", "c": "k"}
_SPELT = re.compile("|".join(_LATIN))
_DOUBLED = re.compile(r"([^\W\d_])\1+")


@lru_cache(maxsize=1 << 14)
def skeleton(word: str) -> str:
    """The consonants of a folded word as they may sound, the same for لافروف and Lavrov. A word without any stays as it is."""
    single = _DOUBLED.sub(r"\1", word)
    spelt = _SPELT.sub(lambda letters: _latin_sound(letters, single), single)
    return "".join(_SOUND.get(ord(letter), letter if letter.isdigit() else "") for letter in spelt) or word


# What German and French writers put for sounds of other scripts: Sacharowa, Paschinjan, Alijew; Pachinian, Poutine, Lavroff.
_GERMAN = str.maketrans({"w": "v", "j": "y"})
_GERMAN_SPELT = (("tsch", "tch"), ("sch", "sh"), ("ch", "kh"))
_FRENCH_SPELT = (("tch", "tsch"), ("ch", "sh"), ("ou", "u"), ("ff", "v"))


def readings(word: str) -> set[str]:
    """A folded word as it stands, and in English letters if a German or a French writer wrote it."""
    if not word.isascii():
        return {word}
    german, french = word.translate(_GERMAN), word
    for written, meant in _GERMAN_SPELT:
        german = german.replace(written, meant.upper())
    for written, meant in _FRENCH_SPELT:
        french = french.replace(written, meant.upper())
    return {word, german.lower(), french.lower()}


def begins_with_sound(word: str) -> bool:
    """Whether the first letter of a folded word is one of those that its skeleton is made of: N in Netanyahu, not أ in أنطونيو."""
    return word[0] == "c" or ord(word[0]) in _SOUND


def _latin_sound(letters: re.Match[str], word: str) -> str:
    soft = letters[0] == "c" and word[letters.end() : letters.end() + 1] in ("e", "i")
    return "s" if soft else _LATIN[letters[0]]
