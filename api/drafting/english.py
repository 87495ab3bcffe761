"""Reading an English article, by the same design: verbs of saying, who is their subject, and what they introduce.

English puts the subject first, often after a quotation: "...," the minister told reporters. The verbs are those that the
vocabulary of acts lists.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from api.drafting import acts, dates, layout
from api.drafting.descriptions import BODY, NAME, PERSON, Description
from api.drafting.entities import Entity, span_of
from api.drafting.figures import figures
from api.drafting.lexicon import Verb
from api.drafting.quotations import MARKS, Quotation, quotations
from api.drafting.reader import DIRECT, INDIRECT, PARAPHRASE, Reader, Told, after_dateline, between, sentences
from api.drafting.words import SIGN, WORD, Span, Token
from schemas.records.vocabularies import documents

_IRREGULAR = {
    "say": ("said", "says", "saying"), "tell": ("told", "tells", "telling"), "hold": ("held", "holds", "holding"), "deny": ("denied", "denies", "denying"),
    "give": ("gave", "gives", "giving"), "take": ("took", "takes", "taking"), "put": ("put", "puts", "putting"), "seek": ("sought", "seeks", "seeking"),
    "write": ("wrote", "writes", "writing"), "stand": ("stood", "stands", "standing"), "be": ("is", "are", "was", "were"), "bring": ("brought", "brings", "bringing"),
}  # fmt: skip
_MORE = (
    ("add", "report"), ("continue", "report"), ("reply", "report"), ("respond", "report"), ("write", "assert"), ("tweet", "assert"),
    ("note", "report"), ("insist", "assert"), ("stress", "stress"), ("tell", "report"), ("confirm", "report"), ("comment", "assess"),
)  # fmt: skip
_AMBIGUOUS = frozenset(
    "table mark back hold put be study weigh note press grant charge view issue value honour fault order correct credit stand take give bring table seek withdraw hail limit continue greet review conclude drop".split()
)
_PRONOUNS = frozenset("he she they it".split())
_ADVERBS = frozenset(
    "however also later earlier meanwhile has had have previously separately reportedly repeatedly strongly again then".split()
)
_PERSONS = frozenset(
    "president minister premier secretary ambassador envoy spokesman spokeswoman spokesperson chief commander king queen prince leader speaker mayor governor director"
    " adviser representative official chairman chairwoman chair senator deputy commissioner coordinator mr mrs ms dr general foreign prime source sources".split()
)
_SPOKESPERSONS = frozenset("spokesman spokeswoman spokesperson".split())
_BODIES = frozenset(
    "government ministry council union nations party parliament court army police guard committee commission agency organization organisation bloc group office statement embassy".split()
)
_NOBODY = frozenset("analysts observers critics experts many some residents witnesses media reports".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_ENDS = frozenset(",;:-–—")
_LONGEST_SUBJECT = 22
_SAYING = frozenset(
    "report assert announce assess stress warn deny affirm acknowledge recall express-optimism express-pessimism".split()
)


class _Found(NamedTuple):
    """A verb of saying: its tokens, the vocabulary's verb, and its form: `past` (finite) or `ing`."""

    first: int
    end: int
    verb: Verb
    form: str


@cache
def _verbs() -> dict[str, list[tuple[tuple[str, ...], Verb, str]]]:
    """The forms of verbs by their first word: their words, the verb, and whether it is finite or a participle."""
    table: dict[str, list[tuple[tuple[str, ...], Verb, str]]] = {}
    listed = [
        (verb, term["id"]) for term in documents()["acts"]["terms"] for verb in term.get("verbs", {}).get("en", ())
    ]
    for phrase, act in [*listed, *_MORE]:
        first, *rest = phrase.split()
        if first in ("be",) or (not rest and first in _AMBIGUOUS):
            continue
        verb = Verb(phrase, act, frozenset(), True, False)
        for spelling, form in _inflected(first):
            entry = ((spelling, *rest), verb, form)
            if all(known[0] != entry[0] for known in table.get(spelling, ())):
                table.setdefault(spelling, []).append(entry)
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


