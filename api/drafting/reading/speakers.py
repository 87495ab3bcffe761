"""Who speaks: the entities that the subjects of an expression mean, or those who go on speaking."""

from collections.abc import Iterator, Sequence

from api.drafting.cues.cue import Cue, Sentence
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import DUAL, FEMININE
from api.drafting.reading.article import Reading
from api.drafting.sources.description import AGENCY, PAIR, PERSON, TEXT, Description
from api.drafting.sources.descriptions import descriptions, descriptions_within
from api.drafting.sources.entity import Entity
from api.drafting.sources.heads import bare, head_of
from api.drafting.text.words import WORD, Span, Token, span_of, without_conjunction

_SPOKESPERSONS = frozenset("المتحدث المتحدثه الناطق الناطقه متحدث متحدثه ناطق ناطقه".split())


def is_nobody(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether a subject names nobody in particular: analysts, observers."""
    return any(
        bare(tokens[s.first].text) in word_list("nobody") or tokens[s.first].text in word_list("nobody")
        for s in cue.subjects
    )


def speakers_of(reading: Reading, tokens: Sequence[Token], cue: Cue) -> tuple[list[Entity], list[Span]]:
    """The entities that the subjects of an expression mean, each with the span that names it."""
    speakers: list[Entity] = []
    labels: list[Span] = []
    for described in cue.subjects:
        label = span_of(tokens, described.first, described.end)
        for entity in _meant(reading, tokens, described):
            speakers.append(entity)
            labels.append(label)
    return speakers, labels


def _meant(reading: Reading, tokens: Sequence[Token], described: Description) -> list[Entity]:
    if described.kind == PAIR:
        place = described.first + (tokens[described.first].text in ("كلا", "كلي", "كلتا"))
        spoke = [speaker for statement in reversed(reading.statements[-12:]) for speaker in statement.speakers]
        pair = reading.entities.pair(tokens[place].text, spoke)
        return pair or [reading.entities.meet(tokens, described)]
    if described.kind == TEXT and described.end - described.first <= 2 and reading.issuer:
        return [reading.issuer]
    if described.kind == TEXT:
        return [issuer_of(reading, tokens, described)]
    if tokens[described.first].text in word_list("honorifics") and (current := _current_person(reading, described)):
        return [current]
    entity = reading.entities.meet(tokens, described)
    return [entity]


def _current_person(reading: Reading, described: Description) -> Entity | None:
    """Of whom the page has been telling, where "سموه" or "معاليها" goes on, and not whom it named in between."""
    fitting = (e for e in reading.current if e.kind == PERSON and e.gender in (None, described.gender))
    return next(fitting, None) or reading.entities.latest(described.gender, (PERSON,))


_FARTHEST_COUNTERPART = 24  # tokens from the verb to مع


def with_counterpart(
    reading: Reading, tokens: Sequence[Token], cue: Cue, end: int, speakers: list[Entity], labels: list[Span]
) -> tuple[list[Entity], list[Span]]:
    """Both who met, where one is said to have discussed something with the other: "بحث الوزير مع نظيره سعد العلي"."""
    if cue.verb.act != "discuss" or len(speakers) != 1 or cue.complement == "that":
        return speakers, labels
    for position in range(cue.verb_end, min(end - 1, cue.verb_end + _FARTHEST_COUNTERPART)):
        if tokens[position].text != "مع":
            continue
        found = descriptions_within(tokens, position + 1, end)
        if found and (found[0].kind == PERSON or tokens[position + 1].text.startswith("نظير")):
            other = reading.entities.meet(tokens, found[0])
            if other not in speakers:
                return [*speakers, other], [*labels, span_of(tokens, found[0].first, found[0].end)]
    return speakers, labels


def speaks_of_own_side(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether a speaker tells what their own side does: "إن بلاده ترحب". Then they do it, in saying so."""
    return cue.nested and len(cue.subjects) == 1 and tokens[cue.subjects[0].first].text in word_list("own_side")


def issuer_of(reading: Reading, tokens: Sequence[Token], described: Description) -> Entity:
    """Whose text it is: "بيان لوزارة الخارجية", "بيان الخارجية", "بيان أصدرته الوزارة"."""
    words = [tokens[position].text for position in range(described.first, described.end)]
    if reading.current and any(word in ("باسمه", "باسمها", "باسمهم") for word in words):
        reading.issuer = reading.current[0]
        return reading.issuer
    for position in range(described.first + 1, described.end):
        word = tokens[position].text
        if head_of(word) or word.startswith("لل"):
            inner = descriptions_within(tokens, position, described.end)
            if inner:
                reading.issuer = reading.entities.meet(tokens, inner[0])
                return reading.issuer
    if words[-1] in ("صادر", "صادره", "الصادر", "صدر") and tokens[described.end].text == "عن":
        inner = descriptions(tokens, described.end + 1, frozenset())
        if inner:
            reading.issuer = reading.entities.meet(tokens, inner[0])
            return reading.issuer
    return reading.current[0] if reading.current else reading.entities.meet(tokens, described)


def continued(reading: Reading, cue: Cue) -> tuple[list[Entity], list[Span]]:
    """Who goes on speaking when the verb names nobody; both sides where a meeting is told in the passive."""
    speakers = _fitting(reading, cue)
    both = cue.agrees == DUAL or cue.verb.act in ("discuss", "agree")
    if both and len(speakers) == 1 and speakers[0] in reading.met_with:
        speakers = [*speakers, reading.met_with[speakers[0]]]
    if cue.rule == "passive" and len(speakers) == 1:
        pair = reading.entities.pair("", ()) if cue.verb.act in ("discuss", "agree") else _together(reading)
        speakers = pair or speakers
    return speakers, [entity.span for entity in speakers]


def _together(reading: Reading) -> list[Entity]:
    """The two who did something together earlier on the page, as in a readout of their meeting."""
    return next((s.speakers for s in reversed(reading.statements) if len(s.speakers) == 2), [])


def _fitting(reading: Reading, cue: Cue) -> list[Entity]:
    """Those who spoke last and are of the gender that the verb shows."""
    if cue.verb.lemma == "أجاب":
        latest = reading.entities.latest(None, (PERSON,))
        if latest:
            return [latest]
    gender = FEMININE if cue.agrees == FEMININE else None
    fitting = [e for e in reading.current if gender is None or e.gender in (None, gender)]
    if not fitting and reading.current and gender:
        latest = reading.entities.latest(gender, (PERSON,)) or reading.current[0]
        return [latest]
    return fitting


def takes_place_of(reading: Reading, outer: Cue | None, speakers: Sequence[Entity]) -> bool:
    """Whether what an outer expression tells is the position of the one inside alone: a text, a readout, the same person."""
    if outer is None or not reading.statements:
        return False
    teller = reading.statements[-1].speakers
    if set(map(id, teller)) == set(map(id, speakers)):
        return True
    if reading.statements[-1].spokespersons:
        return True
    if not outer.subjects:
        return teller[0].kind != PERSON
    described = outer.subjects[0]
    if described.kind in (TEXT, AGENCY):
        return True
    return described.kind == "body" and described.head in ("خارجيه", "وزاره", "رياسه", "كرملين", "مكتب")


def meet_others(reading: Reading, sentence: Sentence, found: Sequence[Cue]) -> None:
    """Meet the persons with an office and a name that a sentence names where nobody speaks: they may be meant later."""
    for _ in met_persons(reading, sentence, found):
        pass


def met_persons(reading: Reading, sentence: Sentence, found: Sequence[Cue]) -> Iterator[Entity]:
    """The persons with an office and a name that a sentence names outside of the subjects of its expressions."""
    tokens = sentence.tokens
    taken = {p for cue in found for s in cue.subjects for p in range(s.first, s.end)}
    position = sentence.first
    while position < sentence.end:
        word = tokens[position].text
        if position not in taken and tokens[position].kind == WORD and _may_describe(word):
            described = descriptions(tokens, position, frozenset())
            named = [d for d in described if d.name and (d.kind == PERSON or word.startswith("نظير"))]
            yield from (reading.entities.meet(tokens, each) for each in named)
            position = max(position + 1, described[-1].end if named else position + 1)
        else:
            position += 1


def _may_describe(word: str) -> bool:
    return bool(head_of(word)) or word in word_list("titles") or word.startswith("نظير")


def spokespersons(tokens: Sequence[Token], cue: Cue, speakers: Sequence[Entity]) -> tuple[Entity, ...]:
    """Those of the speakers whose description says that they speak for others."""
    return tuple(
        speaker
        for speaker, described in zip(speakers, cue.subjects, strict=False)
        if without_conjunction(tokens[described.first].text) in _SPOKESPERSONS
    )
