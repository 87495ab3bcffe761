"""Folding: removing the differences of spelling between two writings of a word, before any ending is cut."""

import re
import unicodedata

# The same spelling for letters that printed Arabic, Persian keyboards and transliterations vary. The hamza of أ ؤ ئ is a
# mark in Unicode's decomposition and is dropped with the other marks. The hamza on the line stays: official prose writes
# it, and it alone keeps زعماء (leaders) from زعم (claimed) and شركاء (partners) from شركة (company).
SPELLINGS = (
    dict.fromkeys("ٱٲٳ", "ا")
    | dict.fromkeys("ىیېے", "ي")
    | dict.fromkeys("ةۃہھە", "ه")
    | dict.fromkeys("کڪ", "ك")
    | {"ڤ": "ف", "پ": "ب", "چ": "ج"}  # لاڤروف and لافروف are the same man
    | dict.fromkeys("‘’‛ʼ", "'")
    | dict.fromkeys("ـʾʿ", "")
    | {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}  # strokes are no marks to Unicode
)


class _Folding(dict[int, str]):
    """A `str.translate` table that computes each code point at its first use."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < 0x10000:  # a hostile text must not fill the memory with all of Unicode
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    if decomposed != character and all(c == " " or unicodedata.combining(c) for c in decomposed):
        # A mark printed on its own (Arabic presentation forms) is a mark; a no-break space is a space.
        return " " if decomposed == " " else ""
    small = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(map(_plain, small))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return SPELLINGS.get(character, character)


_FOLDING = _Folding()


def folded(character: str) -> str:
    """What a character becomes: nothing when it is a mark, tatweel or a format character."""
    return _FOLDING[ord(character)]


def lengths(text: str) -> list[int]:
    """For each character of a text, how many it becomes: mostly one."""
    return [*map(len, map(_FOLDING.__getitem__, map(ord, unified(text))))]


def _without_dots(acronym: re.Match[str]) -> str:
    letters = acronym[0].replace(".", "")
    return acronym[0].replace(".", "ـ") if letters.isalpha() else acronym[0]  # ² is a letter to regular expressions


# What only neighbouring letters tell, each replaced by as many characters, so that places in the text stay. A tatweel is
# folded to nothing.
_SEQUENCES = (
    (re.compile("\u200c"), " "),  # Persian writes it between the parts of a word: قره‌باغ
    (re.compile("(?<=ش)ىء"), "يء"),  # شىء is شيء
    (re.compile("ىء"), "ئـ"),  # مبادىء is مبادئ
    (re.compile(r"(?<=ي)ء(?=[^\W\d_])"), "ئ"),  # هيءات is هيئات
    (
        re.compile(r"[ئء](?=و(?!ن?(?![^\W_])))(?<=[^\W\d_].)"),
        "ؤ",
    ),  # مسئول and رءوس are مسؤول and رؤوس; لاجئون is a plural
    (re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}"), _without_dots),  # U.N. is UN
)


_SUSPECT = re.compile("[\u200cىئء.]")
"""A character of each of the sequences; most names have none."""


def unified(text: str) -> str:
    """The text with one way to write what letters or marks beside each other mean; of the same length."""
    if _SUSPECT.search(text) is None:
        return text
    for pattern, replacement in _SEQUENCES:
        text = pattern.sub(replacement, text)
    return text


def fold(text: str) -> str:
    """The text without those differences of writing that readers do not hear.

    NFKC and case folding; marks of every script, tatweel, bidirectional and zero-width characters dropped; the same alef,
    ya and kaf for all their forms, ة as ه, hamza seats bare, digits in ASCII, apostrophes straight; acronyms without
    dots. Folding twice changes nothing.
    """
    return unicodedata.normalize("NFKC", unified(text).translate(_FOLDING))
