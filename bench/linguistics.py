"""How well the search's stemmer does on real word lists, next to Snowball and to folding alone: `make linguistics`.

Two dictionaries say which words are forms of one word: Arramooz, with what each Arabic noun or adjective may take
(dual, sound plurals, feminine, pronouns) and its broken plurals, and AGID (in pyinflect) for English. wordfreq says
which forms are in use: a form that its lists of real text do not have is left out, as is one that two words of the
dictionary share. docs/search.md says how to read the figures.
"""

import csv
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from time import perf_counter

import Stemmer
import wordfreq

from api.search import text
from api.search.arabic_words import KNOWN_STEMS, PLURALS

LEMMAS_IN_USE = 2e-6  # a word's share of all words: once in half a million
FORMS_IN_USE = 5e-8

Stem = Callable[[str], str]


@dataclass(frozen=True)
class Family:
    """The forms of one word, and what it is akin to (a root in Arabic, the word itself in English)."""

    lemma: str
    kin: str
    regular: frozenset[str]
    irregular: frozenset[str]


# --- Arabic ----------------------------------------------------------------------------------------------------------

BARE = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول")
WITH_ARTICLE = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "كم", "نا", "ي", "ك")


def arabic() -> list[Family]:
    """Each noun and adjective that is in use with those of its forms that are."""
    rows = list(_nouns())
    used = _in_use("ar")
    families = []
    for row in rows:
        if row["number"] == "مفرد" and used.get(row["unvocalized"], 0) >= LEMMAS_IN_USE:
            regular = {form for form in _written_out(_inflected(row)) if form in used}
            broken = {form for form in _written_out(_pronouns(_plain(row["broken_plural"]))) if form in used}
            families.append((row["unvocalized"], row["root"], regular, broken - regular))
    return _unambiguous(families, {row["unvocalized"] for row in rows} | _verbs() | _function_words())


def _database(name: str) -> sqlite3.Connection:
    database = sqlite3.connect(_package("arramooz") / "data" / name)
    database.row_factory = sqlite3.Row
    return database


def _nouns() -> Iterable[sqlite3.Row]:
    return _database("arabicdictionary.sqlite").execute("SELECT * FROM nouns ORDER BY id")


def _verbs() -> set[str]:
    return {word for (word,) in _database("arabicdictionary.sqlite").execute("SELECT unvocalized FROM verbs")}


def _function_words() -> set[str]:
    return {word for (word,) in _database("stopwords.sqlite").execute("SELECT unvocalized FROM stopwords")}


def _plain(vocalized: str) -> str:
    return "".join(character for character in vocalized if not "\u064b" <= character <= "\u0652")


def _inflected(row: sqlite3.Row) -> Iterator[tuple[str, bool]]:
    """The forms that the dictionary allows, each with whether it may have the article."""
    word = row["unvocalized"]
    yield from _pronouns(word)
    if word.endswith(("ى", "ا")):
        return
    base = word[:-1] if word.endswith("ة") else word
    if row["dualable"]:
        dual = base + "ت" if word.endswith("ة") else word
        yield from ((dual + "ان", True), (dual + "ين", True), (dual + "ا", False), (dual + "ي", False))
    if row["masculin_plural"]:
        yield from ((word + "ون", True), (word + "ين", True), (word + "و", False), (word + "ي", False))
    if row["feminable"]:
        yield from _pronouns(word + "ة")
    if row["feminin_plural"]:
        yield from _pronouns(base + "ات")
    if row["gender"] == "مذكر" and not word.endswith("ة"):
        yield word + "ا", False


def _pronouns(word: str) -> Iterator[tuple[str, bool]]:
    if not word:
        return
    yield word, True
    if word.endswith("اء"):
        bases: tuple[str, ...] = (word[:-1] + "ئ", word[:-1] + "ؤ", word)
    else:
        bases = (word[:-1] + "ت",) if word.endswith("ة") else (word[:-1] + "ا",) if word.endswith("ى") else (word,)
    yield from ((base + pronoun, False) for base in bases for pronoun in PRONOUNS)


def _written_out(forms: Iterable[tuple[str, bool]]) -> Iterator[str]:
    for form, definite in forms:
        yield from (clitic + form for clitic in BARE)
        if definite:
            yield from (article + form for article in WITH_ARTICLE)


# --- English ---------------------------------------------------------------------------------------------------------


def english() -> list[Family]:
    """Each noun, verb and adjective that is in use with those of its forms that are."""
    used, forms = _in_use("en"), defaultdict[str, set[str]](set)
    with (_package("pyinflect") / "infl.csv").open(encoding="utf-8", newline="") as table:
        for lemma, _, *columns in csv.reader(table):
            if lemma.isalpha() and lemma.islower() and used.get(lemma, 0) >= LEMMAS_IN_USE:
                cells = (form for column in columns for form in column.replace("<", "").replace(">", "").split("/"))
                forms[lemma] |= {form for form in cells if form in used and form.isalpha()} | {lemma}
    families = [
        (lemma, lemma, regular := {form for form in some if _is_regular(lemma, form)}, some - regular)
        for lemma, some in forms.items()
    ]
    return _unambiguous(families, set(forms))


