"""Transcripts and interviews: each sentence of a turn is a statement of the one whom its label names."""

from collections.abc import Iterator, Sequence
from itertools import islice

from api.drafting.lexicon.arabic import arabic
from api.drafting.reading.article import InTitle, Reading
from api.drafting.reading.content import trim
from api.drafting.reading.propositions import is_performative
from api.drafting.reading.statement import DIRECT, Statement
from api.drafting.sources.description import Description
from api.drafting.sources.descriptions import descriptions
from api.drafting.sources.entity import Entity
from api.drafting.sources.heads import head_of
from api.drafting.text import layout
from api.drafting.text.quotations import quotations
from api.drafting.text.sentences import sentences
from api.drafting.text.words import COMMAS, SIGN, WORD, Token, span_of
from api.drafting.values import acts
from api.drafting.values.figures import figures

_ANSWERS = frozenset("ج جواب الجواب a answer".split())


def read_turn(reading: Reading, number: int, line: layout.Line) -> None:
    """A turn of a transcript: each of its sentences is a statement of the one whom the label names."""
    tokens = line.tokens
    described = descriptions(tokens[: line.label], 0, frozenset())
    if not described:
        return
    speaker = _named_in_titles(reading, tokens, line.label) or reading.entities.meet(tokens, described[0])
    if tokens[0].text in _ANSWERS:
        speaker = _interviewed(reading) or speaker
    label = span_of(tokens, 0, line.label)
    said = next(form.verb for form in arabic().forms["قال"])
    for place, (first, last) in enumerate(sentences(tokens, quotations(tokens), line.label + 1)):
        for start, stop in _turn_parts(tokens, first, last):
            words = [t for t in tokens[start:stop] if t.kind != SIGN]
            if len(words) < 3 or tokens[stop - 1].text in "؟?":
                continue
            begin = 0 if place == 0 and start == first else start
            chosen = acts.act(said.lemma, said.act, words, words)
            reading.statements.append(
                Statement(
                    "turn-of-a-transcript", said, label, [speaker], [label], [span_of(tokens, begin, trim(tokens, start, stop))], chosen,
                    DIRECT, figures(tokens, start, stop), None, number, tokens=tokens,
                )
            )  # fmt: skip


def _interviewed(reading: Reading) -> Entity | None:
    """Who answers in an interview: the first person or office of the titles."""
    if reading.interviewed is None:
        reading.interviewed = list(islice(_offices(reading), 1))
    return next((reading.entities.meet(*office) for office in reading.interviewed), None)


def _offices(reading: Reading) -> Iterator[tuple[Sequence[Token], Description]]:
    """The persons or offices that the titles describe, with the tokens of their line."""
    for line in reading.lines:
        if line.kind in (layout.TITLE, layout.BOILERPLATE):
            for position, token in enumerate(line.tokens):
                if token.kind == WORD and head_of(token.text):
                    yield from ((line.tokens, found) for found in descriptions(line.tokens, position, frozenset())[:1])


def _named_in_titles(reading: Reading, tokens: Sequence[Token], label: int) -> Entity | None:
    """The person whom the title names in full, with the name that a label gives in short."""
    words = {t.text for t in tokens[:label] if t.kind == WORD}
    if reading.in_titles is None:
        reading.in_titles = list(_in_titles(reading))
    met = next((each for each in reading.in_titles if words & each.name), None)
    return reading.entities.meet(met.tokens, met.description) if met else None


def _in_titles(reading: Reading) -> Iterator[InTitle]:
    for line in reading.lines:
        if line.kind in (layout.TITLE, layout.BOILERPLATE, layout.DATELINE):
            for position, token in enumerate(line.tokens):
                if token.kind == WORD and head_of(token.text):
                    for each in descriptions(line.tokens, position, frozenset()):
                        if each.name:
                            yield InTitle(line.tokens, each, frozenset(t.text for t in line.tokens[slice(*each.name)]))


def _turn_parts(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    starts = [first]
    for position in range(first + 3, last - 2):
        word, before = tokens[position].text, tokens[position - 1].text
        forms = arabic().forms.get(word[1:], ()) if word[0] == "و" else ()
        if before in COMMAS and any(
            form.kind == "first-person" and word[1] == "ن" and is_performative(form.verb) for form in forms
        ):
            starts.append(position)
    yield from zip(starts, [*starts[1:], last], strict=True)
