"""A place: the names that each side gives it, what lies in it, and what was said of it."""

import orjson

from api.pages.frame.entries import listing, statements
from api.pages.frame.site import Content, Request, page
from api.queries import reading
from api.queries.query import Query

LATEST = 20  # statements
INSIDE = 50  # places


@page("/places/<id>")
def place(asked: Request, id: str) -> Content:
    """One place."""
    document = orjson.loads(reading.item("places", id).document)
    inside = Query(filters={"part_of": (id,)}, limit=INSIDE)
    return Content(
        "place.html",
        asked.elements.wording.plain(document["name"]),
        {
            "place": document,
            "inside": listing(reading.page("places", inside)),
            "statements": statements({"place": (id,)}, LATEST),
        },
        json=f"/v1/places/{id}",
    )
