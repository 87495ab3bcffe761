"""Somebody the article names, and whether two descriptions can mean the same person or body."""

from dataclasses import dataclass, field
from functools import lru_cache

import regex
from rapidfuzz.distance import Levenshtein

from api.drafting.lexicon.verbs import FEMININE
from api.drafting.sources.description import BODY, NAME, PERSON, TEXT
from api.drafting.sources.heads import bare, head_of
from api.drafting.text.words import Span, fold_words

_GENERAL = frozenset(
    "مسوول مسووله مصدر ديبلوماسي دبلوماسي معالي سمو سياده سعاده جلاله فخامه دوله معاليه سموه سيادته".split()
)
_UNNAMED = frozenset("مسوول مصدر ديبلوماسي دبلوماسي".split())  # without the article somebody new: "مصدر أمني"
_SAME = frozenset("ذاته ذاتها نفسه نفسها مذكور مذكوره".split())
FEWEST_SHARED = 4  # first letters that a country and its adjective share: أوردانيا، الأورداني
_INVISIBLE = regex.compile(r"\p{Cf}+")


def visible(words: str) -> str:
    """Words without format characters, with one blank between them: as a name is stored."""
    return " ".join(_INVISIBLE.sub("", words).split())


@dataclass(eq=False)
class Entity:
    """Somebody the article names: the fullest description so far, the name, and the words used of them."""

    label: str
    span: Span
    kind: str
    head: str = ""
    name: str | None = None
    name_words: tuple[str, ...] = ()
    gender: str | None = None
    words: set[str] = field(default_factory=set)
    order: int = 0

    @property
    def shown(self) -> str:
        """The name, or else the description."""
        return self.name or _alone(visible(self.label), self.head)


def _alone(label: str, head: str) -> str:
    """A description without the particle ل that was written onto it: "للمحكمة" is "المحكمة", "لمكتب" is "مكتب"."""
    first = (fold_words(label) or ("",))[0]
    if first == "ل" + head and label.startswith("ل"):
        return label.removeprefix("ل")
    return "ال" + label.removeprefix("لل") if label.startswith("لل") else label


def share_name(known: Entity, new: Entity) -> bool:
    """Whether two persons can go by the same name: a surname alone, or two words of it."""
    if not known.name_words or known.kind not in (PERSON, NAME):
        return False
    shorter, longer = known.name_words, new.name_words
    if len(shorter) > len(longer):
        shorter, longer = longer, shorter
    if len(shorter) == 1:
        return _is_near(_bare(shorter)[0], _bare(tuple(word for word in longer if len(word) > 2)))
    others = _bare(longer)
    return sum(_is_near(word, others) for word in _bare(shorter)) >= 2


@lru_cache(1024)
def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(bare, words))


_SHORTEST_NEAR = 6  # letters of a word that may be written with another one


def _is_near(word: str, others: tuple[str, ...]) -> bool:
    """Whether a name is one of the others, written alike but for one letter (تورالين، طورالين)."""
    if word in others:
        return True
    if len(word) < _SHORTEST_NEAR:
        return False
    return any(
        len(other) >= _SHORTEST_NEAR and Levenshtein.distance(word, other, score_cutoff=1) <= 1 for other in others
    )


def may_be(known: Entity, new: Entity) -> bool:
    """Whether "the minister", "the Urdanian president" can be a known person."""
    if known.kind != PERSON or (new.gender == FEMININE) != (known.gender == FEMININE):
        return False
    head = new.head.removesuffix("ه")
    if head in _UNNAMED and not new.label.startswith(("ال", "وال")):
        return False
    if head in _GENERAL or new.head in _GENERAL:
        rest = new.words - {new.head, bare(new.head)}
    elif known.head.removesuffix("ه") == head or (
        head_of(head) and any(word.removesuffix("ه") == head for word in known.words)
    ):
        rest = new.words - {new.head}
    else:
        return False
    return all(_akin(word, known) for word in rest - _SAME if len(word) > 2)


def _akin(word: str, known: Entity) -> bool:
    stem = word.removesuffix("يه").removesuffix("ي")[:FEWEST_SHARED]
    return len(known.words) <= 2 or any(
        other.startswith(stem) or stem.startswith(other[:FEWEST_SHARED]) for other in known.words
    )


def is_short_for(known: Entity, new: Entity) -> bool:
    """Whether a short name of a body ("الوزارة", "الخارجية الروسية") stands for a known one."""
    if known.kind not in (BODY, NAME) or not new.words:
        return False
    shorter, longer = (new.words, known.words) if len(new.words) <= len(known.words) else (known.words, new.words)
    return shorter <= longer or (len(new.words) == 1 and new.head != "" and new.head == known.head)


def enrich(known: Entity, new: Entity) -> None:
    """Keep the fuller name and description."""
    if new.name and len(new.name_words) > len(known.name_words):
        known.name, known.name_words = new.name, new.name_words
    if len(new.label) > len(known.label) and new.kind in (PERSON, BODY):
        known.label, known.span = new.label, new.span
    if new.kind == PERSON and known.kind == NAME:
        known.kind = PERSON
    known.head = known.head or new.head
    known.gender = known.gender or new.gender
    if new.kind != TEXT:
        known.words |= new.words
