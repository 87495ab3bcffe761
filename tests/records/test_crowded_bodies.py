"""Strict JSON: what is wrong is told where it stands, and telling it takes no more room than the text itself."""

import tracemalloc

import pytest
from asking import problem
from changing import Writer

from api.documents.strict_json import DEEPEST, LONGEST_KEY, MOST_KEYS, MOST_LISTED, parse
from api.errors import Issue

MEBIBYTE = 1 << 20


def test_a_mistake_is_told_where_it_stands() -> None:
    found = parse(b'{"a/b": [0, {"c~d": NaN}], "e": 1e999, "e": "\\u0007"}').issues
    assert sorted(issue.pointer for issue in found) == ["/a~1b/1/c~0d", "/e", "/e"]


def test_the_longest_key_is_read_and_a_longer_one_is_a_mistake_of_its_object() -> None:
    longest = "ك" * LONGEST_KEY
    parsed = parse(f'{{"in": {{"{longest}": 1, "{longest}k": [NaN, NaN]}}}}'.encode())
    assert parsed.value == {"in": {longest: 1}}
    assert parsed.issues == [Issue("Has a key of 101 characters; no key is longer than 100.", "/in")]


def test_an_object_of_too_many_keys_is_one_mistake() -> None:
    most = ", ".join(f'"k{number}": 0' for number in range(MOST_KEYS))
    assert parse(f"[{{{most}}}]".encode()).issues == []
    more = parse(f'[{{{most}, "one": NaN}}]'.encode())
    assert more.issues == [Issue("Has 1001 keys, more than the 1000 that are read.", "/0")]


@pytest.mark.parametrize("count", [MOST_LISTED, MOST_LISTED + 1, 5000])
def test_so_many_mistakes_are_listed_and_all_are_counted(count: int) -> None:
    found = parse(f"[{', '.join(['NaN'] * count)}]".encode()).issues
    assert [issue.pointer for issue in found[:MOST_LISTED]] == [f"/{place}" for place in range(MOST_LISTED)]
    counted = [Issue(f"Has {count} mistakes in its JSON; the first 999 are listed.")]
    assert found[MOST_LISTED:] == (counted if count > MOST_LISTED else [])


NESTED = b"[" * (DEEPEST + 5) + b"]" * (DEEPEST + 5)
WASTEFUL = {
    "a long key over many mistakes": b'{"' + b"k" * 500_000 + b'": [' + b",".join([b"NaN"] * 1000) + b"]}",
    "many mistakes": b"[" + b",".join([b"NaN"] * 250_000) + b"]",
    "much that is too deep": b"[" + b",".join([NESTED] * 20_000) + b"]",
    "a long key in a long key": b'{"' + b"k" * 250_000 + b'": {"' + b"k" * 250_000 + b'": NaN}}',
}


@pytest.mark.parametrize("text", WASTEFUL.values(), ids=WASTEFUL)
def test_reading_what_is_wrong_takes_memory_in_measure(text: bytes) -> None:
    tracemalloc.start()
    try:
        found = parse(text).issues
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found
    assert most < 100 * MEBIBYTE  # the lists of a mebibyte of brackets take most of that
    assert sum(len(issue.pointer) + len(issue.detail) for issue in found) < MEBIBYTE


def test_a_wasteful_body_gets_a_short_answer(writer: Writer) -> None:
    body = b'{"' + b"k" * 60_000 + b'": [' + b",".join([b"NaN"] * 1000) + b"]}"
    answer = writer.client.post(
        "/v1/speakers", data=body, headers={**writer.headers, "Content-Type": "application/json"}
    )
    told = problem(answer, 422, "invalid-document")
    assert "Has a key of 60000 characters; no key is longer than 100." in [each["detail"] for each in told["errors"]]
    assert len(answer.data) < 2000
