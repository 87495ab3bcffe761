"""The person's name inside a description: which run of words it is."""

from collections.abc import Sequence

from api.drafting.lexicon.arabic import word_list
from api.drafting.sources.boundaries import goes_on_as_name
from api.drafting.sources.heads import head_of, is_definite, is_with_particle, opens_genitive
from api.drafting.text.quotations import MARKS
from api.drafting.text.words import COMMAS, SIGN, Token

_NAME_PARTS = frozenset("بن بنت ال ابو ابن عبد ام ابي فان دي دا فون ولد آل".split())
_IN_NAMES = frozenset("الدين الله الاسلام الحق الرحمن الهدي النبي".split())  # كمال الدين، سيف الإسلام
LONGEST_NAME = 6
_OWN = frozenset("نفسه نفسها ذاته ذاتها انفسهم".split())
_COURTESY = frozenset(
    "السيد السيده الدكتور الدكتوره الاستاذ الاستاذه المهندس المهندسه اللواء العميد الحاج معالي".split()
)
"""Titles that say nothing of an office, so that an adjective after them is a surname: السيد الزموري, not السفير الروسي."""


def name_before_office(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    """The name in "ميروسلاف جينكا مساعد الأمين العام": an office without the article follows it."""
    while first + 2 < end and tokens[first].text in word_list("titles"):
        first += 1
    for position in range(first + 2, min(end, first + 5)):
        word = tokens[position].text
        if word in word_list("roles") and all(_may_be_name(tokens, p, first, position) for p in range(first, position)):
            return (first, position)
    return None


def person_name(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    """The range of a person's name: the last run of words that are neither offices nor definite, in one of the parts between commas."""
    start = first
    best: tuple[int, int] | None = None
    for position in range(first, end + 1):
        if position == end or tokens[position].text in COMMAS:
            found = _name_in(tokens, start, position)
            if found and (best is None or found[1] - found[0] > best[1] - best[0]):
                best = found
            start = position + 1
    return best


def _name_in(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    stop = end
    while stop > first and tokens[stop - 1].kind == SIGN:
        stop -= 1
    start = stop
    while start > first and _may_be_name(tokens, start - 1, first, stop):
        start -= 1
    if start == stop:
        return None
    before = tokens[start - 1].text if start > first else ""
    if opens_genitive(before) and not before.startswith("نظير"):
        start += 1
    while start < stop and tokens[start].kind == SIGN:
        start += 1
    if start >= stop or stop - start > LONGEST_NAME:
        return None
    return (start, stop)


def _may_be_name(tokens: Sequence[Token], position: int, first: int, stop: int) -> bool:
    token, word = tokens[position], tokens[position].text
    if token.kind == SIGN:
        return token.text in MARKS | {"-"}
    if token.kind != "word" or head_of(word) or word in word_list("titles") or word in word_list("texts"):
        return False
    if word.startswith("نظير") or word in word_list("prepositions"):
        return False
    if position > first and tokens[position - 1].text == "في":
        return False  # "وزير التجارة في سواحل أنس الخطيب"
    if position > first and word[0] == "و" and len(word) > 3 and tokens[position - 1].text not in _NAME_PARTS:
        return not is_definite(word) and position + 1 < stop and word[:2] in ("ول", "وي", "وا")
    if word in _IN_NAMES and position > first and tokens[position - 1].kind == "word":
        return True
    if is_definite(word):
        alone = position == first and stop == first + 1
        before = tokens[position - 1].text if position > first else ""
        family = (
            position + 1 == stop
            and position > first
            and word.startswith("ال")
            and is_definite(word)
            and not is_definite(before)
            and not head_of(before)
        )
        between = position > first and (before in _NAME_PARTS or (before in _COURTESY and position + 1 == stop))
        return alone or between or (family and before not in word_list("titles") and not before.startswith(("ل", "ب")))
    if position > first and _is_no_name(word) and tokens[position - 1].text not in word_list("titles"):
        return goes_on_as_name(tokens, position, first)
    return word not in ("عام", "باسم", "لشوون", "شوون") and not (position > first and word.startswith("لل"))


def _is_no_name(word: str) -> bool:
    """Whether a word inside a description can't be part of a name: a state, a verb, a noun with ب."""
    return (
        is_with_particle(word)
        or word in _OWN
        or word in word_list("states")
        or word in word_list("settings")
        or word.startswith(("است", "يست"))
    )
