"""How the words of a query were understood, so that nothing of it is ignored in silence."""

from dataclasses import dataclass

from api.search.query import Clause, TextQuery
from api.search.ranking import ALL, Frequencies


@dataclass(frozen=True)
class Understanding:
    """What was looked for, passed over and excluded, as written; which words occur nowhere; how much was matched."""

    words: list[str]
    passed_over: list[str]
    excluded: list[str]
    missing: list[str]
    matched: str


def understanding(query: TextQuery, counts: Frequencies | None, relevances: list[int]) -> Understanding:
    """How a query was understood; `relevances` are those of a page, if it is sorted by them."""
    words = [_written(clause) for clause in query.required]
    with_word = counts.with_word if counts is not None else [1] * len(words)
    return Understanding(
        words,
        [_written(clause) for clause in query.passed_over],
        [_written(clause) for clause in query.excluded],
        [word for word, count in zip(words, with_word, strict=True) if count == 0],
        "most" if any(relevance < ALL for relevance in relevances) else "all",
    )


def _written(clause: Clause) -> str:
    is_phrase = clause.exact and not clause.prefix and not clause.others
    return f'"{clause.text}"' if is_phrase else clause.text
