"""Reading the lines of an Arabic article in order."""

from collections.abc import Sequence

from api.drafting.cues.cue import OBJECT, Cue, Sentence
from api.drafting.cues.finding import cues
from api.drafting.lexicon.arabic import arabic
from api.drafting.reading.article import Reading
from api.drafting.reading.content import after_subject, content_end, passage_of
from api.drafting.reading.days import date_by_source, day_of, is_earlier, is_only_source, note_occasion
from api.drafting.reading.evidence import evidence_of, fronted, remember
from api.drafting.reading.lines import read
from api.drafting.reading.modes import mode_of
from api.drafting.reading.propositions import propositions
from api.drafting.reading.quoting import goes_on
from api.drafting.reading.resolutions import open_resolution, read_point
from api.drafting.reading.speakers import continued, is_nobody, meet_others, speakers_of, spokespersons, takes_place_of
from api.drafting.reading.statement import INDIRECT, PARAPHRASE, Statement
from api.drafting.sources.description import AGENCY
from api.drafting.sources.entity import Entity
from api.drafting.text import layout
from api.drafting.text.quotations import between, quotations
from api.drafting.text.sentences import after_dateline, sentences
from api.drafting.text.words import WORD, Span, Token, span_of, without_conjunction
from api.drafting.values import acts
from api.drafting.values.figures import figures
from api.drafting.values.passages import Act


def read_arabic(text: str, published: str | None) -> Reading:
    """Read every line of the body of an Arabic article."""
    return read(Reading(text, published), _read_paragraph)


def _read_paragraph(reading: Reading, number: int, line: layout.Line) -> None:
    quoted = quotations(line.tokens)
    for first, end in sentences(line.tokens, quoted, after_dateline(line.tokens)):
        _read_sentence(reading, number, line, Sentence(line.tokens[:end], first, end, between(quoted, first, end)))


def _read_sentence(reading: Reading, number: int, line: layout.Line, sentence: Sentence) -> None:
    if _is_background(sentence):
        reading.undecided.append((span_of(sentence.tokens, sentence.first, sentence.end), "background of the outlet"))
        return
    if reading.resolving and line.kind == layout.ITEM and read_point(reading, number, sentence):
        return
    found = cues(sentence, reading.entities.names)
    if is_only_source(sentence):
        date_by_source(reading, sentence)
        found = [cue for cue in found if cue.rule in ("inside-a-text", "setting")]
    if not any(cue.rule != "setting" for cue in found):
        open_resolution(reading, sentence)
    if not any(cue.rule not in ("setting", "inside-a-text") for cue in found):
        note_occasion(reading, sentence)
        if not found and goes_on(reading, number, sentence):
            return
    ends = [*(cue.begins for cue in found[1:]), sentence.end][: len(found)]
    outer: Cue | None = None
    meet_others(reading, sentence, found)
    for cue, end in zip(found, ends, strict=True):
        _read_cue(reading, number, sentence, cue, end, outer, cue is found[0])
        if not cue.nested:
            outer = cue


def _is_background(sentence: Sentence) -> bool:
    words = [
        without_conjunction(t.text) for t in sentence.tokens[sentence.first : sentence.first + 8] if t.kind == WORD
    ]
    return any(
        tuple(words[: len(phrase)]) == phrase or tuple(words[1 : len(phrase) + 1]) == phrase
        for phrase in arabic().phrases["background"]
    )


def _read_cue(
    reading: Reading, number: int, sentence: Sentence, cue: Cue, end: int, outer: Cue | None, is_first: bool
) -> None:
    tokens = sentence.tokens
    if is_nobody(tokens, cue):
        reading.current = []
        return
    named = speakers_of(reading, tokens, cue)
    if cue.rule == "setting":
        _read_setting(reading, number, tokens, cue, named[0])
        return
    speakers, labels = named if named[0] else continued(reading, cue)
    if not speakers:
        reading.undecided.append((span_of(tokens, cue.begins, min(end, sentence.end)), "nobody is named who says it"))
        return
    if cue.verb.act == "question":
        return
    statement = _statement_of(reading, number, sentence, cue, end, speakers, labels, is_first)
    replaces = cue.nested and takes_place_of(reading, outer, speakers)
    if replaces and outer is not None:
        _replace(reading.statements.pop(), statement)
        remember(reading, number, tokens, outer, statement.speakers)
    elif cue.nested and outer is not None and reading.statements:
        reading.statements[-1].spans[-1] = Span(reading.statements[-1].spans[-1].start, statement.spans[-1].end)
        statement.earlier = True
    reading.statements.extend(propositions(reading, statement, sentence, cue, end))
    if cue.subjects and (replaces or not cue.nested):
        remember(reading, number, tokens, cue, speakers)


def _replace(previous: Statement, statement: Statement) -> None:
    """Give a statement what is kept of the outer one whose place it takes: evidence, chain, spokespersons and day."""
    statement.spans = [Span(previous.spans[0].start, statement.spans[-1].end)]
    statement.chain = previous.speakers
    for entity, label in zip(previous.speakers, previous.labels, strict=True):
        if entity in previous.spokespersons and entity not in statement.speakers:
            statement.speakers, statement.labels = [*statement.speakers, entity], [*statement.labels, label]
    statement.spokespersons = previous.spokespersons
    statement.mode = INDIRECT if statement.mode == PARAPHRASE else statement.mode
    statement.day = statement.day or previous.day


def _read_setting(reading: Reading, number: int, tokens: Sequence[Token], cue: Cue, speakers: list[Entity]) -> None:
    if speakers and speakers[0].kind != AGENCY:
        remember(reading, number, tokens, cue, speakers)


def _statement_of(
    reading: Reading,
    number: int,
    sentence: Sentence,
    cue: Cue,
    end: int,
    speakers: list[Entity],
    labels: list[Span],
    is_first: bool,
) -> Statement:
    tokens = sentence.tokens
    stop = content_end(tokens, cue, end, sentence)
    begin = sentence.first if is_first else cue.begins
    spans = evidence_of(reading, number, tokens, cue, stop, fronted(tokens, begin, min(cue.begins, cue.first)))
    chosen = _act_of(tokens, cue, stop)
    return Statement(
        cue.rule, cue.verb, Span(tokens[cue.first].start, tokens[cue.verb_end - 1].end), speakers, labels, spans, chosen,
        mode_of(reading, sentence, cue, stop, speakers), figures(tokens, min(cue.begins, cue.content), stop),
        None if cue.nested else day_of(reading, tokens, cue, begin), number, spokespersons(tokens, cue, speakers),
        is_earlier(tokens, cue), tokens=tokens,
    )  # fmt: skip


def _act_of(tokens: Sequence[Token], cue: Cue, stop: int) -> Act:
    start = cue.content if cue.complement == OBJECT else after_subject(cue)
    return acts.act(cue.verb.lemma, cue.verb.act, tokens[start:stop], passage_of(tokens, cue, stop))
