"""Reading an Arabic article: from its lines to drafted statements."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from api.drafting import acts, dates, layout
from api.drafting.cues import OBJECT, QUOTED, THAT, Cue, Sentence, cues
from api.drafting.descriptions import AGENCY, COMMAS, NAME, PAIR, PERSON, TEXT, Description, bare, descriptions, head_of
from api.drafting.entities import Entities, Entity, span_of
from api.drafting.figures import Figure, figures
from api.drafting.lexicon import FEMININE, FIRST_PERSON, NOUN, Verb, arabic, word_list
from api.drafting.quotations import MARKS, Quotation, quotations
from api.drafting.words import SIGN, WORD, Span, Token, without_conjunction

DIRECT, INDIRECT, PARAPHRASE, JOINT = "direct", "indirect", "paraphrase", "joint"
_ENDINGS = frozenset(".!?؟…؛")
_TRAILING = COMMAS | frozenset(".:;؛!?؟…-–—()") | MARKS
_NAMED_BY = frozenset(
    "باسم عبر منصه كتله حزب حركه جماعه وكاله قناه صحيفه موقع موتمر قمه وثيقه اعلان اتفاق اتفاقيه بروتوكول لقاح عمليه معبر معاهده مبادره حمله مشروع برنامج مجموعه المسمي المسماه".split()
)


@dataclass
class Told:
    """A statement as it was read: who, by which words, what, and by which rule. Positions are tokens of its paragraph."""

    rule: str
    verb: Verb
    word: Span
    speakers: list[Entity]
    labels: list[Span]
    spans: list[Span]
    act: acts.Act
    mode: str
    figures: list[Figure]
    day: dates.DateFound | None
    paragraph: int
    spokespersons: tuple[Entity, ...] = ()
    earlier: bool = False
    chain: list[Entity] = field(default_factory=list)
    date: str | None = None
    basis: str = ""
    tokens: Sequence[Token] = ()


class Reader:
    """The state of reading one article: who was named, who spoke last, which statements were found."""

    def __init__(self, text: str, published: str | None) -> None:
        self.text = text
        self.lines = layout.lines(text)
        self.published = published or _page_date(self.lines)
        self.page = dates.published_day(self.published)
        self.entities = Entities(text)
        self.told: list[Told] = []
        self.current: list[Entity] = []
        self.head: Span | None = None
        self.head_paragraph = -1
        self.doc: list[Entity] = []
        self.doc_day: dates.DateFound | None = None
        self.issuer: Entity | None = None
        self.joint = any(_JOINT.search(text[line.start : line.end]) for line in self.lines if line.kind != layout.BODY)
        self.occasions: dict[int, dates.DateFound] = {}
        self.left: list[tuple[Span, str]] = []

    def read(self) -> "Reader":
        """Read every line of the body in order."""
        for number, line in enumerate(self.lines):
            if line.kind == layout.TURN:
                self._turn(number, line)
            elif line.kind in (layout.BODY, layout.ITEM):
                self._paragraph(number, line)
        self._date_all()
        return self

    # A paragraph and its sentences

    def _paragraph(self, number: int, line: layout.Line) -> None:
        quoted = quotations(line.tokens)
        for first, end in sentences(line.tokens, quoted, after_dateline(line.tokens)):
            self._sentence(number, line, Sentence(line.tokens[:end], first, end, between(quoted, first, end)))

    def _sentence(self, number: int, line: layout.Line, sentence: Sentence) -> None:
        if self._is_background(sentence):
            self.left.append((span_of(sentence.tokens, sentence.first, sentence.end), "background of the outlet"))
            return
        if self.doc and line.kind == layout.ITEM and self._resolution(number, line, sentence):
            return
        found = cues(sentence, self.entities.names)
        if self._is_only_source(sentence):
            self._came_in(sentence)
            found = [cue for cue in found if cue.rule in ("inside-a-text", "setting")]
        if not any(cue.rule != "setting" for cue in found):
            self._document(line, sentence)
        if not any(cue.rule not in ("setting", "inside-a-text") for cue in found):
            self._happened(sentence)
            if not found and self._goes_on(number, sentence):
                return
        ends = [*(cue.begins for cue in found[1:]), sentence.end][: len(found)]
        outer: Cue | None = None
        self._meet_others(sentence, found)
        for cue, end in zip(found, ends, strict=True):
            self._cue(number, sentence, cue, end, outer, cue is found[0])
            if not cue.nested:
                outer = cue

    def _is_background(self, sentence: Sentence) -> bool:
        words = [
            without_conjunction(t.text) for t in sentence.tokens[sentence.first : sentence.first + 8] if t.kind == WORD
        ]
        return any(
            tuple(words[: len(phrase)]) == phrase or tuple(words[1 : len(phrase) + 1]) == phrase
            for phrase in arabic().phrases["background"]
        )

    def _meet_others(self, sentence: Sentence, found: Sequence[Cue]) -> None:
        """Meet the persons with an office and a name that a sentence names where nobody speaks: they may be meant later."""
        for _ in self._met(sentence, found):
            pass

    def _met(self, sentence: Sentence, found: Sequence[Cue]) -> Iterator[Entity]:
        tokens = sentence.tokens
        taken = {p for cue in found for s in cue.subjects for p in range(s.first, s.end)}
        position = sentence.first
        while position < sentence.end:
            word = tokens[position].text
            if (
                position not in taken
                and tokens[position].kind == WORD
                and (head_of(word) or word in word_list("titles"))
            ):
                described = descriptions(tokens, position, frozenset())
                for each in described:
                    if each.name and each.kind == PERSON:
                        yield self.entities.meet(tokens, each)
                position = max(position + 1, described[-1].end if described else position + 1)
            else:
                position += 1

    def _happened(self, sentence: Sentence) -> None:
        """What a sentence tells of a day ("أجرى الرئيس اليوم محادثة مع ...") dates what those whom it names say."""
        found = [
            d
            for d in dates.dates(sentence.tokens, sentence.first, sentence.end, self.page)
            if self._is_a_day(sentence, d)
        ]
        if found:
            for entity in self._met(sentence, ()):
                self.occasions.setdefault(id(entity), found[0])

    def _is_a_day(self, sentence: Sentence, found: dates.DateFound) -> bool:
        return (
            found.value is not None
            and len(found.value) == 10
            and found.basis == dates.RESOLVED
            and not _is_of_a_text(sentence.tokens, found)
            and not self._is_to_come(found.value)
        )

    # One expression

    def _cue(self, number: int, sentence: Sentence, cue: Cue, end: int, outer: Cue | None, is_first: bool) -> None:
        tokens = sentence.tokens
        if self._is_nobody(tokens, cue):
            self.current = []
            return
        speakers, labels = self._speakers(tokens, cue)
        if cue.rule == "setting":
            self._set(number, tokens, cue, speakers)
            return
        if not speakers:
            speakers, labels = self._continued(cue, tokens)
            if cue.rule == "passive" and cue.verb.act in ("discuss", "agree") and len(speakers) == 1:
                pair = self.entities.pair("", ())
                speakers, labels = (pair, [entity.span for entity in pair]) if pair else (speakers, labels)
        if not speakers:
            self.left.append((span_of(tokens, cue.begins, min(end, sentence.end)), "nobody is named who says it"))
            return
        if cue.verb.act == "question":
            return
        told = self._tell(number, sentence, cue, end, speakers, labels, is_first)
        replaces = cue.nested and self._replaces(outer, speakers)
        if replaces and outer is not None:
            previous = self.told.pop()
            told.spans = [Span(previous.spans[0].start, told.spans[-1].end)]
            told.chain = previous.speakers
            for entity, label in zip(previous.speakers, previous.labels, strict=True):
                if entity in previous.spokespersons and entity not in told.speakers:
                    told.speakers, told.labels = [*told.speakers, entity], [*told.labels, label]
            told.spokespersons = previous.spokespersons
            told.mode = INDIRECT if told.mode == PARAPHRASE else told.mode
            told.day = told.day or previous.day
            self._remember(number, tokens, outer, told.speakers)
        elif cue.nested and outer is not None and self.told:
            self.told[-1].spans[-1] = Span(self.told[-1].spans[-1].start, told.spans[-1].end)
            told.earlier = True
        self.told.extend(self._split(told, sentence, cue, end))
        if cue.subjects and (replaces or not cue.nested):
            self._remember(number, tokens, cue, speakers)

    def _is_nobody(self, tokens: Sequence[Token], cue: Cue) -> bool:
        return any(
            bare(tokens[s.first].text) in word_list("nobody") or tokens[s.first].text in word_list("nobody")
            for s in cue.subjects
        )

    def _set(self, number: int, tokens: Sequence[Token], cue: Cue, speakers: list[Entity]) -> None:
        if speakers and speakers[0].kind != AGENCY:
            self._remember(number, tokens, cue, speakers)

    def _remember(self, number: int, tokens: Sequence[Token], cue: Cue, speakers: list[Entity]) -> None:
        self.current = speakers
        self.head_paragraph = number
        if cue.subjects:
            last = cue.subjects[-1]
            stop = next((p for p in range(last.first, last.end) if tokens[p].text in COMMAS), last.end)
            self.head = span_of(
                tokens, min(cue.begins, cue.first), max(stop, cue.verb_end) if cue.rule != "subject-first" else stop
            )

    def _speakers(self, tokens: Sequence[Token], cue: Cue) -> tuple[list[Entity], list[Span]]:
        speakers: list[Entity] = []
        labels: list[Span] = []
        for described in cue.subjects:
            label = span_of(tokens, described.first, described.end)
            for entity in self._meant(tokens, described):
                speakers.append(entity)
                labels.append(label)
        return speakers, labels

    def _meant(self, tokens: Sequence[Token], described: Description) -> list[Entity]:
        if described.kind == PAIR:
            place = described.first + (tokens[described.first].text in ("كلا", "كلي", "كلتا"))
            spoke = [speaker for told in reversed(self.told[-12:]) for speaker in told.speakers]
            pair = self.entities.pair(tokens[place].text, spoke)
            return pair or [self.entities.meet(tokens, described)]
        if described.kind == TEXT and described.end - described.first <= 2 and self.issuer:
            return [self.issuer]
        if described.kind == TEXT:
            return [self._issuer_of(tokens, described)]
        entity = self.entities.meet(tokens, described)
        return [entity]

    def _issuer_of(self, tokens: Sequence[Token], described: Description) -> Entity:
        """Whose text it is: "بيان لوزارة الخارجية", "بيان الخارجية", "بيان أصدرته الوزارة"."""
        words = [tokens[position].text for position in range(described.first, described.end)]
        if self.current and any(word in ("باسمه", "باسمها", "باسمهم") for word in words):
            self.issuer = self.current[0]
            return self.issuer
        for position in range(described.first + 1, described.end):
            word = tokens[position].text
            if head_of(word) or word.startswith("لل"):
                inner = descriptions(tokens[: described.end], position, frozenset())
                if inner:
                    self.issuer = self.entities.meet(tokens, inner[0])
                    return self.issuer
        return self.current[0] if self.current else self.entities.meet(tokens, described)

    def _continued(self, cue: Cue, tokens: Sequence[Token]) -> tuple[list[Entity], list[Span]]:
        """Who goes on speaking when the verb names nobody."""
        if cue.verb.lemma == "أجاب":
            latest = self.entities.latest(None, (PERSON,))
            if latest:
                return [latest], [latest.span]
        gender = FEMININE if cue.agrees == FEMININE else None
        fitting = [e for e in self.current if gender is None or e.gender in (None, gender)]
        if not fitting and self.current and gender:
            latest = self.entities.latest(gender, (PERSON,)) or self.current[0]
            fitting = [latest]
        return fitting, [entity.span for entity in fitting]

    def _replaces(self, outer: Cue | None, speakers: Sequence[Entity]) -> bool:
        """Whether what an outer expression tells is the position of the one inside alone: a text, a readout, the same person."""
        if outer is None or not self.told:
            return False
        teller = self.told[-1].speakers
        if set(map(id, teller)) == set(map(id, speakers)):
            return True
        if self.told[-1].spokespersons:
            return True
        if not outer.subjects:
            return teller[0].kind != PERSON
        described = outer.subjects[0]
        if described.kind in (TEXT, AGENCY):
            return True
        return described.kind == "body" and described.head in ("خارجيه", "وزاره", "رياسه", "كرملين", "مكتب")

    # Building a statement

    def _tell(
        self,
        number: int,
        sentence: Sentence,
        cue: Cue,
        end: int,
        speakers: list[Entity],
        labels: list[Span],
        is_first: bool,
    ) -> Told:
        tokens = sentence.tokens
        stop = _content_end(tokens, cue, end, sentence)
        begin = sentence.first if is_first else cue.begins
        spans = self._spans(number, tokens, cue, stop, _fronted(tokens, begin, min(cue.begins, cue.first)))
        tail = tokens[_after_subject(cue) : stop]
        passage = _passage(tokens, cue, stop)
        chosen = acts.act(
            cue.verb.lemma, cue.verb.act, tail if cue.complement != OBJECT else tokens[cue.content : stop], passage
        )
        return Told(
            cue.rule,
            cue.verb,
            Span(tokens[cue.first].start, tokens[cue.verb_end - 1].end),
            speakers,
            labels,
            spans,
            chosen,
            self._mode(sentence, cue, stop, speakers, chosen),
            figures(tokens, min(cue.begins, cue.content), stop),
            None if cue.nested else self._day(tokens, cue, begin),
            number,
            _spokespersons(tokens, cue, speakers),
            _is_earlier(tokens, cue),
            tokens=tokens,
        )

    def _spans(self, number: int, tokens: Sequence[Token], cue: Cue, stop: int, begin: int) -> list[Span]:
        if cue.before:
            return [Span(tokens[cue.content].start, span_of(tokens, cue.first, cue.subjects[-1].end).end)]
        whole = span_of(tokens, begin, _trim(tokens, cue.content, stop))
        if cue.subjects or self.head is None:
            return [whole]
        if self.head.end > whole.start:
            return [whole]
        if self.head_paragraph == number and not _is_own_sentence(tokens, cue):
            return [self.head, whole]
        return [whole]

    def _mode(self, sentence: Sentence, cue: Cue, stop: int, speakers: Sequence[Entity], chosen: acts.Act) -> str:
        if any(_is_speech(sentence.tokens, q, cue, stop) for q in sentence.quotations):
            return DIRECT
        if len(speakers) > 1 and self.joint:
            return JOINT
        if without_conjunction(sentence.tokens[sentence.first].text) in word_list("according"):
            return INDIRECT
        if cue.verb.act in _DONE_BY_NAMING:
            return PARAPHRASE
        return INDIRECT if cue.complement in (THAT, QUOTED) else PARAPHRASE

    def _day(self, tokens: Sequence[Token], cue: Cue, first: int) -> dates.DateFound | None:
        """The date in the clause of the verb, outside of what was said; `first` is where the clause may begin."""
        found = dates.dates(tokens, first, max(cue.content, cue.first), self.page)
        usable = [
            each
            for each in found
            if each.value and not _is_of_a_text(tokens, each) and not self._is_to_come(each.value)
        ]
        return usable[-1] if usable else None

    def _is_to_come(self, value: str) -> bool:
        return self.page is not None and value[:10] > self.page.isoformat()

    def _split(self, told: Told, sentence: Sentence, cue: Cue, end: int) -> Iterator[Told]:
        """One statement for each proposition: what وأن، وعلى، أما and the sentences of a quotation begin anew."""
        tokens = sentence.tokens
        stop = _content_end(tokens, cue, end, sentence)
        if cue.verb.lemma == "تبادل" and told.act.term == "accuse" and len(told.speakers) == 2:
            yield from (
                replace(told, speakers=[s], labels=[label], rule="mutual-accusation")
                for s, label in zip(told.speakers, told.labels, strict=True)
            )
            return
        cuts = [] if cue.before else list(_cuts(tokens, cue, stop, sentence.quotations))
        if not cuts:
            yield told
            return
        yield self._first_part(told, tokens, cue, cuts[0], stop)
        own = Span(min(told.spans[0].start, told.word.start), told.word.end)
        head = self.head if not cue.subjects and self.head and self.head.end <= told.spans[-1].start else None
        short = head or _short_head(tokens, cue) or own
        for first, last in zip(cuts, [*cuts[1:], stop], strict=True):
            yield self._later_part(told, sentence, cue, short, first, last)

    def _first_part(self, told: Told, tokens: Sequence[Token], cue: Cue, last: int, stop: int) -> Told:
        span = span_of(tokens, cue.begins, _trim(tokens, cue.begins, last))
        passage = _passage(tokens, cue, last)
        is_whole = passage == _passage(tokens, cue, stop)
        chosen = told.act if is_whole else acts.act(cue.verb.lemma, cue.verb.act, tokens[cue.content : last], passage)
        spans = [*told.spans[:-1], Span(told.spans[-1].start, span.end)]
        return replace(told, spans=spans, act=chosen, figures=figures(tokens, cue.content, last))

    def _later_part(self, told: Told, sentence: Sentence, cue: Cue, short: Span, first: int, last: int) -> Told:
        tokens = sentence.tokens
        part = [token for token in tokens[first:last] if token.kind != SIGN]
        part = part[1:] if part and part[0].text in ("وان", "وانه", "وانها", "وبان") else part
        is_quoted = any(first - 1 <= q.first < last or q.first < first < q.last for q in sentence.quotations)
        return replace(
            told,
            mode=INDIRECT if told.mode == DIRECT and not is_quoted else told.mode,
            rule=f"{told.rule}+coordinated",
            spans=[short, span_of(tokens, first, _trim(tokens, first, last))],
            act=acts.act(cue.verb.lemma, cue.verb.act, part, part),
            figures=figures(tokens, first, last),
        )

    # Other forms

    def _document(self, line: layout.Line, sentence: Sentence) -> None:
        """ "إن مجلس جامعة الدول العربية، المنعقد ..." opens a resolution: who resolves, and on which day."""
        tokens = sentence.tokens
        word = tokens[sentence.first].text
        if word == "ان" and len(tokens) > 3:
            found = descriptions(tokens, sentence.first + 1, frozenset())
            if found and found[0].kind == "body":
                self.doc = [self.entities.meet(tokens, found[0])]
                self.current = self.doc
                self.head = None
                day = [
                    d
                    for d in dates.dates(tokens, sentence.first, sentence.end, self.page)
                    if d.value and len(d.value) == 10
                ]
                self.doc_day = day[-1] if day else None

    def _is_only_source(self, sentence: Sentence) -> bool:
        words = [without_conjunction(t.text) for t in sentence.tokens[sentence.first : sentence.first + 2]]
        return words[:1] in (["جاء"], ["جاءت"]) and words[1:] in (
            ["ذلك"],
            ["تصريحات"],
            ["هذا"],
            ["التصريحات"],
            ["هذه"],
            ["اقوال"],
        )

    def _came_in(self, sentence: Sentence) -> None:
        """ "جاء ذلك في كلمة ألقاها أمس": the day of what stands before it."""
        tokens = sentence.tokens
        found = [d for d in dates.dates(tokens, sentence.first, sentence.end, self.page) if d.value]
        if found and self.told:
            for told in reversed(self.told):
                if (
                    told.speakers
                    and self.told[-1].speakers
                    and told.speakers[0] is self.told[-1].speakers[0]
                    and told.day is None
                ):
                    told.day = found[0]
                else:
                    break

    def _resolution(self, number: int, line: layout.Line, sentence: Sentence) -> bool:
        """ "1- الترحيب بـ...": a point of a resolution is what the body that resolves does."""
        if not self.doc:
            return False
        tokens = sentence.tokens
        position = sentence.first
        while position < sentence.end and (tokens[position].kind != WORD or tokens[position].text in ("واذ", "اذ")):
            position += 1
        points = list(_noun_points(tokens, position, sentence.end))
        if not points or points[0][0] != position:
            return False
        edges = [*(p for p, _ in points[1:]), sentence.end]
        for (first, verb), last in zip(points, edges, strict=True):
            stop = _trim(tokens, first, last)
            part = [t for t in tokens[first + 1 : stop] if t.kind != SIGN]
            chosen = acts.act(verb.lemma, verb.act, part, part)
            self.told.append(
                Told(
                    "point-of-a-resolution", verb, Span(tokens[first].start, tokens[first].end), list(self.doc), [e.span for e in self.doc],
                    [span_of(tokens, first, stop)], chosen, DIRECT, figures(tokens, first, stop), self.doc_day, number, tokens=tokens,
                )
            )  # fmt: skip
        return True

    def _goes_on(self, number: int, sentence: Sentence) -> bool:
        """A sentence without a verb of saying that goes on quoting: all of it in quotation marks, or "we ..." after a colon."""
        tokens, first = sentence.tokens, sentence.first
        if not self.current or not self.told:
            return False
        quotation = next((q for q in sentence.quotations if q.first == first and q.last >= sentence.end - 3), None)
        forms = arabic().forms.get(tokens[first].text, arabic().forms.get(without_conjunction(tokens[first].text), ()))
        in_first_person = any(form.kind == FIRST_PERSON and _performs(form.verb) for form in forms)
        last = self.told[-1]
        if not (quotation and sentence.end - first > 5) and not (in_first_person and last.paragraph == number):
            return False
        start = first + (quotation is not None)
        stop = _trim(tokens, start, sentence.end)
        self.told.append(
            self._spoken("quotation-alone" if quotation else "goes-on", number, tokens, start, stop, self.current)
        )
        return True

    def _spoken(
        self, rule: str, number: int, tokens: Sequence[Token], start: int, stop: int, speakers: Sequence[Entity]
    ) -> Told:  # fmt: skip
        """A statement of words that stand there without a verb of saying."""
        said = next(form.verb for form in arabic().forms["قال"])
        words = [token for token in tokens[start:stop] if token.kind != SIGN]
        span = span_of(tokens, start, stop)
        return Told(
            rule, said, Span(tokens[start].start, tokens[start].end), list(speakers), [entity.span for entity in speakers], [span],
            acts.act(said.lemma, said.act, words, words), DIRECT, figures(tokens, start, stop), None, number, tokens=tokens,
        )  # fmt: skip

    def _turn(self, number: int, line: layout.Line) -> None:
        """A turn of a transcript: each of its sentences is a statement of the one whom the label names."""
        tokens = line.tokens
        described = descriptions(tokens[: line.label], 0, frozenset())
        if not described:
            return
        speaker = self._named_in_titles(tokens, line.label) or self.entities.meet(tokens, described[0])
        if tokens[0].text in _ANSWERS:
            speaker = self._interviewed() or speaker
        label = span_of(tokens, 0, line.label)
        said = next(form.verb for form in arabic().forms["قال"])
        for place, (first, last) in enumerate(sentences(tokens, quotations(tokens), line.label + 1)):
            for start, stop in _turn_parts(tokens, first, last):
                words = [t for t in tokens[start:stop] if t.kind != SIGN]
                if len(words) < 3 or tokens[stop - 1].text in "؟?":
                    continue
                begin = 0 if place == 0 and start == first else start
                chosen = acts.act(said.lemma, said.act, words, words)
                self.told.append(
                    Told(
                        "turn-of-a-transcript", said, label, [speaker], [label], [span_of(tokens, begin, _trim(tokens, start, stop))], chosen,
                        DIRECT, figures(tokens, start, stop), None, number, tokens=tokens,
                    )
                )  # fmt: skip

    def _interviewed(self) -> Entity | None:
        """Who answers in an interview: the first person or office of the titles."""
        for line in self.lines:
            if line.kind in (layout.TITLE, layout.BOILERPLATE):
                for position, token in enumerate(line.tokens):
                    if token.kind == WORD and head_of(token.text):
                        found = descriptions(line.tokens, position, frozenset())
                        if found:
                            return self.entities.meet(line.tokens, found[0])
        return None

    def _named_in_titles(self, tokens: Sequence[Token], label: int) -> Entity | None:
        """The person whom the title names in full, with the name that a label gives in short."""
        words = {t.text for t in tokens[:label] if t.kind == WORD}
        for line in self.lines:
            if line.kind in (layout.TITLE, layout.BOILERPLATE, layout.DATELINE):
                for position, token in enumerate(line.tokens):
                    if token.kind == WORD and head_of(token.text):
                        for each in descriptions(line.tokens, position, frozenset()):
                            if each.name and words & {t.text for t in line.tokens[slice(*each.name)]}:
                                return self.entities.meet(line.tokens, each)
        return None

    # Dates

    def _date_all(self) -> None:
        occasions: dict[int, dates.DateFound] = {}
        for told in self.told:
            if told.day and told.speakers and not told.earlier:
                occasions.setdefault(id(told.speakers[0]), told.day)
        occasions = {**self.occasions, **occasions}
        previous: Told | None = None
        for told in self.told:
            self._date(told, occasions, previous)
            previous = told

    def _date(self, told: Told, occasions: dict[int, dates.DateFound], previous: Told | None) -> None:
        day = told.day
        if (
            day is None
            and previous
            and previous.speakers == told.speakers
            and previous.date
            and previous.basis != dates.DATELINE
            and not told.earlier
        ):
            told.date, told.basis = previous.date, previous.basis
            return
        if day is None and told.speakers and not told.earlier:
            day = occasions.get(id(told.speakers[0]))
        if day and day.value:
            told.date, told.basis = day.value, day.basis
        elif told.earlier and self.published:
            told.date, told.basis = f"../{self.published.split('/')[-1]}", dates.INFERRED
        elif self.published:
            told.date, told.basis = self.published, dates.DATELINE


# The outlet names the act: "agreed to", "hoped that", "demanded that" report no words even with أن.
_DONE_BY_NAMING = frozenset(
    "urge demand request call-for agree discuss express-hope express-pessimism pledge offer propose invite decide decree welcome".split()
)
_JOINT = re.compile(r"(?:ال)?(?:بيان|إعلان|اعلان|بلاغ) (?:ال)?(?:مشترك|ختامي|ثلاثي)")
_ANSWERS = frozenset("ج جواب الجواب a answer".split())
_SPOKESPERSONS = frozenset("المتحدث المتحدثه الناطق الناطقه متحدث متحدثه ناطق ناطقه".split())


def _spokespersons(tokens: Sequence[Token], cue: Cue, speakers: Sequence[Entity]) -> tuple[Entity, ...]:
    return tuple(
        speaker
        for speaker, described in zip(speakers, cue.subjects, strict=False)
        if without_conjunction(tokens[described.first].text) in _SPOKESPERSONS
    )


def _page_date(lines: Sequence[layout.Line]) -> str | None:
    """The page's own date: in the lines around the body, beside a Hijri date at its head, or beside "اليوم"."""
    around = (line.tokens for line in lines if line.kind in (layout.TITLE, layout.DATELINE, layout.BOILERPLATE))
    beside_hijri = (
        line.tokens[place : place + 12]
        for line in lines[:_HEAD_LINES]
        for place, token in enumerate(line.tokens)
        if token.text == "الموافق"
    )
    readings = (
        *(dates.page_date(tokens) for tokens in around),
        *(dates.page_date(tokens) for tokens in beside_hijri),
        *(dates.date_today(line.tokens) for line in lines),
    )
    return next((found for found in readings if found), None)


