"""Reading the paragraphs of an English article; lines and dates are as in Arabic."""

from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.english.clauses import clauses_of, content_start, trim_end
from api.drafting.english.subjects import LONGEST_SUBJECT, PRONOUNS, described_in
from api.drafting.english.verbs import VerbFound, performing, verbs_in
from api.drafting.lexicon.verbs import Verb
from api.drafting.reading.article import Reading
from api.drafting.reading.lines import read
from api.drafting.reading.statement import DIRECT, INDIRECT, PARAPHRASE, Statement
from api.drafting.sources.description import PERSON, Description
from api.drafting.sources.entity import Entity
from api.drafting.text import layout
from api.drafting.text.quotations import Quotation, between, quotations
from api.drafting.text.sentences import after_dateline, sentences
from api.drafting.text.words import SIGN, Span, Token, span_of
from api.drafting.values import dates
from api.drafting.values.figures import figures
from api.drafting.values.passages import ALTERNATIVES, Act, by_passage


class Paragraph(NamedTuple):
    """A paragraph: its tokens, and the number of its line."""

    tokens: Sequence[Token]
    number: int


class Said(NamedTuple):
    """What a verb of saying reports: who speaks, the evidence, and the tokens where its clause and the content begin and end."""

    speakers: list[Entity]
    labels: list[Span]
    spans: list[Span]
    begin: int
    content: int
    stop: int
    mode: str


def read_english(text: str, published: str | None) -> Reading:
    """Read every line of the body of an English article."""
    return read(Reading(text, published), _read_paragraph)


_OWN_SIDE = frozenset("country government ministry nation party organisation organization administration side".split())
_SPOKESPERSONS = frozenset("spokesman spokeswoman spokesperson".split())
_ENDS = frozenset(",;:-–—")
_SAYING = frozenset(
    "report assert announce assess stress warn deny affirm acknowledge recall express-optimism express-pessimism".split()
)


def _read_paragraph(reading: Reading, number: int, line: layout.Line) -> None:
    quoted = quotations(line.tokens)
    for first, end in sentences(line.tokens, quoted, after_dateline(line.tokens)):
        _read_sentence(reading, Paragraph(line.tokens, number), first, end, between(quoted, first, end))


def _read_sentence(reading: Reading, paragraph: Paragraph, first: int, end: int, quoted: Sequence[Quotation]) -> None:
    tokens = paragraph.tokens
    opening = next((q for q in quoted if first <= q.first <= first + 1 and q.closed and q.last - q.first > 3), None)
    verbs = list(verbs_in(tokens, first, end, quoted))
    if opening and _quotation_first(reading, paragraph, opening, verbs, end):
        return
    if not verbs:
        if not _quotation_alone(reading, paragraph, opening, end):
            _according(reading, paragraph, first, end)
        return
    clauses = list(clauses_of(reading, tokens, first, verbs))
    edges = [*(clause[0] for clause in clauses[1:]), end][: len(clauses)]
    for (begin, found, subject), stop in zip(clauses, edges, strict=True):
        _read_clause(reading, paragraph, begin, found, subject, stop, quoted)


def _read_clause(
    reading: Reading,
    paragraph: Paragraph,
    begin: int,
    found: VerbFound,
    subject: Description | None,
    end: int,
    quoted: Sequence[Quotation],
) -> None:
    tokens, number = paragraph
    speakers, labels = _who(reading, tokens, subject, tokens[begin].text)
    if not speakers:
        reading.undecided.append((span_of(tokens, begin, end), "nobody is named who says it"))
        return
    content = content_start(tokens, found.end, end)
    stop = trim_end(tokens, content, end)
    whole = span_of(tokens, begin, stop)
    own = subject is not None or tokens[begin].text in PRONOUNS
    spans = [whole] if own or reading.head is None or reading.head_paragraph != number else [reading.head, whole]
    mode = _mode_of(tokens, found, content, stop, quoted)
    _add(reading, paragraph, found, Said(speakers, labels, spans, begin, content, stop, mode))
    if subject is not None:
        _remember(reading, paragraph, subject, speakers)
        if any(token.text in _SPOKESPERSONS for token in tokens[subject.first : subject.end]):
            reading.statements[-1].spokespersons = tuple(speakers)


def _who(
    reading: Reading, tokens: Sequence[Token], subject: Description | None, pronoun: str = ""
) -> tuple[list[Entity], list[Span]]:
    """Whom a subject means; without one, who spoke before, or whom "he" and "she" can mean: the person named last."""
    if subject is None:
        if pronoun in ("he", "she") and not any(entity.kind == PERSON for entity in reading.current):
            latest = reading.entities.latest(None, (PERSON,))
            reading.current = [latest] if latest else reading.current
        return reading.current, [entity.span for entity in reading.current]
    entity = reading.entities.meet(tokens, subject)
    return [entity], [span_of(tokens, subject.first, subject.end)]


def _remember(reading: Reading, paragraph: Paragraph, subject: Description, speakers: list[Entity]) -> None:
    reading.current = speakers
    reading.head = span_of(paragraph.tokens, subject.first, subject.end)
    reading.head_paragraph = paragraph.number


def _mode_of(tokens: Sequence[Token], found: VerbFound, content: int, stop: int, quoted: Sequence[Quotation]) -> str:
    if between(quoted, content, stop):
        return DIRECT
    return INDIRECT if found.verb.act in _SAYING or tokens[content - 1].text == "that" else PARAPHRASE


