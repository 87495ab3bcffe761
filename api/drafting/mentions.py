"""The known names that stand in a text, by their place, and how a draft shows them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from api.drafting.names import Mention, Names
from api.drafting.text.words import Span, Token


class Mentions:
    """The mentions of known names in one text, in order."""

    def __init__(self, text: str, tokens: Sequence[Token], names: Names) -> None:
        self._text, self._tokens = text, tokens
        self._mentions = names.mentions(tokens)
        self._starts = [tokens[mention.first].start for mention in self._mentions]

    def __iter__(self) -> Iterator[Mention]:
        return iter(self._mentions)

    def within(self, span: Span) -> list[Mention]:
        """The mentions that begin in a stretch of the text."""
        return self._mentions[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]

    def span(self, mention: Mention) -> Span:
        """The stretch of the text that a mention is."""
        return Span(self._tokens[mention.first].start, self._tokens[mention.end - 1].end)

    def words(self, mention: Mention) -> str:
        """The name as it is written in the text."""
        return self._text[slice(*self.span(mention))]

    def rendered(self, mention: Mention, record_type: str | None = None) -> dict[str, Any]:
        """A mention as a draft shows it, with the records that go by the name: all, or those of one type."""
        names = [name for name in mention.names if record_type is None or name.record_type == record_type]
        return {
            **offsets(self.span(mention)),
            "label": self.words(mention),
            "records": [{"type": name.record_type, "id": name.id, "name": dict(name.label)} for name in names],
        }


def offsets(span: Span) -> dict[str, int]:
    """A span as a draft shows it, in code points."""
    return {"start": span.start, "end": span.end}


def of_type(mention: Mention, record_type: str) -> bool:
    """Whether a record of a type goes by the name."""
    return any(name.record_type == record_type for name in mention.names)


def is_only_a_place(mention: Mention) -> bool:
    """Whether a name is a place's and no speaker's: a country that acts is a party, not a place."""
    return of_type(mention, "places") and not of_type(mention, "speakers")