_HEAD_LINES = 4  # lines among which a page gives its date


def sentences(tokens: Sequence[Token], quoted: Sequence[Quotation], first: int = 0) -> Iterator[tuple[int, int]]:
    """Ranges of tokens that are sentences: up to a full stop outside of quotation marks, with the mark after it."""
    inside = {p for q in quoted for p in range(q.first, q.last)}
    start = first
    for position in range(first, len(tokens)):
        if tokens[position].text not in _ENDINGS or (position in inside and position + 1 < len(tokens)):
            continue
        if (
            position + 1 < len(tokens)
            and tokens[position + 1].start == tokens[position].end
            and tokens[position + 1].kind != SIGN
        ):
            continue
        if position + 1 < len(tokens) and tokens[position + 1].text in _ENDINGS | {")"}:
            continue
        if position + 1 > start:
            yield start, position + 1
        start = position + 1
    if start < len(tokens) and any(token.kind != SIGN for token in tokens[start:]):
        yield start, len(tokens)


LONGEST_DATELINE = 14  # tokens


def after_dateline(tokens: Sequence[Token]) -> int:
    """The token after "الرياض (رويترز) - " or "MARSA AL-LULU, March 14 (Harbour Wire) - "; 0 without a dateline."""
    for place, token in enumerate(tokens[:LONGEST_DATELINE]):
        if token.text == ":" and any(before.text == "/" for before in tokens[:place]):
            return place + 1
        if token.text in "-–—" and place:
            bracket = tokens[place - 1].text in (")", "/")
            return place + 1 if bracket or place <= 3 else 0
        if token.text in ".:؛":
            return 0
    return 0


