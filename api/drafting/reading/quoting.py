"""Sentences without a verb of saying that go on quoting whoever spoke last."""

from collections.abc import Sequence

from api.drafting.cues.cue import Sentence
from api.drafting.lexicon.arabic import arabic
from api.drafting.lexicon.verbs import FIRST_PERSON
from api.drafting.reading.article import Reading
from api.drafting.reading.content import trim
from api.drafting.reading.propositions import is_performative
from api.drafting.reading.statement import DIRECT, Statement
from api.drafting.sources.entity import Entity
from api.drafting.text.words import SIGN, Span, Token, span_of, without_conjunction
from api.drafting.values import acts
from api.drafting.values.figures import figures


def goes_on(reading: Reading, number: int, sentence: Sentence) -> bool:
    """A sentence without a verb of saying that goes on quoting: all of it in quotation marks, or "we ..." after a colon."""
    tokens, first = sentence.tokens, sentence.first
    if not reading.current or not reading.statements:
        return False
    quotation = next((q for q in sentence.quotations if q.first == first and q.last >= sentence.end - 3), None)
    forms = arabic().forms.get(tokens[first].text, arabic().forms.get(without_conjunction(tokens[first].text), ()))
    in_first_person = any(form.kind == FIRST_PERSON and is_performative(form.verb) for form in forms)
    last = reading.statements[-1]
    if not (quotation and sentence.end - first > 5) and not (in_first_person and last.paragraph == number):
        return False
    start = first + (quotation is not None)
    stop = trim(tokens, start, sentence.end)
    reading.statements.append(
        _spoken("quotation-alone" if quotation else "goes-on", number, tokens, start, stop, reading.current)
    )
    return True


def _spoken(rule: str, number: int, tokens: Sequence[Token], start: int, stop: int, speakers: Sequence[Entity]
) -> Statement:  # fmt: skip
    """A statement of words that stand there without a verb of saying."""
    said = next(form.verb for form in arabic().forms["قال"])
    words = [token for token in tokens[start:stop] if token.kind != SIGN]
    span = span_of(tokens, start, stop)
    return Statement(
        rule, said, Span(tokens[start].start, tokens[start].end), list(speakers), [entity.span for entity in speakers], [span],
        acts.act(said.lemma, said.act, words, words), DIRECT, figures(tokens, start, stop), None, number, tokens=tokens,
    )  # fmt: skip
