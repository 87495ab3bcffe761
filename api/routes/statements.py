"""What only statements have: counts by facet and along time, and those that are similar to one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import orjson
from flask import Response
from marshmallow import fields, validate

from api.http.operations import Operation
from api.http.responses import finished, of_page, shown_warnings
from api.queries import counting
from api.queries.query import Query
from api.representations.shapes import in_one_language, one_string
from api.routes.reads import with_known_ids
from api.routes.resources import TAGS
from api.similarity.nearest import similar
from schemas.envelopes import FacetsSchema, TimelineSchema
from schemas.fields import text_key
from schemas.parameters import QuerySchema, StatementFilters, Viewed, WholeNumber, as_of, lang, shaped, some_of, text
from schemas.similarity import SimilarStatementPageSchema
from schemas.statements import StatementSchema


def facet_limit() -> WholeNumber:
    """The parameter that says how many values of each facet are shown."""
    return WholeNumber(
        load_default=50,
        validate=validate.Range(min=1, max=1000),
        metadata={
            "description": "The most values of each facet; `more` says how many there are beyond.",
            "example": 50,
        },
    )


class FacetsQuery(StatementFilters):
    """The parameters of the counts."""

    as_of = as_of()
    lang = lang()
    text = text()
    facet = some_of(list(counting.FACETS), "What to count by; everything unless given.", ["act", "year"])
    facet_limit = facet_limit()


class TimelineQuery(StatementFilters):
    """The parameters of the timeline."""

    as_of = as_of()
    interval = fields.String(
        load_default="month",
        validate=validate.OneOf(counting.INTERVALS),
        metadata={"description": "The length of a stretch; weeks begin on Monday.", "example": "month"},
    )


FACETS_EXAMPLE = {
    "data": [
        {
            "facet": "act",
            "values": [
                {"value": "discuss", "name": {"ar": "بحث", "en": "Discuss"}, "count": 6},
                {"value": "commend", "name": {"ar": "إشادة", "en": "Commend"}, "count": 1},
                {"value": "stress", "name": {"ar": "تشديد", "en": "Stress"}, "count": 1},
            ],
            "more": 0,
            "missing": 0,
        },
        {"facet": "year", "values": [{"value": "2020", "name": None, "count": 8}], "more": 0, "missing": 0},
    ]
}


def count_statements(query: dict[str, Any]) -> Response:
    """Count statements by speaker, act, agreement, topic, publisher, year and more.

    Takes the filters of `GET /v1/statements`. A statement counts once for each of its values. A vague date counts at
    its first day, or at its last where the beginning is open.
    """
    return faceted(query, counting.FACETS, counting.facets)


def faceted(
    query: dict[str, Any], facets: Iterable[str], count: Callable[[Query, list[str], int], dict[str, counting.Counts]]
) -> Response:
    """The counts of the facets that a query names, or of all."""
    names = list(dict.fromkeys(query.pop("facet", None) or facets))
    limit = query.pop("facet_limit")
    counts, warnings = with_known_ids(
        "statements",
        Query.of(query),
        lambda known: count(known, names, limit),
        lambda counts: any(each.values for each in counts.values()),
    )
    data = [
        {
            "facet": name,
            "values": [_shown(value, query) for value in of_facet.values],
            "more": of_facet.more,
            "missing": of_facet.missing,
        }
        for name, of_facet in counts.items()
    ]
    return finished(orjson.dumps({"data": data, **shown_warnings(warnings)}))


def _shown(counted: counting.Count, query: Mapping[str, Any]) -> dict[str, Any]:
    """A value with its label in one language, if any are wanted, and as a string, if that is."""
    shown, wanted = asdict(counted), query.get("lang", ())
    if counted.name and wanted:
        shown["name"] = in_one_language(counted.name, wanted)
    if counted.name and "text" in query:
        shown[text_key("name")] = one_string(counted.name, wanted)
    return shown


TIMELINE_EXAMPLE = {"interval": "month", "data": [{"start": "2020-11-01", "end": "2020-11-30", "count": 3}]}


def count_statements_over_time(query: dict[str, Any]) -> Response:
    """Count statements along time.

    Takes the filters of `GET /v1/statements`. Stretches without a statement are left out.
    """
    interval = query.pop("interval")
    spans, warnings = with_known_ids(
        "statements", Query.of(query), lambda known: counting.timeline(known, interval), lambda spans: bool(spans)
    )
    return finished(orjson.dumps({"interval": interval, "data": spans, **shown_warnings(warnings)}))


MOST_SIMILAR = 50

_SHAPED = {name: field for name, field in shaped(StatementSchema).items() if name != "as_of"}


class SimilarQuery(Viewed, QuerySchema.from_dict(_SHAPED)):  # type: ignore[misc]
    """The parameters of similar statements: how many, and in which form."""

    limit = WholeNumber(
        load_default=10,
        validate=validate.Range(min=1, max=MOST_SIMILAR),
        metadata={"description": "The most statements wanted.", "example": 10},
    )


SIMILAR_EXAMPLE = {
    "data": [
        {"id": "outlet-reports-russian-brokered-truce-ended-2020-war-2022", "act": "report", "date": "2022-11-01"},
    ],
    "page": {"limit": 1, "next": None, "prev": None},
    "similar": [
        {
            "id": "outlet-reports-russian-brokered-truce-ended-2020-war-2022",
            "score": 0.57,
            "shared": {
                "agreement": ["trilateral-statement-2020-11-09"],
                "event": ["second-karabakh-war"],
                "place": ["nagorno-karabakh"],
                "target": ["russia"],
                "topic": ["ceasefire", "mediation"],
            },
        }
    ],
}


def list_similar_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements most similar to one.

    With what they share; what few statements have counts for more. There are no further pages, and no `as_of`.
    """
    wanted = Query.of(query)
    page, reasons = similar(id, wanted)
    return of_page("statements", page, wanted, {"similar": [asdict(reason) for reason in reasons]})


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/statements/facets",
        view=count_statements,
        tag=TAGS["statements"],
        query=FacetsQuery(),
        answer=FacetsSchema,
        example=FACETS_EXAMPLE,
    ),
    Operation(
        method="GET",
        rule="/v1/statements/timeline",
        view=count_statements_over_time,
        tag=TAGS["statements"],
        query=TimelineQuery(),
        answer=TimelineSchema,
        example=TIMELINE_EXAMPLE,
    ),
    Operation(
        method="GET",
        rule="/v1/statements/<id>/similar",
        view=list_similar_statements,
        tag=TAGS["statements"],
        query=SimilarQuery(),
        answer=SimilarStatementPageSchema,
        statuses=(404,),
        example=SIMILAR_EXAMPLE,
    ),
)
