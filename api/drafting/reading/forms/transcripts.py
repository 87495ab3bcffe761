"""Transcripts and interviews: each sentence of a turn is a statement of the one whom its label names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from api.drafting.cues.cue import Sentence
from api.drafting.cues.finding import cues
from api.drafting.lexicon.arabic import arabic, own_forms
from api.drafting.reading.article import InTitle, Reading
from api.drafting.reading.content import passage_of, trim
from api.drafting.reading.propositions import is_performative
from api.drafting.reading.speakers import speakers_of
from api.drafting.reading.statement import DIRECT, Statement
from api.drafting.sources.description import Description
from api.drafting.sources.descriptions import descriptions
from api.drafting.sources.entity import Entity
from api.drafting.sources.heads import head_of
from api.drafting.text import layout
from api.drafting.text.quotations import between, quotations
from api.drafting.text.sentences import sentences
from api.drafting.text.words import COMMAS, SIGN, WORD, Span, Token, span_of
from api.drafting.values import acts
from api.drafting.values.figures import figures

_ANSWERS = frozenset("ج جواب الجواب a answer".split())


def read_turn(reading: Reading, number: int, line: layout.Line) -> None:
    """A turn of a transcript: each of its sentences is a statement of the one whom the label names."""
    tokens, name = line.tokens, line.said_by or tuple(line.tokens[: line.label])
    described = descriptions(name, 0, frozenset())
    if not described:
        return
    speaker = _named_in_titles(reading, name) or reading.entities.meet(name, described[0])
    if name[0].text in _ANSWERS:
        speaker = _interviewed(reading) or speaker
    label = span_of(name, 0, len(name))
    begins = 0 if line.said_by else line.label + 1
    quoted = quotations(tokens)
    for place, (first, last) in enumerate(sentences(tokens, quoted, begins)):
        for start, stop in _turn_parts(tokens, first, last):
            words = [t for t in tokens[start:stop] if t.kind != SIGN]
            if len(words) < _FEWEST or tokens[stop - 1].text in "؟?" or words[0].text == "بسم":
                continue
            begin = 0 if place == 0 and start == first else start
            said = _said(reading, number, tokens, (begin, start, stop), speaker, label)
            sentence = Sentence(tokens, start, stop, between(quoted, start, stop))
            reading.statements.append(_by_principal(reading, sentence, said) or said)


_BUT_WE = frozenset("ولكننا لكننا ولكنني لكنني".split())
_FEWEST = 3  # words of a turn that say something: "مساء الخير" does not


def _said(
    reading: Reading, number: int, tokens: Sequence[Token], range_: tuple[int, int, int], speaker: Entity, label: Span
) -> Statement:  # fmt: skip
    """What the one whom the label names says in their own name."""
    begin, start, stop = range_
    verb = next(form.verb for form in arabic().forms["قال"])
    words = [t for t in tokens[start:stop] if t.kind != SIGN]
    return Statement(
        "turn-of-a-transcript", verb, label, [speaker], [label], [span_of(tokens, begin, trim(tokens, start, stop))],
        acts.act(verb.lemma, verb.act, words, words), DIRECT, figures(tokens, start, stop), None, number, tokens=tokens,
    )  # fmt: skip


def _by_principal(reading: Reading, sentence: Sentence, said: Statement) -> Statement | None:
    """What a spokesperson says of whom they speak for: "يشعر الأمين العام بقلق", "وترحب الحكومة بالإعلان"."""
    if not said.labels or not _speaks_for_others(reading.text[slice(*said.labels[0])]):
        return None
    cue = next((cue for cue in cues(sentence, reading.entities.names) if cue.rule != "setting"), None)
    if cue is None or cue.rule != "verb-first" or not cue.subjects or cue.first > sentence.first + 1:
        return None
    principals, labels = speakers_of(reading, sentence.tokens, cue)
    passage = passage_of(sentence.tokens, cue, sentence.end)
    act = acts.act(cue.verb.lemma, cue.verb.act, sentence.tokens[cue.content : sentence.end], passage)
    return replace(
        said, verb=cue.verb, act=act, speakers=[*principals, *said.speakers], labels=[*labels, *said.labels],
        spokespersons=tuple(said.speakers),
    )  # fmt: skip


def _speaks_for_others(label: str) -> bool:
    return any(word in label for word in ("تحدث", "ناطق"))


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


def _named_in_titles(reading: Reading, name: Sequence[Token]) -> Entity | None:
    """The person whom the title names in full, with the name that a label gives in short."""
    words = {t.text for t in name if t.kind == WORD}
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
        forms = own_forms(word) if word[0] == "و" else ()
        performs = any(form.kind == "first-person" and word[1] == "ن" and is_performative(form.verb) for form in forms)
        if before in COMMAS and (performs or word in _BUT_WE):
            starts.append(position)
    yield from zip(starts, [*starts[1:], last], strict=True)
