"""Reading the paragraphs of an English article; lines and dates are as in Arabic."""

from collections.abc import Sequence

from api.drafting.english.clauses import clauses_of, content_start, trim_end
from api.drafting.english.subjects import LONGEST_SUBJECT, PRONOUNS, described_in
from api.drafting.english.verbs import VerbFound, verbs_in
from api.drafting.lexicon.verbs import Verb
from api.drafting.reading.article import Reading
from api.drafting.reading.lines import read
from api.drafting.reading.statement import DIRECT, INDIRECT, PARAPHRASE, Statement
from api.drafting.sources.description import Description
from api.drafting.sources.entity import Entity
from api.drafting.text import layout
from api.drafting.text.quotations import Quotation, between, quotations
from api.drafting.text.sentences import after_dateline, sentences
from api.drafting.text.words import SIGN, Span, Token, span_of
from api.drafting.values import dates
from api.drafting.values.figures import figures
from api.drafting.values.passages import ALTERNATIVES, Act, by_passage


def read_english(text: str, published: str | None) -> Reading:
    """Read every line of the body of an English article."""
    return read(Reading(text, published), _read_paragraph)


_SPOKESPERSONS = frozenset("spokesman spokeswoman spokesperson".split())
_ENDS = frozenset(",;:-–—")
_SAYING = frozenset(
    "report assert announce assess stress warn deny affirm acknowledge recall express-optimism express-pessimism".split()
)


def _read_paragraph(reading: Reading, number: int, line: layout.Line) -> None:
    quoted = quotations(line.tokens)
    for first, end in sentences(line.tokens, quoted, after_dateline(line.tokens)):
        _read_sentence(reading, line.tokens, number, first, end, between(quoted, first, end))


def _read_sentence(
    reading: Reading, tokens: Sequence[Token], number: int, first: int, end: int, quoted: Sequence[Quotation]
) -> None:
    opening = next((q for q in quoted if first <= q.first <= first + 1 and q.closed and q.last - q.first > 3), None)
    verbs = list(verbs_in(tokens, first, end, quoted))
    if opening and _quotation_first(reading, tokens, number, opening, verbs, end):
        return
    if not verbs:
        _according(reading, tokens, number, first, end, quoted)
        return
    clauses = list(clauses_of(reading, tokens, first, verbs))
    edges = [*(clause[0] for clause in clauses[1:]), end][: len(clauses)]
    for (begin, found, subject), stop in zip(clauses, edges, strict=True):
        _read_clause(reading, tokens, number, begin, found, subject, stop, quoted)


def _read_clause(
    reading: Reading,
    tokens: Sequence[Token],
    number: int,
    begin: int,
    found: VerbFound,
    subject: Description | None,
    end: int,
    quoted: Sequence[Quotation],
) -> None:
    speakers, labels = _who(reading, tokens, subject)
    if not speakers:
        reading.undecided.append((span_of(tokens, begin, end), "nobody is named who says it"))
        return
    content = content_start(tokens, found.end, end)
    stop = trim_end(tokens, content, end)
    whole = span_of(tokens, begin, stop)
    own = subject is not None or tokens[begin].text in PRONOUNS
    spans = [whole] if own or reading.head is None or reading.head_paragraph != number else [reading.head, whole]
    _add(
        reading,
        tokens,
        number,
        found,
        speakers,
        labels,
        spans,
        content,
        stop,
        _mode_of(tokens, found, content, stop, quoted),
        begin,
    )
    if subject is not None:
        reading.current, reading.head, reading.head_paragraph = (
            speakers,
            span_of(tokens, subject.first, subject.end),
            number,
        )
        if any(token.text in _SPOKESPERSONS for token in tokens[subject.first : subject.end]):
            reading.statements[-1].spokespersons = tuple(speakers)


def _who(reading: Reading, tokens: Sequence[Token], subject: Description | None) -> tuple[list[Entity], list[Span]]:
    if subject is None:
        return reading.current, [entity.span for entity in reading.current]
    entity = reading.entities.meet(tokens, subject)
    return [entity], [span_of(tokens, subject.first, subject.end)]


