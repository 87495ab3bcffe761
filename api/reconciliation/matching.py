"""Which names are like another one: all names there are, kept in memory, and a score from 0 to 100 for each that is like it.

A name matches exactly when it is the same words once they are folded, in whatever order: "LAVROV, Sergey". Other names are
alike as they are written and as they sound, so that a slip, another transliteration or another script finds them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from api.names.suggestions import AllNames, all_names
from api.search.names import name_words, skeleton

EXACT = 100.0
_ALMOST = 99.0  # the most that what is not exact can have
_SOUNDED = 0.92  # factor for names that only sound alike: transliterations differ, and so do other people's names
_PARTLY = (60.0, 35.0)  # for a name whose words are all in the other: at least, and what all words together would add
_NEAR_WRITTEN = 0.7  # a slip in four letters, two in seven
_MOST_SLIPS = 2  # letters by which a word may be longer or shorter
_MOST_NEAR_WORDS = 20  # known words for each word of a query
_MOST_COMPARED = 200  # names, those first that share the rarest words with the query


class Candidate(NamedTuple):
    """A record by its id, the name of it that is most like the query, and how much."""

    id: str
    matched: str
    score: float


class _Sounds(NamedTuple):
    """The words of an edition of all names by their skeletons, and by their first letter and length."""

    edition: str
    words: Mapping[str, list[str]]
    spelled: Mapping[tuple[str, int], list[str]]


_latest = _Sounds("", {}, {})


def _indexed(known: AllNames) -> _Sounds:
    global _latest
    cached = _latest  # another thread may put another edition in its place
    if cached.edition != known.edition:
        by_sound: dict[str, list[str]] = {}
        spelled: dict[tuple[str, int], list[str]] = {}
        for word, sound in known.names.sounds.items():
            spelled.setdefault((word[0], len(word)), []).append(word)
            if sound:
                by_sound.setdefault(sound, []).append(word)
        cached = _latest = _Sounds(known.edition, by_sound, spelled)
    return cached


def candidates(record_type: str, names: Sequence[str], limit: int) -> list[list[Candidate]]:
    """For each name the records that it may mean, the likeliest first. All names there are are read if they changed."""
    known = all_names()
    return [_candidates(known, record_type, name, limit) for name in names]


def _candidates(known: AllNames, record_type: str, name: str, limit: int) -> list[Candidate]:
    words = name_words(name)
    query = _Query(words)
    best: dict[int, Candidate] = {}
    for position in _alike(known, record_type, words):
        holder, phrase = known.holders[position], known.names.phrases[position]
        score = query.likeness(phrase, known.names.sounds)
        if holder not in best or score > best[holder].score:
            best[holder] = Candidate(known.records[holder].split(" ", 2)[1], known.values[position], score)
    return sorted(best.values(), key=lambda each: (-each.score, each.id))[:limit]


def _alike(known: AllNames, record_type: str, words: Sequence[str]) -> Iterator[int]:
    """The names that share a word with the query, or one that is like it; those first that share the rarest words."""
    weights: Counter[int] = Counter()
    like = [pair for word in dict.fromkeys(words) for pair in _words_like(known, word)]
    if not like:  # not even the first letters are right
        like = [pair for word in dict.fromkeys(words) if len(word) > 2 for pair in _near(word, known.names.words)]
    for other, nearness in like:
        positions = known.names.positions[other]
        for position in positions:
            weights[position] += nearness / len(positions) ** 0.5
    prefix, compared = f"{record_type} ", 0
    for position, _ in weights.most_common():
        if known.records[known.holders[position]].startswith(prefix):
            yield position
            compared += 1
            if compared == _MOST_COMPARED:
                return


def _words_like(known: AllNames, word: str) -> list[tuple[str, float]]:
    """The words of names that are the same, sound the same or, failing these, are written almost the same."""
    same = [(word, 1.0)] if word in known.names.positions else []
    sound = skeleton(word)
    sounding = _indexed(known).words.get(sound, []) if len(sound) > 1 else []
    like = same + [(other, 0.9) for other in sounding if other != word]
    if same or len(word) < 3:
        return like
    return like + _near(word, _spelled_alike(known, word))


def _spelled_alike(known: AllNames, word: str) -> list[str]:
    """The words with the same first letter and about as many: slips are rare in the first letter."""
    spelled = _indexed(known).spelled
    lengths = range(max(1, len(word) - _MOST_SLIPS), len(word) + _MOST_SLIPS + 1)
    return [other for length in lengths for other in spelled.get((word[0], length), ())]


def _near(word: str, words: Sequence[str]) -> list[tuple[str, float]]:
    near = process.extract(
        word, words, scorer=OSA.normalized_similarity, score_cutoff=_NEAR_WRITTEN, limit=_MOST_NEAR_WORDS
    )
    return [(other, similarity * 0.9) for other, similarity, _ in near]


class _Query:
    """A name that is looked for, prepared for comparison."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = set(words)
        self._sorted = " ".join(sorted(words))
        self._sounds = _sounds_of(tuple(words))

    def likeness(self, phrase: str, sounds: Mapping[str, str]) -> float:
        """How much a name is like the query, from 0 to 100; 100 only for the same words."""
        words = phrase.split()
        joined = " ".join(sorted(words))
        if joined == self._sorted:
            return EXACT
        score = fuzz.ratio(self._sorted, joined)
        sounding = " ".join(sorted(sounds.get(word, "") for word in words)).strip()
        if len(sounding) > 2 and len(self._sounds) > 2:
            score = max(score, fuzz.ratio(self._sounds, sounding) * _SOUNDED)
        shared = self._words & set(words)
        if shared and len(shared) in (len(self._words), len(set(words))):
            least, more = _PARTLY
            score = max(score, least + more * len("".join(shared)) / max(len(self._sorted), len(joined)))
        return min(round(score, 1), _ALMOST)


def likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """How much two names of folded words are alike, from 0 to 100."""
    return _Query(words).likeness(" ".join(others), {word: skeleton(word) for word in others})


@lru_cache(maxsize=1000)
def _sounds_of(words: tuple[str, ...]) -> str:
    return " ".join(sorted(map(skeleton, words))).strip()
