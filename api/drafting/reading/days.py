"""The day of a statement: in its clause, in what its speaker did that day, or that of the page."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter

from api.drafting.cues.cue import Cue, Sentence
from api.drafting.lexicon.arabic import word_list
from api.drafting.reading.article import Reading
from api.drafting.reading.speakers import met_persons
from api.drafting.reading.statement import Statement
from api.drafting.sources.description import TEXT
from api.drafting.sources.entity import Entity
from api.drafting.sources.heads import bare, is_definite
from api.drafting.text.words import Span, Token, without_conjunction
from api.drafting.values import dates

_DAY = len("2020-11-09")
_SIDES = frozenset("الجانب الطرف الجانبان الطرفان".split())
_ANSWERING = frozenset("تعقيبه تعقيبها مداخلته مداخلتها رده ردها".split())
_EARLIER = frozenset("سابق سابقا سبق وسبق آنذاك حينها".split())
_WHAT_WAS_SAID = frozenset("ذلك تصريحات هذا التصريحات هذه اقوال".split())


def day_of(reading: Reading, tokens: Sequence[Token], cue: Cue, first: int) -> dates.DateFound | None:
    """The date in the clause of the verb, outside of what was said; `first` is where the clause may begin."""
    found = dates.dates(tokens, first, max(cue.content, cue.first), reading.page)
    usable = [
        each for each in found if each.value and not _is_of_a_text(tokens, each) and not reading.is_to_come(each.value)
    ]
    if usable:
        return usable[-1]
    if reading.gathering and _was_said_there(tokens[first : max(cue.content, cue.first)]):
        return reading.gathering
    return reading.text_day if cue.subjects and cue.subjects[0].kind == TEXT else None


_GATHERINGS = frozenset(
    "اجتماع لقاء جلسه زياره مباحثات محادثات استقبال موتمر مناسبه ندوه حفل قمه مراسم اتصال مكالمه".split()
)


def _was_said_there(clause: Sequence[Token]) -> bool:
    """Whether a clause says that the words fell at the meeting told of before: "وبالمناسبة", "وخلال اللقاء"."""
    words = [without_conjunction(token.text) for token in clause]
    return any(bare(word) in _GATHERINGS and is_definite(word) for word in words)


def is_same_occasion(tokens: Sequence[Token], cue: Cue, first: int) -> bool:
    """Whether the words answer those told before, at the same occasion: "وفي تعقيبها، اعتبرت النائبة", "وأكد الجانب الروسي"."""
    if cue.subjects and tokens[cue.subjects[0].first].text in _SIDES:
        return True
    return any(token.text in _ANSWERING for token in tokens[first : cue.first])


def note_occasion(reading: Reading, sentence: Sentence) -> None:
    """What a sentence tells of a day ("أجرى الرئيس اليوم محادثة مع ...") dates what those whom it names say."""
    if _is_planned(sentence):
        return
    found = [
        d
        for d in dates.dates(sentence.tokens, sentence.first, sentence.end, reading.page)
        if _is_a_day(reading, sentence, d)
    ]
    if found:
        reading.gathering = found[0]
        for entity in met_persons(reading, sentence, ()):
            reading.occasions.setdefault(id(entity), found[0])


def note_day_of(reading: Reading, clause: Sentence, entities: Sequence[Entity]) -> None:
    """What the clause of a setting tells of a day dates what its subject goes on to say: "أدلى الرئيس بصوته صباح الأحد، وقال"."""
    found = [
        d for d in dates.dates(clause.tokens, clause.first, clause.end, reading.page) if _is_a_day(reading, clause, d)
    ]
    if found and not _is_planned(clause):
        for entity in entities:
            reading.occasions.setdefault(id(entity), found[0])


def company(reading: Reading, tokens: Sequence[Token], cue: Cue, first: int) -> tuple[Entity, ...]:
    """Whom the clause of a telling names beside its subject, who were there: "في ندوة مع نظيرته ليلى منصور"."""
    return tuple(met_persons(reading, Sentence(tokens, first, max(first, cue.content), ()), [cue]))


def _is_planned(sentence: Sentence) -> bool:
    """Whether a sentence tells of what is to come, so that its weekday is no past one: "من المقرر أن يلتقي السبت"."""
    words = {without_conjunction(t.text) for t in sentence.tokens[sentence.first : sentence.end]}
    return bool(words & {"المقرر", "المنتظر", "المتوقع", "المرتقب", "يعتزم", "تعتزم"})


def _is_a_day(reading: Reading, sentence: Sentence, found: dates.DateFound) -> bool:
    return (
        found.value is not None
        and len(found.value) == 10
        and found.basis == dates.RESOLVED
        and not _is_of_a_text(sentence.tokens, found)
        and not reading.is_to_come(found.value)
    )


def is_only_source(sentence: Sentence) -> bool:
    """Whether a sentence only says on which occasion the words before it were said: "جاء ذلك في ..."."""
    words = [without_conjunction(t.text) for t in sentence.tokens[sentence.first : sentence.first + 2]]
    return words[:1] in (["جاء"], ["جاءت"]) and set(words[1:]) & _WHAT_WAS_SAID != set()


def date_by_source(reading: Reading, sentence: Sentence) -> None:
    """ "جاء ذلك في كلمة ألقاها أمس": the day of what stands before it."""
    tokens = sentence.tokens
    found = [d for d in dates.dates(tokens, sentence.first, sentence.end, reading.page) if d.value]
    if found and any(token.text in word_list("texts") for token in tokens[sentence.first : sentence.end]):
        reading.text_day = found[0]
    if found and reading.statements:
        for statement in reversed(reading.statements):
            if (
                statement.speakers
                and reading.statements[-1].speakers
                and statement.speakers[0] is reading.statements[-1].speakers[0]
                and statement.day is None
            ):
                statement.day = found[0]
            else:
                break


def date_all(reading: Reading) -> None:
    """Date every statement."""
    occasions: dict[int, dates.DateFound] = {}
    for statement in reading.statements:
        if statement.day and statement.speakers and not statement.earlier:
            occasions.setdefault(id(statement.speakers[0]), statement.day)
    occasions = {**reading.occasions, **occasions}
    previous: Statement | None = None
    for statement in reading.statements:
        _date_statement(reading, statement, occasions, previous)
        if statement.basis in (dates.RESOLVED, dates.STATED) and len(statement.date or "") == _DAY:
            for entity in statement.company:
                occasions.setdefault(id(entity), dates.DateFound(0, 0, statement.date, statement.basis))
        previous = statement


def _date_statement(
    reading: Reading, statement: Statement, occasions: dict[int, dates.DateFound], previous: Statement | None
) -> None:
    day = statement.day
    if (
        day is None
        and previous
        and (previous.speakers == statement.speakers or statement.same_occasion)
        and previous.date
        and previous.basis != dates.DATELINE
        and not statement.earlier
    ):
        statement.date, statement.basis = previous.date, previous.basis
        return
    if day is None and statement.speakers and not statement.earlier:
        day = occasions.get(id(statement.speakers[0]))
    if day and day.value:
        statement.date, statement.basis = day.value, day.basis
    elif statement.earlier and reading.published:
        statement.date, statement.basis = _earlier_than_page(reading, statement), dates.INFERRED
    elif reading.published:
        statement.date, statement.basis = reading.published, dates.DATELINE


def _earlier_than_page(reading: Reading, statement: Statement) -> str:
    """From the last day that the statement speaks of to that of the page: what it speaks of had been before."""
    last = str(reading.published).split("/")[-1]
    within = [span for span in statement.spans if span.start <= statement.word.start <= span.end] or statement.spans
    tokens = [token for span in _apart(within) for token in _tokens_in(statement.tokens, span)]
    days = [
        found.value
        for found in dates.dates(tokens, 0, len(tokens), reading.page)
        if found.value and len(found.value) == 10
    ]
    return f"{max((day for day in days if day <= last), default='..')}/{last}"


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans in order, what overlaps an earlier one cut off."""
    reached = 0
    for span in sorted(spans):
        yield Span(max(span.start, reached), span.end)
        reached = max(reached, span.end)


def _tokens_in(tokens: Sequence[Token], span: Span) -> Sequence[Token]:
    first, end = (bisect_left(tokens, place, key=attrgetter("start")) for place in span)
    return tokens[first:end]


def _is_of_a_text(tokens: Sequence[Token], found: dates.DateFound) -> bool:
    """Whether a date belongs to something else: "المؤرخ 3 كانون الأول", "الموقع في مارس", "منذ"."""
    before = [token.text for token in tokens[max(0, found.first - 3) : found.first]]
    return any(word.startswith(("المورخ", "الموقع", "الصادر", "المبرم", "منذ", "حتي")) for word in before)


def is_earlier(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether the words were said at an earlier time: "كان قد أعلن"."""
    words = [token.text for token in tokens[max(0, cue.begins - 5) : cue.verb_end + 1]]
    return ("كان" in words or "وكان" in words or "وكانت" in words or "كانت" in words) or bool(_EARLIER & set(words))
