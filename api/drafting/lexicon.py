"""The words of the Arabic reader: verbs of saying in all the forms that reports have, and lists of words for who and when."""

import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from api.drafting.words import fold_words

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


class Lexicon(NamedTuple):
    """Every list by its name, folded, and the forms of verbs by their folded spelling."""

    forms: dict[str, tuple[Form, ...]]
    words: dict[str, frozenset[str]]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    expressions: dict[str, str]


@cache
def arabic() -> Lexicon:
    """The Arabic lexicon."""
    listed = tomllib.loads((files("api.drafting") / "arabic.toml").read_text(encoding="utf-8"))
    forms: dict[str, list[Form]] = {}
    for row in _rows(listed["verbs"]):
        for spelling, form in _forms_of(row):
            if all(known.verb.lemma != form.verb.lemma or known.kind != form.kind for known in forms.get(spelling, ())):
                forms.setdefault(spelling, []).append(form)
    return Lexicon(
        {spelling: tuple(found) for spelling, found in forms.items()},
        {name: frozenset(fold_words(words)) for name, words in listed.items() if name not in _TABLES},
        {"background": tuple(fold_words(line) for line in listed["background"].strip().splitlines())},
        {fold_words(row[0])[0]: row[1] for row in _rows(listed["expressions"])},
    )


_TABLES = frozenset({"verbs", "expressions", "background"})


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines() if line.strip()]


def _forms_of(row: list[str]) -> Iterator[tuple[str, Form]]:
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


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of single words by its name."""
    return arabic().words[name]


_SUFFIXES = ("هما", "هم", "ها", "نا", "ه", "ي", "")


@lru_cache(maxsize=4096)  # texts come from anybody
def expression(word: str) -> str | None:
    """The act that a noun after a verb of expressing stands for: concern, hope, thanks; None for any other word."""
    known = arabic().expressions
    for prefix in ("بال", "وال", "لل", "ال", "و", "ب", "ل", ""):
        if not word.startswith(prefix):
            continue
        rest = word[len(prefix) :]
        for suffix in _SUFFIXES:
            stem = rest.removesuffix(suffix) if suffix else rest
            for form in (stem, stem[:-1] + "ه" if stem.endswith("ت") else stem, stem + "ه" if suffix == "" else stem):
                if len(form) > 2 and form in known:
                    return known[form]
    return None
