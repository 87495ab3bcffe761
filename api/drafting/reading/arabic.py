"""Reading the lines of an Arabic article in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.drafting.cues.clauses import is_negated
from api.drafting.cues.cue import QUOTED, THAT, Cue, Sentence
from api.drafting.cues.finding import cues
from api.drafting.lexicon.arabic import arabic
from api.drafting.reading.article import Reading
from api.drafting.reading.attributed import before_others, read_attributed
from api.drafting.reading.content import after_subject, content_end, passage_of, without_asides
from api.drafting.reading.days import (
    company,
    date_by_source,
    day_of,
    is_earlier,
    is_only_source,
    is_same_occasion,
    note_day_of,
    note_occasion,
)
from api.drafting.reading.evidence import evidence_of, fronted, remember
from api.drafting.reading.forms.flashes import read_flash
from api.drafting.reading.forms.readouts import note_teller
from api.drafting.reading.forms.resolutions import open_resolution, opens_points, read_point
from api.drafting.reading.lines import read
from api.drafting.reading.modes import is_joint_text, is_of_others, mode_of
from api.drafting.reading.propositions import propositions
from api.drafting.reading.quoting import goes_on
from api.drafting.reading.speakers import (
    continued,
    is_nobody,
    meet_others,
    met_persons,
    speakers_of,
    speaks_of_own_side,
    spokespersons,
    takes_place_of,
    with_counterpart,
)
from api.drafting.reading.statement import DIRECT, INDIRECT, JOINT, PARAPHRASE, Statement
from api.drafting.sources.description import AGENCY, BODY, PERSON
from api.drafting.sources.entity import Entity
from api.drafting.text import layout
from api.drafting.text.quotations import around, between, quotations
from api.drafting.text.sentences import after_dateline, sentences
from api.drafting.text.words import WORD, Span, Token, span_of, without_conjunction
from api.drafting.values import acts
from api.drafting.values.figures import figures
from api.drafting.values.passages import Act


def read_arabic(text: str, published: str | None) -> Reading:
    """Read every line of the body of an Arabic article."""
    return read(Reading(text, published), _read_paragraph)


def _read_paragraph(reading: Reading, number: int, line: layout.Line) -> None:
    if read_flash(reading, number, line):
        return
    quoted = quotations(line.tokens)
    tokens: list[Token] = []  # grows from sentence to sentence: a copy for each would take the square of their number
    for first, end in sentences(line.tokens, quoted, after_dateline(line.tokens)):
        tokens.extend(line.tokens[len(tokens) : end])
        _read_sentence(reading, number, line, Sentence(tokens, first, end, between(quoted, first, end)))


def _read_sentence(reading: Reading, number: int, line: layout.Line, sentence: Sentence) -> None:
    if _is_background(sentence):
        told = _told_in_background(reading, sentence)
        if told is None:
            left = span_of(sentence.tokens, sentence.first, sentence.end)
            reading.undecided.append((left, "background of the outlet"))
            return
        sentence = told
    if reading.resolving and line.kind == layout.ITEM and read_point(reading, number, sentence):
        return
    found = [
        cue for cue in cues(sentence, reading.entities.names) if not (cue.nested and is_nobody(sentence.tokens, cue))
    ]
    if is_only_source(sentence):
        date_by_source(reading, sentence)
        note_teller(reading, sentence)
        found = [cue for cue in found if cue.rule in ("inside-a-text", "setting")]
    if opens_points(reading, sentence, found):
        return
    nothing_told = not any(cue.rule != "setting" for cue in found)
    if nothing_told:
        open_resolution(reading, sentence)
    if nothing_told and not is_only_source(sentence) and read_attributed(reading, number, sentence):
        return
    if not any(cue.rule not in ("setting", "inside-a-text") for cue in found):
        note_occasion(reading, sentence)
        if not found and goes_on(reading, number, sentence):
            return
    if not nothing_told and (part := before_others(sentence, found)):
        read_attributed(reading, number, part)
    _read_cues(reading, number, sentence, found)


def _read_cues(reading: Reading, number: int, sentence: Sentence, found: Sequence[Cue]) -> None:
    """Draft what the expressions of a sentence tell, one after the other."""
    ends = [*(cue.begins for cue in found[1:]), sentence.end][: len(found)]
    outer: Cue | None = None
    telling = _Telling()
    meet_others(reading, sentence, found)
    for cue, end in zip(found, ends, strict=True):
        before = len(reading.statements)
        replaced = _read_cue(reading, number, sentence, cue, end, outer, cue is found[0])
        if replaced:
            telling = _Telling.of(sentence, cue, reading.statements[-1])
        elif cue.first < telling.until and (telling.quotes or not cue.subjects):
            telling.mark(reading.statements[before:])
        if not cue.nested:
            outer = cue


@dataclass(frozen=True)
class _Telling:
    """A text or a body that tells what others said, and the token up to which it does; `quotes` in quotation marks."""

    tellers: Sequence[Entity] = ()
    until: int = 0
    quotes: bool = False
    is_joint: bool = False

    @classmethod
    def of(cls, sentence: Sentence, cue: Cue, told: Statement) -> "_Telling":
        """What goes on after an expression that was told: to the end of the quotation, or of the sentence."""
        quotation = around(sentence.quotations, cue.first)
        until = quotation.last if quotation else sentence.end
        return cls(told.chain, until, quotation is not None, told.mode == JOINT)

    def mark(self, statements: Sequence[Statement]) -> None:
        """What somebody else tells is in reported speech, and came by them."""
        for statement in statements:
            told = JOINT if self.is_joint else INDIRECT
            statement.chain = [entity for entity in self.tellers if entity not in statement.speakers]
            if statement.mode in (PARAPHRASE, INDIRECT) or is_of_others(statement):
                statement.mode = told


def _is_background(sentence: Sentence) -> bool:
    words = [
        without_conjunction(t.text) for t in sentence.tokens[sentence.first : sentence.first + 8] if t.kind == WORD
    ]
    return any(
        tuple(words[: len(phrase)]) == phrase or tuple(words[1 : len(phrase) + 1]) == phrase
        for phrase in arabic().phrases["background"]
    )


def _told_in_background(reading: Reading, sentence: Sentence) -> Sentence | None:
    """What follows "يذكر أن", where the outlet only recalls what somebody said: "يذكر أن الوزير كان قد صرح بأن"."""
    tokens = sentence.tokens
    begins = next((p + 1 for p in range(sentence.first, sentence.end) if tokens[p].text in ("ان", "بان")), sentence.end)
    inner = sentence._replace(first=begins)
    found = cues(inner, reading.entities.names) if begins < sentence.end else []
    told = any(not c.verb.bound and any(s.kind in (PERSON, BODY) for s in c.subjects) and not c.nested for c in found)
    return inner if told and is_earlier(tokens, found[0]) else None


def _read_cue(
    reading: Reading, number: int, sentence: Sentence, cue: Cue, end: int, outer: Cue | None, is_first: bool
) -> bool:
    """Draft what an expression tells; whether it takes the place of the outer one."""
    tokens = sentence.tokens
    if is_nobody(tokens, cue):
        reading.current = []
        return False
    named = _named(reading, tokens, cue)
    if cue.rule == "setting":
        _read_setting(reading, number, sentence, cue, named[0])
        note_day_of(reading, sentence._replace(first=cue.begins, end=end), named[0])
        return False
    speakers, labels = named if named[0] else continued(reading, cue)
    if not speakers:
        reading.undecided.append((span_of(tokens, cue.begins, min(end, sentence.end)), "nobody is named who says it"))
        return False
    if cue.verb.act == "question":
        return False
    speakers, labels = with_counterpart(reading, tokens, cue, end, speakers, labels)
    statement = _statement_of(reading, number, sentence, cue, end, speakers, labels, is_first)
    if statement.mode == PARAPHRASE and reading.told.issuperset(speakers):
        statement.mode = INDIRECT
    replaces = cue.nested and takes_place_of(reading, outer, speakers)
    if replaces and outer is not None:
        _replace(reading.statements.pop(), statement)
        if is_joint_text(tokens, outer, statement.speakers):
            statement.mode = JOINT
        if is_of_others(statement):
            reading.told.update(statement.speakers)
        remember(reading, number, tokens, outer, statement.speakers)
    elif cue.nested and outer is not None and reading.statements:
        reading.statements[-1].spans[-1] = Span(reading.statements[-1].spans[-1].start, statement.spans[-1].end)
        statement.earlier = True
    reading.statements.extend(propositions(reading, statement, sentence, cue, end))
    if cue.subjects and (replaces or not cue.nested) and not speaks_of_own_side(tokens, cue):
        remember(reading, number, tokens, cue, speakers)
    return replaces


def _named(reading: Reading, tokens: Sequence[Token], cue: Cue) -> tuple[list[Entity], list[Span]]:
    """Whom the expression names as its speakers: those who tell it, where it speaks of their own side."""
    if reading.statements and speaks_of_own_side(tokens, cue):
        return reading.statements[-1].speakers, reading.statements[-1].labels
    return speakers_of(reading, tokens, cue)


def _replace(previous: Statement, statement: Statement) -> None:
    """Give a statement what is kept of the outer one whose place it takes: evidence, chain, spokespersons and day."""
    statement.spans = [Span(previous.spans[0].start, statement.spans[-1].end)]
    statement.chain = [entity for entity in previous.speakers if entity not in statement.speakers]
    for entity, label in zip(previous.speakers, previous.labels, strict=True):
        if entity in previous.spokespersons and entity not in statement.speakers:
            statement.speakers, statement.labels = [*statement.speakers, entity], [*statement.labels, label]
    statement.spokespersons = previous.spokespersons
    if statement.mode == PARAPHRASE or (statement.mode == DIRECT and is_of_others(statement)):
        statement.mode = INDIRECT
    statement.day = statement.day or previous.day


def _read_setting(reading: Reading, number: int, sentence: Sentence, cue: Cue, speakers: list[Entity]) -> None:
    if speakers and speakers[0].kind != AGENCY:
        remember(reading, number, sentence.tokens, cue, speakers)
        if cue.verb.lemma.removesuffix("ت") in _MEETING:
            others = met_persons(reading, sentence._replace(first=cue.content), [cue])
            reading.met_with.update((speakers[0], other) for other in others if other is not speakers[0])


_MEETING = frozenset("استقبل التقي اجري تلقي عقد بحث".split())


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
    mode = mode_of(reading, sentence, cue, stop, speakers)
    counted = figures(tokens, min(cue.begins, cue.content), stop)
    chosen = acts.in_own_words(_act_of(tokens, cue, stop), mode == DIRECT, bool(counted))
    day = None if cue.nested else day_of(reading, tokens, cue, begin)
    return Statement(
        cue.rule, cue.verb, Span(tokens[cue.first].start, tokens[cue.verb_end - 1].end), speakers, labels, spans, chosen,
        mode, counted,
        day, number, spokespersons(tokens, cue, speakers),
        is_earlier(tokens, cue), is_same_occasion(tokens, cue, begin), company(reading, tokens, cue, begin), tokens=tokens,
    )  # fmt: skip


def _act_of(tokens: Sequence[Token], cue: Cue, stop: int) -> Act:
    start = after_subject(cue)
    between = [] if cue.complement in (THAT, QUOTED) else without_asides(tokens, start, cue.content)
    start = start if cue.complement in (THAT, QUOTED) else cue.content
    if cue.verb.lemma == "استبعد" and is_negated(tokens, cue.first):
        return Act("consider", "not-ruled-out", ("express-optimism", "assess"))
    return acts.act(cue.verb.lemma, cue.verb.act, [*between, *tokens[start:stop]], passage_of(tokens, cue, stop))
