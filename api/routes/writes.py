"""The four changes that every record type but the vocabularies takes, and what they answer."""

from flask import Response

from api.documents.ids import new_id
from api.documents.record_types import Document
from api.errors import PreconditionFailed
from api.http.authorization import current_author
from api.http.media_types import JSON
from api.http.preconditions import condition
from api.http.request_bodies import PATCHES, body_document, patched_document, raw_body, refuse_body
from api.http.responses import url_for
from api.records import changing
from api.records.changing import Written

TO_CREATE = (400, 401, 403, 409, 412, 413, 415, 422)
TO_REPLACE = (*TO_CREATE, 404, 428)
TO_CHANGE = (*TO_REPLACE, 410)
TO_DELETE = (400, 401, 403, 404, 409, 410, 412, 428)


def create(record_type: str) -> Response:
    """Store the document in the body as a new record."""
    stated = condition()
    if stated.must_match is not None:
        raise PreconditionFailed(None)  # no version of what is yet to be made can match
    document = body_document(record_type, new_id=new_id())
    if stated.must_be_new:
        return answered(record_type, changing.put(record_type, document, current_author(), stated))
    return answered(record_type, changing.create(record_type, document, current_author()))


def replace(record_type: str, id: str) -> Response:
    """Store the document in the body as the record of this id, new or in the place of the one there."""
    document = body_document(record_type, id)
    return answered(record_type, changing.put(record_type, document, current_author(), condition()))


def change(record_type: str, id: str) -> Response:
    """Apply the merge patch in the body to a record."""
    raw_body(*PATCHES)  # read before the record is locked, so that nobody waits for a slow client

    def patched(stored: Document) -> Document:
        return patched_document(record_type, stored)

    return answered(record_type, changing.patch(record_type, id, patched, current_author(), condition()))


def delete(record_type: str, id: str) -> Response:
    """Delete a record."""
    refuse_body()
    changing.delete(record_type, id, current_author(), condition())
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.headers["Cache-Control"] = "no-store"
    return response


def answered(record_type: str, written: Written) -> Response:
    """A record as it stands after a change, with its version, and its address where it is new."""
    response = Response(written.document, 201 if written.created else 200, content_type=JSON)
    response.headers["ETag"] = written.etag
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location" if written.created else "Content-Location"] = url_for(f"/v1/{record_type}/{written.id}")
    return response
