"""Which names are like another one: all names there are, kept in memory, and a score from 0 to 100 for each that is like it.

A name matches exactly when it is the same words once they are folded, in whatever order: "LAVROV, Sergey". Other names are
alike as they are written and as they sound, so that a slip, another transliteration or another script finds them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, groupby, islice, pairwise
from math import log
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from api.names.suggestions import AllNames, all_names
from api.search.names import name_words, skeleton

EXACT = 100.0
_ALMOST = 99.0  # the most that what is not exact can have
_SOUNDED = (0.84, 0.08)
"""Factor for names that only sound alike, as other people's do too, and what spelling alike adds to it."""
_PARTLY = (60.0, 35.0)  # for a name whose words are all in the other: at least, and what all words together would add
_RESPACED = 0.97  # factor for names that are alike once a space is put elsewhere
_NEAR_WRITTEN = 0.7  # a slip in four letters, two in seven
_NEAR = 0.9  # weight of words that are written almost alike
_SOUNDING = (0.6, 0.3)
"""Weight of words that sound alike, and what spelling alike adds to it."""
_MOST_NEAR_WORDS = 20  # known words for each word of a query
_MOST_COMPARED = 200  # names, those first that share the most and the rarest words with the query
_END = 3  # letters at the beginning or the end of a word: a slip leaves one of them as it was
_SHORT = 6  # letters up to which a slip may touch both ends
_MOST_RESPACED = 3  # ways to put a space elsewhere


class Candidate(NamedTuple):
    """A record by its id, the name of it that is most like the query, and how much."""

    id: str
    matched: str
    score: float


class _Words(NamedTuple):
    """The words of an edition of all names by their skeletons, and by their ends."""

    edition: str
    by_sound: Mapping[str, list[str]]
    by_end: Mapping[str, list[str]]


_latest = _Words("", {}, {})


def _indexed(known: AllNames) -> _Words:
    global _latest
    cached = _latest  # another thread may put another edition in its place
    if cached.edition != known.edition:
        by_sound: dict[str, list[str]] = {}
        by_end: dict[str, list[str]] = {}
        for word, sound in known.names.sounds.items():
            if sound:
                by_sound.setdefault(sound, []).append(word)
            for end in _ends(word):
                by_end.setdefault(end, []).append(word)
        cached = _latest = _Words(known.edition, by_sound, by_end)
    return cached


def _ends(word: str) -> list[str]:
    """What words have in common that a slip may have made of each other."""
    ends = [f"{word[:_END]}-", f"-{word[-_END:]}"]
    return [*ends, f"{word[0]}-{word[-1]}"] if len(word) <= _SHORT else ends


def candidates(record_type: str, names: Sequence[str], limit: int) -> list[list[Candidate]]:
    """For each name the records that it may mean, the likeliest first. All names there are are read if they changed."""
    known = all_names()
    return [_candidates(known, record_type, name, limit) for name in names]


def _candidates(known: AllNames, record_type: str, name: str, limit: int) -> list[Candidate]:
    words = name_words(name)
    respaced = [_Query(other) for other in _respaced(known, words)]
    query = _Query(words)
    best: dict[int, Candidate] = {}
    for position in _alike(known, record_type, [words, *(other.words for other in respaced)]):
        holder, phrase = known.holders[position], known.names.phrases[position]
        score = query.likeness(phrase, known.names.sounds)
        for other in respaced:
            score = max(score, round(other.likeness(phrase, known.names.sounds) * _RESPACED, 1))
        if holder not in best or score > best[holder].score:
            best[holder] = Candidate(known.records[holder].split(" ", 2)[1], known.values[position], score)
    return sorted(best.values(), key=lambda each: (-each.score, each.id))[:limit]


def _respaced(known: AllNames, words: Sequence[str]) -> list[tuple[str, ...]]:
    """The query with a space put in, left out or put elsewhere, so that a name has the words: SergeyLavrov, Kara bakh."""
    respaced: list[tuple[str, ...]] = []
    positions = known.names.positions
    for place, word in enumerate(words):
        if word not in positions:
            respaced += [(*words[:place], *parts, *words[place + 1 :]) for parts in _torn(known, word)]
    for place, (word, following) in enumerate(pairwise(words)):
        if word not in positions or following not in positions:
            joined = word + following
            parted = [(joined,)] if joined in positions else _torn(known, joined)
            respaced += [(*words[:place], *parts, *words[place + 2 :]) for parts in parted]
    return [other for other in dict.fromkeys(respaced) if other != tuple(words)][:_MOST_RESPACED]


