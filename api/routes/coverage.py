"""Coverage: what was read of which publisher and when."""

from typing import Any

from flask import Response

from api.coverage import reading
from api.http.operations import Operation
from api.routes.reads import list_entries
from api.routes.resources import TAGS
from schemas.answers.coverage import CoverageFilters, CoveragePageSchema, PublisherCoverageSchema
from schemas.parameters.collections import Listed


class CoverageQuery(Listed, CoverageFilters):
    """The parameters of coverage."""


def list_coverage(query: dict[str, Any]) -> Response:
    """Tell what was read, publisher by publisher.

    How many of the articles known of the range of days were read and how completely, and on which days all that was published was
    read. Where nothing was read, that no statement is found says nothing. An article counts once, by its most complete reading.
    """
    return list_entries("readings", query, reading.page, PublisherCoverageSchema())


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
