"""What only statements have: counts by facet and along time."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import orjson
from flask import Response
from marshmallow import fields, validate

from api.changelog.tombstones import why_missing
from api.errors import NoSuchRecord
from api.http.operations import Operation
from api.http.responses import finished, shown_warnings
from api.queries import counting
from api.queries.parts.links import links_of
from api.queries.query import Query
from api.representations.shapes import in_one_language, one_string
from api.routes.reads import at_moment_of, in_layers_of, with_known_ids
from api.routes.resources import TAGS
from schemas.answers.envelopes import FacetsSchema, StatementLinksSchema, TimelineSchema
from schemas.fields import text_key
from schemas.parameters.filters import StatementFilters
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.shapes import as_of, lang, text
from schemas.parameters.values import WholeNumber, some_of


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
    return faceted(query, counting.FACETS, counting.facets, in_layers_of)


def faceted(
    query: dict[str, Any],
    facets: Iterable[str],
    count: Callable[[Query, list[str], int], dict[str, counting.Counts]],
    at: Callable[[Query], AbstractContextManager[None]],
) -> Response:
    """The counts of the facets that a query names, or of all, `at` its moment."""
    names = list(dict.fromkeys(query.pop("facet", None) or facets))
    limit = query.pop("facet_limit")
    counts, warnings = with_known_ids(
        "statements",
        Query.of(query),
        lambda known: count(known, names, limit),
        lambda counts: any(each.values for each in counts.values()),
        at,
    )
    is_plain = not (query.get("lang") or "text" in query)  # then orjson writes counts as they are, fields in order
    data = [
        {
            "facet": name,
            "values": of_facet.values if is_plain else [_shown(value, query) for value in of_facet.values],
            "more": of_facet.more,
            "missing": of_facet.missing,
        }
        for name, of_facet in counts.items()
    ]
    return finished(orjson.dumps({"data": data, **shown_warnings(warnings)}))


def _shown(counted: counting.Count, query: Mapping[str, Any]) -> dict[str, Any]:
    """A value with its label in one language, if any are wanted, and as a string, if that is."""
    shown: dict[str, Any] = {"value": counted.value, "name": counted.name, "count": counted.count}
    wanted = query.get("lang", ())
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
        "statements",
        Query.of(query),
        lambda known: counting.timeline(known, interval),
        lambda spans: bool(spans),
        in_layers_of,
    )
    return finished(orjson.dumps({"interval": interval, "data": spans, **shown_warnings(warnings)}))


class LinksQuery(QuerySchema):
    """The parameters of a statement's links."""

    as_of = as_of()


LINKS_EXAMPLE = {
    "data": [
        {
            "direction": "from",
            "relation": "responds-to",
            "statement": {
                "id": "guterres-takes-note-of-sochi-joint-statement-2021",
                "name": {"en": "Guterres took note of the joint statement."},
            },
            "date": "2021-11-26/2021-11-27",
        }
    ]
}


def list_statement_links(query: dict[str, Any], id: str) -> Response:
    """List what a statement answers, repeats or denies, and what answers it.

    What links say was decided by people who read both. The filter `link` of `GET /v1/statements` finds those that answer others.
    """
    asked = Query.of(query)
    try:
        with at_moment_of(asked):
            links = links_of(id)
    except NoSuchRecord:
        if asked.as_of is None:
            raise
        raise why_missing("statements", id, asked.as_of) from None
    return finished(orjson.dumps({"data": links}))


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/statements/<id>/links",
        view=list_statement_links,
        tag=TAGS["statements"],
        query=LinksQuery(),
        answer=StatementLinksSchema,
        statuses=(404,),
        example=LINKS_EXAMPLE,
    ),
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
)
