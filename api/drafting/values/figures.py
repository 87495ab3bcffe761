"""Figures that the vocabulary of measures knows: how many were killed, displaced, released; money, areas, votes.

A number counts only when a word beside it says what is counted. Years, dates, times and ordinals are no figures.
"""

from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.text.words import Token, without_conjunction
from api.drafting.values.measures import measure_of
from api.drafting.values.numbers import numbers

EXACT, APPROXIMATE, MORE, LEAST, LESS = "exact", "approximate", "more-than", "at-least", "less-than"


class Figure(NamedTuple):
    """A number in tokens `first` to `end` (exclusive): what is measured, how much, in which unit, and how exactly."""

    first: int
    end: int
    measure: str
    value: float
    bound: str


_BOUNDS = (
    (LEAST, ("لا يقل عن", "لا تقل عن", "علي الاقل", "ما لا يقل عن", "at least", "no fewer than")),
    (
        MORE,
        (
            "اكثر من",
            "ما يزيد علي",
            "ما يزيد عن",
            "يزيد علي",
            "تزيد علي",
            "يفوق",
            "تفوق",
            "يتجاوز",
            "تجاوز",
            "تجاوزت",
            "more than",
            "over",
        ),
    ),
    (LESS, ("اقل من", "لا يتجاوز", "لا تتجاوز", "لم يتجاوز", "لم تتجاوز", "less than", "fewer than", "up to")),
    (
        APPROXIMATE,
        ("نحو", "حوالي", "قرابه", "زهاء", "ما يقارب", "ما يقرب من", "تقريبا", "about", "around", "nearly", "some"),
    ),
)
_BOUND_WORDS = [(bound, tuple(phrase.split())) for bound, phrases in _BOUNDS for phrase in phrases]
_BOUND_WORDS.sort(key=lambda entry: -len(entry[1]))


def figures(tokens: Sequence[Token], first: int, end: int) -> list[Figure]:
    """The figures in a range of tokens, in order."""
    found = []
    for start, stop, value in numbers(tokens, first, end):
        if measure := measure_of(tokens, first, end, start, stop):
            found.append(Figure(start, stop, measure, value, _bound(tokens, first, start, stop)))
    return found


def _bound(tokens: Sequence[Token], first: int, start: int, stop: int) -> str:
    for bound, phrase in _BOUND_WORDS:
        low = start - len(phrase)
        if (
            low >= first
            and tuple(without_conjunction(t.text) if i == 0 else t.text for i, t in enumerate(tokens[low:start]))
            == phrase
        ):
            return bound
        if low >= first and tuple(token.text for token in tokens[low:start]) == phrase:
            return bound
    if [token.text for token in tokens[stop : stop + 4]][-2:] == ["علي", "الاقل"]:
        return LEAST
    return EXACT
