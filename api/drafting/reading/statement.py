"""A statement as it was read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.drafting.lexicon.verbs import Verb
from api.drafting.sources.entity import Entity
from api.drafting.text.words import Span, Token
from api.drafting.values import dates
from api.drafting.values.figures import Figure
from api.drafting.values.passages import Act

DIRECT, INDIRECT, PARAPHRASE, JOINT = "direct", "indirect", "paraphrase", "joint"


@dataclass
class Statement:
    """A statement as it was read: who, by which words, what, and by which rule. Positions are tokens of its paragraph."""

    rule: str
    verb: Verb
    word: Span
    speakers: list[Entity]
    labels: list[Span]
    spans: list[Span]
    act: Act
    mode: str
    figures: list[Figure]
    day: dates.DateFound | None
    paragraph: int
    spokespersons: tuple[Entity, ...] = ()
    earlier: bool = False
    same_occasion: bool = False
    company: tuple[Entity, ...] = ()
    chain: list[Entity] = field(default_factory=list)
    date: str | None = None
    basis: str = ""
    tokens: Sequence[Token] = ()
