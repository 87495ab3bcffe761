"""A communique: the official text in which statements stand, and these statements."""

import orjson

from api.pages.frame.entries import statements
from api.pages.frame.site import Content, Request, page
from api.queries import reading

LATEST = 50  # statements


@page("/communiques/<id>")
def communique(asked: Request, id: str) -> Content:
    """One communique."""
    document = orjson.loads(reading.item("communiques", id).document)
    return Content(
        "communique.html",
        asked.elements.wording.plain(document["name"]),
        {"communique": document, "statements": statements({"communique": (id,)}, LATEST, "date")},
        json=f"/v1/communiques/{id}",
    )
