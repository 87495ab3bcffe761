"""Names near to words that matched nothing: mistyped, or written in another script.

Words are compared as they are written and as they sound. Written, Lavrof is near to Lavrov, and لافرووف to لافروف. By
their sound (`names.skeleton`) Lavrof is near to a name of which only لافروف is known.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.search.function_words import FUNCTION_WORDS
from api.search.names import begins_with_sound, readings, skeleton

NEAR_WRITTEN = 0.7  # a slip in four letters, two in seven
NEAR_SOUNDED = 0.8  # a consonant in five: skeletons are short, and three of four alike may be chance
NEAR_TOGETHER = 0.85  # a slip in seven letters of words that are run together or torn apart
LIKELY_WRITTEN = 0.6  # is enough for words of the same script that sound alike too
LIKELY_ALONE = (
    0.8  # of a single word, where the others of the query are not in the name: Arabian Nations is no Sputnik Arabic
)
LIKELY_IN_NAME = 0.92  # the same where the name has others too: two of three words would be chance
LIKELY_SOUNDED = 0.5  # is enough if they sound the same: Sacharowa, Zakharova
SOUNDED, SOUNDED_ELSEWHERE = 0.95, 0.9  # factors for words that only sound alike, in the same and in another script
FEWEST_LETTERS = 3
FEWEST_CONSONANTS = 3
MOST_WORDS = 6  # of a query are compared; a longer query is no name
MOST_NEAR_WORDS = 50  # known words for each word of a query
FAR_BEHIND = 0.85  # of the best: names that are less near were not meant


class Names:
    """All known names, prepared for comparison: their folded words joined by spaces, and the skeletons of these words."""

    def __init__(self, phrases: Sequence[str], skeletons: Sequence[str]) -> None:
        self.phrases = phrases
        self.unspaced = [phrase.replace(" ", "") for phrase in phrases]
        self.sounds = dict(zip(" ".join(phrases).split(), " ".join(skeletons).split(), strict=True))
        self.words = list(self.sounds)
        self.positions: dict[str, list[int]] = {word: [] for word in self.words}
        for position, phrase in enumerate(phrases):
            for word in phrase.split():
                self.positions[word].append(position)


class Near(NamedTuple):
    """A name by its position in `Names`, and how near it is: at most 1.

    `meant` says for words of the query what to write instead: a word of the name, the whole name, or nothing.
    """

    position: int
    nearness: float
    meant: Mapping[str, str]


def comparable(words: Iterable[str]) -> list[str]:
    """Those folded words that are long enough to be compared."""
    return [word for word in dict.fromkeys(words) if len(word) >= FEWEST_LETTERS and word.isalpha()][:MOST_WORDS]


def near(words: Sequence[str], names: Names, missing: Collection[str] | None = None) -> list[Near]:
    """The names near to comparable words, the nearest first; none when only known words are near.

    If only some words are `missing` while the others were found, only names near to those.
    """
    by_position = {candidate.position: candidate for candidate in _together(words, names, missing)}
    for candidate in _by_words(words, names, missing):
        rival = by_position.get(candidate.position)
        if rival is None or rival.nearness < candidate.nearness:
            by_position[candidate.position] = candidate
    best = max((candidate.nearness for candidate in by_position.values()), default=0)
    kept = [candidate for candidate in by_position.values() if candidate.nearness >= FAR_BEHIND * best]
    return sorted(kept, key=lambda candidate: (-candidate.nearness, candidate.position))


def _together(words: Sequence[str], names: Names, missing: Collection[str] | None) -> Iterable[Near]:
    """Names that are near without regard to spaces: قرهباغ, Kara bakh."""
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
        name = names.phrases[position]
        if name != " ".join(words) and (missing is None or _explains(words, name.split(), missing)):
            yield Near(
                position, similarity if phrase != run_together else 1.0, {**dict.fromkeys(words, ""), words[0]: name}
            )


def _explains(words: Sequence[str], name: Sequence[str], missing: Collection[str]) -> bool:
    """Whether a missing word is part of what the query and the name have each for itself, and these parts are near too."""
    apart = [word for word in words if word not in name]
    rest = "".join(word for word in name if word not in words)
    return not set(apart).isdisjoint(missing) and OSA.normalized_similarity("".join(apart), rest) >= NEAR_TOGETHER


def _by_words(words: Sequence[str], names: Names, missing: Collection[str] | None) -> Iterable[Near]:
    """Names with words near to those of the query, if at least one of these is a word of no name."""
    near_words = {word: _alike(word, names, missing) for word in words}
    positions = {position for alike in near_words.values() for word in alike for position in names.positions[word]}
    for position in positions:
        nearness = _nearness(names.phrases[position].split(), near_words, missing)
        if nearness:
            yield Near(position, nearness, _meant(names.phrases[position].split(), near_words))


def _meant(name: Sequence[str], near_words: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """For each word of a query that is near to one of a name, the nearest."""
    inside = {word: [part for part in name if part in alike] for word, alike in near_words.items()}
    return {word: max(parts, key=lambda part: near_words[word][part]) for word, parts in inside.items() if parts}


def _alike(word: str, names: Names, missing: Collection[str] | None) -> dict[str, float]:
    """The known words near to a word: only itself if it is known, and none if it is not a name's but was found."""
    if word in names.sounds:
        return {word: 1.0}
    return _near_words(word, names) if missing is None or word in missing else {}


