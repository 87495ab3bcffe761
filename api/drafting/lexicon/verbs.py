"""Verbs of saying, and how Arabic inflects them: from a row of the list to every spelling that reports have."""

from collections.abc import Iterator
from typing import NamedTuple

from api.drafting.text.words import fold_words

PAST, PRESENT, PARTICIPLE, NOUN, FIRST_PERSON = "past", "present", "participle", "noun", "first-person"
MASCULINE, FEMININE, DUAL, PLURAL = "m", "f", "d", "p"


class Verb(NamedTuple):
    """A verb of saying: the act that it usually carries, what may follow it, and how surely it reports.

    `complements` are of `that to on about by from for in object`. A `sure` verb reports whatever follows; a `bound` one
    only with a sentence or a quotation.
    """

    lemma: str
    act: str
    complements: frozenset[str]
    sure: bool
    bound: bool


class Form(NamedTuple):
    """A form of a verb: its tense or kind, and gender or number of the subject where the form shows it."""

    verb: Verb
    kind: str
    agrees: str


def forms_of(row: list[str]) -> Iterator[tuple[str, Form]]:
    """The spellings of a row of the list, with the form that each of them is."""
    past, present, participle, noun, act, *complements = row
    bound, sure = past.endswith("?"), past.endswith("!")
    lemma = past.rstrip("?!")
    verb = Verb(lemma, act, frozenset(complements), sure, bound)
    yield from ((spelling, Form(verb, PAST, agrees)) for spelling, agrees in _past(_fold(lemma)))
    if present != "-":
        yield from ((spelling, Form(verb, PRESENT, agrees)) for spelling, agrees in _present(_fold(present)))
        yield from ((spelling, Form(verb, FIRST_PERSON, "")) for spelling in _first_person(_fold(present)))
    if participle != "-":
        yield from ((spelling, Form(verb, PARTICIPLE, agrees)) for spelling, agrees in _participle(_fold(participle)))
    if noun != "-":
        yield from ((spelling, Form(verb, NOUN, "")) for spelling in _noun(_fold(noun)))


def _fold(word: str) -> str:
    return fold_words(word)[0]


def _past(stem: str) -> Iterator[tuple[str, str]]:
    yield stem, MASCULINE
    weak = stem[-1] in "اي" and len(stem) > 2
    base = stem[:-1] if weak else stem
    yield base + "ت", FEMININE
    yield base + "تا", DUAL
    yield (stem[:-1] + ("وا" if stem[-1] == "ا" else "يا") if weak else stem + "ا"), DUAL
    yield base + "وا", PLURAL


def _present(stem: str) -> Iterator[tuple[str, str]]:
    yield stem, MASCULINE
    yield "ت" + stem[1:], FEMININE
    base = stem[:-1] if stem[-1] in "وي" and len(stem) > 3 else stem
    for first in "يت":
        yield first + base[1:] + "ون", PLURAL
        yield first + stem[1:] + "ان", DUAL


def _first_person(stem: str) -> Iterator[str]:
    yield "ن" + stem[1:]
    yield "ا" + stem[1:]


def _participle(accusative: str) -> Iterator[tuple[str, str]]:
    base = accusative.removesuffix("ا") if len(accusative) > 3 else accusative
    yield accusative, MASCULINE
    yield base + "ه", FEMININE
    short = base[:-1] if base[-1] == "ي" else base
    yield short + "ين", PLURAL
    yield base + "ين", DUAL
    yield base + "تين", DUAL
    yield base + "ات", PLURAL


def _noun(noun: str) -> Iterator[str]:
    yield noun
    yield "ال" + noun
