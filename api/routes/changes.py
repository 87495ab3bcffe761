"""The feed of changes: everything needed to keep an exact copy."""

from typing import Any

import orjson
from flask import Response, current_app
from marshmallow import fields, validate

from api.changelog import feed
from api.changelog.long_polling import WaitingRoom
from api.changelog.positions import last_sequence
from api.documents.record_types import RECORD_TYPES
from api.errors import UnknownPosition
from api.http.operations import Operation, Tag
from api.http.responses import address_with, finished, url_for
from schemas.answers.changes import LAST_SEQUENCE, LONGEST_POSITION, FeedSchema
from schemas.parameters.collections import Paged
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.values import WholeNumber, any_of

TAG = Tag("changes", "Everything that changes, in order.")

LONGEST_WAIT = 30  # seconds: proxies commonly give up on an answer after 60
POSITION = {"type": "integer", "format": "int64", "minimum": 0, "maximum": LAST_SEQUENCE, "default": 0}
"""A position to those who read the contract. Here it stays text: what is no number is no position of this feed (410)."""
WHEN_FULL = 1  # seconds to pause where there is no place to wait in


class ChangesQuery(QuerySchema):
    """The parameters of the feed."""

    since = fields.String(
        load_default="0",
        metadata={
            **POSITION,
            "description": "The position up to which the feed is known: `position` of the page before; 0 to begin with.",
            "example": 0,
        },
    )
    seen = fields.String(
        load_default="0",
        metadata={
            **POSITION,
            "description": "Where the feed ended when the page before was read; `next` has it while there is more. So a copy "
            "half made of changes that a restoration took back gets an error.",
            "example": 0,
        },
    )
    limit = Paged().fields["limit"]
    type = any_of(fields.String(validate=validate.OneOf(list(RECORD_TYPES))), "Only records of this type.", "speakers")
    wait = WholeNumber(
        load_default=0,
        validate=validate.Range(min=0, max=LONGEST_WAIT),
        metadata={
            "description": "At the end of the feed, wait up to so many seconds for something to change. "
            "When too many wait already it is answered at once, with `Retry-After`.",
            "example": 0,
        },
    )


EXAMPLE = {
    "data": [
        {
            "sequence": 42,
            "type": "speakers",
            "id": "somebody",
            "operation": "deleted",
            "revision": 3,
            "recorded_at": "2026-11-21T09:00:00.000000Z",
            "content_changed_at": "2026-11-21T09:00:00.000000Z",
            "recorded_by": "newsroom",
            "merged_into": None,
            "href": "http://127.0.0.1:8000/v1/speakers/somebody",
            "etag": None,
            "document": None,
        }
    ],
    "page": {
        "limit": 20,
        "position": 42,
        "more": False,
        "expired": 0,
        "next": "http://127.0.0.1:8000/v1/changes?since=42",
    },
}


def list_changes(query: dict[str, Any]) -> Response:
    """Follow what changes.

    Every change of every record in the order of commits, from the position `since` on, each with the record as it is
    now. A copy that puts each `document` in the place of its `type` and `id`, and removes what comes with null, is exact
    once `more` is false, whatever is written meanwhile. Keep `next` with it and go on there.
    """
    record_types, limit = list(dict.fromkeys(query.get("type", ()))), query["limit"]
    since, seen = _position(query["since"]), _position(query["seen"])
    page = feed.feed(since, record_types, limit, seen)
    full = False
    if query["wait"] and not page.entries and not page.more:
        room: WaitingRoom = current_app.extensions["waiting-room"]
        full = not room.wait(query["wait"], lambda: last_sequence() != page.position)
        page = feed.feed(page.position, record_types, limit, page.last)
    return _answer(page, query, full)


def _position(since: str) -> int:
    if since.isascii() and since.isdigit() and len(since) <= LONGEST_POSITION:
        return int(since)
    raise UnknownPosition(since, last_sequence())


def _answer(page: feed.Feed, query: dict[str, Any], full: bool) -> Response:
    following = address_with(since=str(page.position), seen=str(page.last) if page.more else None)
    about = {"limit": query["limit"], "position": page.position, "more": page.more, "expired": page.expired}
    body = orjson.dumps({"data": [_entry(entry) for entry in page.entries], "page": {**about, "next": following}})
    response = finished(body, links={"next": following})
    response.headers["Cache-Control"] = response.headers["Cache-Control"].partition(",")[0] + ", no-cache"
    if full:
        response.headers["Retry-After"] = str(WHEN_FULL)
    return response


def _entry(entry: feed.Entry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "type": entry.record_type,
        "id": entry.id,
        "operation": entry.operation,
        "revision": entry.revision,
        "recorded_at": entry.recorded_at,
        "content_changed_at": entry.content_changed_at,
        "recorded_by": entry.recorded_by,
        "merged_into": entry.merged_into,
        "href": url_for(f"/v1/{entry.record_type}/{entry.id}"),
        "etag": entry.etag,
        "document": None if entry.document is None else orjson.Fragment(entry.document),
    }


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/changes",
        view=list_changes,
        tag=TAG,
        query=ChangesQuery(),
        answer=FeedSchema,
        statuses=(410,),
        example=EXAMPLE,
    ),
)
