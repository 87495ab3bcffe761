"""JSON Merge Patch, held to the examples that RFC 7396 gives in its appendix A and to what must always be so."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.documents.merge_patch import merged_patch

_KEYS = st.sampled_from("abc")
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text("xy", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=10,
)


def _without_nulls(value: Any) -> Any:
    """What a document must be to be reached by a patch: no object of it holds a null."""
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value


@pytest.mark.parametrize(
    ("stored", "patch", "wanted"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_the_rfc_come_out_as_it_says(stored: Any, patch: Any, wanted: Any) -> None:
    assert merged_patch(stored, patch) == wanted


@given(_VALUES, _VALUES)
def test_a_patch_applied_twice_is_applied_once(stored: Any, patch: Any) -> None:
    once = merged_patch(stored, patch)
    assert merged_patch(once, patch) == once


@given(_VALUES, _VALUES)
def test_a_patch_leaves_alone_what_it_was_given(stored: Any, patch: Any) -> None:
    before = copy.deepcopy((stored, patch))
    merged_patch(stored, patch)
    assert (stored, patch) == before


@given(_VALUES)
def test_an_object_without_nulls_is_reached_from_nothing(value: Any) -> None:
    wanted = _without_nulls(value)
    assert merged_patch(None, wanted) == wanted
