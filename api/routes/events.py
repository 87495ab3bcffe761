"""Events: the occasions on which things were said, and those they were said about."""

from typing import Any

from flask import Response

from api.http.contract import Blueprint
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from api.routes.writes import takes_changes
from schemas.envelopes import page_of
from schemas.events import EventSchema
from schemas.parameters import EventFilters, Paged, QuerySchema, shaped, sorted_by
from schemas.statements import StatementSchema

blueprint = Blueprint(
    "events",
    __name__,
    url_prefix="/v1",
    description="The occasions on which things were said, and those they were said about.",
)


class EventQuery(QuerySchema.from_dict(shaped(EventSchema))):  # type: ignore[misc]
    """The parameters of one event."""


class EventsQuery(EventQuery, EventFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/events", page_of(EventSchema), EventsQuery, example="events")
def list_events(query: dict[str, Any]) -> Response:
    """List events.

    Meetings, calls, sessions, briefings and hostilities, latest first.
    """
    return collection("events", query)


@blueprint.read("/events/<id>", EventSchema, EventQuery, example="events", statuses=(404,))
def get_event(query: dict[str, Any], id: str) -> Response:
    """Get one event."""
    return record("events", id, query)


class EventStatementsQuery(StatementsQuery):
    """The parameters of statements, without the one the address itself gives."""

    class Meta:
        exclude = ("event",)


@blueprint.read(
    "/events/<id>/statements", page_of(StatementSchema), EventStatementsQuery, example="statements", statuses=(404,)
)
def list_event_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements made on or about an event.

    The same as `GET /v1/statements` with `event`, and 404 when there is no such event.
    """
    return collection("statements", {**query, "event": [id]}, owner=("events", id))


takes_changes(blueprint, "events")
