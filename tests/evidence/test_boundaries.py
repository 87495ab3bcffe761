"""Where texts may be cut."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from api.evidence.boundaries import cut, splits

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "position", "split"),
    [
        ("رحب الوزير", 3, None),
        ("رحب الوزير", 4, None),
        ("رحب الوزير", 0, None),
        ("رحب الوزير", 10, None),
        ("رحب الوزير", 2, "a word"),
        ("رحّب", 2, "a combining sequence"),
        ("e\u0323\u0301", 2, "a combining sequence"),
        ("شكـر", 2, "a word"),
        ("شكـر", 3, "a word"),
        ("قال\u00a0الوزير", 3, None),
        ("قال.ورد", 3, None),
        ("قال.ورد", 4, None),
        ("6,500", 1, "a word"),
        ("6,500", 2, "a word"),
        ("٦٬٥٠٠", 1, "a word"),
        ("2020.", 4, None),
        ("في 6، 5", 4, None),
        (FAMILY, 1, "a grapheme cluster"),
        ("\U0001f1e6\U0001f1f2", 1, "a grapheme cluster"),
        ("word", 2, "a word"),
    ],
)
def test_what_a_cut_would_split(text: str, position: int, split: str | None) -> None:
    assert splits(text, {position}).get(position) == split


@pytest.mark.parametrize(
    ("text", "length", "left"),
    [
        ("رحّب", 4, "رحّب"),
        ("رحّب", 3, "رحّ"),
        ("رحّب", 2, "ر"),
        ("رحّب", 0, ""),
        (FAMILY, 4, ""),
        ("a" + FAMILY, 5, "a"),
    ],
)
def test_a_text_is_cut_between_what_readers_see_as_letters(text: str, length: int, left: str) -> None:
    assert cut(text, length) == left


@given(st.text(st.sampled_from("ab \u0301\u064e\u0651\u200dم\U0001f468\U0001f1e6\U0001f1f2\r\n")), st.integers(0, 12))
def test_a_cut_is_the_longest_run_of_whole_clusters(text: str, length: int) -> None:
    ends = [0, *(cluster.end() for cluster in regex.finditer(r"\X", text))]
    assert len(cut(text, length)) == max(end for end in ends if end <= length)
