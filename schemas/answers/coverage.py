"""Coverage: what was read of each publisher."""

from marshmallow import Schema, fields

from schemas.answers.envelopes import PageSchema
from schemas.fields import Reference, StrictSchema
from schemas.parameters.collections import Dated
from schemas.parameters.values import Day, ids
from schemas.records.vocabularies import Term


class ExtentCountSchema(Schema):
    """How many articles were read to an extent, the most complete if there are several readings."""

    extent = Term("reading-extents", required=True, metadata={"example": "double"})
    count = fields.Integer(required=True, metadata={"example": 1})


class ArticlesReadSchema(Schema):
    """How many articles that a publisher published are known, and were read."""

    known = fields.Integer(required=True, metadata={"example": 1})
    read = fields.Integer(required=True, metadata={"example": 1})
    by_extent = fields.List(fields.Nested(ExtentCountSchema), required=True)


class DaysSchema(Schema):
    """Days in a row, both ends included; null where an end is open."""

    start = fields.String(required=True, allow_none=True, metadata={"format": "date", "example": "2020-12-01"})
    end = fields.String(required=True, allow_none=True, metadata={"format": "date", "example": "2020-12-31"})


class StretchReadSchema(DaysSchema):
    """A period in which the articles of a publisher were read."""

    extent = Term("reading-extents", required=True, metadata={"example": "whole"})


class DaysCoveredSchema(Schema):
    """The days between `since` and `until`."""

    asked = fields.Integer(required=True, metadata={"description": "How many there are.", "example": 31})
    covered = fields.Integer(
        required=True,
        metadata={
            "description": "On how many of them all that the publisher published was read for every statement.",
            "example": 0,
        },
    )
    not_covered = fields.List(
        fields.Nested(DaysSchema),
        required=True,
        metadata={"description": "The others: on these, silence is not absence."},
    )


class PublisherCoverageSchema(StrictSchema):
    """What was read of one publisher; null stands for articles without one."""

    publisher = Reference("speakers", required=True, allow_none=True)
    articles = fields.Nested(ArticlesReadSchema, required=True)
    stretches = fields.List(fields.Nested(StretchReadSchema), required=True)
    days = fields.Nested(
        DaysCoveredSchema, required=True, allow_none=True, metadata={"description": "Null without `since` and `until`."}
    )


class CoveragePageSchema(Schema):
    """One page of publishers, by id."""

    data = fields.List(fields.Nested(PublisherCoverageSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class CoverageFilters(Dated):
    """Of whom and when."""

    class Meta(Dated.Meta):
        exclude = ("date_match",)

    publisher = ids("Who published. Without it all are listed of whom articles are known or were read.", "un-news")
    since = Day(
        metadata={
            "description": "First day of the range in which something was published (a month or year: its first day).",
            "example": "2021-11",
        }
    )
    until = Day(metadata={"description": "Last day of that range.", "example": "2021-11-30"})
