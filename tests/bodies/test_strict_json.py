"""Strict JSON: what every reader understands alike is read, and everything else is told with its place."""

import json
import unicodedata
from typing import Any

import orjson
import pytest
from every import every
from hypothesis import given
from hypothesis import strategies as st

from api.documents.strict_json import DEEPEST, LONGEST_KEY, MOST_KEYS, parse, parse_plain, parse_strictly
from api.errors import NotJSON

_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n"))
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


def issues(raw: str | bytes) -> dict[str, str]:
    """What is wrong with a JSON text, by pointer."""
    return {issue.pointer: issue.detail for issue in parse(raw.encode() if isinstance(raw, str) else raw).issues}


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(item) for item in value]
    if isinstance(value, dict):
        return {_composed(key): _composed(inner) for key, inner in value.items()}
    return value


@given(_VALUES)
def test_whatever_is_written_comes_back_composed(value: Any) -> None:
    parsed = parse(json.dumps(value).encode())
    if not parsed.issues:  # two keys may be the same once they are composed
        assert orjson.dumps(parsed.value) == orjson.dumps(_composed(value))


_WRITTEN = st.one_of(_VALUES.map(orjson.dumps), _VALUES.map(lambda value: json.dumps(value, indent=1).encode()))


@given(st.one_of(_WRITTEN, st.text('{}[]",: \n0123456789eE+-.\\utfn \u00e9\0').map(str.encode)))
def test_what_is_read_the_short_way_is_read_alike_the_long_way(raw: bytes) -> None:
    _reads_alike(raw)


@given(_WRITTEN, _WRITTEN)
def test_a_key_given_twice_is_found_whatever_surrounds_it(one: bytes, other: bytes) -> None:
    _reads_alike(b'{"a": ' + one + b', "\\u0061": ' + other + b"}")
    assert issues(b'{"a": ' + one + b', "a":' + other + b"}") != {}


def _reads_alike(raw: bytes) -> None:
    value = parse_plain(raw)
    if value is not None:
        parsed = parse_strictly(raw)
        assert parsed.issues == []
        assert orjson.dumps(parsed.value) == orjson.dumps(value)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1}',
        b'\r\n{ "a" :\t[1, "two  words"] }\n',
        json.dumps({"\u0633\u0644\u0627\u0645": '\u062d\u0631\u0628 \U0001f600 " \n'}).encode(),
        b'{"a\\/b": "\\u0061"}',
    ],
)
def test_what_clients_write_is_read_the_short_way(raw: bytes) -> None:
    assert parse_plain(raw) == json.loads(raw)
    _reads_alike(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a b": 1, "ab": 2, "a b": 3}',
        b'{"a": {"b": [{"c": " ", "c": ""}]}}',
        b"[9223372036854775808]",
        b"[1e400]",
        b"[1.0e1]",
        b"[1.00000000000000000001]",
        b'["\\u0001"]',
        b'["\\ud800"]',
        b'{"e\\u0301": 1}',
        '["e\u0301"]'.encode(),
        '["\ufdd0"]'.encode(),
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        orjson.dumps({"k" * (LONGEST_KEY + 1): 1}),
        b'{"' + b"\\u006b" * (LONGEST_KEY + 1) + b'": 1}',
        orjson.dumps({'"' + "k" * LONGEST_KEY: 1}),
        orjson.dumps({str(number): 1 for number in range(MOST_KEYS + 1)}),
    ],
)
def test_what_may_be_wrong_is_not_read_the_short_way(raw: bytes) -> None:
    assert parse_plain(raw) is None


@given(st.binary(max_size=60) | st.text('{}[]",:0123456789eE+-.\\utfn \u00e9\0').map(str.encode))
def test_no_bytes_surprise_the_parser(raw: bytes) -> None:
    try:
        found = parse(raw)
    except NotJSON:
        return
    orjson.dumps(found.value)  # whatever is left can be written in UTF-8
    orjson.dumps(found.issues)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "line 1 column 1"),
        (b"{", "column 2"),
        (b'{"a": 1,}', "column [89]"),
        (b"{'a': 1}", "column 2"),
        (b"[1] [2]", "Extra data"),
        (b"[01]", "column 3"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
        (b'"\xed\xa0\x80"', "not UTF-8 at byte 1"),  # half a surrogate pair, written as if it were a character
        (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b'["a\nb"]', "control character"),
        (b"[" * 100_000, "too deeply"),
        (b'{"a":' * 100_000, "too deeply"),
    ],
)
def test_what_is_no_json_is_told_in_a_sentence(raw: bytes, told: str) -> None:
    with pytest.raises(NotJSON, match=told) as refusal:
        parse(raw)
    assert str(refusal.value).endswith(".")


