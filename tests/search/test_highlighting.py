"""Where a query matches in a text, and the pieces that are shown of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.search.highlighting import LONGEST_SNIPPET, Mention, matches, snippets
from api.search.query import parse

MATCHED = [
    ("بيان", "صدر البيانُ أمس", ["البيانُ"]),
    ("وقف", "وقْف النار", ["وقْف"]),
    ('"وقف إطلاق النار"', "في وقف إطلاقِ النّار اليوم", ["وقف إطلاقِ النّار"]),
    ('"وقف إطلاق النار"', "النار وقف", []),
    ("agree*", "They agreed on an agreement.", ["agreed", "agreement"]),
    ("talks -peace", "peace talks", ["talks"]),
    ("Karabakh", "Nagorno-Karabakh's", ["Karabakh's"]),
    ("2020", "في ٢٠٢٠م", ["٢٠٢٠م"]),
    ("guterres", "António GUTERRES", ["GUTERRES"]),
    ("x b", "x b c", ["x", "b"]),
]


@pytest.mark.parametrize(("q", "text", "expected"), MATCHED)
def test_matches_are_marked_as_they_are_written_in_the_text(q: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in matches(parse(q), text)] == expected


def test_a_name_is_marked_when_the_query_has_another_name_of_its_holder() -> None:
    text = "القتال في قره باغ"
    mention = [Mention(2, 2, ["قره باغ", "Karabakh"])]
    for q in ("Karabakh", "Karab*", "القتال Karabakh"):
        assert "قره باغ" in [text[start:end] for start, end in matches(parse(q), text, mention)]
    assert matches(parse("Yerevan"), text, mention) == []
    assert matches(parse("nobody -Karabakh"), text, mention) == []


TEXTS = st.lists(st.sampled_from([*"abc", "بيان", "وَقْف", "x" * 70, "x" * 250, "\n", "—", "e\u0301e"]), max_size=60).map(
    " ".join
)


@given(TEXTS, st.sampled_from(["a", "بيان", "a b", '"a b"', "x*", "وقف b", "e*"]))
@example("a", "a")
@example("x" * 500, "x*")
@example("a " * 400, "a")
@example(" ".join(["word"] * 100 + ["a"] + ["word"] * 100), "a")
def test_every_match_is_in_a_single_snippet_that_is_cut_between_words(text: str, q: str) -> None:
    ranges = matches(parse(q), text)
    shown = list(snippets(text, ranges))
    assert [pair for piece in shown for pair in piece.matches] != [] or not ranges
    seen = []
    for piece in shown:
        end = piece.start + len(piece.text)
        assert text[piece.start : end] == piece.text
        assert 0 < len(piece.text) <= LONGEST_SNIPPET
        longest = max(b - a for a, b in ranges)
        if longest <= LONGEST_SNIPPET - 2:
            assert piece.start == 0 or text[piece.start - 1].isspace() or (piece.start,) in [(a,) for a, _ in ranges]
            assert end == len(text) or text[end].isspace() or end in [b for _, b in ranges]
        seen += [(piece.start + a, piece.start + b) for a, b in piece.matches]
    assert [a for a, _ in seen] == [a for a, _ in ranges]
    assert all(b == d or d - c > LONGEST_SNIPPET for (_, b), (c, d) in zip(seen, ranges, strict=True))
