"""The two reads that every record type has, given the validated query: a record, and a page of a collection."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response, current_app

from api.changelog.feed import require_reached
from api.documents.record_types import RECORD_TYPES
from api.errors import NoSuchRecord
from api.history import point_in_time
from api.history.rebuilding import Rebuildings
from api.http.responses import finished, memento, of_item, of_page
from api.names import suggestions
from api.queries import reading
from schemas.fields import Reference
from schemas.walking import walk


def record(record_type: str, record_id: str, query: Mapping[str, Any]) -> Response:
    """One record, as stored unless it is to be expanded or cut down."""
    if "as_of" in query:
        return _past_record(record_type, record_id, query)
    if not query.get("expand"):
        found = reading.item(record_type, record_id)
        if not query.get("fields"):
            return finished(found.document, found.etag)
        return finished(of_item(record_type, reading.Page([found.document], [found.etag]), query))
    return finished(of_item(record_type, reading.expanded_item(record_type, record_id, query["expand"]), query))


def _past_record(record_type: str, record_id: str, query: Mapping[str, Any]) -> Response:
    """One record as it was said at a moment, expanded into records as they were then."""
    moment, expand = query["as_of"], query.get("expand") or ()
    require_reached(moment)
    said = point_in_time.item(record_type, record_id, moment)
    if not expand and not query.get("fields"):
        return memento(said.document, said.etag, said.since, record_type, record_id)
    ids = {name: set[str]() for name in expand}
    for visit in walk(RECORD_TYPES[record_type].schema, orjson.loads(said.document), owned=True):
        if isinstance(visit.field, Reference) and visit.field.record_type in ids:
            ids[visit.field.record_type].add(visit.value["id"])
    expansions = {name: point_in_time.items(name, some, moment) for name, some in ids.items()}
    page = reading.Page([said.document], [said.etag], expansions=expansions)
    return memento(of_item(record_type, page, query), None, said.since, record_type, record_id)


def collection(record_type: str, query: Mapping[str, Any], owner: tuple[str, str] | None = None) -> Response:
    """One page of a record type's records; 404 when the owner of a sub-collection does not exist."""
    try:
        return as_asked(query, lambda: _collection(record_type, query, owner))
    except NoSuchRecord:
        if owner is None or "as_of" not in query:
            raise
        raise point_in_time.fate_at(*owner, query["as_of"]) from None


def _collection(record_type: str, query: Mapping[str, Any], owner: tuple[str, str] | None) -> Response:
    page = reading.page(record_type, query, owner)
    if page.documents or "q" not in query or "cursor" in query:
        return of_page(record_type, page, query)
    near = [name._asdict() for name in suggestions.near_names(query["q"])]
    return of_page(record_type, page, query, {"did_you_mean": near})


def as_asked(query: Mapping[str, Any], answer: Callable[[], Response]) -> Response:
    """The answer of now, or when asked for another moment the one of then."""
    if "as_of" not in query:
        return answer()
    require_reached(query["as_of"])
    rebuildings: Rebuildings = current_app.extensions["rebuildings"]
    return rebuildings.answered_as_of(query["as_of"], answer)
