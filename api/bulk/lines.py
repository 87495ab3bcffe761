"""Single lines of an import: what each holds, and what is wrong with it by itself. Nothing here asks a database."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from api.bulk.folders import LOADABLE
from api.documents.record_types import RECORD_TYPES, Claim, RecordType, claims_of
from api.documents.strict_json import Parsed, escaped, parse
from api.documents.validation import Read, read
from api.errors import Issue, NotJSON
from api.lookups.known import Key
from api.lookups.references import references_of

ENVELOPE = ("type", "document")
"""The keys of a line."""

WITHIN = "/document"
"""The pointer to the document of a line."""


class ReadLine(NamedTuple):
    """What a line holds: a document as JSON, valid where there are no issues, what its record claims for itself alone, and
    what it refers to.

    Where not even the type of a record can be read, there is none. An empty line holds nothing.
    """

    record_type: str | None = None
    record_id: str | None = None
    body: bytes = b""
    claims: Sequence[Claim] = ()
    references: Collection[Key] = ()
    issues: Sequence[Issue] = ()


class Batch(NamedTuple):
    """Some lines, None for each that is too long, and how many bytes a line may have."""

    lines: Sequence[bytes | None]
    longest: int


def read_lines(batch: Batch) -> list[ReadLine]:
    """What each of some lines holds."""
    return [_read_line(line, batch.longest) for line in batch.lines]


def _read_line(line: bytes | None, longest: int) -> ReadLine:
    if line is None:
        return ReadLine(issues=[Issue(f"Has more than {longest} bytes, the most that a line may have.")])
    if not line.strip():
        return ReadLine()
    try:
        parsed = parse(line)
    except NotJSON as failure:
        return ReadLine(issues=[Issue(str(failure))])
    strange = _strange_envelope(parsed)
    record_type = _record_type_of(parsed.value)
    if record_type is None:
        return ReadLine(issues=[*parsed.issues, *strange])
    inner = _read(record_type, parsed)
    return _valid_or_not(record_type, Read(inner.document, [*strange, *inner.issues]))


def _valid_or_not(record_type: RecordType, inner: Read) -> ReadLine:
    document, body = inner.document, orjson.dumps(inner.document)
    if inner.issues:
        record_id = document.get("id")
        return ReadLine(record_type.name, record_id if isinstance(record_id, str) else None, body, issues=inner.issues)
    claims = [claim for _, claim in claims_of(record_type.name, document)]
    references = set(references_of({record_type.name: [document]}))
    return ReadLine(record_type.name, document["id"], body, claims, sorted(references))


def _strange_envelope(parsed: Parsed) -> list[Issue]:
    """What is wrong with the keys of a line, beside its document."""
    value = parsed.value
    if not isinstance(value, dict):
        return [] if parsed.issues else [Issue('Is not an object with the keys "type" and "document".')]
    strange = [Issue("Is no key of a line.", f"/{escaped(key)}") for key in value if key not in ENVELOPE]
    strange += [Issue("Is missing.", f"/{key}") for key in ENVELOPE if key not in value]
    if "type" in value and _record_type_of({"document": None, **value}) is None:
        strange.append(Issue(f"Is none of {', '.join(LOADABLE)}.", "/type"))
    unparsed = {issue.pointer for issue in parsed.issues}
    return [issue for issue in strange if issue.pointer not in unparsed]


def _record_type_of(line: Any) -> RecordType | None:
    """The record type of a line whose document can be read."""
    if not isinstance(line, dict) or "document" not in line or not isinstance(line.get("type"), str):
        return None
    return RECORD_TYPES[line["type"]] if line["type"] in LOADABLE else None


def _read(record_type: RecordType, parsed: Parsed) -> Read:
    """The document of a line; its issues have pointers into the line."""
    inside = [
        replace(issue, pointer=issue.pointer.removeprefix(WITHIN))
        for issue in parsed.issues
        if _is_within(issue.pointer)
    ]
    outside = [issue for issue in parsed.issues if not _is_within(issue.pointer)]
    inner = read(record_type, Parsed(parsed.value["document"], inside))
    return Read(inner.document, [*outside, *map(in_envelope, inner.issues)])


def in_envelope(issue: Issue) -> Issue:
    """An issue of a document as one of the line that holds it."""
    return replace(issue, pointer=f"{WITHIN}{issue.pointer}")


def _is_within(pointer: str) -> bool:
    return pointer == WITHIN or pointer.startswith(f"{WITHIN}/")
