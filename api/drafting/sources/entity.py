"""Somebody the article names, and whether two descriptions can mean the same person or body."""

from dataclasses import dataclass, field

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
    shorter, longer = sorted((known.name_words, new.name_words), key=len)
    if len(shorter) == 1:
        return any(_near(shorter[0], word) for word in longer if len(word) > 2)
    return sum(any(_near(a, b) for b in longer) for a in shorter) >= 2


def _near(left: str, right: str) -> bool:
    """The same name, written alike but for the article or one letter (تورالين، طورالين)."""
    a, b = bare(left), bare(right)
    return a == b or (min(len(a), len(b)) >= 6 and Levenshtein.distance(a, b, score_cutoff=1) <= 1)


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
