"""Reading one document: JSON and its record type's schema, every issue of both at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from api.documents.languages import canonical_languages
from api.documents.record_types import Document, RecordType
from api.documents.strict_json import Parsed, escaped
from api.errors import Issue
from schemas.loading import load


@dataclass(frozen=True)
class Read:
    """A document as its schema loads it. Where there are issues it holds only what is valid of it."""

    document: Document
    issues: list[Issue]


def read(record_type: RecordType, parsed: Parsed) -> Read:
    """Validate what was parsed. Where it could not even be parsed, the schema has nothing to add."""
    parsed = Parsed(parsed.value, [*parsed.issues, *canonical_languages(record_type.schema, parsed.value)])
    try:
        return Read(load(record_type.schema, parsed.value), parsed.issues)
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        unparsed = {issue.pointer for issue in parsed.issues}
        invalid = [issue for issue in issues_of(error) if issue.pointer not in unparsed]
        return Read(valid, [*parsed.issues, *invalid])


def issues_of(error: ValidationError) -> list[Issue]:
    """What marshmallow found wrong, each with a JSON pointer."""
    return [Issue(detail, pointer) for pointer, detail in _flattened(error.messages, "")]


def _flattened(messages: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Marshmallow's nested messages as pairs of a JSON pointer and a sentence."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flattened(inner, pointer if key == "_schema" else f"{pointer}/{escaped(str(key))}")
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield pointer, str(message)
