"""Drafts: an article's text as it is sent, and what may be said in it, for a person to confirm. Nothing of it is stored."""

from typing import Any

from marshmallow import Schema, fields, validate

from schemas.fields import EDTFDate, Language, StrictSchema, Text

LANGUAGES = ["ar", "en"]
LONGEST_TEXT = 50_000
"""Code points of a text that is drafted, eight thousand words."""
MOST_TOKENS = 12_000
"""Words, numbers and signs of a text that is drafted. Texts of `LONGEST_TEXT` have some ten thousand; a text of single letters or
signs could have five times as many, and each of them costs what a word does. The worst text within both takes a second."""


class DraftRequestSchema(StrictSchema):
    """An article to be drafted."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_TEXT),
        metadata={"description": f"The article's text, or its HTML; at most {LONGEST_TEXT:,} characters."},
    )
    title = Text(300)
    publisher = Text(200, metadata={"description": "A name, or the id of a speaker."})
    published = EDTFDate(metadata={"description": "When the page was published (EDTF)."})
    language = Language(
        metadata={"description": "`ar` or `en`; found out from the text unless given.", "example": "ar"}
    )


def _text(description: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description}, **options)


def _several(schema: type[Schema], description: str) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, metadata={"description": description})


class DraftSpanSchema(Schema):
    """A stretch of the text, in code points."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class DraftEvidenceSchema(DraftSpanSchema):
    """A span of the text with its digest."""

    sha256 = _text("SHA-256 of its words in UTF-8.")


class DraftRecordSchema(Schema):
    """A known record, by its type, id and names."""

    type = fields.String(required=True)
    id = fields.String(required=True)
    name = fields.Dict(required=True)


class DraftMentionSchema(DraftSpanSchema):
    """A name in the text, and the known records that go by it; several of them are for a person to choose from."""

    label = fields.String(required=True)
    records = _several(DraftRecordSchema, "The records, none for a name that none goes by.")


class DraftWordSchema(DraftSpanSchema):
    """The reporting word."""

    text = fields.String(required=True)


class DraftSpeakerSchema(DraftSpanSchema):
    """Who speaks, as the text names them."""

    label = fields.String(required=True)
    speaker = fields.Dict(
        required=True,
        metadata={"description": "`id` and `name` of the record; `id` is null for somebody who would be new."},
    )
    candidates = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Records that may be meant: `id`, `name`, `score` from 0 to 1, `matched`."},
    )
    office = fields.String(required=True, allow_none=True, metadata={"description": "As the text words it."})
    kind = fields.String(required=True, allow_none=True)
    capacity = fields.String(required=True)


class DraftFigureSchema(DraftSpanSchema):
    """A number of the statement."""

    measure = fields.String(required=True)
    value = fields.Float(required=True)
    bound = fields.String(required=True)
    claimant = fields.Dict(required=True, allow_none=True)
    party = fields.Dict(required=True, allow_none=True, metadata={"description": "Always null: a person decides."})


class DraftStatementSchema(Schema):
    """A statement that may have been made, each field as in statements; `undecided` says what is left to a person."""

    evidence = _several(DraftEvidenceSchema, "Attribution and proposition.")
    word = fields.Nested(DraftWordSchema, required=True)
    act = fields.String(required=True)
    alternatives = fields.List(
        fields.String(), required=True, metadata={"description": "Other acts that could be chosen."}
    )
    mode = fields.String(required=True)
    speakers = _several(DraftSpeakerSchema, "Who speaks.")
    on_behalf_of = fields.List(fields.Dict(), required=True)
    targets = fields.List(fields.Nested(DraftMentionSchema), required=True)
    chain = fields.List(fields.Dict(), required=True)
    date = fields.String(required=True, allow_none=True)
    date_basis = fields.String(required=True, allow_none=True)
    agreements = fields.List(fields.Nested(DraftMentionSchema), required=True)
    events = fields.List(fields.Nested(DraftMentionSchema), required=True)
    places = fields.List(fields.Nested(DraftMentionSchema), required=True)
    figures = fields.List(fields.Nested(DraftFigureSchema), required=True)
    undecided = fields.List(fields.String(), required=True)
    rules = fields.List(
        fields.String(),
        metadata={"description": "The rules that found it and chose its act; only with `explain=true`."},
    )


class DraftedArticleSchema(Schema):
    """What the text says of itself. `known` is the record of the same text, and what its statements have otherwise."""

    sha256 = fields.String(required=True)
    length = fields.Integer(required=True)
    language = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    publisher = fields.Dict(required=True, allow_none=True)
    credits = fields.List(fields.Dict(), required=True)
    dateline = fields.Nested(DraftSpanSchema, required=True, allow_none=True)
    published = fields.String(required=True, allow_none=True)
    published_basis = fields.String(required=True, allow_none=True)
    known = fields.Dict(required=True, allow_none=True)
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The text that positions refer to, when HTML was sent; null otherwise."},
    )


class DraftUndecidedSchema(DraftSpanSchema):
    """A passage that was left out, and why."""

    reason = fields.String(required=True)


class DraftSchema(Schema):
    """A draft: what may be said in the text. Every span is of the text; nothing is stored."""

    article = fields.Nested(DraftedArticleSchema, required=True)
    statements = _several(DraftStatementSchema, "In the order of the text.")
    mentions = _several(DraftMentionSchema, "The known names in the text.")
    undecided = _several(DraftUndecidedSchema, "What was left out.")
