"""What is offered while a name is being typed, and when a search for one finds nothing."""

from marshmallow import Schema, fields

from schemas.fields import Multilingual

NAMED = ["speakers", "agreements", "places", "events"]
"""The nouns whose records are suggested."""
NOUN = {
    "description": "The noun of the record: its address is `/v1/{noun}/{id}`.",
    "enum": NAMED,
    "example": "speakers",
}


class SuggestionSchema(Schema):
    """A record one of whose names begins with what was typed."""

    noun = fields.String(required=True, metadata=NOUN)
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
    """A name near to what was asked, mistyped or written in another script, and the record that bears it."""

    text = fields.String(required=True, metadata={"description": "The name, to be asked for.", "example": "Lavrov"})
    noun = fields.String(required=True, metadata=NOUN)
    id = fields.String(required=True, metadata={"example": "sergey-lavrov"})
    name = Multilingual(required=True)


class SuggestionsSchema(Schema):
    """The most referred to records that match, and no more than `limit`."""

    data = fields.List(fields.Nested(SuggestionSchema), required=True)
