"""Locating a passage: exactly as it is written, or else without regard to blanks, marks and letter forms."""

import pytest
from texts import COUNTS, NBSP, TEXT, WELCOMES, digest, span

from api.evidence.locating import locate


def places(text: str, passage: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in locate(text, passage).occurrences]


@pytest.mark.parametrize("passage", [WELCOMES, COUNTS])
def test_a_passage_has_the_span_of_its_words(passage: str) -> None:
    [found] = locate(TEXT, passage).occurrences
    assert {"start": found.start, "end": found.end, "sha256": found.sha256} == span(passage)
    assert (found.passage, found.warnings) == (passage, [])
    assert TEXT[: found.start].endswith(found.before)
    assert TEXT[found.end :].startswith(found.after)
    assert len(found.before) <= 40
    assert len(found.after) <= 40


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("٦٬٥٠٠ شخص", f"٦٬٥٠٠{NBSP}شخص"),
        ("الطرق الى المدينة تفتح", "الطُّرُق إلى المدينة تُفتَح"),
        ("شكرت  الوسطاء", "شكـرت الوسطاء"),
        (" الجنوب،\nواثني علي الهدنة ", "الجنوب، وأثنى على الهدنة"),
        ("قريبا", "قريبًا"),
        ("أن\u200f الوزير", "أن الوزير"),
    ],
)
def test_differences_of_writing_are_ignored_when_there_is_no_exact_occurrence(passage: str, words: str) -> None:
    found = locate(TEXT, passage)
    assert not found.exact
    assert [one.passage for one in found.occurrences] == [words]
    assert found.occurrences[0].sha256 == digest(words)


def test_exact_occurrences_come_before_all_others() -> None:
    text = "الطُّرُق ثم الطرق"
    assert places(text, "الطرق") == [(12, 17)]
    assert places(text, "الطّرق") == [(0, 8), (12, 17)]


def test_overlapping_occurrences_are_found() -> None:
    assert places("aaaa", "aa") == [(0, 2), (1, 3), (2, 4)]


@pytest.mark.parametrize("passage", ["", " ", "ـ", "\u064e", "لا شيء من هذا"])
def test_a_passage_that_does_not_occur_is_not_found(passage: str) -> None:
    assert locate("كلمة", passage).occurrences == []


def test_a_passage_that_splits_a_word_or_a_letter_has_a_warning() -> None:
    [found] = locate("الطُّرُق", "لطُّر").occurrences
    assert found.warnings == ["Begins inside a word.", "Ends inside a combining sequence."]
