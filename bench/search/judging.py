"""Judged questions, and the measures of an engine's answers to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import mean

import orjson

QUESTIONS = Path(__file__).with_name("questions.json")
RIGHT = 2  # from this grade on a statement answers the question
DEPTH = 10  # results that are looked at

Engine = Callable[[str], Sequence[str]]
"""Gives the ids of the first results for a query, the best first."""


@dataclass(frozen=True)
class Question:
    """What somebody types, and the grades of the statements that have to do with it."""

    text: str
    language: str
    is_held_out: bool
    grades: dict[str, int]


@dataclass(frozen=True)
class Scores:
    """The means over all questions."""

    success_at_1: float
    success_at_5: float
    reciprocal_rank: float
    ndcg: float
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002)."""

    def __str__(self) -> str:
        return f"{self.success_at_1:.3f} | {self.success_at_5:.3f} | {self.reciprocal_rank:.3f} | {self.ndcg:.3f}"


def questions(held_out: bool, language: str | None = None) -> list[Question]:
    """The questions that are held out, or those to tune on."""
    written = [
        Question(row["question"], row["language"], row["split"] == "held-out", row["relevant"])
        for row in orjson.loads(QUESTIONS.read_bytes())
    ]
    return [each for each in written if each.is_held_out == held_out and language in (None, each.language)]


def scores(engine: Engine, asked: Sequence[Question]) -> Scores:
    """How well an engine answers."""
    ranks, gains = [], []
    for question in asked:
        results = list(engine(question.text))[:DEPTH]
        ranks.append(rank_of_answer(results, question))
        gains.append(ndcg(results, question.grades))
    return Scores(
        mean(rank == 1 for rank in ranks),
        mean(rank is not None and rank <= 5 for rank in ranks),
        mean(1 / rank if rank else 0 for rank in ranks),
        mean(gains),
    )


def rank_of_answer(results: Sequence[str], question: Question) -> int | None:
    """The place, from 1, of the first result that answers the question."""
    return next((place for place, each in enumerate(results, 1) if question.grades.get(each, 0) >= RIGHT), None)


def ndcg(results: Sequence[str], grades: dict[str, int]) -> float:
    """1 when the first ten are the best there are, in the best order."""
    best = _gain(sorted(grades.values(), reverse=True)[:DEPTH])
    return _gain([grades.get(each, 0) for each in results[:DEPTH]]) / best


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))
