"""One statement for each proposition: what وأن، وعلى، أما and the sentences of a quotation begin anew."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from api.drafting.cues.cue import THAT, Cue, Sentence
from api.drafting.lexicon.arabic import expression, own_forms
from api.drafting.lexicon.verbs import Verb
from api.drafting.reading.article import Reading
from api.drafting.reading.content import content_end, passage_of, trim
from api.drafting.reading.evidence import short_head
from api.drafting.reading.statement import DIRECT, INDIRECT, Statement
from api.drafting.text.quotations import Quotation, around, between
from api.drafting.text.sentences import ENDINGS
from api.drafting.text.words import COMMAS, SIGN, Span, Token, span_of, without_conjunction
from api.drafting.values import acts
from api.drafting.values.figures import figures


def propositions(reading: Reading, statement: Statement, sentence: Sentence, cue: Cue, end: int) -> Iterator[Statement]:
    """One statement for each proposition: what وأن، وعلى، أما and the sentences of a quotation begin anew."""
    tokens = sentence.tokens
    stop = content_end(tokens, cue, end, sentence)
    if cue.verb.lemma == "تبادل" and statement.act.term == "accuse" and len(statement.speakers) == 2:
        yield from (
            replace(statement, speakers=[s], labels=[label], rule="mutual-accusation")
            for s, label in zip(statement.speakers, statement.labels, strict=True)
        )
        return
    cuts = [] if cue.before else list(_cuts(tokens, cue, stop, sentence.quotations))
    if not cuts:
        yield statement
        return
    yield _first_part(statement, tokens, cue, cuts[0], stop)
    own = Span(min(statement.spans[0].start, statement.word.start), statement.word.end)
    head = reading.head if not cue.subjects and reading.head and reading.head.end <= statement.spans[-1].start else None
    short = head or short_head(tokens, cue) or own
    for first, last in zip(cuts, [*cuts[1:], stop], strict=True):
        yield _later_part(statement, sentence, cue, short, first, last)


def _first_part(statement: Statement, tokens: Sequence[Token], cue: Cue, last: int, stop: int) -> Statement:
    span = span_of(tokens, cue.begins, trim(tokens, cue.begins, last))
    passage = passage_of(tokens, cue, last)
    is_whole = passage == passage_of(tokens, cue, stop)
    chosen = statement.act if is_whole else acts.act(cue.verb.lemma, cue.verb.act, tokens[cue.content : last], passage)
    spans = [*statement.spans[:-1], Span(statement.spans[-1].start, span.end)]
    return replace(statement, spans=spans, act=chosen, figures=figures(tokens, cue.content, last))


def _later_part(statement: Statement, sentence: Sentence, cue: Cue, short: Span, first: int, last: int) -> Statement:
    tokens = sentence.tokens
    part = [token for token in tokens[first:last] if token.kind != SIGN]
    part = part[1:] if part and part[0].text in ("وان", "وانه", "وانها", "وبان") else part
    is_quoted = between(sentence.quotations, first - 1, last) or around(sentence.quotations, first)
    return replace(
        statement,
        mode=INDIRECT if statement.mode == DIRECT and not is_quoted else statement.mode,
        rule=f"{statement.rule}+coordinated",
        spans=[short, span_of(tokens, first, trim(tokens, first, last))],
        act=acts.act(cue.verb.lemma, cue.verb.act, part, part),
        figures=figures(tokens, first, last),
    )


def _cuts(tokens: Sequence[Token], cue: Cue, stop: int, quoted: Sequence[Quotation]) -> Iterator[int]:
    """Where a new proposition begins inside what was said."""
    particle = tokens[cue.content].text
    last = cue.content
    for position in range(cue.content + 3, stop - 2):
        quotation = around(quoted, position)
        if quotation and quotation.first < cue.content - 1:
            quotation = None
        if position - last < 3:
            continue
        if (quotation and quotation.last - quotation.first > 8 and _begins_anew(tokens, position)) or (
            quotation is None and _repeats_particle(tokens, position, particle, cue)
        ):
            last = position
            yield position


def _begins_anew(tokens: Sequence[Token], position: int) -> bool:
    word, before = tokens[position].text, tokens[position - 1].text
    if word in ("اما", "واما") and before in COMMAS | ENDINGS:
        return True
    if before in COMMAS and word in ("ولم",):
        return True
    if word in ("لكننا", "ولكننا", "لكنني", "ولكنني", "لكن", "ولكن") and before in ENDINGS:
        return True
    forms = own_forms(word)
    performs = any(
        form.kind == "first-person" and without_conjunction(word)[0] == "ن" and is_performative(form.verb)
        for form in forms
    )
    return performs and (before in COMMAS | ENDINGS | {")"} or word[0] == "و")


def is_performative(verb: Verb) -> bool:
    """Whether saying "we ..." with this verb does what it says: welcome, hope, thank; not "we say"."""
    return not verb.bound and verb.act not in ("report", "announce", "express", "assess", "discuss", "consider")


_EXPRESSING = frozenset("جدد كرر أعرب عبر أبدى أكد".split())


def _repeats_particle(tokens: Sequence[Token], position: int, particle: str, cue: Cue) -> bool:
    word = tokens[position].text
    if cue.complement == THAT and word in ("وان", "وانه", "وانها", "وبان", "وانهم"):
        return True
    if (particle == "علي" and word == "وعلي") or (particle == "الي" and word == "والي"):
        return True
    if particle == "عن" and word == "وعن":
        return True
    if tokens[position - 1].text in COMMAS and word.endswith(("هما", "هم", "ها")) and cue.verb.lemma in _EXPRESSING:
        return word[0] == "و" and expression(word) is not None
    return word in ("وضروره", "وباهميه", "وبضروره", "وكذلك") and tokens[position - 1].text in COMMAS
