"""Recognising an article in a file that is not quite its text, by the digests of its spans.

Nothing else of an article is known before its text is attached. Each span was hashed at its place; a file in which
enough of them still stand there, or all shifted by what the file is longer or shorter, is that article altered.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.evidence.quoting import matches

PROBES = 6  # spans of an article that are looked for first; an unrelated file shall cost no more
CANDIDATES = 100  # articles tried for a file, the nearest in length
ENOUGH = 4  # one in so many code points of the spans must still be there: outlets share datelines and phrases


@dataclass(frozen=True)
class Span:
    """A stretch of an article's text and its digest."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Fingerprint:
    """What can be known of an article without its text; spans in the order of their starts."""

    article: str
    length: int
    spans: tuple[Span, ...]

    def probes(self) -> "Fingerprint":
        """The same with a few spans only, the first and the last among them."""
        last = len(self.spans) - 1
        chosen = sorted({round(last * step / (PROBES - 1)) for step in range(PROBES)}) if last > 0 else range(last + 1)
        return Fingerprint(self.article, self.length, tuple(self.spans[position] for position in chosen))


class Fingerprints:
    """The probes of many articles, to be asked which of them a text may be."""

    def __init__(self, probes: Sequence[Fingerprint]) -> None:
        self._probes = sorted(probes, key=lambda known: known.length)
        self._lengths = [known.length for known in self._probes]

    def likely(self, text: str) -> Iterator[str]:
        """The articles of which at least one probe is in the text, the nearest in length first."""
        return (known.article for known in self._nearest(len(text)) if any(_stands(text, known)))

    def _nearest(self, length: int) -> list[Fingerprint]:
        here = bisect_left(self._lengths, length)
        around = self._probes[max(0, here - CANDIDATES) : here + CANDIDATES]
        return sorted(around, key=lambda known: abs(known.length - length))[:CANDIDATES]


def resembles(text: str, known: Fingerprint) -> bool:
    """Whether enough of an article's spans stand in a text, at their places or shifted."""
    there = sum(span.end - span.start for span, stands in zip(known.spans, _stands(text, known), strict=True) if stands)
    return there > 0 and there * ENOUGH >= sum(span.end - span.start for span in known.spans)


def first_broken(text: str, known: Fingerprint) -> Span | None:
    """The first span that does not stand at its place; None when all do, so that the text differs beside them."""
    return next((span for span in known.spans if not matches(text, span.start, span.end, span.sha256)), None)


def first_difference(one: str, other: str) -> int:
    """The position of the first code point in which two texts differ; where the shorter ends when there is none."""
    pairs = zip(one, other, strict=False)
    return next((position for position, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _stands(text: str, known: Fingerprint) -> Iterator[bool]:
    shift = len(text) - known.length
    for span in known.spans:
        yield matches(text, span.start, span.end, span.sha256) or (
            shift != 0 and span.start + shift >= 0 and matches(text, span.start + shift, span.end + shift, span.sha256)
        )
