"""Statements: who said what, when, on whose behalf, about which agreement, according to whom."""

from typing import Any

import orjson
from flask import Response
from marshmallow import fields, validate

from api.http.contract import Blueprint
from api.http.responses import finished
from api.queries import counting
from api.queries.query import Query
from api.routes.reads import at_moment_of, collection, record
from api.routes.writes import takes_changes
from schemas.envelopes import FacetsSchema, TimelineSchema, page_of
from schemas.parameters import Paged, QuerySchema, StatementFilters, WholeNumber, as_of, shaped, some_of, sorted_by
from schemas.statements import StatementSchema

blueprint = Blueprint(
    "statements",
    __name__,
    url_prefix="/v1",
    description="Who said what, when, on whose behalf, about which agreement, according to whom.",
)


class StatementQuery(QuerySchema.from_dict(shaped(StatementSchema))):  # type: ignore[misc]
    """The parameters of one statement."""


class StatementsQuery(StatementQuery, StatementFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance")


class FacetsQuery(StatementFilters):
    """The parameters of the counts."""

    as_of = as_of()
    facet = some_of(list(counting.FACETS), "What to count by; everything unless given.", ["act", "year"])
    facet_limit = WholeNumber(
        load_default=50,
        validate=validate.Range(min=1, max=1000),
        metadata={
            "description": "The most values of each facet; `more` says how many there are beyond.",
            "example": 50,
        },
    )


class TimelineQuery(StatementFilters):
    """The parameters of the timeline."""

    as_of = as_of()
    interval = fields.String(
        load_default="month",
        validate=validate.OneOf(counting.INTERVALS),
        metadata={"description": "The length of a stretch; weeks begin on Monday.", "example": "month"},
    )


@blueprint.read("/statements", page_of(StatementSchema), StatementsQuery, example="statements")
def list_statements(query: dict[str, Any]) -> Response:
    """List statements.

    Latest first unless sorted otherwise. All filters combine; a repeated one means any of its values.
    `speaker=antonio-guterres&agent=russian-foreign-ministry` is what Russia's ministry says Guterres said;
    `speaker=antonio-guterres&first_hand=true` is what his own side put out.
    """
    return collection("statements", query)


FACETS_EXAMPLE = {
    "data": [
        {
            "facet": "act",
            "values": [
                {"value": "discuss", "name": {"ar": "بحث", "en": "Discuss"}, "count": 6},
                {"value": "stress", "name": {"ar": "تشديد", "en": "Stress"}, "count": 1},
                {"value": "welcome", "name": {"ar": "ترحيب", "en": "Welcome"}, "count": 1},
            ],
            "more": 0,
        },
        {"facet": "year", "values": [{"value": "2020", "name": None, "count": 8}], "more": 0},
    ]
}


@blueprint.read("/statements/facets", FacetsSchema, FacetsQuery, example=FACETS_EXAMPLE)
def count_statements(query: dict[str, Any]) -> Response:
    """Count statements by speaker, act, agreement, topic, publisher, year and more.

    Takes the filters of `GET /v1/statements`. A statement counts once for each of its values. A vague date counts at
    its first day, or at its last where the beginning is open.
    """
    names = list(dict.fromkeys(query.pop("facet", None) or counting.FACETS))
    limit = query.pop("facet_limit")
    filtered = Query.of(query)
    with at_moment_of(filtered):
        counts = counting.facets(filtered, names)
    data = [
        {"facet": name, "values": values[:limit], "more": max(0, len(values) - limit)}
        for name, values in counts.items()
    ]
    return finished(orjson.dumps({"data": data}))


TIMELINE_EXAMPLE = {"interval": "month", "data": [{"start": "2020-11-01", "end": "2020-11-30", "count": 2}]}


@blueprint.read("/statements/timeline", TimelineSchema, TimelineQuery, example=TIMELINE_EXAMPLE)
def count_statements_over_time(query: dict[str, Any]) -> Response:
    """Count statements along time.

    Takes the filters of `GET /v1/statements`. Stretches without a statement are left out.
    """
    interval = query.pop("interval")
    filtered = Query.of(query)
    with at_moment_of(filtered):
        spans = counting.timeline(filtered, interval)
    return finished(orjson.dumps({"interval": interval, "data": spans}))


@blueprint.read("/statements/<id>", StatementSchema, StatementQuery, example="statements", statuses=(404,))
def get_statement(query: dict[str, Any], id: str) -> Response:
    """Get one statement."""
    return record("statements", id, query)


takes_changes(blueprint, "statements")
