"""An agreement: what became of it, what it says, and who welcomed it, accuses whom of breaking it, says that they keep it."""

from typing import Any

import orjson

from api.pages.frame.drawings import timeline
from api.pages.frame.entries import Listing, statements
from api.pages.frame.site import Content, Request, formats, page
from api.queries import counting, reading
from api.queries.query import Query
from schemas.records.vocabularies import term_ids

Document = dict[str, Any]

MOST = 100  # statements; the search page has all of them

STANCES = {
    "signs": ("وقّعه", "Signed it"),
    "announces": ("أعلنه", "Announced it"),
    "welcomes": ("رحّب به", "Welcomed it"),
    "takes-note-of": ("أخذ علمًا به", "Took note of it"),
    "supports": ("أيّده", "Supported it"),
    "commits-to": ("التزم به", "Committed to it"),
    "urges-conclusion-of": ("حثّ على إبرامه", "Urged its conclusion"),
    "urges-implementation-of": ("حثّ على تنفيذه", "Urged its implementation"),
    "discusses-implementation-of": ("بحث تنفيذه", "Discussed its implementation"),
    "alleges-violation-of": ("قال إنه خُرق", "Said that it was broken"),
    "invokes": ("استند إليه", "Invoked it"),
    "describes": ("وصفه", "Described it"),
}
"""What speakers did about an agreement, by the relation that their statements have to it."""


@page("/agreements/<id>")
def agreement(asked: Request, id: str) -> Content:
    """One agreement."""
    h = asked.elements
    document = orjson.loads(reading.item("agreements", id).document)
    found = statements({"agreement": (id,)}, MOST, "date")
    return Content(
        "agreement.html",
        h.wording.plain(document["name"]),
        {
            "agreement": document,
            "stances": stances(found, id),
            "STANCES": STANCES,
            "timeline": timeline(counting.timeline(Query(filters={"agreement": (id,)}), "month"), h),
            "statements": found,
        },
        json=f"/v1/agreements/{id}",
        links=formats(f"/v1/agreements/{id}"),
    )


def stances(found: Listing, agreement: str) -> list[tuple[str, list[Document]]]:
    """The statements by their relation to the agreement, in the order of the vocabulary."""
    by_relation: dict[str, list[Document]] = {relation: [] for relation in term_ids("agreement-references")}
    for document in found.documents:
        for relation in dict.fromkeys(
            item["relation"] for item in document["agreements"] if item["agreement"]["id"] == agreement
        ):
            by_relation[relation].append(document)
    return [(relation, documents) for relation, documents in by_relation.items() if documents]
