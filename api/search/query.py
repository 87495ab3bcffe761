"""The query language of `q`: words, "quoted phrases", -exclusions and beginnings*, parsed into data.

Knows no database. Carets, most colons and the like are ordinary text, so that whatever readers paste is searched for and
never executed. Field words are resolved before (`names.field_words`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from api.search.function_words import are_function_words
from api.search.months import TWINS
from api.search.text import prefix, spans, tokens, word_places, words
from schemas import messages
from schemas.parameters.collections import LONGEST_QUERY

MOST_CLAUSES = 32  # each is looked up in the index; a longer list is a pasted text, which is better quoted


class QuerySyntaxError(ValueError):
    """The query cannot be searched for; the message says why."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Stems that must (if excluded, must not) stand next to each other in this order.

    With `prefix` the last term is the beginning of a stem.
    """

    terms: tuple[str, ...]
    excluded: bool = False
    prefix: bool = False
    passed_over: bool = field(default=False, kw_only=True)
    """Whether it is a function word, which need not occur."""
    text: str = field(default="", kw_only=True, compare=False)
    """What was written."""
    exact: bool = field(default=False, kw_only=True, compare=False)
    """Whether it was quoted, or is a beginning: then it must occur even where other words are only weighed."""
    others: tuple["Clause", ...] = field(default=(), kw_only=True)
    """Alternatives: any of them does as well."""

    @property
    def alternatives(self) -> tuple["Clause", ...]:
        """The clause by itself, and the others."""
        return (replace(self, others=()), *self.others) if self.others else (self,)


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Clauses that must all hold but those passed over; at least one of them is neither that nor an exclusion."""

    clauses: tuple[Clause, ...]

    @property
    def required(self) -> tuple[Clause, ...]:
        """The clauses that count."""
        return tuple(clause for clause in self.clauses if not clause.excluded and not clause.passed_over)

    @property
    def excluded(self) -> tuple[Clause, ...]:
        """The clauses that must not hold."""
        return tuple(clause for clause in self.clauses if clause.excluded)

    @property
    def passed_over(self) -> tuple[Clause, ...]:
        """The function words."""
        return tuple(clause for clause in self.clauses if clause.passed_over)


class _Part(NamedTuple):
    """A word (`bare` unless it ends with *) or a quotation, as it is written in the query."""

    text: str
    bare: bool
    quoted: bool
    excluded: bool


# A quotation ends with a mark of its own family; Arabic typesetting swaps “ with ” and « with ».
_PART = re.compile(
    r"""(?P<minus>(?<![^\s|])-)?
        (?: ["＂](?P<straight>[^"＂]*)["＂] | [“”„‟](?P<curly>[^“”„‟]*)[“”„‟] | [«»](?P<angled>[^«»]*)[«»]
          | (?P<word>\||[^\s"＂“”„‟«»|]+) )
      | (?P<unclosed>["＂“”„‟«»])""",
    re.VERBOSE,
)


@lru_cache(maxsize=4000)  # each request parses it twice: to check it and to run it
def parse(q: str) -> TextQuery:
    """Parse a query; raise QuerySyntaxError when there is nothing to search for.

    A word of several parts (ناغورنو-كاراباخ) is a phrase of them, and تشرين الثاني is a single word. Punctuation that
    stands alone is ignored.
    """
    clauses = _weighed(_alternated(_parts(q)))
    if not clauses:
        raise QuerySyntaxError(messages.NO_WORDS)
    if all(clause.excluded for clause in clauses):
        raise QuerySyntaxError(messages.ONLY_EXCLUDES)
    if len(clauses) > MOST_CLAUSES:
        raise QuerySyntaxError(messages.TOO_MANY_CLAUSES.format(count=len(clauses), most=MOST_CLAUSES))
    return TextQuery(clauses)


def beginnings(query: TextQuery) -> list[str]:
    """The beginnings of words that a query looks for or excludes."""
    alternatives = (each for clause in query.clauses for each in clause.alternatives)
    return [each.terms[-1] for each in alternatives if each.prefix]


def _alternated(parts: Sequence[_Part]) -> Iterator[Clause]:
    """The clauses of a query, those that OR joins made one."""
    operators, run, place = _operators(parts), list[_Part](), 0
    while place < len(parts):
        end = place
        while end + 1 in operators:
            end += 2
        if end > place:
            yield from _clauses(run)
            yield _either(parts[place : end + 1 : 2])
            run = []
        else:
            run.append(parts[place])
        place = end + 1
    yield from _clauses(run)


