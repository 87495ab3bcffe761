"""Where a text may be cut: between grapheme clusters, and better between words.

Grapheme clusters are those of Unicode's UAX #29 (extended), as the package `regex` finds them.
"""

import unicodedata
from collections.abc import Collection

import regex

_CLUSTER = regex.compile(r"\X")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}\p{M}ـ_]")  # tatweel too: it stretches the word it stands in
_IN_NUMBERS = ".,٫٬"


def cut(text: str, length: int) -> str:
    """The longest beginning of a text, of at most `length` code points, that ends between grapheme clusters."""
    if len(text) <= length:
        return text
    end = 0
    for cluster in _CLUSTER.finditer(text[: length + 1]):
        if cluster.end() > length:
            break
        end = cluster.end()
    return text[:end]


def splits(text: str, positions: Collection[int]) -> dict[int, str]:
    """What a cut at each of these positions would split: a combining sequence, a grapheme cluster or a word.

    Positions at which nothing would be split are left out.
    """
    inside = _inside_clusters(text, positions)
    units = {position: _split(text, position, position in inside) for position in positions}
    return {position: unit for position, unit in units.items() if unit}


def _inside_clusters(text: str, positions: Collection[int]) -> set[int]:
    inside = {position for position in positions if 0 < position < len(text)}
    for cluster in _CLUSTER.finditer(text) if inside else ():
        inside.discard(cluster.start())
    return inside


def _split(text: str, position: int, inside_cluster: bool) -> str | None:
    if not 0 < position < len(text):
        return None
    if unicodedata.category(text[position]).startswith("M"):
        return "a combining sequence"
    if inside_cluster:
        return "a grapheme cluster"
    return "a word" if _inside_word(text, position) else None


def _inside_word(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    if _WORD_CHARACTER.match(before) and _WORD_CHARACTER.match(after):
        return True
    if before in _IN_NUMBERS:
        return after.isdecimal() and text[position - 2 : position - 1].isdecimal()
    return after in _IN_NUMBERS and before.isdecimal() and text[position + 1 : position + 2].isdecimal()
