"""Readouts: what a ministry's text tells of a meeting is in its words, and so reported speech of those who met."""

from api.drafting.cues.cue import Sentence
from api.drafting.lexicon.arabic import word_list
from api.drafting.reading.article import Reading
from api.drafting.reading.speakers import issuer_of
from api.drafting.reading.statement import INDIRECT, PARAPHRASE
from api.drafting.sources.description import BODY, PERSON, TEXT
from api.drafting.sources.descriptions import descriptions_within


def note_teller(reading: Reading, sentence: Sentence) -> None:
    """ "جاء ذلك في بيان لوزارة الخارجية": what stands before it of others is reported by the ministry."""
    tokens = sentence.tokens
    place = next((p for p in range(sentence.first, sentence.end) if tokens[p].text in word_list("texts")), None)
    found = descriptions_within(tokens, place, sentence.end) if place is not None else []
    if not found or found[0].kind != TEXT:
        return
    teller = issuer_of(reading, tokens, found[0])
    if teller.kind != BODY:
        return
    for statement in reversed(reading.statements):
        if statement.earlier or teller in statement.speakers or any(s.kind != PERSON for s in statement.speakers):
            break
        if statement.mode == PARAPHRASE:
            statement.mode, statement.chain = INDIRECT, [teller]
        reading.told.update(statement.speakers)
