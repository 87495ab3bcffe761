"""What this is, how it is made and what its terms mean, and what was read for it."""

from calendar import monthrange
from datetime import date
from urllib.parse import urlencode

import orjson

from api.coverage import reading as of_publishers
from api.pages.frame.drawings import timeline
from api.pages.frame.entries import Document, listing
from api.pages.frame.site import Content, PageQuery, Request, page, with_parameters
from api.queries import counting, reading
from api.queries.query import Query
from schemas.answers.coverage import CoverageFilters
from schemas.parameters.collections import LARGEST_LIMIT, Paged
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


ON_A_PAGE = 50  # publishers
MOST_COUNTED = 1_000  # months and articles


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


class CoverageQuery(CoverageFilters, PageQuery):
    """Of whom and when: the filters of `/v1/coverage`."""

    class Meta(CoverageFilters.Meta):
        pass

    cursor = Paged().fields["cursor"]


@page("/coverage", CoverageQuery)
def coverage(asked: Request) -> Content:
    """What was read, so that silence is not taken for absence."""
    h = asked.elements
    read = of_publishers.page(Query.of({**asked.query, "limit": ON_A_PAGE}), lambda entry: entry)
    facets = counting.facets(Query(), ["article", "mode", "month"], MOST_COUNTED)
    pairs = with_parameters(cursor=None)
    return Content(
        "coverage.html",
        h.t("ما الذي قُرئ", "What was read"),
        {
            "publishers": [orjson.loads(document) for document in read.documents],
            "readings": _readings(asked),
            "facets": facets,
            "timeline": timeline(_months(facets["month"]), h),
            "query": asked.query,
            "around": {
                "next": with_parameters(cursor=read.next) if read.next else None,
                "previous": with_parameters(cursor=read.previous) if read.previous else None,
            },
        },
        json="/v1/coverage" + (f"?{urlencode(pairs)}" if pairs else ""),
    )


def _readings(asked: Request) -> list[Document]:
    """The latest readings of articles, with the articles whole."""
    filters = {name: tuple(asked.query[name]) for name in ("publisher",) if asked.query.get(name)}
    query = Query(filters, sort="-date", limit=LARGEST_LIMIT, expand=("articles",))
    found = reading.page("readings", query)
    articles = {name: orjson.loads(body) for name, body in found.expansions["articles"].items()}
    readings = [document for document in listing(found).documents if document["article"]]
    return [{**document, "article": articles[document["article"]["id"]]} for document in readings]


def _months(counted: counting.Counts) -> list[counting.Span]:
    """The months in which statements were made, in order of time."""
    months = sorted((*map(int, each.value.split("-")), each.count) for each in counted.values)
    return [
        counting.Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), count)
        for year, month, count in months
    ]
