"""What is reported of changes: the history of one record, and the feed of all."""

from typing import Any

from marshmallow import Schema, fields, validate

from schemas.answers.envelopes import PageSchema
from schemas.fields import ID_LENGTH, ID_PATTERN

LAST_SEQUENCE = 2**63 - 1
LAST_REVISION = 2**31 - 1

OPERATIONS = ("created", "replaced", "deleted", "merged", "rendered")
"""What can happen to a record; `rendered`: its representation changed, only because another record did."""

LONGEST_POSITION = 18  # digits: 64 bits hold any number of so many
REVISION_PATTERN = "^[1-9][0-9]{0,8}$"


def _moment(description: str, **options: Any) -> fields.String:
    metadata = {"format": "date-time", "description": description, "example": "2026-11-21T09:00:00.000000Z"}
    return fields.String(required=True, metadata=metadata, **options)


def _operation(*among: str, description: str) -> fields.String:
    metadata = {"description": description, "example": "replaced"}
    return fields.String(required=True, validate=validate.OneOf(among), metadata=metadata)


class RevisionSchema(Schema):
    """One revision of a record: what happened to its own content, when, and by whom."""

    revision = fields.Integer(
        required=True,
        metadata={
            "description": "Counts from 1 over the record's whole life, deletions and re-creations included.",
            "minimum": 1,
            "maximum": LAST_REVISION,
            "example": 2,
        },
    )
    operation = _operation("created", "replaced", "deleted", "merged", description="What happened to the record.")
    recorded_at = _moment("When the service began to serve this.")
    content_changed_at = _moment("When the record's own content last changed: of a revision, when it was recorded.")
    recorded_by = fields.String(
        required=True,
        metadata={
            "description": "The name of the token that wrote it; `command line` or `migration` where none did.",
            "example": "newsroom",
        },
    )
    etag = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The entity tag of the revision's document; null when the record was deleted or merged.",
            "example": '"5f1d7c1a9a5e4f0b8d3c2a17"',
        },
    )
    merged_into = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The id of the record that stands for this one since it was merged; else null.",
            "pattern": ID_PATTERN,
            "maxLength": ID_LENGTH,
            "example": None,
        },
    )
    href = fields.String(
        required=True,
        metadata={
            "format": "uri",
            "description": "Where the document of this revision is; 410 when the record was deleted or merged.",
            "example": "http://127.0.0.1:8000/v1/speakers/antonio-guterres/revisions/2",
        },
    )


class RevisionPageSchema(Schema):
    """One page of the revisions of a record, the latest first."""

    data = fields.List(fields.Nested(RevisionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class ChangeSchema(Schema):
    """One change of the representation of one record, with the record as it is when the feed is read."""

    sequence = fields.Integer(
        required=True,
        metadata={
            "description": "The place of the change in the order of commits.",
            "minimum": 1,
            "maximum": LAST_SEQUENCE,
            "example": 42,
        },
    )
    type = fields.String(required=True, metadata={"description": "The record type.", "example": "speakers"})
    id = fields.String(
        required=True,
        metadata={
            "description": "The id of the record.",
            "pattern": ID_PATTERN,
            "maxLength": ID_LENGTH,
            "example": "antonio-guterres",
        },
    )
    operation = _operation(
        *OPERATIONS,
        description="What happened; `rendered`: its representation changed, only because another record did.",
    )
    revision = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "The revision that the change made; null when it was only rendered.",
            "minimum": 1,
            "maximum": LAST_REVISION,
            "example": 2,
        },
    )
    recorded_at = _moment("When the service began to serve this.")
    content_changed_at = _moment(
        "When the record's own content had last changed by then; earlier than `recorded_at` when it was only rendered."
    )
    recorded_by = fields.String(
        required=True,
        metadata={
            "description": "The name of the token that made the change; `command line` or `migration` where none did.",
            "example": "newsroom",
        },
    )
    merged_into = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The id of the record that stands for this one since this change; null unless it was merged.",
            "pattern": ID_PATTERN,
            "maxLength": ID_LENGTH,
            "example": None,
        },
    )
    href = fields.String(
        required=True,
        metadata={
            "format": "uri",
            "description": "Where the record is.",
            "example": "http://127.0.0.1:8000/v1/speakers/antonio-guterres",
        },
    )
    etag = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The entity tag of `document`; null with it.",
            "example": '"5f1d7c1a9a5e4f0b8d3c2a17"',
        },
    )
    document = fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "The record as it is now, byte for byte what GET answers at `href`; null when there is none by "
            "this id any more, which makes the entry a tombstone: remove the record.",
        },
    )


class FeedPageSchema(Schema):
    """Where a page of the feed ends, and how to go on."""

    limit = fields.Integer(required=True, metadata={"description": "The most changes a page holds.", "example": 20})
    position = fields.Integer(
        required=True,
        metadata={
            "description": "Every change up to this place has been sent: the next `since`. While there is more `next` says "
            "more than that: keep it with the mirror.",
            "minimum": 0,
            "maximum": LAST_SEQUENCE,
            "example": 42,
        },
    )
    more = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether there is more to be read at once; false at the end of the feed, and only there.",
            "example": False,
        },
    )
    expired = fields.Integer(
        required=True,
        metadata={
            "description": "Up to this place only the last change of each record is kept, which a copy does not notice; "
            "0 while all are.",
            "minimum": 0,
            "maximum": LAST_SEQUENCE,
            "example": 0,
        },
    )
    next = fields.String(
        required=True,
        metadata={
            "format": "uri",
            "description": "The next page, also at the end: ask again later, or with `wait`.",
            "example": "http://127.0.0.1:8000/v1/changes?since=42",
        },
    )


class FeedSchema(Schema):
    """One page of the feed of changes, in the order of commits."""

    data = fields.List(fields.Nested(ChangeSchema), required=True)
    page = fields.Nested(FeedPageSchema, required=True)
