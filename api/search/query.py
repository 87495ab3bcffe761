"""The query language of `q`: words, "quoted phrases", -exclusions and beginnings*, parsed into data.

Knows no database. AND, OR, NEAR, parentheses, colons and carets are ordinary text, so that whatever readers paste is
searched for and never executed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from api.search.function_words import are_function_words
from api.search.months import TWINS
from api.search.text import prefix, spans, tokens, words

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
    r"""(?P<minus>(?<!\S)-)?
        (?: ["＂](?P<straight>[^"＂]*)["＂] | [“”„‟](?P<curly>[^“”„‟]*)[“”„‟] | [«»](?P<angled>[^«»]*)[«»]
          | (?P<word>[^\s"＂“”„‟«»]+) )
      | (?P<unclosed>["＂“”„‟«»])""",
    re.VERBOSE,
)


@lru_cache(maxsize=1024)  # each request parses it twice: to check it and to run it
def parse(q: str) -> TextQuery:
    """Parse a query; raise QuerySyntaxError when there is nothing to search for.

    A word of several parts (ناغورنو-كاراباخ) is a phrase of them, and تشرين الثاني is a single word. Punctuation that
    stands alone is ignored.
    """
    runs = groupby(_parts(q), key=lambda part: (part.bare, part.excluded))
    clauses = _weighed(clause for (bare, _), run in runs for clause in (_words(run) if bare else map(_clause, run)))
    if not clauses:
        raise QuerySyntaxError("There is nothing to search for in the query: it has neither letters nor digits.")
    if all(clause.excluded for clause in clauses):
        raise QuerySyntaxError("The query only excludes: it needs at least one word to look for.")
    if len(clauses) > MOST_CLAUSES:
        raise QuerySyntaxError(
            f"The query has {len(clauses)} words and phrases, more than the {MOST_CLAUSES} that one query may have."
        )
    return TextQuery(clauses)


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
    """The folded words, not stems, that the query requires, in order."""
    return [word for clause in parse(q).required for word in words(clause.text)]


def _parts(q: str) -> list[_Part]:
    """The parts that have words. The second half of a month's name is excluded with the first: -تشرين الثاني."""
    parts: list[_Part] = []
    for part in map(_part, _matches(q)):
        if not part.bare or _has_words(part):
            continues = bool(parts) and parts[-1].excluded and _are_the_same_month(parts[-1], part)
            parts.append(part._replace(excluded=part.excluded or continues))
    return parts


def _matches(q: str) -> list[re.Match[str]]:
    characters = list(_visible(q))
    parts = list(_PART.finditer("".join(character for _, character in characters)))
    for part in parts:
        if part["unclosed"]:
            position = characters[part.start()][0]
            raise QuerySyntaxError(f"The quotation mark at position {position} has no counterpart.")
    return parts


def _visible(q: str) -> Iterator[tuple[int, str]]:
    """The characters with their positions from 1, without format characters, and with spaces for control characters."""
    for position, character in enumerate(q, start=1):
        category = unicodedata.category(character)
        if category != "Cf":  # a right-to-left mark before a "-" must not hide it
            yield position, " " if category == "Cc" else character


def _part(match: re.Match[str]) -> _Part:
    word = match["word"]
    text = word or match["straight"] or match["curly"] or match["angled"] or ""
    return _Part(text, word is not None and not word.endswith("*"), word is None, match["minus"] is not None)


def _has_words(part: _Part) -> bool:
    if not words(part.text) and part.excluded:
        raise QuerySyntaxError('A "-" has to stand before the word it excludes, without a space between them.')
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
        raise QuerySyntaxError("There is nothing to search for between the quotation marks.")
    return Clause(terms, excluded, text=text, exact=True)


def _beginning(text: str, excluded: bool) -> Clause:
    parts = words(text)
    if not parts:
        raise QuerySyntaxError('A "*" has to follow the beginning of a word, without a space between them.')
    terms = (*tokens(" ".join(parts[:-1])), prefix(parts[-1]))
    return Clause(terms, excluded, prefix=True, text=text, exact=True)