def between(quoted: Sequence[Quotation], first: int, end: int) -> Sequence[Quotation]:
    """The quotations that begin in a range of tokens."""
    return quoted[bisect_left(quoted, (first,)) : bisect_left(quoted, (end,))]


def _trim(tokens: Sequence[Token], first: int, stop: int) -> int:
    while stop > first + 1 and tokens[stop - 1].kind == SIGN and tokens[stop - 1].text in _TRAILING:
        stop -= 1
    while stop > first + 1 and tokens[stop - 1].text in (
        "كما",
        "لكن",
        "لكنه",
        "لكنها",
        "وقد",
        "فيما",
        "بينما",
        "و",
        "حيث",
        "اذ",
        "كذلك",
        "ايضا",
        "ثم",
        "وكان",
        "قد",
    ):
        stop -= 1
        while stop > first + 1 and tokens[stop - 1].kind == SIGN and tokens[stop - 1].text in _TRAILING:
            stop -= 1
    return stop


def _content_end(tokens: Sequence[Token], cue: Cue, end: int, sentence: Sentence) -> int:
    if cue.before:
        return next(q.last for q in sentence.quotations if q.first == cue.content)
    return max(_trim(tokens, cue.content, end), cue.content + 1)


def _after_subject(cue: Cue) -> int:
    """The token after the verb, or after its subject where that follows."""
    follows = cue.subjects and not cue.before and cue.rule != "subject-first"
    return cue.subjects[-1].end if follows else cue.verb_end


