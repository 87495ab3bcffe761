"""The body of every error: problem details (RFC 9457)."""

from marshmallow import Schema, fields


class IssueSchema(Schema):
    """One thing that is wrong in a request."""

    parameter = fields.String(metadata={"description": "The query parameter it is in.", "example": "since"})
    line = fields.Integer(
        metadata={"description": "The line of an import it is in, from 1 on.", "minimum": 1, "example": 12}
    )
    pointer = fields.String(metadata={"description": "Where in the body it is (JSON pointer, RFC 6901)."})
    document = fields.String(
        metadata={
            "description": "The document it is in, when that is not the body: a record that what was sent would make invalid.",
            "example": "statements/guterres-welcomes-russian-role-2020-12",
        }
    )
    detail = fields.String(
        required=True,
        metadata={"description": "What is wrong and what would be right.", "example": "'2021-13-45' has no month 13."},
    )


class ProblemSchema(Schema):
    """What went wrong and what to do about it."""

    type = fields.String(
        required=True,
        metadata={
            "format": "uri",
            "description": "The type of the problem: a stable URN, made to be compared.",
            "example": "urn:tasrih:problem:invalid-parameters",
        },
    )
    title = fields.String(
        required=True, metadata={"description": "The type of the problem, for people.", "example": "Invalid parameters"}
    )
    status = fields.Integer(required=True, metadata={"description": "The HTTP status.", "example": 422})
    detail = fields.String(required=True, metadata={"description": "This occurrence, and what to do next."})
    request_id = fields.String(
        metadata={
            "description": "The `X-Request-Id` of the request; of a failure that was logged also one that was made up for it.",
            "example": "5f1d7c1a9a5e4f0b8d3c2a17",
        }
    )
    errors = fields.List(
        fields.Nested(IssueSchema), metadata={"description": "Everything wrong with the request, not only the first."}
    )
