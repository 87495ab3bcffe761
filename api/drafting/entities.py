"""Who has been named so far, and who is meant by "the minister", a surname, "he", "the two sides" or "the statement"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import regex
from rapidfuzz.distance import Levenshtein

from api.drafting.descriptions import (
    AGENCY,
    BODY,
    NAME,
    PAIR,
    PERSON,
    TEXT,
    Description,
    bare,
    head_of,
)
from api.drafting.lexicon import FEMININE, MASCULINE, word_list
from api.drafting.words import SIGN, Span, Token

_GENERAL = frozenset(
    "مسوول مسووله مصدر ديبلوماسي دبلوماسي معالي سمو سياده سعاده جلاله فخامه دوله معاليه سموه سيادته".split()
)
_SAME = frozenset("ذاته ذاتها نفسه نفسها مذكور مذكوره".split())
_REMEMBERED = 400  # entities that are compared; an article names dozens
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
        return self.name or visible(self.label)


class Entities:
    """The entities of one article, in the order in which they were last named."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: list[Entity] = []
        self._clock = 0
        self._names: set[str] = set()

    def meet(self, tokens: Sequence[Token], description: Description) -> Entity:
        """The entity that a description means: one known already, or a new one."""
        new = self._described(tokens, description)
        known = self._same(new, description)
        if known is None:
            self._known.append(new)
            if len(self._known) > _REMEMBERED:
                self._known.pop(0)
            known = new
        else:
            _enrich(known, new)
        self._names.update(known.name_words)
        self._clock += 1
        known.order = self._clock
        return known

    def latest(self, gender: str | None = None, kinds: Iterable[str] = (PERSON, NAME, BODY)) -> Entity | None:
        """The entity named last, of these kinds and not known to be of another gender."""
        fitting = [e for e in self._known if e.kind in kinds and (gender is None or e.gender in (None, gender))]
        return max(fitting, key=lambda entity: entity.order, default=None)

    @property
    def names(self) -> set[str]:
        """The words of all names so far."""
        return self._names

    def pair(self, word: str, spoke: Sequence[Entity]) -> list[Entity]:
        """The two who are meant by a dual: of "الوزيران" the first two persons of that office, of "الجانبان" those who spoke last.

        `spoke` are all who spoke, the last first.
        """
        stem = bare(word).removesuffix("ان").removesuffix("ين")
        named = [e for e in self._known if e.kind in (PERSON, NAME) and e.name]
        of_office = [e for e in named if e.head and (e.head == stem or e.head.removesuffix("ه") == stem)]
        if len(of_office) >= 2:
            return of_office[:2]
        last = list(dict.fromkeys(spoke))
        alike = [e for e in last if e.kind == last[0].kind] if last else []
        chosen = alike if len(alike) >= 2 else named
        return chosen[:2] if len(chosen) >= 2 else []

    def _described(self, tokens: Sequence[Token], description: Description) -> Entity:
        span = span_of(tokens, description.first, description.end)
        name = written = None
        name_words: tuple[str, ...] = ()
        if description.name:
            words = [token for token in tokens[slice(*description.name)] if token.kind != SIGN]
            if words:
                written = visible(self._text[words[0].start : words[-1].end])
                name, name_words = written, tuple(token.text for token in words)
        kind = PERSON if name and description.kind == NAME and len(name_words) > 1 else description.kind
        words_used = {bare(token.text) for token in tokens[description.first : description.end] if token.kind != SIGN}
        return Entity(
            self._text[span.start : span.end],
            span,
            kind,
            description.head,
            name,
            name_words,
            description.gender,
            words_used,
        )

    def _same(self, new: Entity, description: Description) -> Entity | None:
        recent = sorted(self._known, key=lambda entity: -entity.order)
        if new.name and new.kind in (PERSON, NAME):
            by_name = next((e for e in recent if _share_name(e, new)), None)
            if by_name or new.kind == PERSON or not new.head:
                return by_name or self._exact(recent, new)
        if new.kind == PERSON:
            return next((e for e in recent if _may_be(e, new)), None)
        if new.kind in (BODY, NAME):
            return self._exact(recent, new) or next((e for e in recent if _is_short_for(e, new)), None)
        return self._exact(recent, new)

    def _exact(self, recent: Iterable[Entity], new: Entity) -> Entity | None:
        return next((e for e in recent if e.words == new.words and e.kind == new.kind), None)


def span_of(tokens: Sequence[Token], first: int, end: int) -> Span:
    """From the first token to the last of a range, without signs at its ends except quotation marks inside."""
    while end > first + 1 and tokens[end - 1].kind == SIGN and tokens[end - 1].text in "،,.:؛-–":
        end -= 1
    return Span(tokens[first].start, tokens[end - 1].end)


def _share_name(known: Entity, new: Entity) -> bool:
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


def _may_be(known: Entity, new: Entity) -> bool:
    """Whether "the minister", "the Urdanian president" can be a known person."""
    if known.kind != PERSON or (new.gender == FEMININE) != (known.gender == FEMININE):
        return False
    head = new.head.removesuffix("ه")
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


def _is_short_for(known: Entity, new: Entity) -> bool:
    """Whether a short name of a body ("الوزارة", "الخارجية الروسية") stands for a known one."""
    if known.kind not in (BODY, NAME) or not new.words:
        return False
    shorter, longer = (new.words, known.words) if len(new.words) <= len(known.words) else (known.words, new.words)
    return shorter <= longer or (len(new.words) == 1 and new.head != "" and new.head == known.head)


def _enrich(known: Entity, new: Entity) -> None:
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


__all__ = ["AGENCY", "FEMININE", "MASCULINE", "PAIR", "Entities", "Entity", "span_of", "word_list"]
