"""The four changes that every record type but the vocabularies takes, and what they answer."""

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError

from api.documents.ids import new_id
from api.documents.record_types import RECORD_TYPES, Document
from api.documents.validation import issues_of
from api.errors import InvalidDocuments, PreconditionFailed
from api.http.authorization import current_author
from api.http.contract import Blueprint, View
from api.http.preconditions import condition
from api.http.request_bodies import PATCHES, body_document, parsed_body, patched_document, raw_body, refuse_body
from api.http.responses import JSON, url_for
from api.openapi import RECORDS
from api.records import changing
from api.records.changing import Written

TO_CREATE = (400, 401, 403, 409, 412, 413, 415, 422)
TO_REPLACE = (*TO_CREATE, 404, 428)
TO_CHANGE = (*TO_REPLACE, 410)
TO_DELETE = (400, 401, 403, 404, 409, 410, 412, 428)


def takes_changes(blueprint: Blueprint, record_type: str) -> None:
    """Let the records of a record type be created, replaced, changed and deleted."""
    schema, component = type(RECORD_TYPES[record_type].schema), RECORDS[record_type]
    one = component.lower()
    declare = [
        blueprint.write(f"/{record_type}", "POST", schema, TO_CREATE, 201, component),
        blueprint.write(f"/{record_type}/<id>", "PUT", schema, TO_REPLACE, 200, component),
        blueprint.write(f"/{record_type}/<id>", "PATCH", schema, TO_CHANGE, 200, component),
        blueprint.write(f"/{record_type}/<id>", "DELETE", None, TO_DELETE, 204, None),
    ]
    for declared, (verb, said, view) in zip(declare, _VIEWS, strict=True):
        declared(_named(f"{verb}_{one}", said.format(one=one), view, record_type))


def _named(name: str, said: str, view: Callable[..., Response], record_type: str) -> View:
    """The view of one record type: its name is the operationId, its docstring the summary and description."""

    def named(**path: str) -> Response:
        return view(record_type, **path)

    named.__name__, named.__doc__ = name, said
    return named


def _create(record_type: str) -> Response:
    stated = condition()
    if stated.must_match is not None:
        raise PreconditionFailed(None)  # no version of what is yet to be made can match
    document = body_document(record_type, new_id=new_id())
    if stated.must_be_new:
        return answered(record_type, changing.put(record_type, document, current_author(), stated))
    return answered(record_type, changing.create(record_type, document, current_author()))


def _replace(record_type: str, id: str) -> Response:
    return answered(
        record_type, changing.put(record_type, body_document(record_type, id), current_author(), condition())
    )


def _change(record_type: str, id: str) -> Response:
    raw_body(*PATCHES)  # so that nobody waits for a slow client while the record is his

    def changed(stored: Document) -> Document:
        return patched_document(record_type, stored)

    return answered(record_type, changing.patch(record_type, id, changed, current_author(), condition()))


def _delete(record_type: str, id: str) -> Response:
    refuse_body()
    changing.delete(record_type, id, current_author(), condition())
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.headers["Cache-Control"] = "no-store"
    return response


_VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    (
        "create",
        "Add a new {one}.\n\nWithout `id` one is made (a UUID of version 7).",
        _create,
    ),
    (
        "replace",
        "Put a whole {one} at its address, new or in the place of the one there.\n\n"
        "The body is what GET returns; what the service itself keeps is passed over. To replace one, `If-Match` must name "
        "its present version; with `If-None-Match: *` only a new one is made. The same content again changes nothing.",
        _replace,
    ),
    (
        "change",
        "Change some keys of the {one}.\n\n"
        "A JSON Merge Patch (RFC 7396): a key is replaced as a whole, an object within it key by key; null takes it away. "
        "`If-Match` must name the present version.",
        _change,
    ),
    (
        "delete",
        "Delete the {one}.\n\n"
        "Only when no other record refers to it. `If-Match` must name the present version. Its address answers 410 from "
        "then on, and its history stays.",
        _delete,
    ),
)


def loaded(schema: Schema) -> dict[str, Any]:
    """The request's body as a schema that is no record's loads it; raise InvalidDocuments with every issue."""
    parsed = parsed_body()
    try:
        found: dict[str, Any] = schema.load(parsed.value)
        issues = parsed.issues
    except ValidationError as error:
        issues = [*parsed.issues, *issues_of(error)]
    if issues:
        raise InvalidDocuments(issues)
    return found


def answered(record_type: str, written: Written) -> Response:
    """A record as it stands after a change, with its version, and its address where it is new."""
    response = Response(written.document, 201 if written.created else 200, content_type=JSON)
    response.headers["ETag"] = written.etag
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location" if written.created else "Content-Location"] = url_for(f"/v1/{record_type}/{written.id}")
    return response
