"""Many records at once: what an import answers, and the lines of imports and exports."""

from marshmallow import Schema, fields


class ImportOutcomeSchema(Schema):
    """The outcome of an import."""

    created = fields.Integer(required=True, metadata={"description": "How many records are new.", "example": 2})
    changed = fields.Integer(required=True, metadata={"description": "How many were replaced.", "example": 1})
    unchanged = fields.Integer(
        required=True, metadata={"description": "How many were the same already: nothing was written for these."}
    )


class LineSchema(Schema):
    """One line of an import or an export: a record and its record type."""

    type = fields.String(required=True, metadata={"description": "The record type.", "example": "speakers"})
    document = fields.Dict(
        required=True,
        metadata={"description": "The record as GET returns it. Exports leave out `created_at` and `updated_at`."},
    )
