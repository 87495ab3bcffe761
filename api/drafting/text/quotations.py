"""Quotation marks of all kinds, and broken ones: which stretches of a paragraph are quoted."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.text.words import SIGN, Token

PAIRS = {"«": "»", "“": "”", "„": "“", "‹": "›", "❝": "❞", "〝": "〞", "‟": "”"}
_CLOSING = frozenset("»”›❞〞")
_STRAIGHT = '"'
MARKS = frozenset(PAIRS) | _CLOSING | {_STRAIGHT}


class Quotation(NamedTuple):
    """A quoted stretch of tokens: the opening mark is token `first`, the closing one token `last`.

    When a mark was never closed, `last` is the number of tokens and `closed` is false.
    """

    first: int
    last: int
    closed: bool


def quotations(tokens: Sequence[Token]) -> list[Quotation]:
    """The outermost quotations of a paragraph, in order. Quotations inside quotations belong to the outer one."""
    found: list[Quotation] = []
    opened: int | None = None
    for position, token in enumerate(tokens):
        if token.kind != SIGN or token.text not in MARKS:
            continue
        if opened is None:
            opened = position if _opens(tokens, position) else None
        elif _closes(tokens, opened, position):
            found.append(Quotation(opened, position, True))
            opened = None
    if opened is not None:
        found.append(Quotation(opened, len(tokens), False))
    return found


def _opens(tokens: Sequence[Token], position: int) -> bool:
    """Whether a mark can open: not one that only closes, nor a straight one that stands right after a word and before a space."""
    mark = tokens[position].text
    if mark in _CLOSING and mark not in PAIRS:
        # Some keyboards have only the closing mark: ”...” opens where a word follows without a space.
        return mark == "”" and position + 1 < len(tokens) and tokens[position + 1].start == tokens[position].end
    if mark == _STRAIGHT:
        return position + 1 < len(tokens) and tokens[position + 1].start == tokens[position].end
    return True


def _closes(tokens: Sequence[Token], opened: int, position: int) -> bool:
    opening, mark = tokens[opened].text, tokens[position].text
    if opening == _STRAIGHT:
        return mark == _STRAIGHT
    if opening == "”":
        return mark == "”"
    return mark == PAIRS[opening] or (mark in _CLOSING and opening != "«") or (opening == "“" and mark == _STRAIGHT)


def around(quoted: Sequence[Quotation], position: int) -> Quotation | None:
    """The quotation in which a token stands, its marks not counted."""
    place = bisect_left(quoted, (position,)) - 1
    return quoted[place] if place >= 0 and position < quoted[place].last else None


def between(quoted: Sequence[Quotation], first: int, end: int) -> Sequence[Quotation]:
    """The quotations that begin in a range of tokens."""
    return quoted[bisect_left(quoted, (first,)) : bisect_left(quoted, (end,))]
