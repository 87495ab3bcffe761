"""Names near to words that found nothing: mistyped, or written in another script.

Words are compared as they are written and as they sound. Written, Lavrof is near to Lavrov, and لافرووف to لافروف;
how they sound (`names.skeleton`) brings Lavrof to a man of whom only لافروف is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.search.names import skeleton

NEAR_WRITTEN = 0.7  # one slip in four letters, two in seven
NEAR_SOUNDED = 0.8  # one consonant in five: skeletons are short, and three of four alike may be chance
NEAR_TOGETHER = 0.85  # one slip in seven letters of words run together or torn apart
LIKELY_WRITTEN = 0.6  # is enough for words of one script that sound alike too
SOUNDED, SOUNDED_ELSEWHERE = 0.95, 0.9  # of what it counts when a word only sounds alike, here and in another script
FEWEST_LETTERS = 3
FEWEST_CONSONANTS = 3
MOST_WORDS = 6  # of a query are compared; a longer one is no name
MOST_NEAR_WORDS = 50  # of all known words for one asked for
FAR_BEHIND = 0.85  # of the best: what is less near is not what was meant


class Names:
    """All known names, made ready to be compared: their folded words joined by spaces, and the skeletons of these words."""

    def __init__(self, phrases: Sequence[str], skeletons: Sequence[str]) -> None:
        self.phrases = phrases
        self.unspaced = [phrase.replace(" ", "") for phrase in phrases]
        self.sounds = dict(zip(" ".join(phrases).split(), " ".join(skeletons).split(), strict=True))
        self.words = list(self.sounds)
        self.bearing: dict[str, list[int]] = {word: [] for word in self.words}
        for position, phrase in enumerate(phrases):
            for word in phrase.split():
                self.bearing[word].append(position)


class Near(NamedTuple):
    """A name by its position among all, and how near it is, up to 1."""

    position: int
    nearness: float


def comparable(words: Iterable[str]) -> list[str]:
    """Those of some folded words that are long enough to be near to others."""
    return [word for word in dict.fromkeys(words) if len(word) >= FEWEST_LETTERS and word.isalpha()][:MOST_WORDS]


def near(words: Sequence[str], names: Names) -> list[Near]:
    """The names near to some comparable words, the nearest first; none when only words that are known are near."""
    found = {near.position: near for near in _together(words, names)}
    for one in _by_words(words, names):
        if one.position not in found or found[one.position].nearness < one.nearness:
            found[one.position] = one
    best = max((one.nearness for one in found.values()), default=0)
    kept = [one for one in found.values() if one.nearness >= FAR_BEHIND * best]
    return sorted(kept, key=lambda one: (-one.nearness, one.position))


def _together(words: Sequence[str], names: Names) -> Iterable[Near]:
    """Names that are near when nobody minds the spaces: قرهباغ, Kara bakh."""
    run_together = "".join(words)
    if len(run_together) < 2 * FEWEST_LETTERS:
        return
    for phrase, similarity, position in process.extract(
        run_together,
        names.unspaced,
        scorer=OSA.normalized_similarity,
        score_cutoff=NEAR_TOGETHER,
        limit=MOST_NEAR_WORDS,
    ):
        if names.phrases[position] != " ".join(words):
            yield Near(position, similarity if phrase != run_together else 1.0)


def _by_words(words: Sequence[str], names: Names) -> Iterable[Near]:
    """Names that have words near to those asked for, at least one of which nobody bears."""
    near_words = {word: {word: 1.0} if word in names.sounds else _near_words(word, names) for word in words}
    positions = {position for alike in near_words.values() for word in alike for position in names.bearing[word]}
    for position in positions:
        nearness = _nearness(names.phrases[position].split(), near_words)
        if nearness:
            yield Near(position, nearness)


def _near_words(word: str, names: Names) -> dict[str, float]:
    """The known words near to one that is not known, and how near."""
    alike = {
        known: similarity * (SOUNDED if _script(known) == _script(word) else SOUNDED_ELSEWHERE)
        for known, similarity in _near_sounds(skeleton(word), names.sounds)
        if _script(known) != _script(word) or OSA.normalized_similarity(known, word) >= LIKELY_WRITTEN
    }
    for known, similarity, _ in process.extract(
        word, names.words, scorer=OSA.normalized_similarity, score_cutoff=NEAR_WRITTEN, limit=MOST_NEAR_WORDS
    ):
        alike[known] = max(similarity, alike.get(known, 0.0))
    return alike


def _near_sounds(sound: str, sounds: Mapping[str, str]) -> Iterable[tuple[str, float]]:
    if len(sound) < FEWEST_CONSONANTS:
        return
    for _, similarity, known in process.extract(
        sound, sounds, scorer=OSA.normalized_similarity, score_cutoff=NEAR_SOUNDED, limit=2 * MOST_NEAR_WORDS
    ):
        yield known, similarity


def _script(word: str) -> int:
    """Something that differs between the scripts of folded words."""
    return 0 if word[0] < "\u0250" or word[0] == "ə" else ord(word[0]) >> 8


def _nearness(name: Sequence[str], near_words: Mapping[str, Mapping[str, float]]) -> float:
    """How much of what was asked the name is near to, and a little how much of the name that makes up.

    Nothing when it has only those of the words that were rightly written: they are not what found nothing.
    """
    best = {asked: max(alike.get(word, 0.0) for word in name) for asked, alike in near_words.items()}
    if not any(nearness and asked not in name for asked, nearness in best.items()):
        return 0.0
    total = sum(best.values())
    return 0.8 * total / len(best) + 0.2 * min(1.0, total / len(name))
