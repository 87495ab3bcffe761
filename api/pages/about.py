"""What this is, how it is made and what its terms mean, and what was read for it."""

from api.pages.entries import listing
from api.pages.frame.drawings import timeline
from api.pages.frame.site import Content, Request, page
from api.queries import counting, reading
from api.queries.query import Query
from schemas.parameters import LARGEST_LIMIT
from schemas.records.vocabularies import documents

EXPLAINED = (
    "chain-roles",
    "report-modes",
    "acts",
    "agreement-references",
    "date-bases",
    "bounds",
    "statement-relations",
)
"""The vocabularies whose terms readers meet on every page."""


@page("/about")
def about(asked: Request) -> Content:
    """What this is."""
    return Content("about.html", asked.elements.t("ما هذا؟", "About"))


@page("/methods")
def methods(asked: Request) -> Content:
    """How statements are recorded, and what the terms mean."""
    vocabularies = [documents()[name] for name in EXPLAINED]
    title = asked.elements.t("المنهج والمصطلحات", "Methods and terms")
    return Content("methods.html", title, {"vocabularies": vocabularies}, json="/v1/vocabularies")


@page("/coverage")
def coverage(asked: Request) -> Content:
    """What was read, so that silence is not taken for absence."""
    h = asked.elements
    articles = Query(sort="-date", limit=LARGEST_LIMIT, total="exact")
    return Content(
        "coverage.html",
        h.t("ما الذي قُرئ", "What was read"),
        {
            "articles": listing(reading.page("articles", articles)),
            "facets": counting.facets(Query(), ["publisher", "article", "mode"], LARGEST_LIMIT),
            "timeline": timeline(counting.timeline(Query(), "month"), h),
        },
        json="/v1/articles",
    )