def _passage(tokens: Sequence[Token], cue: Cue, stop: int) -> list[Token]:
    """The words of the proposition, without the particle before it."""
    words = [token for token in tokens[cue.content : stop] if token.kind != SIGN]
    while words and (
        words[0].text in word_list("complementizers")
        or (words[0].text in ("الي", "عن", "من") and len(words) > 1 and words[1].text in word_list("complementizers"))
    ):
        words = words[1:]
    return words


def _is_earlier(tokens: Sequence[Token], cue: Cue) -> bool:
    words = [token.text for token in tokens[max(0, cue.begins - 5) : cue.verb_end + 1]]
    return ("كان" in words or "وكان" in words or "وكانت" in words or "كانت" in words) or "سابق" in words


def _is_own_sentence(tokens: Sequence[Token], cue: Cue) -> bool:
    before = cue.begins - 1
    while before >= 0 and tokens[before].text in ("كما", "وقد", "ثم", "ايضا"):
        before -= 1
    return before < 0 or tokens[before].text in _ENDINGS


_CONNECTIVES = frozenset(
    "جهته جهتها جهتهم جانبه جانبها جانبهم ناحيته ناحيتها بدوره بدورها المقابل ذلك السياق الصدد الاطار خط سياق اخري اخر الاثناء غضون نفسه ذاته متصل منفصل لكن ولكن وقد قد كما وكان كان".split()
)


