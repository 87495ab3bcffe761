"""The two reads that every noun has, given the validated query: a record, and a page of a collection."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.models import database
from api.queries import reading, suggesting
from api.representations import finished, of_item, of_page


def record(noun: str, record_id: str, query: Mapping[str, Any]) -> Response:
    """One record, as stored unless it is to be expanded or cut down."""
    if not query.get("expand"):
        found = reading.item(database, noun, record_id)
        if not query.get("fields"):
            return finished(found.document, found.etag)
        return finished(of_item(noun, reading.Page([found.document], [found.etag]), query))
    return finished(of_item(noun, reading.expanded_item(database, noun, record_id, query["expand"]), query))


def collection(noun: str, query: Mapping[str, Any], owner: tuple[str, str] | None = None) -> Response:
    """One page of a noun's records; 404 when the owner of a sub-collection does not exist."""
    page = reading.page(database, noun, query, owner)
    if page.documents or "q" not in query or "cursor" in query:
        return of_page(noun, page, query)
    near = [name._asdict() for name in suggesting.near_names(database, query["q"])]
    return of_page(noun, page, query, {"did_you_mean": near})
