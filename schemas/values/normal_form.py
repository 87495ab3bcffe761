"""Unicode normalisation, in a time that grows with a text's length alone.

To normalise a text its combining marks are brought into an order, and CPython takes a time for that which grows with the
square of their number in a row: 15 seconds for 200 kB, in which no other thread runs. So what has more of them than the
Stream-Safe Text Format allows (UAX #15, 13) is not normalised at all. No writing has so many: 30 is far more than any
letter carries.

Whatever was sent comes through here before anything else is done with it. Folding (`api.search.folding`) drops the marks
first, and what it normalises then has none.
"""

import unicodedata

import regex

from schemas.messages import NOT_STREAM_SAFE

LONGEST_RUN = 30  # non-starters in a row (UAX #15, 13)
UNSAFE = NOT_STREAM_SAFE.format(most=LONGEST_RUN)

_NON_STARTER = r"[\P{ccc=0}\u0f73\u0f75\u0f81\uff9e\uff9f]"
"""A character with a combining class, or one that is none itself and is decomposed into such."""
_ANY = regex.compile(_NON_STARTER)
_RUN = regex.compile(f"{_NON_STARTER}{{{LONGEST_RUN + 1},}}")


class NotStreamSafe(ValueError):
    """A text has too many combining marks in a row to be normalised."""

    def __init__(self) -> None:
        super().__init__(UNSAFE)


def is_stream_safe(text: str) -> bool:
    """Whether a text has no longer run of non-starters than can be normalised in no time.

    A run that is too long covers one of the places that lie so far apart: only where one of these holds a non-starter is
    the text read.
    """
    if text.isascii() or _ANY.search(text[LONGEST_RUN :: LONGEST_RUN + 1]) is None:
        return True
    return _RUN.search(text) is None


def is_nfc(text: str) -> bool:
    """Whether a text is in Unicode normalisation form C; one that is not stream-safe counts as none."""
    return is_stream_safe(text) and unicodedata.is_normalized("NFC", text)


def nfc(text: str) -> str:
    """The text in Unicode normalisation form C; raise NotStreamSafe."""
    if not is_stream_safe(text):
        raise NotStreamSafe
    return unicodedata.normalize("NFC", text)
