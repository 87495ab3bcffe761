"""How much of a record's texts both text indexes can hold alike, so that a query finds the same records on either."""

from collections import Counter
from itertools import chain

BOUNDARY = "\ue000"
"""Stands between two texts. A private-use character is a token to FTS5 and never a token of ours."""
MOST_POSITIONS = 16_000  # up to which phrases match: a tsvector knows 16383
MOST_OCCURRENCES = 255  # of a token: a tsvector remembers one more


def within_limits(texts: list[list[str]]) -> list[list[str]]:
    """Texts, each a list of tokens, cut down to what both indexes can hold.

    From its 256th occurrence on, a token gives way to a boundary. Behind the last position each token that did not occur
    before becomes a text of its own: a word finds it, a phrase does not.
    """
    positions = sum(map(len, texts)) + len(texts)
    if positions <= MOST_POSITIONS and _are_rare(texts, positions - len(texts)):
        return texts
    occurrences: Counter[str] = Counter()
    beyond: dict[str, None] = {}
    left, limited = MOST_POSITIONS, []
    for tokens in texts:
        within = tokens[: max(left, 0)]
        limited.append([_or_boundary(token, occurrences) for token in within])
        beyond |= dict.fromkeys(tokens[len(within) :])
        left -= len(within) + 1
    return [*limited, *([token] for token in beyond if token not in occurrences)]


def _are_rare(texts: list[list[str]], count: int) -> bool:
    """Whether no token of so many occurs too often. Most often that follows from how many different ones there are."""
    if count <= MOST_OCCURRENCES or count - len(set(chain.from_iterable(texts))) < MOST_OCCURRENCES:
        return True
    return max(Counter(chain.from_iterable(texts)).values()) <= MOST_OCCURRENCES


def _or_boundary(token: str, occurrences: Counter[str]) -> str:
    occurrences[token] += 1
    return token if occurrences[token] <= MOST_OCCURRENCES else BOUNDARY
