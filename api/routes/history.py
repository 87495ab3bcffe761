"""The history of every record: its revisions, and the document of each."""

import re
from typing import Any

import orjson
from flask import Response

from api.changelog import revisions
from api.errors import NoSuchRevision
from api.http.responses import memento, of_page, url_for
from api.queries.query import Query
from api.queries.reading import Page
from api.records.rendering import etag
from schemas.answers.changes import REVISION_PATTERN
from schemas.parameters.collections import Paged
from schemas.parameters.query_schema import QuerySchema

_NUMBER = re.compile(REVISION_PATTERN)


class HistoryQuery(QuerySchema):
    """The parameters of a record's history."""

    limit = Paged().fields["limit"]
    cursor = Paged().fields["cursor"]


EXAMPLE = {
    "data": [
        {
            "revision": 1,
            "operation": "created",
            "recorded_at": "2026-11-21T09:00:00.000000Z",
            "content_changed_at": "2026-11-21T09:00:00.000000Z",
            "recorded_by": "newsroom",
            "etag": '"5f1d7c1a9a5e4f0b8d3c2a17"',
            "merged_into": None,
            "href": "http://127.0.0.1:8000/v1/speakers/an-id/revisions/1",
        }
    ],
    "page": {"limit": 20, "next": None, "prev": None},
}


def list_revisions(record_type: str, query: dict[str, Any], id: str) -> Response:
    """A page of the revisions of a record, the latest first."""
    history = revisions.history(record_type, id, query.get("cursor"), query["limit"])
    entries = [orjson.dumps(_entry(record_type, id, revision)) for revision in history.revisions]
    page = Page(entries, list(map(etag, entries)), history.next, history.previous)
    return of_page(record_type, page, Query.of(query))


def get_revision(record_type: str, id: str, n: str) -> Response:
    """The document of a revision; raise NoSuchRevision."""
    if not _NUMBER.fullmatch(n):
        raise NoSuchRevision(id, n)
    revision = revisions.revision(record_type, id, int(n))
    neighbours = {
        "predecessor-version": _address(record_type, id, revision.before),
        "successor-version": _address(record_type, id, revision.after),
    }
    return memento(revision.document, revision.etag, revision.recorded_at, record_type, id, **neighbours)


def _entry(record_type: str, record_id: str, revision: revisions.Revision) -> dict[str, Any]:
    return {
        "revision": revision.revision,
        "operation": revision.operation,
        "recorded_at": revision.recorded_at,
        "content_changed_at": revision.recorded_at,
        "recorded_by": revision.recorded_by,
        "etag": revision.etag,
        "merged_into": revision.merged_into,
        "href": _address(record_type, record_id, revision.revision),
    }


def _address(record_type: str, record_id: str, revision: int | None) -> str | None:
    return None if revision is None else url_for(f"/v1/{record_type}/{record_id}/revisions/{revision}")