def _torn(known: AllNames, word: str) -> Iterator[tuple[str, ...]]:
    """The two words of a name that run together make up a word."""
    positions = known.names.positions
    for place in range(1, len(word)):
        first, second = word[:place], word[place:]
        if first in positions and second in positions and not set(positions[first]).isdisjoint(positions[second]):
            yield first, second


def _alike(known: AllNames, record_type: str, queries: Sequence[Sequence[str]]) -> Iterator[int]:
    """The names to compare: those first that have all words of a query, or no others; then those with the most in common.

    Of names that have as much in common, the shortest come first.
    """
    whole = {position for words in queries for position in _whole(known, words)}
    may_be_slips = not any(len(known.names.phrases[position].split()) >= len(queries[0]) for position in whole)
    weights = _weights(known, {word for words in queries for word in words}, may_be_slips)

    def rank(position: int) -> tuple[bool, float]:
        return position in whole, weights[position]

    by_rank = groupby(sorted(weights, key=rank, reverse=True), key=rank)
    ordered = chain.from_iterable(sorted(group, key=partial(_length, known)) for _, group in by_rank)
    prefix = f"{record_type} "
    of_type = (each for each in ordered if known.records[known.holders[each]].startswith(prefix))
    return islice(of_type, _MOST_COMPARED)


def _length(known: AllNames, position: int) -> int:
    return len(known.names.phrases[position])


def _whole(known: AllNames, words: Sequence[str]) -> Iterator[int]:
    """The names that have all these words, or none but these."""
    distinct, positions = set(words), known.names.positions
    shared = Counter(chain.from_iterable(positions.get(word, ()) for word in distinct))
    for position, count in shared.items():
        if count in (len(distinct), known.names.phrases[position].count(" ") + 1):
            yield position


def _weights(known: AllNames, words: Collection[str], may_be_slips: bool) -> dict[int, float]:
    """The names that have something in common with words, and how much: rare words weigh more than frequent ones."""
    weights: dict[int, float] = {}
    positions, total = known.names.positions, len(known.values)
    for word in words:
        of_word: dict[int, float] = {}
        like = _words_like(known, word, may_be_slips)
        for weight, other in sorted((alike * log(1 + total / len(positions[other])), other) for other, alike in like):
            of_word.update(dict.fromkeys(positions[other], weight))
        for position, weight in of_word.items():
            weights[position] = weights.get(position, 0.0) + weight
    return weights


def _words_like(known: AllNames, word: str, may_be_slip: bool) -> Iterator[tuple[str, float]]:
    """The words of names that are the same, sound the same or are written almost the same, and how much they are."""
    if word in known.names.positions:
        yield word, 1.0
    sound = skeleton(word)
    sounding = _indexed(known).by_sound.get(sound, []) if len(sound) > 1 else []
    least, more = _SOUNDING
    for other, similarity, _ in process.extract(word, sounding, scorer=OSA.normalized_similarity, limit=None):
        yield other, least + more * similarity
    if may_be_slip and len(word) >= _END:
        yield from _near(known, word)


def _near(known: AllNames, word: str) -> Iterator[tuple[str, float]]:
    """Words that a slip may have made of each other."""
    for end in _ends(word):
        words = _indexed(known).by_end.get(end, ())
        for other, similarity, _ in process.extract(
            word, words, scorer=OSA.normalized_similarity, score_cutoff=_NEAR_WRITTEN, limit=_MOST_NEAR_WORDS
        ):
            yield other, similarity * _NEAR


class _Query:
    """A name that is looked for, prepared for comparison."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._distinct = set(words)
        self._sorted = " ".join(sorted(words))
        self._sounds = _sounds_of(tuple(words))

    def likeness(self, phrase: str, sounds: Mapping[str, str]) -> float:
        """How much a name is like the query, from 0 to 100; 100 only for the same words."""
        words = phrase.split()
        joined = " ".join(sorted(words))
        if joined == self._sorted:
            return EXACT
        score = written = fuzz.ratio(self._sorted, joined)
        sounding = " ".join(sorted(sounds.get(word, "") for word in words)).strip()
        if len(sounding) > 2 and len(self._sounds) > 2:
            least, more = _SOUNDED
            score = max(score, fuzz.ratio(self._sounds, sounding) * (least + more * written / 100))
        shared = self._distinct & set(words)
        if shared and len(shared) in (len(self._distinct), len(set(words))):
            least, more = _PARTLY
            score = max(score, least + more * len("".join(shared)) / max(len(self._sorted), len(joined)))
        return min(round(score, 1), _ALMOST)


def likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """How much two names of folded words are alike, from 0 to 100."""
    return _Query(words).likeness(" ".join(others), {word: skeleton(word) for word in others})


@lru_cache(maxsize=1000)
def _sounds_of(words: tuple[str, ...]) -> str:
    return " ".join(sorted(map(skeleton, words))).strip()