def _is_regular(lemma: str, form: str) -> bool:
    stemmed = lemma[:-1] if lemma[-1] in "ey" else lemma
    return form.startswith(stemmed) and form.endswith((lemma, "s", "ed", "ing", "er", "est", "'s"))


# --- what both share -------------------------------------------------------------------------------------------------


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        sys.exit(f"{name} is missing: run make linguistics")
    return Path(spec.origin).parent


def _in_use(language: str) -> dict[str, float]:
    frequencies = wordfreq.get_frequency_dict(language, wordlist="large")
    return {word: frequency for word, frequency in frequencies.items() if frequency >= FORMS_IN_USE}


def _unambiguous(families: list[tuple[str, str, set[str], set[str]]], lemmas: set[str]) -> list[Family]:
    """The families of one spelling together, less every form that another word might be."""
    merged: dict[str, tuple[str, set[str], set[str]]] = {}
    for lemma, kin, regular, irregular in families:
        _, all_regular, all_irregular = merged.setdefault(lemma, (kin, set(), set()))
        all_regular |= regular
        all_irregular |= irregular
    owners = defaultdict[str, set[str]](set)
    for lemma, (_, regular, irregular) in merged.items():
        for form in regular | irregular:
            owners[form].add(lemma)
    own = {form for form, some in owners.items() if len(some) == 1 and (form in some or form not in lemmas)}
    broken = {form for form, some in owners.items() if len(some) == 1}
    return [
        Family(lemma, kin, frozenset(regular & own), frozenset((irregular - regular) & broken))
        for lemma, (kin, regular, irregular) in sorted(merged.items())
        if regular & own
    ]


def recall(families: list[Family], stem: Stem) -> float:
    """Of the pairs of regular forms of one word, how many meet; each word counts the same."""
    shares = [
        sum(one == other for one, other in combinations(stems, 2)) / (len(stems) * (len(stems) - 1) / 2)
        for family in families
        if len(stems := [stem(form) for form in sorted(family.regular)]) > 1
    ]
    return sum(shares) / len(shares)


def irregular_recall(families: list[Family], stem: Stem) -> float:
    """Of the irregular forms (broken plurals; held, men), how many meet the word they are of."""
    meets = [stem(form) == stem(family.lemma) for family in families for form in sorted(family.irregular)]
    return sum(meets) / len(meets)


def conflated(families: list[Family], stem: Stem, kin: Callable[[Family], str]) -> float:
    """Of all forms, how many meet a form of a word that is not its kin."""
    classes = defaultdict[str, list[str]](list)
    for family in families:
        for form in family.regular | family.irregular:
            classes[stem(form)].append(kin(family))
    wrong = sum(len(kins) for kins in classes.values() if len(set(kins)) > 1)
    return wrong / sum(map(len, classes.values()))


SYSTEMS: dict[str, Callable[[str], Stem]] = {
    "tasrih": lambda _: lambda word: " ".join(text.tokens(word)),
    "Snowball": lambda language: Stemmer.Stemmer(language, 0).stemWord,
    "folding alone": lambda _: text.fold,
}


def main() -> None:
    """Print the tables of docs/search.md."""
    record_types = arabic()
    for title, language, families in (
        ("Arabic", "arabic", record_types),
        (
            "Arabic, words that no table of ours names",
            "arabic",
            [family for family in record_types if not _named(family)],
        ),
        ("English", "english", english()),
    ):
        forms = sum(len(family.regular | family.irregular) for family in families)
        print(f"\n{title}: {len(families):,} words with {forms:,} forms\n")
        print("| | regular forms meet | irregular forms meet | meet another word | of another root | µs a new word |")
        print("|---|---|---|---|---|---|")
        for name, system in SYSTEMS.items():
            print(f"| {name} | {' | '.join(_figures(families, system(language)))} |")


def _named(family: Family) -> bool:
    return text.stem(text.fold(family.lemma)) in KNOWN_STEMS or text.fold(family.lemma) in PLURALS.values()


def _figures(families: list[Family], stem: Stem) -> Iterator[str]:
    text.stem.cache_clear()
    words = [form for family in families for form in sorted(family.regular)]
    start = perf_counter()
    for word in words:
        stem(word)
    cost = (perf_counter() - start) / len(words) * 1e6
    yield f"{recall(families, stem):.1%}"
    yield f"{irregular_recall(families, stem):.1%}"
    yield f"{conflated(families, stem, lambda family: family.lemma):.1%}"
    roots = any(family.kin != family.lemma for family in families)
    yield f"{conflated(families, stem, lambda family: family.kin):.1%}" if roots else "not known"
    yield f"{cost:.1f}"


if __name__ == "__main__":
    main()