def _inflected(verb: str) -> Iterator[tuple[str, str]]:
    if verb in _IRREGULAR:
        forms = _IRREGULAR[verb]
        yield from ((form, "ing" if form.endswith("ing") else "finite") for form in forms)
        return
    stem = verb[:-1] if verb.endswith("e") else verb
    doubled = verb + verb[-1] if verb in ("rebut", "regret", "admit", "commit", "refer") else verb
    y = verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeou" else None
    yield (y or (verb + "d" if verb.endswith("e") else doubled + "ed")), "finite"
    yield (verb[:-1] + "ies" if y else verb + ("es" if verb.endswith(("s", "sh", "ch")) else "s")), "finite"
    yield (doubled if doubled != verb else stem if verb.endswith("e") else verb) + "ing", "ing"


class EnglishReader(Reader):
    """Reads the paragraphs of an English article; everything else is as in Arabic."""

    def _sentence_of(
        self, tokens: Sequence[Token], number: int, first: int, end: int, quoted: Sequence[Quotation]
    ) -> None:
        opening = next((q for q in quoted if first <= q.first <= first + 1 and q.closed and q.last - q.first > 3), None)
        verbs = list(_found(tokens, first, end, quoted))
        if opening and self._quotation_first(tokens, number, opening, verbs, end):
            return
        if not verbs:
            self._according(tokens, number, first, end, quoted)
            return
        clauses = list(self._clauses(tokens, first, verbs))
        edges = [*(clause[0] for clause in clauses[1:]), end][: len(clauses)]
        for (begin, found, subject), stop in zip(clauses, edges, strict=True):
            self._clause(tokens, number, begin, found, subject, stop, quoted)

    def _paragraph(self, number: int, line: layout.Line) -> None:
        quoted = quotations(line.tokens)
        for first, end in sentences(line.tokens, quoted, after_dateline(line.tokens)):
            self._sentence_of(line.tokens, number, first, end, between(quoted, first, end))

    def _clauses(
        self, tokens: Sequence[Token], first: int, verbs: Sequence[_Found]
    ) -> Iterator[tuple[int, _Found, Description | None]]:
        """The verbs that report, with where their clauses begin and who is named before them."""
        begin, seen = first, False
        for found in verbs:
            if found.form == "ing":
                if seen and tokens[found.first - 1].text in (",", "and"):
                    yield found.first, found, None
                continue
            before = tokens[found.first - 1].text if found.first > first else ""
            if seen and before in ("and", "but", ","):
                yield found.first - (before == "and"), found, None
                continue
            turn = next(
                (p + 1 for p in range(found.first - 1, max(first, found.first - 8), -1) if tokens[p].text == "while"),
                None,
            )
            if seen and turn is not None:
                begin = turn
            elif seen:
                continue
            subject = self._subject(tokens, begin, found.first)
            if subject is not None or (before in _PRONOUNS and found.first - first <= 3):
                seen = True
                yield (subject.first if subject else found.first - 1), found, subject

    def _subject(self, tokens: Sequence[Token], first: int, verb: int) -> Description | None:
        end = verb
        while end > first and (tokens[end - 1].text in _ADVERBS or tokens[end - 1].text == ","):
            end -= 1
        if end - first > 2 and tokens[end - 2].text == "on" and tokens[end - 1].text in _DAYS:
            end -= 2
        start = next((p + 1 for p in range(end - 1, first - 1, -1) if tokens[p].text in (";", ":")), first)
        start = self._after_lead(tokens, start, end)
        if not 0 < end - start <= _LONGEST_SUBJECT or tokens[start].text in _PRONOUNS:
            return None
        return self._described(tokens, start, end)

    def _after_lead(self, tokens: Sequence[Token], start: int, end: int) -> int:
        """Past what precedes the subject with a comma: "On Tuesday, ", "Meanwhile, "."""
        if tokens[start].text in (
            "on",
            "in",
            "meanwhile",
            "earlier",
            "later",
            "but",
            "and",
            "speaking",
            "for",
            "at",
            "however",
            "after",
        ):
            comma = next((p for p in range(start, end) if tokens[p].text == ","), None)
            return comma + 1 if comma is not None else start + (tokens[start].text in ("but", "and"))
        return start

    def _described(self, tokens: Sequence[Token], first: int, end: int) -> Description | None:
        words = [tokens[p].text.removesuffix("'s") for p in range(first, end) if tokens[p].kind == WORD]
        if (
            not words
            or words[0] in _NOBODY
            or any(word in ("that", "which", "who", "when", "if", "because") for word in words[:6])
        ):
            return None
        name = self._name(tokens, first, end)
        head = next((word for word in words if word in _PERSONS), "") or next(
            (word for word in words if word in _BODIES), ""
        )
        kind = PERSON if head in _PERSONS or (name and name[1] - name[0] > 1 and not head) else BODY if head else NAME
        if not head and not name:
            return None
        return Description(first, end, kind, head, name if kind != BODY else None, None)

    def _name(self, tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
        """The last run of words with a capital that are no office."""
        stop = end
        while stop > first and not self._is_capital(tokens[stop - 1]):
            stop -= 1
        start = stop
        while (
            start > first
            and self._is_capital(tokens[start - 1])
            and tokens[start - 1].text not in _PERSONS
            and not tokens[start - 1].text.endswith("'s")
        ):
            start -= 1
        return (start, stop) if start < stop else None

    def _is_capital(self, token: Token) -> bool:
        return token.kind == WORD and self.text[token.start].isupper() and token.text not in ("the", "its", "a")

    def _clause(
        self,
        tokens: Sequence[Token],
        number: int,
        begin: int,
        found: _Found,
        subject: Description | None,
        end: int,
        quoted: Sequence[Quotation],
    ) -> None:
        speakers, labels = self._who(tokens, subject)
        if not speakers:
            self.left.append((span_of(tokens, begin, end), "nobody is named who says it"))
            return
        content = _content(tokens, found.end, end)
        stop = _trim(tokens, content, end)
        whole = span_of(tokens, begin, stop)
        own = subject is not None or tokens[begin].text in _PRONOUNS
        spans = [whole] if own or self.head is None or self.head_paragraph != number else [self.head, whole]
        self._add(
            tokens,
            number,
            found,
            speakers,
            labels,
            spans,
            content,
            stop,
            self._mode_of(tokens, found, content, stop, quoted),
            begin,
        )
        if subject is not None:
            self.current, self.head, self.head_paragraph = speakers, span_of(tokens, subject.first, subject.end), number
            if any(token.text in _SPOKESPERSONS for token in tokens[subject.first : subject.end]):
                self.told[-1].spokespersons = tuple(speakers)

    def _who(self, tokens: Sequence[Token], subject: Description | None) -> tuple[list[Entity], list[Span]]:
        if subject is None:
            return self.current, [entity.span for entity in self.current]
        entity = self.entities.meet(tokens, subject)
        return [entity], [span_of(tokens, subject.first, subject.end)]

    def _mode_of(
        self, tokens: Sequence[Token], found: _Found, content: int, stop: int, quoted: Sequence[Quotation]
    ) -> str:
        if any(content <= q.first < stop for q in quoted):
            return DIRECT
        return INDIRECT if found.verb.act in _SAYING or tokens[content - 1].text == "that" else PARAPHRASE

    def _add(
        self, tokens: Sequence[Token], number: int, found: _Found, speakers: list[Entity], labels: list[Span], spans: list[Span],
        content: int, stop: int, mode: str, begin: int,
    ) -> None:  # fmt: skip
        passage = [token for token in tokens[content:stop] if token.kind != SIGN]
        chosen = _act(found.verb, passage)
        days = [d for d in dates.dates(tokens, begin, content, self.page) if d.value and not self._is_to_come(d.value)]
        told = Told(
            "english-verb", found.verb, span_of(tokens, found.first, found.end), speakers, labels, spans, chosen, mode,
            figures(tokens, content, stop), days[-1] if days else None, number, tokens=tokens,
        )  # fmt: skip
        self.told.append(told)

    def _quotation_first(
        self, tokens: Sequence[Token], number: int, quotation: Quotation, verbs: Sequence[_Found], end: int
    ) -> bool:
        """ "...," Qartas told reporters. / "...," said Qartas."""
        after = next((found for found in verbs if found.first > quotation.last and found.form == "finite"), None)
        if after is None or after.first - quotation.last > _LONGEST_SUBJECT:
            return False
        subject = self._described(tokens, quotation.last + 1, after.first) if after.first > quotation.last + 1 else None
        if subject is None and after.first == quotation.last + 1:
            stop = next((p for p in range(after.end, end) if tokens[p].text in _ENDS or tokens[p].text == "."), end)
            subject = self._described(tokens, after.end, stop)
        speakers, labels = self._who(tokens, subject)
        if not speakers:
            return False
        span = Span(
            tokens[quotation.first + 1].start, span_of(tokens, after.first, _trim(tokens, after.end - 1, end)).end
        )
        self._add(
            tokens, number, after, speakers, labels, [span], quotation.first + 1, quotation.last, DIRECT, after.first
        )
        if subject is not None:
            self.current, self.head, self.head_paragraph = speakers, span_of(tokens, subject.first, subject.end), number
        for found in verbs:
            if found.first > after.end and found.form == "ing" and tokens[found.first - 1].text == ",":
                self._clause(tokens, number, found.first, found, None, end, ())
        return True

    def _according(
        self, tokens: Sequence[Token], number: int, first: int, end: int, quoted: Sequence[Quotation]
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
        subject = self._described(tokens, start, comma)
        if subject is None:
            return
        speakers, labels = self._who(tokens, subject)
        verb = Verb("say", "report", frozenset(), True, False)
        found = _Found(first, first + 2, verb, "finite")
        stop = _trim(tokens, comma + 1, end)
        self._add(
            tokens, number, found, speakers, labels, [span_of(tokens, first, stop)], comma + 1, stop, INDIRECT, first
        )
        self.current = speakers


def _found(tokens: Sequence[Token], first: int, end: int, quoted: Sequence[Quotation]) -> Iterator[_Found]:
    """The verbs of saying outside of quotation marks."""
    inside = {p for q in quoted for p in range(q.first, q.last + 1)}
    position = first
    while position < end:
        match = None if position in inside else _verb_at(tokens, position, end)
        if match:
            yield match
        position = match.end if match else position + 1


def _verb_at(tokens: Sequence[Token], position: int, end: int) -> _Found | None:
    for words, verb, form in _verbs().get(tokens[position].text, ()):
        if words[0].startswith("express") and len(words) == 2:
            noun = next((p for p in range(position + 1, min(end, position + 5)) if tokens[p].text == words[1]), None)
            if noun is not None:
                return _Found(position, noun + 1, verb, form)
        last = position + len(words)
        if last <= end and tuple(token.text for token in tokens[position:last]) == words:
            return _Found(position, last, verb, form)
    return None


def _content(tokens: Sequence[Token], position: int, end: int) -> int:
    """Where what was said begins: after "that", or after the verb and a day."""
    that = next((p for p in range(position, min(end, position + 10)) if tokens[p].text == "that"), None)
    return that + 1 if that is not None and that + 1 < end else min(position, end - 1)


def _trim(tokens: Sequence[Token], first: int, end: int) -> int:
    while end > first + 1 and (
        tokens[end - 1].text in MARKS or tokens[end - 1].text in ".,;:!?" or tokens[end - 1].text in ("and", "but")
    ):
        end -= 1
    return end


def _act(verb: Verb, passage: Sequence[Token]) -> acts.Act:
    words = " ".join(token.text for token in passage[:24])
    if verb.act in ("report", "assert"):
        return acts.by_passage(words) or acts.Act(
            verb.act, "verb", ("announce", "assert") if verb.act == "report" else ("report",)
        )
    return acts.Act(verb.act, "verb", acts.ALTERNATIVES.get(verb.act, ()))
