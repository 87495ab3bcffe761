"""The evidence of a statement: the spans of the text that show who said what."""

from collections.abc import Sequence

from api.drafting.cues.cue import Cue
from api.drafting.reading.article import Reading
from api.drafting.reading.content import trim
from api.drafting.sources.entity import Entity
from api.drafting.text.sentences import ENDINGS
from api.drafting.text.words import COMMAS, SIGN, Span, Token, span_of, without_conjunction
from api.drafting.values import dates

_CONNECTIVES = frozenset(
    "جهته جهتها جهتهم جانبه جانبها جانبهم ناحيته ناحيتها بدوره بدورها المقابل ذلك السياق الصدد الاطار خط سياق اخري اخر الاثناء غضون نفسه ذاته متصل منفصل لكن ولكن وقد قد كما وكان كان".split()
)


def evidence_of(reading: Reading, number: int, tokens: Sequence[Token], cue: Cue, stop: int, begin: int) -> list[Span]:
    """The spans that show a statement: its clause, and before it the words that name who speaks."""
    if cue.before:
        return [Span(tokens[cue.content].start, span_of(tokens, cue.first, cue.subjects[-1].end).end)]
    whole = span_of(tokens, begin, trim(tokens, cue.content, stop))
    if cue.subjects and cue.subjects[-1].end < begin:  # whom an unknown verb before it names
        return [span_of(tokens, cue.subjects[0].first - 1, cue.subjects[-1].end), whole]
    if cue.subjects or reading.head is None:
        return [whole]
    if reading.head.end > whole.start:
        return [whole]
    if reading.head_paragraph == number and not _is_own_sentence(tokens, cue):
        return [reading.head, whole]
    return [whole]


def fronted(tokens: Sequence[Token], first: int, begins: int) -> int:
    """Where evidence begins: with what a sentence puts before the verb (a day, what it replies to), not with connectives."""
    words = [token.text for token in tokens[first:begins] if token.kind != SIGN]
    if len(words) == 1 and not dates.dates(tokens, first, begins, None):
        return begins
    if not words or any(word in _CONNECTIVES or without_conjunction(word) in _CONNECTIVES for word in words[:4]):
        return begins
    while tokens[first].kind == SIGN:
        first += 1
    return first


def _is_own_sentence(tokens: Sequence[Token], cue: Cue) -> bool:
    before = cue.begins - 1
    while before >= 0 and tokens[before].text in ("كما", "وقد", "ثم", "ايضا"):
        before -= 1
    return before < 0 or tokens[before].text in ENDINGS


def short_head(tokens: Sequence[Token], cue: Cue) -> Span | None:
    """The words that name the speaker, with the verb, without what follows a comma."""
    if not cue.subjects:
        return None
    last = cue.subjects[-1]
    stop = next((p for p in range(last.first, last.end) if tokens[p].text in COMMAS), last.end)
    return span_of(tokens, min(cue.begins, cue.first), max(stop, cue.verb_end) if cue.rule != "subject-first" else stop)


def remember(reading: Reading, number: int, tokens: Sequence[Token], cue: Cue, speakers: list[Entity]) -> None:
    """Keep who spoke last, and the words that named them, for statements that go on without naming anybody."""
    reading.current = speakers
    reading.head_paragraph = number
    if cue.subjects:
        reading.head = short_head(tokens, cue)


def remember_label(reading: Reading, number: int, speakers: list[Entity], label: Span) -> None:
    """Keep who spoke last where a label names them, and no verb."""
    reading.current, reading.head, reading.head_paragraph = speakers, label, number
