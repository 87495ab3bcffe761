"""Reading one document: JSON and its record type's schema, every mistake of both at once."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from api.documents.record_types import Document, RecordType
from api.documents.strict_json import Misfit, Parsed, escaped


@dataclass(frozen=True)
class Read:
    """A document as its schema loads it. Where there are misfits it holds only what is valid of it."""

    document: Document
    misfits: list[Misfit]


def read(record_type: RecordType, parsed: Parsed) -> Read:
    """Validate what was parsed. Where it could not even be parsed, the schema has nothing to add."""
    try:
        return Read(record_type.schema.load(parsed.value), parsed.misfits)
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        told = {pointer for pointer, _ in parsed.misfits}
        invalid = [misfit for misfit in pointers(error.messages) if misfit[0] not in told]
        return Read(valid, [*parsed.misfits, *invalid])


def pointers(messages: Any, pointer: str = "") -> list[Misfit]:
    """Flatten marshmallow's nested messages into JSON pointers with a sentence each."""
    if isinstance(messages, dict):
        steps = {key: "" if key == "_schema" else f"/{escaped(str(key))}" for key in messages}
        return [misfit for key, inner in messages.items() for misfit in pointers(inner, pointer + steps[key])]
    return [(pointer, str(message)) for message in (messages if isinstance(messages, list) else [messages])]
