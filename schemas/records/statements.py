"""Statements: one speech act each, with everyone who carried it to the page."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import (
    EDTFDate,
    Multilingual,
    Quantity,
    RecordSchema,
    Reference,
    Several,
    Slug,
    StrictSchema,
    Text,
    Unique,
    parts,
    references,
)
from schemas.records.articles import LONGEST_TEXT, sha256
from schemas.records.offices import OfficeReference
from schemas.records.vocabularies import Term

TAKEN_IDS = ("export", "facets", "timeline")
"""What stands where ids stand: `/v1/statements/facets` is no statement."""

EVIDENCE_STATUSES = ["verified", "text-not-attached", "mismatch"]


class StatementSpeakerSchema(StrictSchema):
    """Who made the statement, in which office and capacity."""

    speaker = Reference("speakers", required=True)
    office = OfficeReference()
    capacity = Term("capacities", required=True, metadata={"example": "author"})


class AgreementReferenceSchema(StrictSchema):
    """An agreement the statement refers to, and how."""

    agreement = Reference("agreements", required=True)
    relation = Term("agreement-references", required=True, metadata={"example": "welcomes"})
    provision = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=999),
        metadata={"description": "The point referred to, by its number in the agreement."},
    )
    label = Text(
        200,
        load_default=None,
        allow_none=True,
        metadata={"searchable": True, "description": "The phrase the text used for the agreement."},
    )


class FigureSchema(StrictSchema):
    """A number somebody put forward. Nobody's number is stored as fact."""

    measure = Term("measures", required=True, metadata={"example": "soldiers-killed"})
    value = Quantity(required=True, validate=validate.Range(min=0, max=10**15), metadata={"example": 105})
    unit = Term("units", required=True, metadata={"example": "people"})
    bound = Term("bounds", required=True, metadata={"example": "exact"})
    claimant = Reference("speakers", required=True, metadata={"description": "Who puts the number forward."})
    party = Reference(
        "speakers",
        load_default=None,
        allow_none=True,
        metadata={"description": "Whose loss, or whose doing, is counted."},
    )
    period = EDTFDate(load_default=None, allow_none=True)
    event = Reference("events", load_default=None, allow_none=True)


class StatementLinkSchema(StrictSchema):
    """Another statement that this one answers or repeats."""

    relation = Term("statement-relations", required=True, metadata={"example": "repeats"})
    statement = Reference("statements", required=True)


class ChainLinkSchema(StrictSchema):
    """One agent on the way from the speaker to the page."""

    agent = Reference("speakers", required=True)
    role = Term("chain-roles", required=True, metadata={"example": "issued"})


class EvidenceSchema(StrictSchema):
    """A span of the article: a W3C Web Annotation TextPositionSelector over the normalised (NFC, LF) text."""

    start = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=0, max=LONGEST_TEXT),
        metadata={
            "description": "First character, counted in Unicode code points from 0 (JavaScript counts UTF-16 units).",
            "example": 398,
        },
    )
    end = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_TEXT),
        metadata={"description": "The character after the last one, in code points.", "example": 409},
    )
    sha256 = sha256(
        metadata={
            "description": "Digest of the span's text in UTF-8.",
            "example": "3b29c0e796127af92af43c8b588e4665df74171b4f36f9d3ddf34b27af951707",
        }
    )
    status = fields.String(
        dump_only=True,
        validate=validate.OneOf(EVIDENCE_STATUSES),
        metadata={
            "description": "Whether this service has the article's text and the span matches it. A mismatch is never anchored anew.",
            "example": "text-not-attached",
        },
    )
    quotation = fields.String(
        dump_only=True,
        allow_none=True,
        metadata={
            "description": "The words of a verified span, as far as the operator lets them be quoted; null for any other."
        },
    )
    truncated = fields.Boolean(
        dump_only=True,
        metadata={"description": "Whether the quotation is only the beginning of the span.", "example": False},
    )

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, span: dict[str, Any], **_: Any) -> None:
        if {"start", "end"} <= span.keys() and span["end"] <= span["start"]:
            raise ValidationError("The end must lie after the start.", "end")


class ReportSchema(StrictSchema):
    """One article that carries the statement, and through whom it got there."""

    article = Reference("articles", required=True)
    chain = parts(
        ChainLinkSchema,
        "agent",
        least=1,
        metadata={"description": "Ordered from the speaker to the page."},
    )
    mode = Term("report-modes", required=True, metadata={"example": "indirect"})
    label = Text(
        200,
        load_default=None,
        allow_none=True,
        metadata={"searchable": True, "description": "How the outlet named the speaker, when not by name."},
    )
    evidence = parts(EvidenceSchema, "start", "end", least=1)
    first_hand = fields.Boolean(
        dump_only=True,
        metadata={
            "description": "Whether every speaker's own side put the words out, as against somebody else saying so."
        },
    )
    first_hand_for = references(
        "speakers",
        dump_only=True,
        metadata={"description": "The speakers whose own side put the words out."},
    )


class StatementSchema(RecordSchema):
    """Who said what, when, on whose behalf, about which agreement, according to whom."""

    id = Slug(TAKEN_IDS, required=True, metadata={"example": "guterres-welcomes-russian-role-2020-12"})
    speakers = parts(StatementSpeakerSchema, "speaker", least=1)
    on_behalf_of = references("speakers")
    addressees = references(
        "speakers", metadata={"description": "Those to whom it was spoken or written, at the occasion itself."}
    )
    targets = references(
        "speakers",
        metadata={
            "description": "Whom the act is directed at or speaks of (CAMEO's target): the accused, the praised, the urged."
        },
    )
    act = Term(
        "acts",
        required=True,
        metadata={
            "description": "What the speaker did by saying it, kept apart from the outlet's verb.",
            "example": "welcome",
        },
    )
    summary = Multilingual(
        lines=True,
        required=True,
        metadata={
            "description": "What was said, in our own words.",
            "example": {"ar": "غوتيريش يرحب بالدور الروسي", "en": "Guterres welcomes Russia's role"},
        },
    )
    date = EDTFDate(required=True, metadata={"description": "When it was said (EDTF)."})
    date_basis = Term("date-bases", required=True, metadata={"example": "stated"})
    date_earliest = fields.String(
        dump_only=True,
        allow_none=True,
        metadata={
            "format": "date",
            "description": "First day that `date` can mean; null when its beginning is open.",
            "example": "2020-12-04",
        },
    )
    date_latest = fields.String(
        dump_only=True,
        allow_none=True,
        metadata={
            "format": "date",
            "description": "Last day that `date` can mean; null when its end is open.",
            "example": "2020-12-04",
        },
    )
    communique = Reference("communiques", load_default=None, allow_none=True)
    event = Reference(
        "events", load_default=None, allow_none=True, metadata={"description": "The occasion on which it was said."}
    )
    about_events = references("events", metadata={"description": "The events it speaks of."})
    agreements = parts(AgreementReferenceSchema, "agreement", "relation", "provision")
    topics = Several(Term("topics"), Unique())
    places = references("places")
    figures = parts(FigureSchema)
    links = parts(StatementLinkSchema, "statement", "relation")
    reports = parts(ReportSchema, "article", least=1)
    first_hand = fields.Boolean(dump_only=True, metadata={"description": "Whether any report is first hand."})
    first_hand_for = references(
        "speakers",
        dump_only=True,
        metadata={"description": "The speakers whose own side put the words out in some report."},
    )
