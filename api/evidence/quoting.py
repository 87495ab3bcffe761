"""Whether a span matches its article's text, and how much of it may be quoted.

The words belong to their publisher. A quotation is no longer than the operator allows, and all that is shown of an
article, its spans with their context, never makes up its text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.evidence.boundaries import cut
from api.evidence.texts import digest

LONGEST_CONTEXT = 32  # code points shown on each side of a quotation
HIDDEN = 40  # at least a 40th of the code points is never shown
CUT_OFF = 24  # code points that a cut quotation lacks at least: fewer could be guessed by means of the digest

VERIFIED, NOT_ATTACHED, MISMATCH = "verified", "text-not-attached", "mismatch"

Spans = Iterable[tuple[int, int]]
"""Starts and ends in code points, ends exclusive."""


@dataclass(frozen=True)
class AttachedText:
    """An article's normalised text, and how many code points may be shown of a span and on each side of a span."""

    text: str
    quotation_length: int
    context_length: int


def matches(text: str, start: int, end: int, sha256: str) -> bool:
    """Whether a span of the text has this digest."""
    return end <= len(text) and digest(text[start:end]) == sha256


def shown(span: Mapping[str, Any], attached: AttachedText | None) -> dict[str, Any]:
    """What a statement shows of a span beside the span itself: `status`, `quotation`, `truncated`."""
    if attached is None:
        return {"status": NOT_ATTACHED, "quotation": None, "truncated": False}
    if not matches(attached.text, span["start"], span["end"], span["sha256"]):
        return {"status": MISMATCH, "quotation": None, "truncated": False}
    words = attached.text[span["start"] : span["end"]]
    quotation = cut(words, _quoted(len(words), attached.quotation_length)) or None
    return {"status": VERIFIED, "quotation": quotation, "truncated": quotation not in (None, words)}


def _quoted(length: int, most: int) -> int:
    """How many code points are quoted of a span of this length, if at most `most` may be."""
    return length if length <= most else max(0, min(most, length - CUT_OFF))


def allowed(length: int, spans: Spans, longest: int) -> tuple[int, int]:
    """How many code points may be quoted of a span, at most `longest`, and shown on each side of a span.

    With these, the hidden part of a text of this length stays hidden, whatever its spans are.
    """
    ordered = sorted(spans)
    most = length - -(-length // HIDDEN)

    def quoted(quotation: int) -> bool:
        return _covered((start, start + _quoted(end - start, quotation)) for start, end in ordered) <= most

    quotation_length = _highest(longest, quoted)

    def surrounded(context: int) -> bool:
        return _covered(_with_context(ordered, length, quotation_length, context)) <= most

    return quotation_length, _highest(min(LONGEST_CONTEXT, quotation_length), surrounded)


def _with_context(spans: Spans, length: int, quotation: int, context: int) -> Spans:
    # Only spans that are quoted whole are shown in their context; see `api.evidence.annotations`.
    reaches = (
        (start - context, end + context)
        if end - start <= quotation
        else (start, start + _quoted(end - start, quotation))
        for start, end in spans
    )
    return sorted((max(0, start), min(length, end)) for start, end in reaches)


def _covered(spans: Spans) -> int:
    """How many code points lie in any of the spans, which are ordered by their starts."""
    covered = reached = 0
    for start, end in spans:
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _highest(most: int, holds: Callable[[int], bool]) -> int:
    """The highest number up to `most` for which `holds` is true. It is true for 0, and below a number for which it is true."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
