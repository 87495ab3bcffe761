"""Misspelt names: which of those that are known may have been meant."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Indel

LONGEST_COMPARED = 100  # characters; no name here is so long, and nobody misspells one into so many
LIKELY = 0.75  # of the letters of both: a slip or two in most names


def nearest(name: str, known: Sequence[str], likely: float = LIKELY) -> str | None:
    """The known name that is nearest to an unknown one, None when none is near enough to be meant."""
    found = process.extractOne(
        name[:LONGEST_COMPARED].lower(), known, scorer=Indel.normalized_similarity, score_cutoff=likely
    )
    return found and found[0]
