"""Suggestions: names while they are being typed."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from flask import Response
from marshmallow import fields, validate

from api.http.operations import Operation, Tag
from api.http.responses import finished
from api.names import suggestions
from schemas.answers.suggestions import NAMED, SuggestionsSchema
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.values import WholeNumber, any_of

TAG = Tag("suggestions", "Names while they are being typed.")

LONGEST_BEGINNING = 100  # characters; longer than any name is typed
MOST_SUGGESTIONS = 50


class SuggestQuery(QuerySchema):
    """The parameters of suggestions."""

    q = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_BEGINNING),
        metadata={
            "description": "The beginning of a name, from any of its words on, in any language and spelling that a record goes by; "
            "the Arabic article may be left out.",
            "example": "غوت",
        },
    )
    type = any_of(fields.String(validate=validate.OneOf(NAMED)), "Only records of this type.", "speakers")
    limit = WholeNumber(
        load_default=10,
        validate=validate.Range(min=1, max=MOST_SUGGESTIONS),
        metadata={"description": "The most suggestions wanted.", "example": 10},
    )

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with no value, or with one that no name can begin with."""
        yield from super().contradictions(query, values)
        if "q" not in values:
            yield "q", "Is missing: give the beginning of a name."
        elif not suggestions.beginning(values["q"]):
            yield "q", "Has neither letters nor digits with which a name could begin."


EXAMPLE = {
    "data": [
        {
            "type": "speakers",
            "id": "antonio-guterres",
            "name": {"ar": "أنطونيو غوتيريش", "en": "António Guterres"},
            "matched": "أنطونيو غوتيريش",
            "references": 26,
        }
    ]
}


def suggest(query: dict[str, Any]) -> Response:
    """Suggest speakers, agreements, places and events while a name is being typed.

    The most referred to come first. For words inside of texts there is the parameter `q` of the collections.
    """
    types = list(dict.fromkeys(query.get("type", ())))
    matching = suggestions.suggestions(query["q"], types, query["limit"])
    return finished(orjson.dumps({"data": [suggestion._asdict() for suggestion in matching]}))


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/suggest",
        view=suggest,
        tag=TAG,
        query=SuggestQuery(),
        answer=SuggestionsSchema,
        example=EXAMPLE,
    ),
)