def _fronted(tokens: Sequence[Token], first: int, begins: int) -> int:
    """Where evidence begins: with what a sentence puts before the verb (a day, what it replies to), not with connectives."""
    words = [token.text for token in tokens[first:begins] if token.kind != SIGN]
    if len(words) == 1 and not dates.dates(tokens, first, begins, None):
        return begins
    if not words or any(word in _CONNECTIVES or without_conjunction(word) in _CONNECTIVES for word in words[:4]):
        return begins
    while tokens[first].kind == SIGN:
        first += 1
    return first


def _short_head(tokens: Sequence[Token], cue: Cue) -> Span | None:
    if not cue.subjects:
        return None
    last = cue.subjects[-1]
    stop = next((p for p in range(last.first, last.end) if tokens[p].text in COMMAS), last.end)
    return span_of(tokens, min(cue.begins, cue.first), max(stop, cue.verb_end) if cue.rule != "subject-first" else stop)


def _is_speech(tokens: Sequence[Token], quotation: Quotation, cue: Cue, stop: int) -> bool:
    """Whether quotation marks in the content hold words of the speaker, not a name."""
    if cue.before:
        return quotation.first == cue.content
    if not cue.content <= quotation.first < stop:
        return False
    before = tokens[quotation.first - 1].text if quotation.first else ""
    length = quotation.last - quotation.first - 1
    named = (
        without_conjunction(before) in _NAMED_BY
        or bare(before) in _NAMED_BY
        or (before.rstrip("ـ") in ("ب", "ل") and _is_called(tokens, quotation))
    )
    return not (named and length <= 5)


