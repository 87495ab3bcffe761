"""Coverage: what was read of which publisher and when."""

from dataclasses import replace
from typing import Any

from flask import Response

from api.coverage import reading
from api.documents.record_types import Document
from api.http.operations import Operation
from api.http.responses import of_page
from api.queries.query import Query
from api.representations.shapes import add_strings, choose_language
from api.routes.reads import with_known_ids
from api.routes.resources import TAGS
from schemas.answers.coverage import CoverageFilters, CoveragePageSchema, PublisherCoverageSchema
from schemas.parameters import Paged, as_of, lang, text


class CoverageQuery(CoverageFilters):
    """The parameters of coverage."""

    as_of = as_of()
    lang = lang()
    text = text()
    limit = Paged().fields["limit"]
    cursor = Paged().fields["cursor"]


def list_coverage(query: dict[str, Any]) -> Response:
    """Tell what was read, publisher by publisher.

    How many of the articles known of the range of days were read and how completely, and on which days all that was published was
    read. Where nothing was read, that no statement is found says nothing. An article counts once, by its most complete reading.
    """
    asked, schema = Query.of(query), PublisherCoverageSchema()

    def finished(document: Document) -> Document:
        if asked.lang:
            choose_language(schema, document, asked.lang)
        if asked.text:
            add_strings(schema, document, asked.lang)
        return document

    page, warnings = with_known_ids(
        "readings", asked, lambda known: reading.page(known, finished), lambda page: bool(page.documents)
    )
    return of_page("readings", page, replace(asked, lang=(), text=None), warnings=warnings)


_EXAMPLE = {
    "publisher": {"id": "un-news", "name": {"ar": "أخبار الأمم المتحدة", "en": "UN News"}},
    "articles": {"known": 1, "read": 1, "by_extent": [{"extent": "double", "count": 1}]},
    "stretches": [],
    "days": {"asked": 30, "covered": 0, "not_covered": [{"start": "2021-11-01", "end": "2021-11-30"}]},
}

OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/coverage",
        view=list_coverage,
        tag=TAGS["readings"],
        query=CoverageQuery(),
        answer=CoveragePageSchema,
        example={"data": [_EXAMPLE], "page": {"limit": 20, "next": None, "prev": None}},
    ),
)
