"""Strict JSON: from bytes to a value that every reader understands alike, or to a list of all that prevents it.

RFC 8259 leaves open what a key given twice, a number beyond 64 bits or half a surrogate pair mean, and I-JSON (RFC 7493)
forbids them, and noncharacters. So does this module, and it forbids control characters other than tab and line feed. All
strings, keys too, come out in Unicode normalisation form C. What would take too long is refused before that: too many
combining marks in a row, and more objects and lists than any document has.
"""

import json
import re
from codecs import BOM_UTF8
from collections import Counter
from dataclasses import dataclass
from math import isinf
from typing import Any

import orjson

from api.errors import Issue, NotJSON
from schemas.fields import unusable
from schemas.values.normal_form import UNSAFE, NotStreamSafe, is_nfc, nfc

DEEPEST = 20  # objects and lists within each other; no document of ours has more than eight
LONGEST_KEY = 100  # characters; what is longer is no key of ours, and would stand in the pointer to all that is in it
MOST_KEYS = 1000  # of one object; no document of ours has so many
MOST_CONTAINERS = (
    8000  # objects and lists of one text: each may cost 60 µs to be validated, and a thousand reports hold 7,000
)
MOST_LISTED = 999  # issues of one text, before one more that says how many they are
_WHOLE_NUMBERS = range(-(2**63), 2**63)
_LONGEST_NUMBER = 400  # characters; all that a double can tell apart takes fewer
_STRING = re.compile(r'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
_NONCHARACTERS = r"\ufdd0-\ufdef" + "".join(
    chr((plane << 16) + 0xFFFE) + chr((plane << 16) + 0xFFFF) for plane in range(17)
)
"""The code points that Unicode reserves for no character, and that I-JSON forbids (RFC 7493, 2.1)."""
_SUSPECT = re.compile(rf'[\x00-\x08\x0b-\x1f\x7f-\x9f{_NONCHARACTERS}]|\\[^"\\/nt]')
"""What may stand for a control character, also escaped; a text in which none is found holds none."""
_ESCAPE = re.compile(r'\\[^"\\/nt]')
_REFUSED = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")


@dataclass(frozen=True)
class Parsed:
    """A value, and what is wrong with it. Where something is, the value holds what is left of it, or null."""

    value: Any
    issues: list[Issue]


@dataclass(frozen=True)
class _Unusable:
    detail: str


class _Doubled(dict[str, Any]):
    """An object some of whose keys stood there twice."""

    twice: list[str]


_Path = tuple["_Path", str | int] | None
"""Where a value stands: the path of what it is in, and its key or place there. Few pointers are ever written out."""


class _Issues:
    """What is wrong in a text: the first issues, as many as are listed, and how many there are in all."""

    def __init__(self) -> None:
        self._listed: list[Issue] = []
        self._count = 0

    def add(self, path: _Path, detail: str) -> None:
        """Note what is wrong with the value at a path."""
        self._count += 1
        if self._count <= MOST_LISTED:
            self._listed.append(Issue(detail, _pointer(path)))

    def listed(self) -> list[Issue]:
        """The first of them and, when these are not all, how many there are."""
        if self._count == len(self._listed):
            return self._listed
        return [
            *self._listed,
            Issue(f"Has {self._count} mistakes in its JSON; the first {MOST_LISTED} are listed."),
        ]


def _pointer(path: _Path) -> str:
    steps = []
    while path is not None:
        path, step = path
        steps.append(f"/{escaped(str(step))}")
    return "".join(reversed(steps))


def parse(raw: bytes) -> Parsed:
    """What a JSON text in UTF-8 says; raise NotJSON with a sentence when it is none."""
    value = parse_plain(raw)
    return parse_strictly(raw) if value is None else Parsed(value, [])


def parse_strictly(raw: bytes) -> Parsed:
    """The same, looking for everything that may be wrong, as only texts need in which something may be."""
    text, reader = _decoded(raw), _Reader()
    if too_many := _too_many_containers(text):
        return Parsed(None, [too_many])
    value = reader.read(text)
    if not reader.marked and _is_plain(text) and not _is_deeper(value, DEEPEST):
        return Parsed(value, [])
    issues = _Issues()
    usable = _usable(value, None, 1, issues)
    return Parsed(usable, issues.listed())


def parse_plain(raw: bytes) -> Any:
    """What `parse` makes of a JSON text in which nothing is wrong, in half the time; None where that is not certain.

    A text that comes out again with the same tokens has no key twice, and no number that was rounded.
    """
    if raw.count(b"{") + raw.count(b"[") > MOST_CONTAINERS:
        return None
    try:
        value = orjson.loads(raw)
        again = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    text = again.decode()
    if not _has_same_tokens(raw, again) or text.count('":') > MOST_KEYS or _has_long_key(again):
        return None
    return value if _is_plain(text) and not _is_deeper(value, DEEPEST) else None


def _has_same_tokens(raw: bytes, again: bytes) -> bool:
    """Whether two JSON texts differ only in blanks, and in how the characters of strings are written.

    Between strings blanks mean nothing, and without those within them a string is still one.
    """
    if raw == again or raw.translate(None, _BLANKS) == again.translate(None, _BLANKS):
        return True
    return b"\\" in raw and _without_strings(raw) == _without_strings(again)


def _without_strings(text: bytes) -> bytes:
    return _STRING_IN_BYTES.sub(b'"', text).translate(None, _BLANKS)


_BLANKS = b" \t\r\n"
_STRING_IN_BYTES = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def _has_long_key(raw: bytes) -> bool:
    """Whether a key of a JSON text without blanks may be too long."""
    return _LONG_KEY.search(raw) is not None or _KEY_WITH_QUOTE.search(raw) is not None


_LONG_KEY = re.compile(rb'"[^"]{%d,}+":' % (LONGEST_KEY + 1))
_KEY_WITH_QUOTE = re.compile(rb'\\"[^"]*+":')


def _decoded(raw: bytes) -> str:
    if raw.startswith(BOM_UTF8):
        raise NotJSON("Is not JSON: it begins with a byte order mark, which has no place there.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise NotJSON(f"Is not JSON: it is not UTF-8 at byte {error.start}.") from None


def _too_many_containers(text: str) -> Issue | None:
    """What is wrong with a text that holds too many objects and lists. Brackets within its strings are none of these."""
    if _brackets(text) <= MOST_CONTAINERS:
        return None
    _loaded(text, parse_int=str, parse_float=str)  # so that what is no JSON is told to be none
    count = _brackets(_STRING.sub("", text))
    if count <= MOST_CONTAINERS:
        return None
    return Issue(f"Holds {count} objects and lists, more than the {MOST_CONTAINERS} that are read.")


def _brackets(text: str) -> int:
    return text.count("{") + text.count("[")


def _loaded(text: str, **hooks: Any) -> Any:
    try:
        return json.loads(text, **hooks)
    except json.JSONDecodeError as error:
        raise NotJSON(f"Is not JSON: {error}.") from None
    except RecursionError:
        raise NotJSON(
            f"Is nested too deeply: at most {DEEPEST} objects and lists within each other are read."
        ) from None


def _is_plain(text: str) -> bool:
    """Whether no text within can be other than it should. Parts of a text in normal form are so themselves."""
    return (_is_printable(text) or _SUSPECT.search(text) is None) and is_nfc(text)


def _is_printable(text: str) -> bool:
    """Whether a text has nothing suspect, nor some characters that only look so: thirty times as fast as `_SUSPECT`."""
    return text.replace("\n", "").replace("\t", "").isprintable() and _ESCAPE.search(text) is None


def _is_deeper(value: Any, levels: int) -> bool:
    holders = [value] if isinstance(value, _HOLDERS) else []
    for _ in range(levels):
        holders = [
            item
            for holder in holders
            for item in (holder if isinstance(holder, list) else holder.values())
            if isinstance(item, _HOLDERS)
        ]
        if not holders:
            return False
    return bool(holders)


_HOLDERS = (dict, list)


class _Reader:
    """The parser of the standard library, leaving a mark wherever something is wrong with what it read."""

    def __init__(self) -> None:
        self.marked = False

    def read(self, text: str) -> Any:
        return _loaded(
            text,
            object_pairs_hook=self._object,
            parse_int=self._whole,
            parse_float=self._fraction,
            parse_constant=lambda name: self._unusable(f"{name} is no number in JSON."),
        )

    def _unusable(self, detail: str) -> _Unusable:
        self.marked = True
        return _Unusable(detail)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        self.marked |= len(pairs) > MOST_KEYS or any(len(key) > LONGEST_KEY for key in members)
        if len(members) == len(pairs):
            return members
        self.marked = True
        doubled = _Doubled(members)
        doubled.twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
        return doubled

    def _whole(self, digits: str) -> int | _Unusable:
        if len(digits) <= 20 and int(digits) in _WHOLE_NUMBERS:
            return int(digits)
        return self._unusable("Is too large a number: whole numbers have at most 64 bits.")

    def _fraction(self, digits: str) -> float | _Unusable:
        if len(digits) <= _LONGEST_NUMBER and not isinf(float(digits)):
            return float(digits)
        return self._unusable("Is a number that a 64-bit floating point number can't hold.")


def _usable(value: Any, path: _Path, depth: int, issues: _Issues) -> Any:
    """The value with all texts in normal form; what can't be used goes, and is told."""
    if isinstance(value, str):
        return _text(value, path, issues)
    if isinstance(value, _Unusable):
        issues.add(path, value.detail)
        return None
    if not isinstance(value, dict | list):
        return value
    if depth > DEEPEST:
        issues.add(path, f"Is nested too deeply: at most {DEEPEST} objects and lists within each other are read.")
        return None
    if isinstance(value, list):
        return [_usable(item, (path, place), depth + 1, issues) for place, item in enumerate(value)]
    if len(value) > MOST_KEYS:
        issues.add(path, f"Has {len(value)} keys, more than the {MOST_KEYS} that are read.")
        return None
    return _members(value, path, depth, issues)


def _members(value: dict[str, Any], path: _Path, depth: int, issues: _Issues) -> dict[str, Any]:
    usable: dict[str, Any] = {}
    twice = set(value.twice) if isinstance(value, _Doubled) else set()
    for written, inner in value.items():
        if len(written) > LONGEST_KEY:
            issues.add(path, f"Has a key of {len(written)} characters; no key is longer than {LONGEST_KEY}.")
            continue
        key = _text(written, path, issues)
        step = (path, key)
        if written in twice or key in usable:
            issues.add(step, f"Has the key '{key}' twice in one object.")
        usable[key] = _usable(inner, step, depth + 1, issues)
    return usable


def _text(text: str, path: _Path, issues: _Issues) -> str:
    if text.isascii() and text.isprintable():
        return text
    refused = _REFUSED.search(text)
    if refused:
        issues.add(path, unusable(refused[0]))
        text = _REFUSED.sub("", text)
    try:
        return nfc(text)
    except NotStreamSafe:
        issues.add(path, UNSAFE)
        return ""


def escaped(key: str) -> str:
    """A key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")