def _is_called(tokens: Sequence[Token], quotation: Quotation) -> bool:
    earlier = [token.text for token in tokens[max(0, quotation.first - 6) : quotation.first]]
    return any(word.startswith(("المعروف", "والمعروف", "المسم", "يعرف", "الترحيب")) for word in earlier)


def _is_of_a_text(tokens: Sequence[Token], found: dates.DateFound) -> bool:
    """Whether a date belongs to something else: "المؤرخ 3 كانون الأول", "الموقع في مارس", "منذ"."""
    before = [token.text for token in tokens[max(0, found.first - 3) : found.first]]
    return any(word.startswith(("المورخ", "الموقع", "الصادر", "المبرم", "منذ", "حتي")) for word in before)


def _cuts(tokens: Sequence[Token], cue: Cue, stop: int, quoted: Sequence[Quotation]) -> Iterator[int]:
    """Where a new proposition begins inside what was said."""
    inside = [q for q in quoted if cue.content - 1 <= q.first < stop]
    particle = tokens[cue.content].text
    last = cue.content
    for position in range(cue.content + 3, stop - 2):
        quotation = next((q for q in inside if q.first < position < q.last), None)
        if position - last < 3:
            continue
        if (quotation and quotation.last - quotation.first > 8 and _begins_anew(tokens, position, quotation)) or (
            quotation is None and _repeats_particle(tokens, position, particle, cue)
        ):
            last = position
            yield position


