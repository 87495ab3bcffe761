"""The Arabic lexicon: the lists of `arabic.toml`, folded as the tokens of a text are."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from api.drafting.lexicon.verbs import Form, forms_of
from api.drafting.text.words import fold_words, without_conjunction


class Lexicon(NamedTuple):
    """Every list by its name, folded, and the forms of verbs by their folded spelling."""

    forms: dict[str, tuple[Form, ...]]
    words: dict[str, frozenset[str]]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    expressions: dict[str, str]


@cache
def arabic() -> Lexicon:
    """The Arabic lexicon."""
    listed = tomllib.loads((files("api.drafting.lexicon") / "arabic.toml").read_text(encoding="utf-8"))
    forms: dict[str, list[Form]] = {}
    for row in _rows(listed["verbs"]):
        for spelling, form in forms_of(row):
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


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of single words by its name."""
    return arabic().words[name]


def own_forms(word: str) -> tuple[Form, ...]:
    """The forms of a verb with or without و; in the first person plural also with a pronoun: "نشجع", "ونشجعها"."""
    plain, known = without_conjunction(word), arabic().forms
    pronoun = next((each for each in ("ها", "هم", "كم", "ه") if plain[0] == "ن" and plain.endswith(each)), "")
    return known.get(word) or known.get(plain) or known.get(plain.removesuffix(pronoun), ())


_SUFFIXES = ("هما", "هم", "ها", "نا", "ه", "ي", "ا", "")


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
            for form in (stem, stem[:-1] + "ه" if stem.endswith("ت") else stem):
                if len(form) > 2 and form in known:
                    return known[form]
    return None
