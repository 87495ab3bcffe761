"""Evidence as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), in JSON-LD."""

from typing import Any

from marshmallow import fields, validate

from schemas.fields import LANGUAGE_PATTERN, StrictSchema
from schemas.records.articles import LONGEST_TEXT

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = ["describing", "linking"]
PAGE_LENGTH = 1000

_IRI: dict[str, Any] = {"type": "string", "format": "uri"}


def _node(description: str, json_ld_type: str, **properties: Any) -> dict[str, Any]:
    """The JSON Schema of an object of one JSON-LD type, all of whose keys are there."""
    every = {"type": {"type": "string", "const": json_ld_type}, **properties}
    return {
        "type": "object",
        "description": description,
        "properties": every,
        "required": list(every),
        "additionalProperties": False,
    }


_POSITION: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": LONGEST_TEXT}
_TEXT: dict[str, Any] = {"type": "string"}

SELECTORS: list[dict[str, Any]] = [
    _node(
        "The span by position. `start` and `end` count Unicode code points of the article's text in NFC with LF line "
        "ends, from 0, the end exclusive. JavaScript strings count UTF-16 units instead, two for a code point beyond "
        "U+FFFF: `Array.from(text).slice(start, end).join('')` is the span, and "
        "`Array.from(text).slice(0, start).join('').length` its first UTF-16 unit.",
        "TextPositionSelector",
        start=_POSITION,
        end=_POSITION,
    ),
    _node(
        "The span by its words, with a few before and after it. Only where the article's text is attached, the span "
        "verifies, and it may be quoted whole.",
        "TextQuoteSelector",
        exact=_TEXT,
        prefix=_TEXT,
        suffix=_TEXT,
    ),
]
BODIES: list[dict[str, Any]] = [
    _node(
        "The statement that the passage carries.",
        "SpecificResource",
        purpose={"type": "string", "const": "linking"},
        source={**_IRI, "description": "The statement's IRI, where its record is."},
    ),
    _node(
        "The summary of the statement in one language, in our own words.",
        "TextualBody",
        purpose={"type": "string", "const": "describing"},
        value=_TEXT,
        language={"type": "string", "pattern": LANGUAGE_PATTERN},
        format={"type": "string", "const": "text/plain"},
    ),
]


def _fixed(value: str, description: str, **options: Any) -> fields.String:
    return fields.String(
        required=True, validate=validate.OneOf([value]), metadata={"description": description}, **options
    )


def _iri(description: str) -> fields.String:
    return fields.String(required=True, metadata={"format": "uri", "description": description})


def _moment(description: str) -> fields.String:
    return fields.String(required=True, metadata={"format": "date-time", "description": description})


def _any_of(schemas: list[dict[str, Any]], description: str) -> fields.List[Any]:
    item = fields.Raw(metadata={"anyOf": schemas})
    return fields.List(item, required=True, metadata={"minItems": 1, "description": description})


class AnnotationTargetSchema(StrictSchema):
    """The passage: a segment of the article's normalised text."""

    type = _fixed("SpecificResource", "A part of a resource.")
    source = _iri(
        "The article's IRI, where its record is. The record has the digest of the text that the span counts in."
    )
    selector = _any_of(SELECTORS, "Ways to find the passage; each by itself selects it.")


class AnnotationSchema(StrictSchema):
    """One span of evidence: the passage as target, the statement it carries as body."""

    id = _iri("The annotation's IRI: the article's annotations, then the statement and the span.")
    type = _fixed("Annotation", "The type of every annotation.")
    motivation = fields.List(
        fields.String(metadata={"enum": MOTIVATIONS}),
        required=True,
        metadata={"description": "Why it was made: the passage is described, and linked to a record."},
    )
    created = _moment("When the statement's record was created.")
    modified = _moment("When the statement's record last changed.")
    body = _any_of(BODIES, "The statement, and its summaries.")
    target = fields.Nested(AnnotationTargetSchema, required=True)


class AnnotationCollectionSchema(StrictSchema):
    """All the annotations of an article, a part of which is on each page."""

    id = _iri("The collection's IRI.")
    type = _fixed("AnnotationCollection", "The type of the collection.")
    total = fields.Integer(required=True, metadata={"description": "How many annotations there are.", "example": 40})


class AnnotationPageSchema(StrictSchema):
    """A page of the annotations of one article, as W3C Web Annotations in JSON-LD."""

    context = _fixed(CONTEXT, "The JSON-LD context that gives the keys their meaning.", data_key="@context")
    id = _iri("The page's IRI: the address of the request.")
    type = _fixed("AnnotationPage", "The type of the page.")
    part_of = fields.Nested(AnnotationCollectionSchema, data_key="partOf", required=True)
    start_index = fields.Integer(
        data_key="startIndex",
        required=True,
        metadata={"description": "The place of the first item in the collection, from 0.", "example": 0},
    )
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "uri", "description": "The next page; null on the last one, and only there."},
    )
    items = fields.List(
        fields.Nested(AnnotationSchema),
        required=True,
        metadata={"description": f"In the order of the spans' starts; at most {PAGE_LENGTH} on a page."},
    )


PAGE_EXAMPLE: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "http://127.0.0.1:8000/v1/articles/vision-group-lavrov-guterres-2020/annotations",
    "type": "AnnotationPage",
    "partOf": {
        "id": "http://127.0.0.1:8000/v1/articles/vision-group-lavrov-guterres-2020/annotations#all",
        "type": "AnnotationCollection",
        "total": 1,
    },
    "startIndex": 0,
    "next": None,
    "items": [
        {
            "id": "http://127.0.0.1:8000/v1/articles/vision-group-lavrov-guterres-2020/annotations"
            "#guterres-welcomes-russia-role-karabakh-2020-12.398-409",
            "type": "Annotation",
            "motivation": MOTIVATIONS,
            "created": "2026-11-21T09:00:00.000000Z",
            "modified": "2026-11-21T09:00:00.000000Z",
            "body": [
                {
                    "type": "SpecificResource",
                    "purpose": "linking",
                    "source": "http://127.0.0.1:8000/v1/statements/guterres-welcomes-russia-role-karabakh-2020-12",
                },
                {
                    "type": "TextualBody",
                    "purpose": "describing",
                    "value": "Guterres welcomes Russia's role",
                    "language": "en",
                    "format": "text/plain",
                },
            ],
            "target": {
                "type": "SpecificResource",
                "source": "http://127.0.0.1:8000/v1/articles/vision-group-lavrov-guterres-2020",
                "selector": [
                    {"type": "TextPositionSelector", "start": 398, "end": 409},
                    {"type": "TextQuoteSelector", "exact": "the passage", "prefix": "before ", "suffix": " and after"},
                ],
            },
        }
    ],
}
