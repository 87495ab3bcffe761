"""An event: when and where it was, who took part, and what was said at it and about it."""

import orjson

from api.pages.frame.drawings import timeline
from api.pages.frame.entries import statements
from api.pages.frame.site import Content, Request, page
from api.queries import counting, reading
from api.queries.query import Query

LATEST = 20  # statements


@page("/events/<id>")
def event(asked: Request, id: str) -> Content:
    """One event."""
    document = orjson.loads(reading.item("events", id).document)
    return Content(
        "event.html",
        asked.elements.wording.plain(document["name"]),
        {
            "event": document,
            "statements": statements({"event": (id,)}, LATEST),
            "timeline": timeline(counting.timeline(Query(filters={"event": (id,)}), "month"), asked.elements),
        },
        json=f"/v1/events/{id}",
    )
