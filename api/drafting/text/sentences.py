"""The sentences of a paragraph, and the dateline before the first."""

from collections.abc import Iterator, Sequence

from api.drafting.text.quotations import Quotation
from api.drafting.text.words import SIGN, Token

ENDINGS = frozenset(".!?؟…؛")


def sentences(tokens: Sequence[Token], quoted: Sequence[Quotation], first: int = 0) -> Iterator[tuple[int, int]]:
    """Ranges of tokens that are sentences: up to a full stop outside of quotation marks, with the mark after it."""
    inside = {p for q in quoted for p in range(q.first, q.last)}
    start = first
    for position in range(first, len(tokens)):
        if tokens[position].text not in ENDINGS or (position in inside and position + 1 < len(tokens)):
            continue
        if (
            position + 1 < len(tokens)
            and tokens[position + 1].start == tokens[position].end
            and tokens[position + 1].kind != SIGN
        ):
            continue
        if position + 1 < len(tokens) and tokens[position + 1].text in ENDINGS | {")"}:
            continue
        if position + 1 > start:
            yield start, position + 1
        start = position + 1
    if start < len(tokens) and any(token.kind != SIGN for token in tokens[start:]):
        yield start, len(tokens)


LONGEST_DATELINE = 14  # tokens


def after_dateline(tokens: Sequence[Token]) -> int:
    """The token after "الرياض (رويترز) - " or "MARSA AL-LULU, March 14 (Harbour Wire) - "; 0 without a dateline."""
    for place, token in enumerate(tokens[:LONGEST_DATELINE]):
        if token.text == ":" and any(before.text == "/" for before in tokens[:place]):
            return place + 1
        if token.text in "-–—" and place:
            if place + 1 < len(tokens) and tokens[place + 1].start == token.end and tokens[place - 1].end < token.start:
                return 0  # an aside between dashes: "وقالت الحركة -في بيان- إنها"
            bracket = tokens[place - 1].text in (")", "/")
            return place + 1 if bracket or place <= 3 else 0
        if token.text in ".:؛":
            return 0
    return 0
