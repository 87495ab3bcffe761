"""What is known of an article while it is read from its first line to its last."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.reading.page import stated_date
from api.drafting.reading.statement import Statement
from api.drafting.sources.description import Description
from api.drafting.sources.entities import Entities
from api.drafting.sources.entity import Entity
from api.drafting.sources.heads import bare
from api.drafting.text import layout
from api.drafting.text.words import Span, Token, fold_words
from api.drafting.values import dates
from api.drafting.values.page_dates import published_day

_REPRODUCED = re.compile(
    r"(?:^|\n)\W*(?:بيان|قرار|إعلان|اعلان|بلاغ)(?: \w+){0,2} (?:صادر|صدر) عن|(?:البيان|البلاغ|القرار|الإعلان)(?: \w+)? التالي|فيما يلي نص|وفيما يلي نص"
)
_JOINT = re.compile(r"(?:ال)?(?:بيان|إعلان|اعلان|بلاغ) (?:ال)?(?:مشترك|ختامي|ثلاثي)")


def _reproduced(text: str) -> str:
    """The line that says that the words of a text follow; empty when none does."""
    found = _REPRODUCED.search(text)
    if found is None:
        return ""
    start = text.rfind("\n", 0, found.end()) + 1
    return text[start : text.find("\n", found.end())]


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
        self.issued = frozenset(bare(word) for word in fold_words(_reproduced(text)))
        """Words of the line that says whose text the page holds: what its issuers do in it, they do in their own words."""
        self.text_day: dates.DateFound | None = None
        """The day of the text that the page tells of, once it is told: "جاء ذلك في بيان صدر أمس"."""
        self.told: set[Entity] = set()
        """Persons of whom a ministry's text tells what they said: from then on the page reports its words of them."""
        self.met_with: dict[Entity, Entity] = {}
        """The other of whom a meeting or a call tells: "أجرى الوزير اتصالا بنظيره"."""
        self.gathering: dates.DateFound | None = None
        """The day of the last meeting that was told of, for what was said "during the meeting"."""
        self.occasions: dict[int, dates.DateFound] = {}
        self.undecided: list[tuple[Span, str]] = []
        self.in_titles: list[InTitle] | None = None
        """Who is described with a name in the titles, once that was looked for."""
        self.interviewed: list[tuple[Sequence[Token], Description]] | None = None
        """The first whom the titles describe, or nobody, once that was looked for."""

    def is_to_come(self, value: str) -> bool:
        """Whether a date is after the page's own."""
        return self.page is not None and value[:10] > self.page.isoformat()
