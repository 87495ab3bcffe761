"""The words that say nothing of what two statements have in common."""

from collections.abc import Iterator

from api.search.function_words import FUNCTION_WORDS
from api.search.text import stem, tokens
from schemas.records.vocabularies import labels, other_words

_ATTRIBUTING = "according account says said told بحسب وفق وفقا قال قالت ذكر"
"""Says whose report it is, and nothing of what is reported."""


def passed_over(*vocabularies: str) -> frozenset[str]:
    """The tokens of function words, of the words for acts and for whose report it is, and of the labels of these terms."""
    return frozenset({*map(stem, FUNCTION_WORDS), *(token for text in _texts(vocabularies) for token in tokens(text))})


def _texts(vocabularies: tuple[str, ...]) -> Iterator[str]:
    yield _ATTRIBUTING
    for verbs in other_words("acts").values():
        yield from verbs
    for vocabulary in vocabularies:
        for of_term in labels(vocabulary).values():
            yield from of_term.values()