def _clauses(parts: Iterable[_Part]) -> Iterator[Clause]:
    runs = groupby(parts, key=lambda part: (part.bare, part.excluded))
    return (clause for (bare, _), run in runs for clause in (_words(run) if bare else map(_clause, run)))


def _either(operands: Sequence[_Part]) -> Clause:
    """A clause of which any operand will do."""
    clauses = [clause for operand in operands for clause in _clauses([operand])]
    if any(clause.excluded for clause in clauses[1:]):
        raise QuerySyntaxError(messages.EXCLUSION_AFTER_OR)
    first, *others = clauses
    others = [replace(each, excluded=first.excluded) for each in others]
    text = " OR ".join(f'"{each.text}"' if each.exact and not each.prefix else each.text for each in clauses)
    return replace(first, others=tuple(others), text=text, exact=True, prefix=first.prefix)


def _operators(parts: Sequence[_Part]) -> set[int]:
    """The places of the parts that are the operator OR; raise QuerySyntaxError for other operators.

    It is written in capitals, unless all of the query is, or as |, or between parentheses as أو.
    """
    for part in [] if _is_shouted(parts) else parts:
        if part.bare and (operator := part.text.lstrip("(").partition("(")[0].rstrip("),")) in _UNSUPPORTED:
            raise QuerySyntaxError(_UNSUPPORTED[operator])
        if not part.quoted and (match := _FIELD_WORD.search(part.text)):
            raise QuerySyntaxError(_no_field_word(match))
    groups = list(_parenthesised(parts))
    written = {"|"} if _is_shouted(parts) else {"|", "OR"}
    operators = {place for place, part in enumerate(parts) if part.bare and part.text in written}
    operators |= {place for group in groups for place in group if parts[place].text == "أو"}
    if operators & {0, len(parts) - 1} or any(place + 1 in operators for place in operators):
        raise QuerySyntaxError(messages.OR_BETWEEN)
    for group in groups:
        if operators & set(group) and any((place - group.start) % 2 != (place in operators) for place in group):
            raise QuerySyntaxError(messages.IN_PARENTHESES)
    return operators


def _is_shouted(parts: Sequence[_Part]) -> bool:
    """Whether all is in capitals, so that these tell nothing."""
    words_in_letters = [
        part.text for part in parts if part.text.isascii() and part.text not in ("|", "OR", *_UNSUPPORTED)
    ]
    lettered = [text for text in words_in_letters if any(map(str.isalpha, text))]
    return bool(lettered) and all(text.upper() == text for text in lettered)


def _parenthesised(parts: Sequence[_Part]) -> Iterator[range]:
    """The places of the parts from each opening parenthesis to the next closing one."""
    start: int | None = None
    for place, part in enumerate(parts):
        if part.bare and part.text.startswith("("):
            start = place
        if part.bare and part.text.endswith(")") and start is not None:
            yield range(start, place + 1)
            start = None


_FIELD_WORD = re.compile(
    r"(?<![^(,;/])(?P<field>(?P<by_name>speaker|place|agreement|event)|addressee|target|agent|publisher|topic|act):(?=\S|$)",
    re.IGNORECASE,
)
_UNSUPPORTED = {"AND": messages.NO_AND, "NOT": messages.NO_NOT, "NEAR": messages.NO_NEAR}


def _no_field_word(match: re.Match[str]) -> messages.Message:
    """Why a word that looks like one of a field is none."""
    if match["by_name"]:
        return messages.MISWRITTEN_FIELD_WORD
    return messages.NO_FIELD_WORD.format(field=match["field"].lower())


