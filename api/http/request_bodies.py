"""The bodies of requests: their size, their media type, and the document in them, with every issue listed at once."""

from collections.abc import Iterator
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple, cast

from flask import current_app, g, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from api.documents.merge_patch import merged_patch
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.documents.strict_json import Parsed, parse
from api.documents.validation import issues_of, read
from api.errors import BodyTooLarge, InvalidDocuments, Issue, NotJSON, UnsupportedMediaType
from api.http.media_types import JSON, MERGE_PATCH, NDJSON, OCTETS
from api.lookups.conflicts import known_of_references
from api.records.checking import dangling_of
from schemas.fields import is_id

PATCHES = (MERGE_PATCH, JSON)
LINES = (NDJSON, OCTETS)
NO_BODY = (
    "The request has a body, which DELETE does not take: it deletes the whole record. To change some of it use PATCH."
)


def raw_body(*understood: str) -> bytes:
    """The bytes of the request's body, kept for whoever asks again.

    Raise UnsupportedMediaType when it is none of the media types understood, BodyTooLarge, and NotJSON without a body.
    """
    _require_type(understood)
    limit = current_app.config["LONGEST_BODY"]
    _limit_body(limit)
    try:
        raw = request.get_data()
    except RequestEntityTooLarge:
        raise BodyTooLarge(limit) from None
    if len(raw) > limit:  # werkzeug cuts a chunked body that is read as a whole
        raise BodyTooLarge(limit)
    if not raw:
        raise NotJSON("There is no body: send the document as JSON.")
    return raw


def _limit_body(limit: int) -> None:
    if (request.content_length or 0) > limit:
        raise BodyTooLarge(limit)
    # Of a chunked body werkzeug reads no further, and refuses only to be asked again.
    request.max_content_length = limit + 1


class Spooled(NamedTuple):
    """A body put aside in a temporary file, with its length in bytes and its SHA-256."""

    file: IO[bytes]
    length: int
    digest: bytes


_IN_MEMORY = 1_000_000  # bytes of a body that need no file
_PIECE = 1 << 16


def spooled_body() -> Spooled:
    """The request's body of many lines, put aside as it arrives and kept until the request ends; raise as `raw_body`."""
    if "spooled" not in g:
        _require_type(LINES)
        limit = current_app.config["LONGEST_IMPORT"]
        _limit_body(limit)
        g.spooled = Spooled(cast(IO[bytes], SpooledTemporaryFile(_IN_MEMORY)), 0, b"")  # noqa: SIM115
        g.spooled = _spooled(g.spooled.file, limit)
    spooled: Spooled = g.spooled
    spooled.file.seek(0)
    return spooled


def _spooled(file: IO[bytes], limit: int) -> Spooled:
    length, digest = 0, sha256()
    try:
        while piece := request.stream.read(_PIECE):
            length += len(piece)
            digest.update(piece)
            file.write(piece)
    except RequestEntityTooLarge:
        raise BodyTooLarge(limit) from None
    if not length:
        raise NotJSON("There is no body: send one record in each line.")
    return Spooled(file, length, digest.digest())


def forget_spooled() -> None:
    """Close the body that was put aside for this request, if one was."""
    if "spooled" in g:
        g.pop("spooled").file.close()


def refuse_body() -> None:
    """Raise BadRequest when the request brings a body, for a change that takes none."""
    request.max_content_length = 1  # for a chunked body: werkzeug tells when its sender has gone
    if request.content_length or request.stream.read(1):
        raise BadRequest(NO_BODY)


def _require_type(understood: tuple[str, ...]) -> None:
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise UnsupportedMediaType("The body is compressed; send it as it is, without Content-Encoding.", None)
    sent, parameters = request.mimetype, request.mimetype_params
    if sent not in understood:
        named = f"is of type {sent[:100]}" if sent else "has no Content-Type"
        raise UnsupportedMediaType(f"The body {named}; send it as {' or '.join(understood)}.", understood)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("The body is not in UTF-8, says its Content-Type; JSON always is.", understood)


def parsed_body(*understood: str) -> Parsed:
    """What the request's body says, and what is wrong with it as JSON of one of these media types."""
    return parse(raw_body(*(understood or (JSON,))))


def loaded_body(schema: Schema) -> dict[str, Any]:
    """The request's body as this schema, which is not a record's, loads it; raise InvalidDocuments with every issue."""
    parsed = parsed_body()
    try:
        document: dict[str, Any] = schema.load(parsed.value)
        issues = parsed.issues
    except ValidationError as error:
        issues = [*parsed.issues, *issues_of(error)]
    if issues:
        raise InvalidDocuments(issues)
    return document


def body_document(record_type: str, record_id: str | None = None, new_id: str | None = None) -> Document:
    """The document in the request's body as its record type's schema loads it.

    Its id must be `record_id`, if there is one; when it has none it gets that or `new_id`. Keys that only the service
    writes are passed over. Raise InvalidDocuments with every issue, references that lead nowhere included.
    """
    return _document(RECORD_TYPES[record_type], parsed_body(), record_id, new_id)


def patched_document(record_type: str, stored: Document) -> Document:
    """A stored document as the merge patch in the request's body wants it (RFC 7396); raise as `body_document` does."""
    patch = parsed_body(*PATCHES)
    if not isinstance(patch.value, dict) and not patch.issues:
        raise InvalidDocuments([Issue("Is not an object: a merge patch of a record is one.")])
    taken = [Issue("Can't be taken away: an id never changes.", "/id")] if _takes_id(patch) else []
    whole = Parsed(merged_patch(stored, patch.value), [*patch.issues, *taken])
    return _document(RECORD_TYPES[record_type], whole, stored["id"], None)


def _takes_id(patch: Parsed) -> bool:
    """Whether a merge patch gives the id as null, and not only for want of what could be used."""
    is_null = isinstance(patch.value, dict) and patch.value.get("id", "") is None
    return is_null and "/id" not in {issue.pointer for issue in patch.issues}


def _document(record_type: RecordType, parsed: Parsed, record_id: str | None, new_id: str | None) -> Document:
    named = _named(parsed, record_id or new_id)
    found = read(record_type, named)
    issues = [*found.issues, *_strange_id(named.value, record_id)]
    if issues:
        raise InvalidDocuments([*issues, *_dangling(record_type, found.document)])
    return found.document


def _dangling(record_type: RecordType, document: Document) -> Iterator[Issue]:
    """The references that lead nowhere of what is valid of a document."""
    return dangling_of(record_type, document, known_of_references({record_type.name: [document]}))


def _named(parsed: Parsed, record_id: str | None) -> Parsed:
    """What was parsed, with an id if it has none, or if the one it is to have is none: its schema is to say so."""
    if record_id is None or not isinstance(parsed.value, dict) or ("id" in parsed.value and is_id(record_id)):
        return parsed
    return Parsed({**parsed.value, "id": record_id}, parsed.issues)


def _strange_id(value: Any, record_id: str | None) -> list[Issue]:
    given = value.get("id") if isinstance(value, dict) else None
    if record_id is None or not isinstance(given, str) or given == record_id:
        return []
    return [Issue(f"Differs from the address, which is that of '{record_id}': an id never changes.", "/id")]
