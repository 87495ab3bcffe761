"""The query language of `q`: words, "quoted phrases", -exclusions and beginnings*, turned into data.

Nothing here knows a database. AND, OR, NEAR, parentheses, colons and carets are ordinary text, so that whatever a
reader pastes is searched for and never executed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from api.search.text import prefix, spans, tokens, words

MOST_CLAUSES = 32  # each is an index lookup; a longer list is a pasted text, which is better quoted


class QuerySyntaxError(ValueError):
    """The query cannot be searched for; the message tells its writer why."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Stems that must (or, when excluded, must not) stand next to each other in this order.

    With `prefix` the last term is the beginning of a stem.
    """

    terms: tuple[str, ...]
    excluded: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that all must hold; at least one of them is not an exclusion."""

    clauses: tuple[Clause, ...]


# A quotation ends with a mark of its own family; Arabic typesetting swaps “ with ” and « with ».
_PART = re.compile(
    r"""(?P<minus>(?<!\S)-)?
        (?: ["＂](?P<straight>[^"＂]*)["＂] | [“”„‟](?P<curly>[^“”„‟]*)[“”„‟] | [«»](?P<angled>[^«»]*)[«»]
          | (?P<word>[^\s"＂“”„‟«»]+) )
      | (?P<unclosed>["＂“”„‟«»])""",
    re.VERBOSE,
)


@lru_cache(maxsize=1024)  # asked twice for each request: when it is checked and when it is run
def parse(q: str) -> Query:
    """The query as data; raises `QuerySyntaxError` when nothing can be looked for.

    A word of several parts (ناغورنو-كاراباخ) is a phrase of them, and تشرين الثاني is one word. Punctuation that stands
    alone is passed over.
    """
    runs = groupby(_parts(q), key=_is_bare)
    clauses = tuple(clause for bare, run in runs for clause in (_words(run) if bare else map(_clause, run)))
    if not clauses:
        raise QuerySyntaxError("There is nothing to search for in the query: it has neither letters nor digits.")
    if all(clause.excluded for clause in clauses):
        raise QuerySyntaxError("The query only excludes: it needs at least one word to look for.")
    if len(clauses) > MOST_CLAUSES:
        raise QuerySyntaxError(
            f"The query has {len(clauses)} words and phrases, more than the {MOST_CLAUSES} that one query may have."
        )
    return Query(clauses)


def wanted_words(q: str) -> list[str]:
    """The folded words of the query that a record must have, in order, as they are written and not as stems."""
    texts = [
        part["word"] or part["straight"] or part["curly"] or part["angled"] for part in _parts(q) if not part["minus"]
    ]
    return [word for text in texts for word in words(text or "")]


def _parts(q: str) -> list[re.Match[str]]:
    characters = list(_visible(q))
    parts = list(_PART.finditer("".join(character for _, character in characters)))
    for part in parts:
        if part["unclosed"]:
            position = characters[part.start()][0]
            raise QuerySyntaxError(f"The quotation mark at position {position} has no counterpart.")
    return parts


def _visible(q: str) -> Iterator[tuple[int, str]]:
    """The characters with their positions from 1: format characters left out, control characters as spaces."""
    for position, character in enumerate(q, start=1):
        category = unicodedata.category(character)
        if category != "Cf":  # a right-to-left mark before a "-" must not hide it
            yield position, " " if category == "Cc" else character


def _is_bare(part: re.Match[str]) -> bool:
    return part["word"] is not None and not part["word"].endswith("*")


def _words(run: Iterable[re.Match[str]]) -> Iterator[Clause]:
    """A clause for each of the words that stand together, read together: what a month is, its neighbours tell."""
    parts = [part for part in run if _says_something(part)]
    text = " ".join(part["word"] for part in parts)
    for place, found in groupby(spans(text), key=lambda span: text.count(" ", 0, span.start)):
        yield Clause(tuple(span.token for span in found), excluded=parts[place]["minus"] is not None)


def _says_something(part: re.Match[str]) -> bool:
    if not words(part["word"]) and part["minus"] is not None:
        raise QuerySyntaxError('A "-" has to stand before the word it excludes, without a space between them.')
    return bool(words(part["word"]))  # a hyphen that stands alone is a dash, as in many a name


def _clause(part: re.Match[str]) -> Clause:
    excluded = part["minus"] is not None
    if part["word"] is None:
        return _phrase(part["straight"] or part["curly"] or part["angled"] or "", excluded)
    return _beginning(part["word"], excluded)


def _phrase(text: str, excluded: bool) -> Clause:
    terms = tuple(tokens(text))
    if not terms:
        raise QuerySyntaxError("There is nothing to search for between the quotation marks.")
    return Clause(terms, excluded)


def _beginning(text: str, excluded: bool) -> Clause:
    parts = words(text)
    if not parts:
        raise QuerySyntaxError('A "*" has to follow the beginning of a word, without a space between them.')
    return Clause((*tokens(" ".join(parts[:-1])), prefix(parts[-1])), excluded, prefix=True)
