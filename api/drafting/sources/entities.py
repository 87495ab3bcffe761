"""Who has been named so far, and who is meant by "the minister", a surname, "he", "the two sides" or "the statement"."""

from collections.abc import Iterable, Sequence

from api.drafting.lexicon.arabic import word_list
from api.drafting.sources.description import BODY, NAME, PERSON, Description
from api.drafting.sources.entity import Entity, enrich, is_short_for, may_be, share_name, visible
from api.drafting.sources.heads import bare
from api.drafting.text.words import SIGN, Token, span_of

_REMEMBERED = 64  # entities that each new one is compared with; an article names dozens


def _joins_state(word: str) -> bool:
    """Whether و is written onto the name of a state: "كل من فرنسا وألمانيا"."""
    return word[:1] == "و" and word[1:] in word_list("states")


def _holds(entity: Entity, office: str) -> bool:
    """Whether somebody holds an office, or is the counterpart of who does: "نظيره الكوريمي لوكاس هايم"."""
    head = entity.head.removesuffix("ه")
    return head != "" and (head in (office, "نظير") or entity.head == office)


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
        known = self._same(new)
        if known is None:
            self._known.append(new)
            if len(self._known) > _REMEMBERED:
                self._known.pop(0)
            known = new
        else:
            enrich(known, new)
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
        of_office = [e for e in self._known if e.kind in (PERSON, NAME) and _holds(e, stem)]
        if (both := [e for e in of_office if e.name]) and len(both) >= 2:
            return both[:2]
        if len(of_office) >= 2:
            return of_office[-2:]
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
                written = visible(self._text[words[0].start + _joins_state(words[0].text) : words[-1].end])
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

    def _same(self, new: Entity) -> Entity | None:
        recent = sorted(self._known, key=lambda entity: -entity.order)
        if new.name and new.kind in (PERSON, NAME):
            by_name = next((e for e in recent if share_name(e, new)), None)
            if by_name or new.kind == PERSON or not new.head:
                return by_name or self._exact(recent, new)
        if new.kind == PERSON:
            return next((e for e in recent if may_be(e, new)), None)
        if new.kind in (BODY, NAME):
            return self._exact(recent, new) or next((e for e in recent if is_short_for(e, new)), None)
        return self._exact(recent, new)

    def _exact(self, recent: Iterable[Entity], new: Entity) -> Entity | None:
        return next((e for e in recent if e.words == new.words and e.kind == new.kind), None)