def _add(reading: Reading, paragraph: Paragraph, found: VerbFound, said: Said) -> None:
    tokens, number = paragraph
    passage = [token for token in tokens[said.content : said.stop] if token.kind != SIGN]
    in_clause = dates.dates(tokens, said.begin, said.content, reading.page)
    days = [day for day in in_clause if day.value and not reading.is_to_come(day.value)]
    statement = Statement(
        "english-verb", found.verb, span_of(tokens, found.first, found.end), said.speakers, said.labels, said.spans,
        _act_of(found.verb, passage), said.mode, figures(tokens, said.content, said.stop), days[-1] if days else None, number,
        tokens=tokens,
    )  # fmt: skip
    reading.statements.append(statement)


def _quotation_first(
    reading: Reading, paragraph: Paragraph, quotation: Quotation, verbs: Sequence[VerbFound], end: int
) -> bool:
    """ "...," Qartas told reporters. / "...," said Qartas."""
    tokens = paragraph.tokens
    after = next((found for found in verbs if found.first > quotation.last and found.form == "finite"), None)
    if after is None or after.first - quotation.last > LONGEST_SUBJECT:
        return False
    subject = _subject_beside(reading, tokens, quotation, after, end)
    speakers, labels = _who(reading, tokens, subject)
    if not speakers:
        return False
    span = Span(
        tokens[quotation.first + 1].start, span_of(tokens, after.first, trim_end(tokens, after.end - 1, end)).end
    )
    said = Said(speakers, labels, [span], after.first, quotation.first + 1, quotation.last, DIRECT)
    _add(reading, paragraph, after, said)
    if subject is not None:
        _remember(reading, paragraph, subject, speakers)
    for found in verbs:
        if found.first > after.end and found.form == "ing" and tokens[found.first - 1].text == ",":
            _read_clause(reading, paragraph, found.first, found, None, end, ())
    return True


def _quotation_alone(reading: Reading, paragraph: Paragraph, quotation: Quotation | None, end: int) -> bool:
    """ "...," said Reed. "..." : a sentence of nothing but a quotation, of whoever spoke before it in the paragraph."""
    if quotation is None or quotation.last < end - 2 or not reading.current:
        return False
    if reading.head_paragraph != paragraph.number:
        return False
    tokens, first, stop = paragraph.tokens, quotation.first + 1, trim_end(paragraph.tokens, quotation.first + 1, end)
    found = VerbFound(first, first, Verb("say", "report", frozenset(), True, False), "finite")
    labels = [entity.span for entity in reading.current]
    said = Said(reading.current, labels, [span_of(tokens, first, stop)], first, first, stop, DIRECT)
    _add(reading, paragraph, found, said)
    return True


def _subject_beside(
    reading: Reading, tokens: Sequence[Token], quotation: Quotation, verb: VerbFound, end: int
) -> Description | None:
    """Who stands between a quotation and its verb, or else right after the verb."""
    after = quotation.last + 1
    if verb.first > after:
        return described_in(reading, tokens, after, verb.first)
    stop = next((p for p in range(verb.end, end) if tokens[p].text in _ENDS or tokens[p].text == "."), end)
    return described_in(reading, tokens, verb.end, stop)


def _according(reading: Reading, paragraph: Paragraph, first: int, end: int) -> None:
    tokens = paragraph.tokens
    words = [token.text for token in tokens[first : first + 2]]
    if words != ["according", "to"]:
        return
    comma = next((p for p in range(first, end) if tokens[p].text == ","), None)
    if comma is None:
        return
    subject = described_in(reading, tokens, _source_start(tokens, first + 2, comma), comma)
    if subject is None:
        return
    speakers, labels = _who(reading, tokens, subject)
    verb = Verb("say", "report", frozenset(), True, False)
    found = VerbFound(first, first + 2, verb, "finite")
    stop = trim_end(tokens, comma + 1, end)
    said = Said(speakers, labels, [span_of(tokens, first, stop)], first, comma + 1, stop, INDIRECT)
    _add(reading, paragraph, found, said)
    reading.current = speakers


def _source_start(tokens: Sequence[Token], first: int, comma: int) -> int:
    """Past what the source made: "a statement by the ministry", "a report from the office"."""
    for position in range(first, comma):
        word = tokens[position].text
        if word in ("by", "from") or (word == "of" and tokens[position - 1].text == "statement"):
            return position + 1
    return first


def _act_of(verb: Verb, passage: Sequence[Token]) -> Act:
    words = " ".join(token.text for token in passage[:24])
    if verb.act in ("report", "assert"):
        if performed := _performed(passage):
            return performed
        return by_passage(words) or Act(
            verb.act, "verb", ("announce", "assert") if verb.act == "report" else ("report",)
        )
    return Act(verb.act, "verb", ALTERNATIVES.get(verb.act, ()))


def _performed(passage: Sequence[Token]) -> Act | None:
    """ "We welcome", "his country rejects": the speaker does it by saying so."""
    words = [token.text for token in passage[:3]]
    if words[:1] == ["we"]:
        place = 1
    elif words[:1] and words[0] in ("his", "her", "its", "their", "our") and words[1:2] and words[1] in _OWN_SIDE:
        place = 2
    else:
        return None
    found = next(performing(passage, place), None)
    if found is None or found.act in ("report", "announce", "assess", "discuss", "consider"):
        return None
    return Act(found.act, "performed", ALTERNATIVES.get(found.act, ()))
