"""Where a query matches a text as it was written, and snippets of the text around the matches.

The index and this module match alike: stems, phrases, beginnings. Offsets are code points, the end exclusive.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from api.search.query import Clause, TextQuery
from api.search.text import spans, tokens, word_places

LONGEST_SNIPPET = 200  # code points
LEAD = 60  # code points before the first match, so that it can be read in its sentence

Range = tuple[int, int]


class Mention(NamedTuple):
    """Words of a text that name a record, by the position of the first word and their number, and the record's names."""

    position: int
    length: int
    names: Sequence[str]


class Snippet(NamedTuple):
    """A piece of a text, where it begins in the text, and the matches as offsets into the piece."""

    text: str
    start: int
    matches: list[Range]


def matches(query: TextQuery, text: str, mentions: Sequence[Mention] = ()) -> list[Range]:
    """Where the text matches the query, in order and without overlaps; also where it names a match by another name."""
    spans_of_text = spans(text)
    text_tokens = [span.token for span in spans_of_text]
    wanted = [alternative for clause in query.required for alternative in clause.alternatives]
    ranges = [
        (spans_of_text[position].start, spans_of_text[position + len(clause.terms) - 1].end)
        for clause in wanted
        for position in _positions(clause, text_tokens)
    ]
    places = word_places(text) if mentions else []
    for mention in mentions:
        if any(_is_in(clause, name) for clause in wanted for name in mention.names):
            ranges.append((places[mention.position][0], places[mention.position + mention.length - 1][1]))
    return _merged(ranges)


def finds(query: TextQuery, texts: Iterable[str]) -> bool:
    """Whether anything that the query looks for is in one of the texts."""
    wanted = [alternative for clause in query.required for alternative in clause.alternatives]
    return any(_is_in(clause, text) for text in texts for clause in wanted)


def _is_in(clause: Clause, name: str) -> bool:
    return next(_positions(clause, tokens(name)), None) is not None


def _positions(clause: Clause, text_tokens: Sequence[str]) -> Iterator[int]:
    """Where the terms of a clause follow each other."""
    *first, last = clause.terms
    for position in range(len(text_tokens) - len(first)):
        if text_tokens[position : position + len(first)] == first:
            token = text_tokens[position + len(first)]
            if token.startswith(last) if clause.prefix else token == last:
                yield position


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def snippets(text: str, ranges: Sequence[Range]) -> Iterator[Snippet]:
    """The text around matches, in pieces that begin and end between words. Each match is in a single piece.

    Only a match that is longer than LONGEST_SNIPPET is cut.
    """
    rest = list(ranges)
    after = 0
    while rest:
        start = _begin(text, after, rest[0])
        end = _end(text, start, rest)
        inside = [(a - start, min(b, end) - start) for a, b in rest if a < end]
        yield Snippet(text[start:end], start, inside)
        rest, after = rest[len(inside) :], end


def _begin(text: str, after: int, match: Range) -> int:
    """Where the first word begins that is near enough before a match, and `after` the previous piece."""
    if len(text) - after <= LONGEST_SNIPPET and after == 0:
        return 0
    start = max(after, min(match[0] - LEAD, match[0]), match[1] - LONGEST_SNIPPET, 0)
    if start > match[0]:
        return match[0]
    while start < match[0] and start > 0 and not text[start - 1].isspace():
        start += 1
    while start < match[0] and text[start].isspace():
        start += 1
    return start


def _end(text: str, start: int, rest: Sequence[Range]) -> int:
    """Where the last word ends that still fits; inside of a match only if that can't be avoided."""
    if len(text) - start <= LONGEST_SNIPPET:
        return len(text)
    limit = start + LONGEST_SNIPPET
    least = rest[0][1] if rest[0][1] <= limit else limit
    cut = next((a for a, b in rest if a < limit < b and a > rest[0][0]), limit)
    end = cut
    while end > least and not (text[end].isspace() or text[end - 1].isspace()):
        end -= 1
    while end > least and text[end - 1].isspace():
        end -= 1
    return end
