"""Aids to searching: suggestions while a name is typed and when there are no results, and what a query matched."""

from typing import Any

from marshmallow import Schema, fields, validate

from schemas.fields import Multilingual

NAMED = ["speakers", "agreements", "places", "events"]
"""The record types whose records have names and aliases: they are found in texts by them, and suggested."""
RECORD_TYPE = {
    "description": "The record type: the address of the record is `/v1/{type}/{id}`.",
    "enum": NAMED,
    "example": "speakers",
}


class SuggestionSchema(Schema):
    """A record one of whose names begins with what was typed."""

    type = fields.String(required=True, metadata=RECORD_TYPE)
    id = fields.String(required=True, metadata={"example": "antonio-guterres"})
    name = Multilingual(required=True)
    matched = fields.String(
        required=True,
        metadata={"description": "The first of its names and variants that matches, as written.", "example": "غوتيريس"},
    )
    references = fields.Integer(
        required=True,
        metadata={"description": "How many statements refer to the record anywhere; each counts once.", "example": 27},
    )


class NearNameSchema(Schema):
    """A name near to the words of the query, mistyped or written in another script, and the record that bears it."""

    text = fields.String(required=True, metadata={"description": "The name.", "example": "Lavrov"})
    type = fields.String(required=True, metadata=RECORD_TYPE)
    id = fields.String(required=True, metadata={"example": "sergey-lavrov"})
    name = Multilingual(required=True)
    href = fields.String(required=True, metadata={"format": "uri", "description": "The same search with this name."})


def _as_written(description: str, *example: str) -> fields.Field[Any]:
    """Pieces of a query as they were written."""
    return fields.List(fields.String(), required=True, metadata={"description": description, "example": list(example)})


class UnderstandingSchema(Schema):
    """How `q` was understood: nothing of it is ignored in silence."""

    words = _as_written("What was looked for, as written: words, phrases, beginnings.", "accused")
    passed_over = _as_written(
        "Function words and question words, which need not occur. A query of nothing else is looked for as it is.",
        "who",
    )
    excluded = _as_written("What must not occur.")
    missing = _as_written(
        "Those of `words` that occur in no record of the collection, as far as that was found out: only by relevance."
    )
    matched = fields.String(
        required=True,
        validate=validate.OneOf(["all", "most"]),
        metadata={
            "description": "Whether every record of this page has `all` of the words, or some have only `most` of their weight, which is"
            " enough by relevance.",
            "example": "all",
        },
    )


class SuggestionsSchema(Schema):
    """The most referred to records that match, and no more than `limit`."""

    data = fields.List(fields.Nested(SuggestionSchema), required=True)


MOST_HIGHLIGHTS = 20
"""Snippets shown of one record."""


class HighlightSchema(Schema):
    """A piece of the record's own words that the query matched."""

    pointer = fields.String(
        required=True,
        metadata={"description": "JSON pointer (RFC 6901) to the text in the record.", "example": "/summary/en"},
    )
    text = fields.String(
        required=True,
        metadata={
            "description": "The text, or up to 200 characters of it, as it stands there. Plain text: escape it for HTML.",
            "example": "Guterres welcomes Russia's role",
        },
    )
    start = fields.Integer(
        required=True,
        metadata={"description": "Where this piece begins in the whole text, in code points.", "example": 0},
    )
    matches = fields.List(
        fields.List(fields.Integer(), validate=validate.Length(equal=2)),
        required=True,
        metadata={
            "description": "Start and end (exclusive) of each match in `text`, in code points (JavaScript counts UTF-16 units).",
            "example": [[0, 8]],
        },
    )
