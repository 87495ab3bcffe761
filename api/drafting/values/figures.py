"""Figures that the vocabulary of measures knows: how many were killed, displaced, released; money, areas, votes.

A number counts only when a word beside it says what is counted. Years, dates, times and ordinals are no figures.
"""

from collections.abc import Sequence
from itertools import pairwise
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


_BOUNDS = {
    LEAST: "لا يقل عن|لا تقل عن|علي الاقل|ما لا يقل عن|بما لا يقل عن|ليس اقل من|at least|no fewer than",
    MORE: "اكثر من|باكثر من|لاكثر من|ازيد من|بازيد من|ما يزيد علي|ما يزيد عن|بما يزيد علي|بما يزيد عن|يزيد علي|يزيد عن|تزيد علي|تزيد عن"
    "|ما ينيف علي|ما يربو علي|ما يفوق|يفوق|تفوق|فاق|فاقت|يتجاوز|تتجاوز|تجاوز|تجاوزت|تخطت|تخطي|يتخطي|more than|over",
    LESS: "اقل من|باقل من|دون|لا يتجاوز|لا تتجاوز|لم يتجاوز|لم تتجاوز|لا يزيد علي|لا يزيد عن|كحد اقصي|less than|fewer than|up to",
    APPROXIMATE: "نحو|بنحو|لنحو|حوالي|بحوالي|لحوالي|قرابه|بقرابه|زهاء|بزهاء|ما يقارب|ما يقرب من|بما يقارب|يقارب|تقارب|يناهز|ما يناهز|تناهز|في حدود"
    "|تقريبا|تقدر ب|يقدر ب|about|around|nearly|some",
}
_BOUND_WORDS = [(bound, tuple(phrase.split())) for bound, phrases in _BOUNDS.items() for phrase in phrases.split("|")]
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
    after = [token.text for token in tokens[stop : stop + _AFTER]]
    if any(pair in (("علي", "الاقل"), ("at", "least")) for pair in pairwise(after)):
        return LEAST
    return APPROXIMATE if "تقريبا" in after[:3] else EXACT


_AFTER = 5  # tokens after a number among which "at least" belongs to it