def _begins_anew(tokens: Sequence[Token], position: int, quotation: Quotation) -> bool:
    word, before = tokens[position].text, tokens[position - 1].text
    if word in ("اما", "واما") and before in COMMAS | _ENDINGS:
        return True
    if before in COMMAS and word in ("ولم",):
        return True
    forms = arabic().forms.get(word, arabic().forms.get(without_conjunction(word), ()))
    performs = any(
        form.kind == "first-person" and without_conjunction(word)[0] == "ن" and _performs(form.verb) for form in forms
    )
    return performs and (before in COMMAS | _ENDINGS | {")"} or word[0] == "و")


def _performs(verb: Verb) -> bool:
    """Whether saying "we ..." with this verb does what it says: welcome, hope, thank; not "we say"."""
    return not verb.bound and verb.act not in ("report", "announce", "express", "assess", "discuss", "consider")


def _repeats_particle(tokens: Sequence[Token], position: int, particle: str, cue: Cue) -> bool:
    word = tokens[position].text
    if cue.complement == THAT and word in ("وان", "وانه", "وانها", "وبان", "وانهم"):
        return True
    if (particle == "علي" and word == "وعلي") or (particle == "الي" and word == "والي"):
        return True
    return word in ("وضروره", "وباهميه", "وبضروره") and tokens[position - 1].text in COMMAS


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


def _turn_parts(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, int]]:
    starts = [first]
    for position in range(first + 3, last - 2):
        word, before = tokens[position].text, tokens[position - 1].text
        forms = arabic().forms.get(word[1:], ()) if word[0] == "و" else ()
        if before in COMMAS and any(
            form.kind == "first-person" and word[1] == "ن" and _performs(form.verb) for form in forms
        ):
            starts.append(position)
    yield from zip(starts, [*starts[1:], last], strict=True)


__all__ = ["NAME", "Reader", "Told"]