def _weighed(parsed: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses with function words passed over, unless the query has nothing else."""
    clauses = tuple(parsed)
    bare = [place for place, clause in enumerate(clauses) if not clause.excluded and not clause.exact]
    shouted = all(clauses[place].text.upper() == clauses[place].text for place in bare)
    folded = [
        "" if _is_acronym(clauses[place].text) and not shouted else " ".join(words(clauses[place].text))
        for place in bare
    ]
    passed_over = {place for place, passed in zip(bare, are_function_words(folded), strict=True) if passed}
    if all(place in passed_over or clause.excluded for place, clause in enumerate(clauses)):
        return clauses
    return tuple(replace(each, passed_over=place in passed_over) for place, each in enumerate(clauses))


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isascii() and word.isalpha() and word.isupper()  # US, WHO: not us, who


def wanted_words(q: str) -> list[str]:
    """The folded words, not stems, that the query requires, in order; none in an empty query."""
    return [word for clause in (parse(q).required if q else ()) for word in words(clause.text)]


def corrected(q: str, meant: Mapping[str, str], name: str) -> str:
    """The query with other words written for some, all of them folded, as they stand in a name; if that is no query, the name."""
    written = {" ".join(words(name)): name}
    written |= {word: name[start:end] for word, (start, end) in zip(words(name), word_places(name), strict=True)}
    pieces, position = [], 0
    for word, (start, end) in zip(words(q), word_places(q), strict=True):
        if word in meant and meant[word] != word:
            pieces += [q[position:start], written.get(meant[word], meant[word])]
            position = end
    return _if_query(" ".join("".join([*pieces, q[position:]]).split())) or name


def _if_query(q: str) -> str | None:
    try:
        return q if parse(q) and len(q) <= LONGEST_QUERY else None
    except QuerySyntaxError:
        return None


def _parts(q: str) -> list[_Part]:
    """The parts that have words. The second half of a month's name is excluded with the first: -تشرين الثاني."""
    parts: list[_Part] = []
    for part in map(_part, _matches(q)):
        if not part.bare or part.text == "|" or _has_words(part):
            continues = bool(parts) and parts[-1].excluded and _are_the_same_month(parts[-1], part)
            parts.append(part._replace(excluded=part.excluded or continues))
    return parts


def _matches(q: str) -> list[re.Match[str]]:
    characters = list(_visible(q))
    parts = list(_PART.finditer("".join(character for _, character in characters)))
    for part in parts:
        if part["unclosed"]:
            position = characters[part.start()][0]
            raise QuerySyntaxError(messages.UNCLOSED.format(position=position))
    return parts


def _visible(q: str) -> Iterator[tuple[int, str]]:
    """The characters with their positions from 1, without format characters, and with spaces for control characters."""
    for position, character in enumerate(q, start=1):
        category = unicodedata.category(character)
        if character == "\u200c" or category == "Cc":
            yield position, " "
        elif category != "Cf":  # a right-to-left mark before a "-" must not hide it
            yield position, character


def _part(match: re.Match[str]) -> _Part:
    word = match["word"]
    text = word or match["straight"] or match["curly"] or match["angled"] or ""
    return _Part(text, word is not None and not word.endswith("*"), word is None, match["minus"] is not None)


def _has_words(part: _Part) -> bool:
    if not words(part.text) and part.excluded:
        raise QuerySyntaxError(messages.LOOSE_MINUS)
    return bool(words(part.text))  # a hyphen that stands alone is a dash, as in many names


def _are_the_same_month(first: _Part, second: _Part) -> bool:
    if not (first.bare and second.bare) or TWINS.isdisjoint(tokens(first.text)[-1:]):
        return False
    return any(span.start < len(first.text) < span.end for span in spans(f"{first.text} {second.text}"))


def _words(run: Iterable[_Part]) -> Iterator[Clause]:
    """A clause for each word of a run, which is read as a whole: the neighbours of a word show whether it is a month.

    Required and excluded words are never neighbours.
    """
    parts = list(run)
    text = " ".join(part.text for part in parts)
    for _, group in groupby(spans(text), key=lambda span: text.count(" ", 0, span.start)):
        of_word = list(group)
        written = text[of_word[0].start : of_word[-1].end]
        yield Clause(tuple(span.token for span in of_word), parts[0].excluded, text=written)


def _clause(part: _Part) -> Clause:
    return _phrase(part.text, part.excluded) if part.quoted else _beginning(part.text, part.excluded)


def _phrase(text: str, excluded: bool) -> Clause:
    terms = tuple(tokens(text))
    if not terms:
        raise QuerySyntaxError(messages.EMPTY_PHRASE)
    return Clause(terms, excluded, text=text, exact=True)


def _beginning(text: str, excluded: bool) -> Clause:
    parts = words(text)
    if not parts:
        raise QuerySyntaxError(messages.LOOSE_STAR)
    terms = (*tokens(" ".join(parts[:-1])), prefix(parts[-1]))
    return Clause(terms, excluded, prefix=True, text=text, exact=True)
