"""Strict JSON: bytes become a value that every reader understands alike, or every reason why they can't is told.

RFC 8259 leaves open what a key given twice, a number beyond 64 bits or half a surrogate pair mean, and I-JSON (RFC 7493)
forbids them. So does this, along with what no text of ours needs: control characters other than tab and line feed. All
strings, keys too, come out in Unicode normalisation form C.
"""

import json
import re
import unicodedata
from codecs import BOM_UTF8
from collections import Counter
from dataclasses import dataclass
from math import isinf
from typing import Any

from api.failures import DocumentMistake, InvalidDocuments, NotJSON

DEEPEST = 20  # objects and lists within each other; no document of ours has more than eight
_WHOLE_NUMBERS = range(-(2**63), 2**63)
_LONGEST_NUMBER = 400  # characters; all that a double can tell apart takes fewer
_SUSPECT = re.compile(r'[\x00-\x08\x0b-\x1f\x7f-\x9f]|\\[^"\\/nt]')
"""What may stand for a control character, also escaped; a text in which none is found holds none."""
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

Misfit = tuple[str, str]
"""A JSON pointer (RFC 6901) and what is wrong there."""


@dataclass(frozen=True)
class Parsed:
    """A value, and what was wrong with it. Where something was, it holds what is left of it, or null."""

    value: Any
    misfits: list[Misfit]


@dataclass(frozen=True)
class _Unusable:
    told: str


class _Doubled(dict[str, Any]):
    """An object some of whose keys stood there twice."""

    twice: list[str]


def parse_strictly(raw: bytes, source: str) -> Any:
    """The value of a JSON text; raise NotJSON, or InvalidDocuments with everything wrong in it."""
    parsed = parse(raw)
    if parsed.misfits:
        raise InvalidDocuments([DocumentMistake(source, pointer, detail) for pointer, detail in parsed.misfits])
    return parsed.value


def parse(raw: bytes) -> Parsed:
    """What a JSON text in UTF-8 says; raise NotJSON with a sentence when it is none."""
    text, reader = _decoded(raw), _Reader()
    value = reader.read(text)
    if not reader.marked and _is_plain(text) and not _is_deeper(value, DEEPEST):
        return Parsed(value, [])
    misfits: list[Misfit] = []
    return Parsed(_usable(value, "", 1, misfits), misfits)


def _decoded(raw: bytes) -> str:
    if raw.startswith(BOM_UTF8):
        raise NotJSON("Is not JSON: it begins with a byte order mark, which has no place there.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise NotJSON(f"Is not JSON: it is not UTF-8 at byte {error.start}.") from None


def _is_plain(text: str) -> bool:
    """Whether no text within can be other than it should. Parts of a text in normal form are so themselves."""
    return _SUSPECT.search(text) is None and unicodedata.is_normalized("NFC", text)


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(_is_deeper(some, levels - 1) for some in inner if isinstance(some, dict | list))


class _Reader:
    """The parser of the standard library, leaving a mark wherever something is wrong with what it read."""

    def __init__(self) -> None:
        self.marked = False

    def read(self, text: str) -> Any:
        try:
            return json.loads(
                text,
                object_pairs_hook=self._object,
                parse_int=self._whole,
                parse_float=self._fraction,
                parse_constant=lambda name: self._unusable(f"{name} is no number in JSON."),
            )
        except json.JSONDecodeError as error:
            raise NotJSON(f"Is not JSON: {error}.") from None
        except RecursionError:
            raise NotJSON(
                f"Is nested too deeply: at most {DEEPEST} objects and lists within each other are read."
            ) from None

    def _unusable(self, told: str) -> _Unusable:
        self.marked = True
        return _Unusable(told)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        self.marked = True
        doubled = _Doubled(found)
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


def _usable(value: Any, pointer: str, depth: int, misfits: list[Misfit]) -> Any:
    """The value with all texts in normal form; what can't be used goes, and is told."""
    if isinstance(value, str):
        return _text(value, pointer, misfits)
    if isinstance(value, _Unusable):
        misfits.append((pointer, value.told))
        return None
    if not isinstance(value, dict | list):
        return value
    if depth > DEEPEST:
        misfits.append(
            (pointer, f"Is nested too deeply: at most {DEEPEST} objects and lists within each other are read.")
        )
        return None
    if isinstance(value, list):
        return [_usable(item, f"{pointer}/{place}", depth + 1, misfits) for place, item in enumerate(value)]
    return _members(value, pointer, depth, misfits)


def _members(value: dict[str, Any], pointer: str, depth: int, misfits: list[Misfit]) -> dict[str, Any]:
    usable: dict[str, Any] = {}
    twice = set(value.twice) if isinstance(value, _Doubled) else set()
    for written, inner in value.items():
        key = _text(written, pointer, misfits)
        step = f"{pointer}/{escaped(key)}"
        if written in twice or key in usable:
            misfits.append((step, f"Has the key '{key}' twice in one object."))
        usable[key] = _usable(inner, step, depth + 1, misfits)
    return usable


def _text(text: str, pointer: str, misfits: list[Misfit]) -> str:
    if text.isascii() and text.isprintable():
        return text
    found = _REFUSED.search(text)
    if found:
        misfits.append((pointer, f"Contains the control character U+{ord(found[0]):04X}."))
        text = _REFUSED.sub("", text)
    return unicodedata.normalize("NFC", text)


def escaped(key: str) -> str:
    """A key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")
