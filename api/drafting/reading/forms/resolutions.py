"""Resolutions: the body that resolves, and the points that it adopts."""

from collections.abc import Iterator, Sequence

from api.drafting.cues.cue import Cue, Sentence
from api.drafting.lexicon.arabic import arabic
from api.drafting.lexicon.verbs import NOUN, Verb
from api.drafting.reading.article import Reading
from api.drafting.reading.content import trim
from api.drafting.reading.speakers import speakers_of
from api.drafting.reading.statement import DIRECT, Statement
from api.drafting.sources.descriptions import descriptions
from api.drafting.text.words import COMMAS, SIGN, WORD, Span, Token, span_of, without_conjunction
from api.drafting.values import acts, dates
from api.drafting.values.figures import figures


def open_resolution(reading: Reading, sentence: Sentence) -> None:
    """ "إن مجلس جامعة الدول العربية، المنعقد ..." opens a resolution: who resolves, and on which day."""
    tokens = sentence.tokens
    word = tokens[sentence.first].text
    if word == "ان" and len(tokens) > 3:
        found = descriptions(tokens, sentence.first + 1, frozenset())
        if found and found[0].kind == "body":
            reading.resolving = [reading.entities.meet(tokens, found[0])]
            reading.current = reading.resolving
            reading.head = None
            day = [
                d
                for d in dates.dates(tokens, sentence.first, sentence.end, reading.page)
                if d.value and len(d.value) == 10
            ]
            reading.resolved_on = day[-1] if day else None


_BEFORE_POINTS = frozenset("واذ اذ اولا ثانيا ثالثا رابعا خامسا سادسا سابعا ثامنا تاسعا عاشرا".split())
_FOLLOWING = frozenset("يلي الاتي التالي التاليه الاتيه".split())


def opens_points(reading: Reading, sentence: Sentence, found: Sequence[Cue]) -> bool:
    """ "قرر المجلس ما يلي:" says only that points follow: from then on they are what that body does."""
    tokens = sentence.tokens
    if not found or found[-1].verb.act not in ("decide", "agree", "urge", "assert", "stress"):
        return False
    rest = [token for token in tokens[found[-1].content : sentence.end] if token.kind == WORD]
    if tokens[sentence.end - 1].text != ":" or len(rest) > 3 or not _FOLLOWING & {token.text for token in rest}:
        return False
    speakers = speakers_of(reading, tokens, found[-1])[0]
    if speakers:
        reading.resolving = reading.current = speakers
        reading.head, reading.resolved_on = None, None
    return bool(speakers)


def read_point(reading: Reading, number: int, sentence: Sentence) -> bool:
    """ "1- الترحيب بـ...": a point of a resolution is what the body that resolves does."""
    if not reading.resolving:
        return False
    tokens = sentence.tokens
    position = sentence.first
    while position < sentence.end and (tokens[position].kind != WORD or tokens[position].text in _BEFORE_POINTS):
        position += 1
    points = list(_noun_points(tokens, position, sentence.end))
    if not points or points[0][0] != position:
        return False
    edges = [*(p for p, _ in points[1:]), sentence.end]
    for (first, verb), last in zip(points, edges, strict=True):
        stop = trim(tokens, first, last)
        part = [t for t in tokens[first + 1 : stop] if t.kind != SIGN]
        chosen = acts.act(verb.lemma, verb.act, part, part)
        reading.statements.append(
            Statement(
                "point-of-a-resolution", verb, Span(tokens[first].start, tokens[first].end), list(reading.resolving), [e.span for e in reading.resolving],
                [span_of(tokens, first, stop)], chosen, DIRECT, figures(tokens, first, stop), reading.resolved_on, number, tokens=tokens,
            )
        )  # fmt: skip
    return True


def _noun_points(tokens: Sequence[Token], first: int, end: int) -> Iterator[tuple[int, Verb]]:
    """Verbal nouns of saying that begin a point, or a part of it after a comma and و."""
    for position in range(first, end):
        if position != first and not (tokens[position].text[0] == "و" and tokens[position - 1].text in COMMAS | {"؛"}):
            continue
        word = without_conjunction(tokens[position].text)
        for candidate in (word, word.removesuffix("ها"), word.removesuffix("ه")):
            form = next(
                (f for f in arabic().forms.get(candidate, arabic().forms.get("ال" + candidate, ())) if f.kind == NOUN),
                None,
            )
            if form is None and candidate in ("يعرب", "ياخذ", "يوكد", "يشدد"):
                form = next((f for f in arabic().forms.get(candidate, ())), None)
            if form:
                yield position, form.verb
                break
