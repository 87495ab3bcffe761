"""Spans of evidence as W3C Web Annotations (https://www.w3.org/TR/annotation-model/)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.evidence.quoting import AttachedText, matches
from schemas.answers.annotations import MOTIVATIONS


@dataclass(frozen=True)
class EvidenceSpan:
    """A span of an article, and what an annotation shows of its statement; times as in records."""

    start: int
    end: int
    sha256: str
    statement: str
    summary: Mapping[str, str]
    created_at: str
    updated_at: str


def annotation(span: EvidenceSpan, article: str, statements: str, attached: AttachedText | None) -> dict[str, Any]:
    """The Annotation of a span; `article` is the IRI of its article, `statements` that of the collection of statements."""
    linked = {"type": "SpecificResource", "purpose": "linking", "source": f"{statements}/{span.statement}"}
    return {
        "id": f"{article}/annotations#{span.statement}.{span.start}-{span.end}",
        "type": "Annotation",
        "motivation": MOTIVATIONS,
        "created": span.created_at,
        "modified": span.updated_at,
        "body": [linked, *(_described(language, text) for language, text in span.summary.items())],
        "target": {"type": "SpecificResource", "source": article, "selector": _selectors(span, attached)},
    }


def _described(language: str, text: str) -> dict[str, str]:
    return {
        "type": "TextualBody",
        "purpose": "describing",
        "value": text,
        "language": language,
        "format": "text/plain",
    }


def _selectors(span: EvidenceSpan, attached: AttachedText | None) -> list[dict[str, Any]]:
    """Selectors that each select the span alone. So a span that can't be quoted whole has no selector by its words."""
    position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    if attached is None or not _quotable(span, attached):
        return [position]
    text, context = attached.text, attached.context_length
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[span.start : span.end],
        "prefix": text[max(0, span.start - context) : span.start],
        "suffix": text[span.end : span.end + context],
    }
    return [position, quote]


def _quotable(span: EvidenceSpan, attached: AttachedText) -> bool:
    short_enough = span.end - span.start <= attached.quotation_length
    return short_enough and matches(attached.text, span.start, span.end, span.sha256)
