"""The languages in a document that arrives: each tag in its canonical form, so that no text has the same language twice."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from marshmallow import Schema, fields

from api.documents.strict_json import escaped
from api.errors import Issue
from schemas.fields import LANGUAGE_LENGTH, LANGUAGE_PATTERN, LANGUAGES, Language, Multilingual, Reference
from schemas.values.languages import canonical


def canonical_languages(schema: Schema, document: Any) -> list[Issue]:
    """Bring the language tags of a document, valid or not, into canonical form in place; return what is wrong with them."""
    return list(_in_object(schema, document, ""))


def _in_object(schema: Schema, document: Any, pointer: str) -> Iterator[Issue]:
    if not isinstance(document, dict):
        return
    for key, field in _holding_languages(schema):
        if key in document:
            yield from _in_value(field, document, key, f"{pointer}/{key}")


@cache
def _holding_languages(schema: Schema) -> list[tuple[str, fields.Field[Any]]]:
    """The fields of a schema within which there may be a language tag, by key."""
    return [
        (field.data_key or name, field)
        for name, field in schema.fields.items()
        if not field.dump_only and _may_hold_language(field)
    ]


def _may_hold_language(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return _may_hold_language(field.inner)
    if isinstance(field, fields.Nested):
        return not isinstance(field, Reference) and bool(_holding_languages(field.schema))
    return isinstance(field, Multilingual | Language)


def _in_value(field: fields.Field[Any], holder: Any, key: Any, pointer: str) -> Iterator[Issue]:
    value = holder[key]
    if isinstance(field, Multilingual) and isinstance(value, dict) and len(value) <= LANGUAGES:
        if not _are_plain(value):
            holder[key] = _by_canonical_tags(value)
            yield from _issues(value, pointer)
    elif isinstance(field, Language) and _is_tag(value):
        holder[key] = canonical(value) or value
        if canonical(value) is None:
            yield Issue(_unknown(value), pointer)
    elif isinstance(field, fields.Nested) and not isinstance(field, Reference):
        yield from _in_object(field.schema, value, pointer)
    elif isinstance(field, fields.List) and isinstance(value, list):
        for place in range(len(value)):
            yield from _in_value(field.inner, value, place, f"{pointer}/{place}")


def _are_plain(texts: dict[str, Any]) -> bool:
    """Whether all tags are those of a registered language alone, in two or three letters, as nearly always."""
    return all(_is_plain(tag) for tag in texts)


@lru_cache(maxsize=1_000)
def _is_plain(tag: str) -> bool:
    return len(tag) <= 3 and _is_tag(tag) and canonical(tag) == tag


def _by_canonical_tags(texts: dict[str, Any]) -> dict[str, Any]:
    """The texts in their order; of a language that is there twice the first."""
    named: dict[str, Any] = {}
    for tag, text in texts.items():
        named.setdefault(_canonical_or_same(tag), text)
    return named


def _issues(texts: dict[str, Any], pointer: str) -> Iterator[Issue]:
    seen = set()
    for tag in texts:
        known = _canonical_or_same(tag)
        if _is_tag(tag) and canonical(tag) is None:
            yield Issue(_unknown(tag), f"{pointer}/{escaped(tag)}")
        elif known in seen:
            yield Issue(f"Is the language '{known}', which is there already.", f"{pointer}/{escaped(tag)}")
        seen.add(known)


@lru_cache(maxsize=1_000)
def _canonical_or_same(tag: str) -> str:
    return (canonical(tag) if _is_tag(tag) else None) or tag


def _is_tag(value: Any) -> bool:
    """Whether a value is written as a tag; what is not is left to the schema."""
    return isinstance(value, str) and len(value) <= LANGUAGE_LENGTH and _TAG.fullmatch(value) is not None


_TAG = re.compile(LANGUAGE_PATTERN, re.IGNORECASE)


def _unknown(tag: str) -> str:
    return f"'{tag}' is no language that is registered for language tags (BCP 47)."