def _near_words(word: str, names: Names) -> dict[str, float]:
    """The known words near to an unknown word, and how near."""
    alike: dict[str, float] = {}
    for reading in readings(word):
        for known, similarity in _near_sounds(skeleton(reading), names.sounds):
            sounded = similarity * (SOUNDED if _script(known) == _script(word) else SOUNDED_ELSEWHERE)
            if _is_likely(reading, known, similarity):
                alike[known] = max(sounded, alike.get(known, 0.0))
        for known, similarity, _ in process.extract(
            reading, names.words, scorer=OSA.normalized_similarity, score_cutoff=NEAR_WRITTEN, limit=MOST_NEAR_WORDS
        ):
            similarity *= 1.0 if reading == word else SOUNDED
            alike[known] = max(similarity, alike.get(known, 0.0))
    return {known: similarity for known, similarity in alike.items() if known not in FUNCTION_WORDS}


def _is_likely(word: str, known: str, similarity: float) -> bool:
    """Whether two words that sound alike may be meant for each other: in the same script they are written alike too.

    In different scripts they at least begin alike: Netanyahu is no أنطونيو.
    """
    if _script(known) != _script(word):
        return begins_with_sound(known) == begins_with_sound(word)
    return OSA.normalized_similarity(known, word) >= (LIKELY_WRITTEN if similarity < 1 else LIKELY_SOUNDED)


def _near_sounds(sound: str, sounds: Mapping[str, str]) -> Iterable[tuple[str, float]]:
    if len(sound) < FEWEST_CONSONANTS:
        return
    for _, similarity, known in process.extract(
        sound, sounds, scorer=OSA.normalized_similarity, score_cutoff=NEAR_SOUNDED, limit=2 * MOST_NEAR_WORDS
    ):
        yield known, similarity


def _script(word: str) -> int:
    """A number that differs between the scripts of folded words."""
    return 0 if word[0] < "\u0250" or word[0] == "ə" else ord(word[0]) >> 8


def _nearness(
    name: Sequence[str], near_words: Mapping[str, Mapping[str, float]], missing: Collection[str] | None
) -> float:
    """How near the name is to the words of a query, and, with less weight, how much of the name they make up.

    0 when the name has only words of the query that are known, for these are not why the query matched nothing. Where only
    some are missing, it is they that the name must be near to.
    """
    best = {word: max(alike.get(part, 0.0) for part in name) for word, alike in near_words.items()}
    sought = {word: nearness for word, nearness in best.items() if missing is None or word in missing}
    if not any(nearness and word not in name for word, nearness in sought.items()):
        return 0.0
    total = sum(sought.values())
    if len(best) > 1 and total < _likely(name, best):
        return 0.0
    return 0.8 * total / len(sought) + 0.2 * min(1.0, sum(best.values()) / len(name))


def _likely(name: Sequence[str], best: Mapping[str, float]) -> float:
    """How near the words of a query must be to a name of which only some are in it."""
    is_alone = sum(map(bool, best.values())) == 1
    return LIKELY_IN_NAME if is_alone and len(name) > 1 else LIKELY_ALONE
