"""The history of every record: its revisions, and the document of each."""

import re
from typing import Any

import orjson
from flask import Response

from api.changelog import revisions
from api.documents.record_types import RECORD_TYPES
from api.errors import NoSuchRevision
from api.http.contract import Blueprint
from api.http.responses import memento, of_page, url_for
from api.openapi import RECORDS
from api.queries.query import Query
from api.queries.reading import Page
from api.records.rendering import etag
from schemas.changes import REVISION_PATTERN, RevisionPageSchema
from schemas.parameters import Paged, QuerySchema

blueprint = Blueprint("history", __name__, url_prefix="/v1", description="What was changed, and what was said before.")


class HistoryQuery(QuerySchema):
    """The parameters of a record's history."""

    limit = Paged().fields["limit"]
    cursor = Paged().fields["cursor"]


_NUMBER = re.compile(REVISION_PATTERN)


def _declare(record_type: str) -> None:
    """Declare the two addresses of a record type."""
    one = RECORDS[record_type].lower()
    some = f"{'an' if one[0] in 'ae' else 'a'} {one}"

    def list_revisions(query: dict[str, Any], id: str) -> Response:
        return _history(record_type, id, query)

    def get_revision(id: str, n: str) -> Response:
        return _revision(record_type, id, n)

    list_revisions.__name__, get_revision.__name__ = f"list_{one}_history", f"get_{one}_revision"
    list_revisions.__doc__, get_revision.__doc__ = _HISTORY.format(some), _REVISION.format(some)
    at, answer = f"/{record_type}/<id>", type(RECORD_TYPES[record_type].schema)
    blueprint.read(f"{at}/history", RevisionPageSchema, HistoryQuery, example=_example(record_type), statuses=(404,))(
        list_revisions
    )
    blueprint.read(f"{at}/revisions/<n>", answer, example=record_type, statuses=(404, 410))(get_revision)


_HISTORY = """List the revisions of {}.

    What happened to the record's own content, the latest first: also when it was deleted, or merged into another one. That
    it was shown otherwise because another record changed is no revision; the feed of changes tells that too.
    """

_REVISION = """Get one revision of {}.

    The whole document as it was when this revision was recorded. What it shows of others is of then too; what it showed
    of them later, before the next revision, is what `as_of` tells.
    """


def _example(record_type: str) -> dict[str, Any]:
    entry = {
        "revision": 1,
        "operation": "created",
        "recorded_at": "2026-11-21T09:00:00.000000Z",
        "content_changed_at": "2026-11-21T09:00:00.000000Z",
        "recorded_by": "newsroom",
        "etag": '"5f1d7c1a9a5e4f0b8d3c2a17"',
        "merged_into": None,
        "href": f"http://127.0.0.1:8000/v1/{record_type}/an-id/revisions/1",
    }
    return {"data": [entry], "page": {"limit": 20, "next": None, "prev": None}}


def _history(record_type: str, record_id: str, query: dict[str, Any]) -> Response:
    found = revisions.history(record_type, record_id, query.get("cursor"), query["limit"])
    entries = [orjson.dumps(_entry(record_type, record_id, one)) for one in found.revisions]
    return of_page(record_type, Page(entries, list(map(etag, entries)), found.next, found.previous), Query.of(query))


def _entry(record_type: str, record_id: str, one: revisions.Revision) -> dict[str, Any]:
    return {
        "revision": one.revision,
        "operation": one.operation,
        "recorded_at": one.recorded_at,
        "content_changed_at": one.recorded_at,
        "recorded_by": one.recorded_by,
        "etag": one.etag,
        "merged_into": one.merged_into,
        "href": _address(record_type, record_id, one.revision),
    }


def _address(record_type: str, record_id: str, revision: int | None) -> str | None:
    return None if revision is None else url_for(f"/v1/{record_type}/{record_id}/revisions/{revision}")


def _revision(record_type: str, record_id: str, number: str) -> Response:
    if not _NUMBER.fullmatch(number):
        raise NoSuchRevision(record_id, number)
    kept = revisions.revision(record_type, record_id, int(number))
    around = {
        "predecessor-version": _address(record_type, record_id, kept.before),
        "successor-version": _address(record_type, record_id, kept.after),
    }
    return memento(kept.document, kept.etag, kept.recorded_at, record_type, record_id, **around)


for _record_type in RECORD_TYPES:
    _declare(_record_type)
