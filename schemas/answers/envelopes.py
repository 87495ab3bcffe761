"""The envelopes around records: pages of a collection, counts and timelines, and the service document."""

from functools import cache
from typing import Any

from marshmallow import Schema, fields, validate

from schemas.answers.suggestions import NearNameSchema, UnderstandingSchema
from schemas.fields import EDTFDate, Multilingual, RecordSchema, Reference
from schemas.records.statements import StatementSchema
from schemas.records.vocabularies import Term


class WarningSchema(Schema):
    """What is odd about a parameter that was followed all the same."""

    parameter = fields.String(required=True, metadata={"description": "The query parameter.", "example": "speaker"})
    detail = fields.String(required=True, metadata={"example": "No record of 'speakers' has the id 'nobody'."})


def warnings() -> fields.List[Any]:
    """The warnings about the parameters of a request."""
    return fields.List(
        fields.Nested(WarningSchema),
        metadata={"description": "Ids in filters that no record has; only there when there are any."},
    )


class PageSchema(Schema):
    """Where a page stands in its collection."""

    limit = fields.Integer(required=True, metadata={"description": "The most records a page holds.", "example": 20})
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "uri", "description": "The next page; null on the last one, and only there."},
    )
    prev = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "uri", "description": "The page before; null on the first one."},
    )
    total = fields.Integer(
        metadata={
            "description": "How many records match in all; only when asked for with `total=exact`.",
            "example": 27,
        }
    )
    warnings = warnings()


@cache
def page_of(schema: type[RecordSchema]) -> type[Schema]:
    """The schema of one page of records."""
    name = schema.__name__.removesuffix("Schema")
    envelope = {
        "data": fields.List(
            fields.Nested(schema), required=True, metadata={"description": "The records of this page, in order."}
        ),
        "page": fields.Nested(PageSchema, required=True),
        "search": fields.Nested(
            UnderstandingSchema, metadata={"description": "How `q` was understood; only with `q`."}
        ),
        "did_you_mean": fields.List(
            fields.Nested(NearNameSchema),
            metadata={
                "description": "Up to five names near to the words of `q`, the nearest first; only on a first page, when it has no records, "
                "or when one of the words occurs in none and a name is near to it. Empty when no name is near."
            },
        ),
        **_coverage(schema),
        "__doc__": f"One page of {name.lower()} records.",
    }
    return type(f"{name}PageSchema", (Schema,), envelope)


def _coverage(schema: type[RecordSchema]) -> dict[str, fields.Field[Any]]:
    if schema is not StatementSchema:
        return {}
    description = "Only where no statement is found: what was read, for silence is not absence."
    return {"coverage": fields.Nested(CoverageSummarySchema, metadata={"description": description})}


class CoverageSummarySchema(Schema):
    """What was read of the publishers or articles and of the days of publication that the filters of an empty list name.

    Days are `reported_since` and `reported_until`, or else `since` and `until`.
    """

    articles = fields.Integer(required=True, metadata={"description": "How many articles were read.", "example": 1})
    complete = fields.Integer(
        required=True, metadata={"description": "How many of them for every statement.", "example": 1}
    )
    periods = fields.Integer(
        required=True,
        metadata={
            "description": "How many readings there are of all that a publisher published in a period.",
            "example": 0,
        },
    )
    href = fields.String(required=True, metadata={"format": "uri", "description": "The same in detail."})


class FacetValueSchema(Schema):
    """One value and how many statements have it."""

    value = fields.String(
        required=True,
        metadata={
            "description": "The value, as the filter of the same name takes it; a year or month, as `since` and `until` do.",
            "example": "welcome",
        },
    )
    name = Multilingual(
        required=True,
        allow_none=True,
        metadata={
            "description": "Its label; null where the value speaks for itself (years, months).",
            "example": {"ar": "ترحيب", "en": "Welcome"},
        },
    )
    count = fields.Integer(required=True, metadata={"example": 4})


class CountedFacetSchema(Schema):
    """The most frequent values of one facet."""

    facet = fields.String(required=True, metadata={"example": "act"})
    values = fields.List(fields.Nested(FacetValueSchema), required=True)
    more = fields.Integer(
        required=True, metadata={"description": "How many further values there are beyond `facet_limit`.", "example": 0}
    )
    missing = fields.Integer(
        required=True,
        metadata={
            "description": "How many statements have no value; where there can be any, the filter finds them with `none`.",
            "example": 0,
        },
    )


class FacetsSchema(Schema):
    """Statements counted by the values of each facet asked for."""

    data = fields.List(fields.Nested(CountedFacetSchema), required=True)
    warnings = warnings()


class LinkBetweenSchema(Schema):
    """A link between the statement and another one."""

    direction = fields.String(
        required=True,
        validate=validate.OneOf(["to", "from"]),
        metadata={"description": "`to`: it answers the other; `from`: the other answers it.", "example": "to"},
    )
    relation = Term("statement-relations", required=True, metadata={"example": "responds-to"})
    statement = Reference("statements", required=True)
    date = EDTFDate(required=True, metadata={"description": "When the other was said (EDTF)."})


class StatementLinksSchema(Schema):
    """The links of a statement both ways, each way by date."""

    data = fields.List(fields.Nested(LinkBetweenSchema), required=True)


class TimelineSpanSchema(Schema):
    """One stretch of days, both ends included."""

    start = fields.String(required=True, metadata={"format": "date", "example": "2020-12-01"})
    end = fields.String(required=True, metadata={"format": "date", "example": "2020-12-31"})
    count = fields.Integer(required=True, metadata={"example": 11})


class TimelineSchema(Schema):
    """Statements counted along time; stretches without any are left out."""

    interval = fields.String(required=True, metadata={"example": "month"})
    data = fields.List(fields.Nested(TimelineSpanSchema), required=True)
    warnings = warnings()


class ServiceSchema(Schema):
    """What this service is and where everything lives."""

    name = fields.String(required=True, metadata={"example": "Tasrih"})
    description = fields.String(required=True)
    version = fields.String(required=True, metadata={"example": "1.0.0"})
    links = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "Absolute URLs by name; `{id}` stands for a record's id.",
            "example": {"statements": "http://127.0.0.1:8000/v1/statements"},
        },
    )


class HealthSchema(Schema):
    """Whether the service can answer."""

    status = fields.String(required=True, metadata={"example": "ok"})
