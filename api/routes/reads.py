"""The reads that every record type has, given the validated query: a record, and a page of a collection."""

from collections.abc import Callable, Iterable, Mapping
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

Query = Mapping[str, Any]


def get_record(record_type: str, query: Query, id: str) -> Response:
    """One record, as stored unless it is to be expanded or cut down."""
    if "as_of" in query:
        return _past_record(record_type, id, query)
    if query.get("expand"):
        return finished(of_item(record_type, reading.expanded_item(record_type, id, query["expand"]), query))
    item = reading.item(record_type, id)
    if query.get("fields"):
        return finished(of_item(record_type, reading.Page([item.document], [item.etag]), query))
    return finished(item.document, item.etag)


def _past_record(record_type: str, record_id: str, query: Query) -> Response:
    """One record as it was at a moment, expanded into records as they were then."""
    moment, expand = query["as_of"], query.get("expand") or ()
    require_reached(moment)
    past = point_in_time.item(record_type, record_id, moment)
    if not expand and not query.get("fields"):
        return memento(past.document, past.etag, past.since, record_type, record_id)
    expansions = {
        name: point_in_time.items(name, ids, moment)
        for name, ids in _references(record_type, past.document, expand).items()
    }
    page = reading.Page([past.document], [past.etag], expansions=expansions)
    return memento(of_item(record_type, page, query), None, past.since, record_type, record_id)


def _references(record_type: str, document: bytes, expand: Iterable[str]) -> dict[str, set[str]]:
    """The ids of the records of some types to which a document refers."""
    ids = {name: set[str]() for name in expand}
    for visit in walk(RECORD_TYPES[record_type].schema, orjson.loads(document), owned=True):
        if isinstance(visit.field, Reference) and visit.field.record_type in ids:
            ids[visit.field.record_type].add(visit.value["id"])
    return ids


def list_records(record_type: str, query: Query, owner: tuple[str, str] | None = None) -> Response:
    """One page of a record type's records; raise NoSuchRecord when the owner of a sub-collection does not exist."""
    try:
        return at_moment(query, lambda: _page(record_type, query, owner))
    except NoSuchRecord:
        if owner is None or "as_of" not in query:
            raise
        raise point_in_time.fate_at(*owner, query["as_of"]) from None


def list_statements_of(record_type: str, parameter: str, query: Query, id: str) -> Response:
    """One page of the statements that a filter finds for a record; raise NoSuchRecord."""
    return list_records("statements", {**query, parameter: [id]}, owner=(record_type, id))


def _page(record_type: str, query: Query, owner: tuple[str, str] | None) -> Response:
    page = reading.page(record_type, query, owner)
    if page.documents or "q" not in query or "cursor" in query:
        return of_page(record_type, page, query)
    near = [name._asdict() for name in suggestions.near_names(query["q"])]
    return of_page(record_type, page, query, {"did_you_mean": near})


def at_moment(query: Query, answer: Callable[[], Response]) -> Response:
    """The answer made from the records as they are, or as they were at the moment `as_of` names."""
    if "as_of" not in query:
        return answer()
    require_reached(query["as_of"])
    rebuildings: Rebuildings = current_app.extensions["rebuildings"]
    return rebuildings.answered_as_of(query["as_of"], answer)
