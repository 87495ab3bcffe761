"""A speaker: their offices in time, what they said in which years, and the names that they go by."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from markupsafe import Markup

from api.pages.frame.drawings import Stretch, strip, timeline
from api.pages.frame.elements import Elements
from api.pages.frame.entries import statements
from api.pages.frame.site import Content, Request, page
from api.queries import counting, reading
from api.queries.counting import Span
from api.queries.query import Query
from schemas.values import dates

Document = dict[str, Any]

LATEST = 10  # statements


class Office(NamedTuple):
    """An office, and a drawing of when it was held, on the scale of all offices of its holder."""

    document: Document
    drawing: Markup


@page("/speakers/<id>")
def speaker(asked: Request, id: str) -> Content:
    """One speaker."""
    h = asked.elements
    document = orjson.loads(reading.item("speakers", id).document)
    spans = counting.timeline(Query(filters={"speaker": (id,)}), "month")
    return Content(
        "speaker.html",
        h.wording.plain(document["name"]),
        {
            "speaker": document,
            "offices": offices(document, spans, h),
            "timeline": timeline(spans, h),
            "statements": statements({"speaker": (id,)}, LATEST),
        },
        json=f"/v1/speakers/{id}",
    )


def offices(document: Document, spans: Sequence[Span], h: Elements) -> list[Office]:
    """The offices, each drawn on a scale from the first to the last day that is known of their holder."""
    held = [dates.tenure(office["from"], office["to"]) for office in document["offices"]]
    known = [day for days in held for day in days if day not in (dates.FIRST_DAY, dates.LAST_DAY)]
    known += [day for span in spans for day in (span.start, span.end)]
    known.append(date.fromisoformat(document["updated_at"][:10]))
    first, last = min(known), max(known)
    days = max((last - first).days, 1)

    def at(day: date) -> float:
        return 100 * (min(max(day, first), last) - first).days / days

    marks = [at(span.start) for span in spans]
    return [
        Office(
            office, strip([Stretch(at(start), at(end) - at(start))], h, [m for m in marks if at(start) <= m <= at(end)])
        )
        for office, (start, end) in zip(document["offices"], held, strict=True)
    ]
