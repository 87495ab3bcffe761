"""Locating a passage in an article's text: its offsets and digest for an annotator."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.evidence.boundaries import splits
from api.evidence.texts import digest, normalised
from schemas.values.normal_form import NotStreamSafe

CONTEXT = 40  # code points shown before and after an occurrence

TATWEEL = "ـ"
_JOINERS = "\u200c\u200d"  # part of the grapheme cluster before them
_FORMS = dict.fromkeys("آأإٱ", "ا") | dict.fromkeys("ىیې", "ي")


@dataclass(frozen=True)
class Occurrence:
    """Where a passage stands, in code points, end exclusive, with its context; `warnings` are of borders inside words."""

    start: int
    end: int
    sha256: str
    before: str
    passage: str
    after: str
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Located:
    """Every occurrence of a passage in a text; not `exact` when differences of writing had to be ignored."""

    exact: bool
    occurrences: list[Occurrence]


def locate(text: str, passage: str) -> Located:
    """Find a passage in a normalised text: as it is written, or else without regard to blanks, marks and letter forms."""
    try:
        wanted = normalised(passage)
    except NotStreamSafe:
        return Located(exact=False, occurrences=[])  # no text that was attached has such a passage
    spans = list(_exactly(text, wanted))
    exact = bool(spans)
    spans = spans or list(_loosely(text, wanted))
    split = splits(text, {position for span in spans for position in span})
    return Located(exact, [_occurrence(text, start, end, split) for start, end in spans])


def _exactly(text: str, passage: str) -> Iterator[tuple[int, int]]:
    start = text.find(passage) if passage else -1
    while start >= 0:
        yield start, start + len(passage)
        start = text.find(passage, start + 1)


def _loosely(text: str, passage: str) -> Iterator[tuple[int, int]]:
    folded, places = _folded(text)
    for start, end in _exactly(folded, _folded(passage)[0].strip()):
        last = places[end - 1] + 1
        while last < len(text) and _is_mark(text[last]):
            last += 1
        yield places[start], last


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without the differences that do not count, and for each of its characters the place in the text."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _plain(character)
        if plain and not (plain == " " and characters and characters[-1] == " "):
            characters.append(plain)
            places.append(place)
    return "".join(characters), places


def _plain(character: str) -> str:
    """A space for any blank, nothing for marks and format characters, the same form for all forms of alef and of ya."""
    if character.isspace():
        return " "
    if _is_mark(character) or unicodedata.category(character) == "Cf":
        return ""
    return _FORMS.get(character, character)


def _is_mark(character: str) -> bool:
    return character == TATWEEL or character in _JOINERS or unicodedata.category(character) == "Mn"


def _occurrence(text: str, start: int, end: int, split: dict[int, str]) -> Occurrence:
    borders = (("Begins", start), ("Ends", end))
    return Occurrence(
        start,
        end,
        digest(text[start:end]),
        text[max(0, start - CONTEXT) : start],
        text[start:end],
        text[end : end + CONTEXT],
        [f"{verb} inside {split[place]}." for verb, place in borders if place in split],
    )
