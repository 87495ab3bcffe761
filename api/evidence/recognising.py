"""Recognising an article in a file that is not exactly its text, by the digests of its spans.

Nothing else of an article is known before its text is attached. A file is the altered text of an article when enough spans
have their digest at their place, or at the place shifted by the difference in length.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.evidence.quoting import matches

PROBES = 6  # spans of an article that are looked for first; an unrelated file must not cost more
CANDIDATES = 100  # articles that are tried for a file, the nearest in length
ENOUGH = 4  # a quarter of the code points of the spans must match: outlets share datelines and phrases


@dataclass(frozen=True)
class Span:
    """A stretch of an article's text and its digest."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Fingerprint:
    """What is known of an article without its text; spans in the order of their starts."""

    article: str
    length: int
    spans: tuple[Span, ...]

    def probes(self) -> "Fingerprint":
        """The same article with PROBES of its spans, the first and the last among them."""
        last = len(self.spans) - 1
        chosen = sorted({round(last * step / (PROBES - 1)) for step in range(PROBES)}) if last > 0 else range(last + 1)
        return Fingerprint(self.article, self.length, tuple(self.spans[position] for position in chosen))


class Fingerprints:
    """The probes of many articles, which show whose text a file may be."""

    def __init__(self, probes: Sequence[Fingerprint]) -> None:
        self._probes = sorted(probes, key=lambda known: known.length)
        self._lengths = [known.length for known in self._probes]

    def likely(self, text: str) -> Iterator[str]:
        """The articles with a probe in the text, the nearest in length first."""
        return (known.article for known in self._nearest(len(text)) if any(_matches(text, known)))

    def _nearest(self, length: int) -> list[Fingerprint]:
        here = bisect_left(self._lengths, length)
        around = self._probes[max(0, here - CANDIDATES) : here + CANDIDATES]
        return sorted(around, key=lambda known: abs(known.length - length))[:CANDIDATES]


def resembles(text: str, known: Fingerprint) -> bool:
    """Whether enough of an article's spans match a text, at their places or shifted."""
    pairs = zip(known.spans, _matches(text, known), strict=True)
    matching = sum(span.end - span.start for span, is_match in pairs if is_match)
    return matching > 0 and matching * ENOUGH >= sum(span.end - span.start for span in known.spans)


def first_broken(text: str, known: Fingerprint) -> Span | None:
    """The first span that does not match at its place; None when all do, so that the text differs elsewhere."""
    return next((span for span in known.spans if not matches(text, span.start, span.end, span.sha256)), None)


def first_difference(left: str, right: str) -> int:
    """The position of the first code point in which two texts differ; the end of the shorter when there is none."""
    pairs = zip(left, right, strict=False)
    return next((position for position, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _matches(text: str, known: Fingerprint) -> Iterator[bool]:
    shift = len(text) - known.length
    for span in known.spans:
        yield matches(text, span.start, span.end, span.sha256) or (
            shift != 0 and span.start + shift >= 0 and matches(text, span.start + shift, span.end + shift, span.sha256)
        )
