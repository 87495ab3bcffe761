"""What is known of an article while it is read from its first line to its last."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.reading.page import stated_date
from api.drafting.reading.statement import Statement
from api.drafting.sources.description import Description
from api.drafting.sources.entities import Entities
from api.drafting.sources.entity import Entity
from api.drafting.text import layout
from api.drafting.text.words import Span, Token
from api.drafting.values import dates
from api.drafting.values.page_dates import published_day

_JOINT = re.compile(r"(?:ال)?(?:بيان|إعلان|اعلان|بلاغ) (?:ال)?(?:مشترك|ختامي|ثلاثي)")


class InTitle(NamedTuple):
    """Somebody whom a title describes with a name: the title's tokens, the description, and the words of the name."""

    tokens: Sequence[Token]
    description: Description
    name: frozenset[str]


class Reading:
    """The state of reading one article: who was named, who spoke last, which statements were found."""

    def __init__(self, text: str, published: str | None) -> None:
        self.text = text
        self.lines = layout.lines(text)
        self.published = published or stated_date(self.lines)
        self.page = published_day(self.published)
        self.entities = Entities(text)
        self.statements: list[Statement] = []
        self.current: list[Entity] = []
        self.head: Span | None = None
        self.head_paragraph = -1
        self.resolving: list[Entity] = []
        self.resolved_on: dates.DateFound | None = None
        self.issuer: Entity | None = None
        self.joint = any(_JOINT.search(text[line.start : line.end]) for line in self.lines if line.kind != layout.BODY)
        self.occasions: dict[int, dates.DateFound] = {}
        self.undecided: list[tuple[Span, str]] = []
        self.in_titles: list[InTitle] | None = None
        """Who is described with a name in the titles, once that was looked for."""
        self.interviewed: list[tuple[Sequence[Token], Description]] | None = None
        """The first whom the titles describe, or nobody, once that was looked for."""

    def is_to_come(self, value: str) -> bool:
        """Whether a date is after the page's own."""
        return self.page is not None and value[:10] > self.page.isoformat()
