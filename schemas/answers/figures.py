"""Figures as data: each with who claims it and where it was said, and those that can't both hold."""

from marshmallow import Schema, fields, validate

from schemas.answers.envelopes import CountedFacetSchema, FacetsSchema, PageSchema
from schemas.fields import EDTFDate, Quantity, Reference, StrictSchema, references
from schemas.parameters.filters import StatementFilters, excludable
from schemas.parameters.values import Day, ids, terms
from schemas.records.statements import FigureSchema
from schemas.records.vocabularies import Term


@excludable
class FigureFilters(StatementFilters):
    """Which figures: filters on a figure itself, and the filters on the statement in which it is."""

    unit = terms("units", "The unit.", "people")
    event = ids("The event whose losses or results it counts.", "september-2022-border-clashes", optional=True)
    period = Day(
        metadata={
            "description": "A day, month or year with which the period that it counts may overlap. Figures without a period are left out.",
            "example": "2022-09",
        }
    )


class FigureReportSchema(StrictSchema):
    """An article that carries the statement with the figure."""

    article = Reference("articles", required=True)
    mode = Term("report-modes", required=True, metadata={"example": "indirect"})


class ClaimedFigureSchema(FigureSchema):
    """A figure with the statement in which it was put forward."""

    passed_on = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether the statement only passes on what the claimant says: they neither made it, nor was it made for them.",
            "example": False,
        },
    )
    first_hand = fields.Boolean(
        required=True, metadata={"description": "Whether the claimant's own side put the words out.", "example": False}
    )
    statement = Reference("statements", required=True)
    date = EDTFDate(required=True, metadata={"description": "When it was said (EDTF)."})
    speakers = references("speakers")
    reports = fields.List(fields.Nested(FigureReportSchema), required=True)


class FigurePageSchema(Schema):
    """One page of figures, those of the latest statements first."""

    data = fields.List(fields.Nested(ClaimedFigureSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class ConflictSideSchema(StrictSchema):
    """A claim, and wherever it was said or passed on."""

    claimant = Reference("speakers", required=True)
    value = Quantity(required=True, metadata={"example": 105})
    bound = Term("bounds", required=True, metadata={"example": "exact"})
    first_hand = fields.Boolean(
        required=True,
        metadata={"description": "Whether the claimant's own side put the words out anywhere.", "example": False},
    )
    figures = fields.List(fields.Nested(ClaimedFigureSchema), required=True)


class FigureConflictSchema(StrictSchema):
    """Claims of which each can't hold together with another one. It is not said which of them is true."""

    measure = Term("measures", required=True, metadata={"example": "soldiers-killed"})
    unit = Term("units", required=True, metadata={"example": "people"})
    party = Reference("speakers", required=True, allow_none=True)
    compared_by = fields.String(
        required=True,
        validate=validate.OneOf(["event", "period"]),
        metadata={"description": "Whether all are of one event, or of periods that overlap.", "example": "event"},
    )
    same_claimant = fields.Boolean(
        required=True, metadata={"description": "Whether one claimant made all of the claims.", "example": False}
    )
    sides = fields.List(
        fields.Nested(ConflictSideSchema),
        required=True,
        metadata={"description": "The claims, the highest value first."},
    )


class FigureConflictPageSchema(Schema):
    """The conflicts of a page of subjects: measure, unit and party. `limit` counts the subjects."""

    data = fields.List(fields.Nested(FigureConflictSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


FACETS = ("measure", "unit", "bound", "claimant", "party", "event", "year")
"""What figures can be counted by."""


class CountedFigureFacetSchema(CountedFacetSchema):
    """The most frequent values of one facet of figures."""

    facet = fields.String(required=True, validate=validate.OneOf(FACETS), metadata={"example": "measure"})


class FigureFacetsSchema(FacetsSchema):
    """Figures counted by the values of each facet asked for."""

    data = fields.List(fields.Nested(CountedFigureFacetSchema), required=True)
