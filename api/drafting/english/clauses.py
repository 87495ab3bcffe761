"""The clauses of an English sentence that report, and where what was said begins and ends."""

from collections.abc import Iterator, Sequence

from api.drafting.english.subjects import PRONOUNS, subject_before
from api.drafting.english.verbs import VerbFound
from api.drafting.reading.article import Reading
from api.drafting.sources.description import Description
from api.drafting.text.quotations import MARKS
from api.drafting.text.words import Token


def content_start(tokens: Sequence[Token], position: int, end: int) -> int:
    """Where what was said begins: after "that", or after the verb and a day."""
    that = next((p for p in range(position, min(end, position + 10)) if tokens[p].text == "that"), None)
    return that + 1 if that is not None and that + 1 < end else min(position, end - 1)


def trim_end(tokens: Sequence[Token], first: int, end: int) -> int:
    """The end of a range of tokens without the signs and conjunctions that stand there."""
    while end > first + 1 and (
        tokens[end - 1].text in MARKS or tokens[end - 1].text in ".,;:!?" or tokens[end - 1].text in ("and", "but")
    ):
        end -= 1
    return end


def clauses_of(
    reading: Reading, tokens: Sequence[Token], first: int, verbs: Sequence[VerbFound]
) -> Iterator[tuple[int, VerbFound, Description | None]]:
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
        subject = subject_before(reading, tokens, begin, found.first)
        if subject is not None or (before in PRONOUNS and found.first - first <= 3):
            seen = True
            yield (subject.first if subject else found.first - 1), found, subject
