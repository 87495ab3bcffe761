"""Sentences that only name their source: "قتل خمسة أشخاص في القصف، بحسب وزارة الصحة"; "من المقرر، وفق الرئاسة، أن ..."."""

from collections.abc import Sequence

from api.drafting.cues.attributions import is_attribution, named_source
from api.drafting.cues.cue import THAT, Cue, Sentence
from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import arabic, word_list
from api.drafting.reading.article import Reading
from api.drafting.reading.content import trim
from api.drafting.reading.speakers import is_nobody, speakers_of, spokespersons
from api.drafting.reading.statement import DIRECT, INDIRECT, Statement
from api.drafting.sources.description import AGENCY, Description
from api.drafting.sources.entity import Entity
from api.drafting.text.words import COMMAS, SIGN, Span, Token, span_of
from api.drafting.values import acts
from api.drafting.values.figures import figures

_FEWEST = 4  # tokens that are told before their source


def read_attributed(reading: Reading, number: int, sentence: Sentence) -> bool:
    """Draft what a sentence without a verb of saying tells by its source; whether it names one."""
    for position in range(sentence.first + _FEWEST // 2, sentence.end - 1):
        cue = _source_at(sentence, position)
        if cue is None:
            continue
        speakers, labels = ([], []) if is_nobody(sentence.tokens, cue) else speakers_of(reading, sentence.tokens, cue)
        if speakers:
            reading.statements.append(_told(reading, number, sentence, cue, speakers, labels))
        return bool(speakers)
    return False


def _source_at(sentence: Sentence, position: int) -> Cue | None:
    """The source that وفق or بحسب names at a token, if what it tells stands before, or around it."""
    tokens = sentence.tokens
    if not is_attribution(tokens[position].text):
        return None
    begins = position - sentence.first
    after_comma = tokens[position - 1].text in COMMAS
    if not after_comma and begins < _FEWEST:
        return None
    scan = Scan(sentence, frozenset())
    found = named_source(scan, position + 1)
    if not found or found[0].kind == AGENCY:
        return None
    end = _end_of_aside(tokens, found, sentence.end)
    if end is None or (end < sentence.end and not after_comma):
        return None
    said = next(form.verb for form in arabic().forms["قال"])
    return Cue("attributed", said, position, position, position + 1, tuple(found), THAT, sentence.first)


def before_others(sentence: Sentence, found: Sequence[Cue]) -> Sentence | None:
    """The part of a sentence before its first expression, after a comma: "قتل 26 شخصا، بحسب الدفاع المدني، فيما تحدثت ..."."""
    begins = found[0].begins if found else sentence.end
    while begins > sentence.first and sentence.tokens[begins - 1].text not in COMMAS:
        begins -= 1
    return sentence._replace(end=begins) if begins > sentence.first + _FEWEST else None


_LONGEST_ADJUNCT = 6  # tokens: "للصحفيين فجر الخميس"


def _end_of_aside(tokens: Sequence[Token], found: Sequence[Description], end: int) -> int | None:
    """The comma after a source, or the end of its sentence; None where other words follow than to whom and when it was said."""
    after = found[-1].end
    stop = next((p for p in range(after, min(end, after + _LONGEST_ADJUNCT)) if tokens[p].kind == SIGN), after)
    if after < stop and (tokens[after].text.startswith("لل") or tokens[after].text in word_list("adverbs")):
        after = stop
    if after < end and tokens[after].text in COMMAS:
        return after
    return end if all(token.kind == SIGN for token in tokens[after:end]) else None


def _told(
    reading: Reading, number: int, sentence: Sentence, cue: Cue, speakers: list[Entity], labels: list[Span]
) -> Statement:  # fmt: skip
    tokens = sentence.tokens
    stop = trim(tokens, sentence.first, sentence.end)
    around = [*tokens[sentence.first : cue.first], *tokens[cue.subjects[-1].end : stop]]
    words = [token for token in around if token.kind != SIGN]
    quoted = any(q.last - q.first > _FEWEST for q in sentence.quotations)
    return Statement(
        cue.rule, cue.verb, Span(tokens[cue.first].start, tokens[cue.first].end), speakers, labels,
        [span_of(tokens, sentence.first, stop)], acts.act(cue.verb.lemma, cue.verb.act, words, words),
        DIRECT if quoted else INDIRECT, figures(tokens, sentence.first, stop), None, number,
        spokespersons(tokens, cue, speakers), tokens=tokens,
    )  # fmt: skip
