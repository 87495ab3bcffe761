"""How a sentence names who speaks: titles, offices, bodies, names and appositions, as one description.

"الدكتور حازم رشوان، وزير الموارد المائية" is one description with a title, a name and, in apposition, an office.
"""

from collections.abc import Sequence

from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import FEMININE, MASCULINE
from api.drafting.sources.description import AGENCY, BODY, NAME, PAIR, PERSON, TEXT, Description
from api.drafting.sources.extents import end_of, with_adjectives
from api.drafting.sources.heads import bare, head_of
from api.drafting.sources.names import name_before_office, person_name
from api.drafting.text.quotations import MARKS
from api.drafting.text.words import SIGN, Token, without_conjunction


def descriptions(
    tokens: Sequence[Token], first: int, stops: frozenset[str], takes_by: bool = False, counted: bool = False
) -> list[Description]:
    """The descriptions that begin at a token: one, or several that are joined by و. Empty when nobody is named there.

    `stops` are words that can't belong to it: the particles that the verb governs. With `takes_by` a word with ب ends it.
    Where they are `counted` out (كل من), each و begins another.
    """
    end = end_of(tokens, first, stops, takes_by)
    if end <= first:
        return []
    if tokens[first].text in word_list("pairs") | word_list("honorifics"):
        end = with_adjectives(tokens, first + 1, end)
    parts = _parts(tokens, first, end, counted)
    return [_described(tokens, start, stop) for start, stop in parts]


def descriptions_within(tokens: Sequence[Token], first: int, end: int) -> list[Description]:
    """The descriptions that begin at a token, as if the text ended before the token `end`."""
    return [_moved(found, first) for found in descriptions(tokens[first:end], 0, frozenset())]


def _moved(found: Description, by: int) -> Description:
    name = (found.name[0] + by, found.name[1] + by) if found.name else None
    return found._replace(first=found.first + by, end=found.end + by, name=name)


def _parts(tokens: Sequence[Token], first: int, end: int, counted: bool) -> list[tuple[int, int]]:
    """Where coordinated descriptions begin and end: و before an office, a title or a counterpart begins another."""
    starts = [first]
    for position in range(first + 1, end):
        word = tokens[position].text
        begins = _begins_person(word[1:]) or (counted and without_conjunction(word) != word)
        begins = begins or (position == first + 1 and _joins_state(tokens[first].text, word))
        if word[0] == "و" and begins and _is_plain_name(tokens, position):
            starts.append(position)
    return [(start, _trimmed(tokens, start, stop)) for start, stop in zip(starts, [*starts[1:], end], strict=True)]


def _joins_state(first: str, word: str) -> bool:
    """Whether two states are named together: "أكدت فرنسا وألمانيا"."""
    return word[:1] == "و" and word[1:] in word_list("states") and first in word_list("states")


def _begins_person(word: str) -> bool:
    return bare(word) in word_list("roles") or word in word_list("titles") or word in word_list("possessed")


def _is_plain_name(tokens: Sequence[Token], position: int) -> bool:
    return position + 1 < len(tokens) and tokens[position].kind == "word"


def _trimmed(tokens: Sequence[Token], start: int, stop: int) -> int:
    while stop > start and tokens[stop - 1].kind == SIGN and tokens[stop - 1].text not in MARKS | {")"}:
        stop -= 1
    return stop


def _described(tokens: Sequence[Token], first: int, end: int) -> Description:
    words = [tokens[position].text for position in range(first, end)]
    words[0] = without_conjunction(words[0]) if head_of(without_conjunction(words[0])) else words[0]
    heads = (_head_at(word, place) for place, word in enumerate(words[:4]))
    head = next((found for found in heads if found), "") or head_of(words[0])
    name = name_before_office(tokens, first, end) or person_name(tokens, first, end)
    kind = _kind_of(words, head)
    name = None if kind in (BODY, AGENCY) else name
    return Description(first, end, kind, head, name, _gender(words, head))


def _head_at(word: str, place: int) -> str:
    """The office or body that a word of a description is; a word with ب or ل belongs to what stands before it."""
    if word in word_list("titles") or (place and word[:1] in "بل" and bare(word) != word and not word.startswith("ال")):
        return ""
    return head_of(word)


def _kind_of(words: Sequence[str], head: str) -> str:
    first = words[0]
    if first in word_list("pairs") or (first in ("كلا", "كلي", "كلتا") and len(words) > 1):
        return PAIR
    if bare(first) in word_list("texts") or first in word_list("texts"):
        return TEXT
    if bare(first) in word_list("agencies") or first in word_list("agencies"):
        return AGENCY
    if (
        any(word in word_list("titles") for word in words[:2])
        or head in word_list("roles")
        or head[:-1] in word_list("roles")
    ):
        return PERSON
    if head:
        return BODY
    return NAME


_FEMININE_PLURALS = frozenset("امم مصادر اوساط قوات دول كتايب فصايل احزاب".split())


def _gender(words: Sequence[str], head: str) -> str | None:
    noun = head or bare(words[0])
    if words[0] in word_list("honorifics"):
        return FEMININE if words[0].endswith("ها") else MASCULINE
    if noun.endswith(("ه", "ات")) or noun in _FEMININE_PLURALS:
        return FEMININE
    if words[0] in word_list("states"):
        return FEMININE if words[0].endswith(("ا", "ه")) else None
    return MASCULINE if head else None
