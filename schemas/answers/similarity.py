"""Statements that are similar to another, and why."""

from typing import Any

from marshmallow import Schema, fields

from schemas.answers.envelopes import PageSchema
from schemas.fields import Slug
from schemas.records.statements import StatementSchema


class SimilaritySchema(Schema):
    """How similar a statement is, and why."""

    id = Slug(required=True, metadata={"description": "The statement's id."})
    score = fields.Float(
        required=True,
        metadata={
            "description": "The share of the weight of what the statement asked about has: from 0.1 to 1.",
            "example": 0.48,
        },
    )
    shared: fields.Field[Any] = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={
            "description": "What both have, but for what half of all have: ids and terms by the filter that finds them, and under "
            "`word` words as the statement asked about has them.",
            "example": {"topic": ["ceasefire"], "word": ["stop"]},
        },
    )


class SimilarStatementPageSchema(Schema):
    """The statements most similar to another, the most similar first."""

    data = fields.List(fields.Nested(StatementSchema), required=True, metadata={"description": "In order."})
    page = fields.Nested(PageSchema, required=True)
    similar = fields.List(
        fields.Nested(SimilaritySchema),
        required=True,
        metadata={"description": "Why each of `data` is there, in the same order."},
    )