@every(
    ("raw", "where", "told"),
    [
        ('{"a": 1, "a": 1}', "/a", "twice"),
        ('{"a": [{"b": {"c": 1, "c": 2, "c": 3}}]}', "/a/0/b/c", "twice"),
        ('{"a/b": {"~": 1, "~": 2}}', "/a~1b/~0", "twice"),
        ('{"\u00e9": 1, "e\u0301": 2}', "/\u00e9", "twice"),
        ('{"\\u0061": 1, "a": 2}', "/a", "twice"),
        ('{"": 1, "": 2}', "/", "twice"),
        ('{"a": NaN}', "/a", "NaN is no number"),
        ('{"a": [Infinity]}', "/a/0", "Infinity is no number"),
        ('{"a": -Infinity}', "/a", "-Infinity is no number"),
        ("NaN", "", "NaN is no number"),
        ('{"a": 1e400}', "/a", "can't hold"),
        ('{"a": -1E+999}', "/a", "can't hold"),
        ('{"a": 0.' + "1" * 1000 + "}", "/a", "can't hold"),
        ('{"a": 9223372036854775808}', "/a", "64 bits"),
        ('{"a": -9223372036854775809}', "/a", "64 bits"),
        ('{"a": ' + "9" * 100_000 + "}", "/a", "64 bits"),
        ('{"a": "x\\u0000y"}', "/a", "U+0000"),
        ('{"a": "x\\u001b[31m"}', "/a", "U+001B"),
        ('{"a": "x\\r\\n"}', "/a", "U+000D"),
        ('{"a": "\u0085"}', "/a", "U+0085"),
        ('{"a": "\\u007f"}', "/a", "U+007F"),
        ('{"a": "\\ud800"}', "/a", "U+D800"),
        ('{"a": "\\udc00\\ud800"}', "/a", "U+DC00"),
        ('{"a": {"b\\u0000": 1}}', "/a", "U+0000"),
        ('{"a": "x\\ufdd0"}', "/a", "U+FDD0, which Unicode keeps for no character"),
        ('{"a": "\uffff"}', "/a", "U+FFFF"),
        ('{"a": "\U0010fffe"}', "/a", "U+10FFFE"),
        ('{"a": "\\ud83f\\udffe"}', "/a", "U+1FFFE"),
        ('{"a": ' + "[" * DEEPEST + "]" * DEEPEST + "}", "/a" + "/0" * (DEEPEST - 1), "too deeply"),
    ],
)
def test_what_readers_would_understand_differently_is_told_with_its_place(raw: str, where: str, told: str) -> None:
    found = issues(raw)
    assert list(found) == [where]
    assert told in found[where]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ('{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("-0", 0),
        ("1.5e3", 1500.0),
        ('"line one\\nline\\ttwo"', "line one\nline\ttwo"),
        ('"\\ud83d\\udd4a"', "\U0001f54a"),
        ('"e\u0301"', "\u00e9"),
        ('{"e\u0301": 1}', {"\u00e9": 1}),
        ('"\u202bسيرغي\u200c لافروف\u202c\u200f"', "\u202bسيرغي\u200c لافروف\u202c\u200f"),
        (" [ ]\r\n", []),
        ("[" * DEEPEST + "]" * DEEPEST, json.loads("[" * DEEPEST + "]" * DEEPEST)),
    ],
)
def test_what_is_unusual_but_clear_is_read(raw: str, value: Any) -> None:
    assert parse(raw.encode()).value == value
    assert issues(raw) == {}


def test_all_that_is_wrong_is_told_at_once() -> None:
    raw = '{"a": NaN, "b": ["\\u0000", 1e999], "c": {"d": 1, "d": 99999999999999999999}, "e": "fine"}'
    assert list(issues(raw)) == ["/a", "/b/0", "/b/1", "/c/d"]