def _mode_of(tokens: Sequence[Token], found: VerbFound, content: int, stop: int, quoted: Sequence[Quotation]) -> str:
    if any(content <= q.first < stop for q in quoted):
        return DIRECT
    return INDIRECT if found.verb.act in _SAYING or tokens[content - 1].text == "that" else PARAPHRASE


def _add(reading: Reading, tokens: Sequence[Token], number: int, found: VerbFound, speakers: list[Entity], labels: list[Span], spans: list[Span],
    content: int, stop: int, mode: str, begin: int,
) -> None:  # fmt: skip
    passage = [token for token in tokens[content:stop] if token.kind != SIGN]
    chosen = _act_of(found.verb, passage)
    days = [d for d in dates.dates(tokens, begin, content, reading.page) if d.value and not reading.is_to_come(d.value)]
    statement = Statement(
        "english-verb", found.verb, span_of(tokens, found.first, found.end), speakers, labels, spans, chosen, mode,
        figures(tokens, content, stop), days[-1] if days else None, number, tokens=tokens,
    )  # fmt: skip
    reading.statements.append(statement)


def _quotation_first(
    reading: Reading, tokens: Sequence[Token], number: int, quotation: Quotation, verbs: Sequence[VerbFound], end: int
) -> bool:
    """ "...," Qartas told reporters. / "...," said Qartas."""
    after = next((found for found in verbs if found.first > quotation.last and found.form == "finite"), None)
    if after is None or after.first - quotation.last > LONGEST_SUBJECT:
        return False
    subject = (
        described_in(reading, tokens, quotation.last + 1, after.first) if after.first > quotation.last + 1 else None
    )
    if subject is None and after.first == quotation.last + 1:
        stop = next((p for p in range(after.end, end) if tokens[p].text in _ENDS or tokens[p].text == "."), end)
        subject = described_in(reading, tokens, after.end, stop)
    speakers, labels = _who(reading, tokens, subject)
    if not speakers:
        return False
    span = Span(
        tokens[quotation.first + 1].start, span_of(tokens, after.first, trim_end(tokens, after.end - 1, end)).end
    )
    _add(
        reading,
        tokens,
        number,
        after,
        speakers,
        labels,
        [span],
        quotation.first + 1,
        quotation.last,
        DIRECT,
        after.first,
    )
    if subject is not None:
        reading.current, reading.head, reading.head_paragraph = (
            speakers,
            span_of(tokens, subject.first, subject.end),
            number,
        )
    for found in verbs:
        if found.first > after.end and found.form == "ing" and tokens[found.first - 1].text == ",":
            _read_clause(reading, tokens, number, found.first, found, None, end, ())
    return True


def _according(
    reading: Reading, tokens: Sequence[Token], number: int, first: int, end: int, quoted: Sequence[Quotation]
) -> None:
    words = [token.text for token in tokens[first : first + 2]]
    if words != ["according", "to"]:
        return
    comma = next((p for p in range(first, end) if tokens[p].text == ","), None)
    if comma is None:
        return
    start = next(
        (
            p + 1
            for p in range(first + 2, comma)
            if tokens[p].text in ("by", "from") or (tokens[p].text == "of" and tokens[p - 1].text == "statement")
        ),
        first + 2,
    )
    subject = described_in(reading, tokens, start, comma)
    if subject is None:
        return
    speakers, labels = _who(reading, tokens, subject)
    verb = Verb("say", "report", frozenset(), True, False)
    found = VerbFound(first, first + 2, verb, "finite")
    stop = trim_end(tokens, comma + 1, end)
    _add(
        reading,
        tokens,
        number,
        found,
        speakers,
        labels,
        [span_of(tokens, first, stop)],
        comma + 1,
        stop,
        INDIRECT,
        first,
    )
    reading.current = speakers


def _act_of(verb: Verb, passage: Sequence[Token]) -> Act:
    words = " ".join(token.text for token in passage[:24])
    if verb.act in ("report", "assert"):
        return by_passage(words) or Act(
            verb.act, "verb", ("announce", "assert") if verb.act == "report" else ("report",)
        )
    return Act(verb.act, "verb", ALTERNATIVES.get(verb.act, ()))
