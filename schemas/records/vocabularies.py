"""The closed vocabularies: bilingual terms that every coded field of the API takes its value from.

The terms live in `terms/` beside this module, one JSON document per vocabulary, in the very shape that `GET /v1/vocabularies/{id}`
answers with.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from marshmallow import fields, validate

from schemas import messages
from schemas.fields import (
    Identifier,
    Language,
    Multilingual,
    RecordSchema,
    Several,
    Slug,
    StrictSchema,
    Text,
    Unique,
    parts,
)

VERB_LENGTH = 100  # "called for a halt to": a verb with the words that make it one


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Every vocabulary by its id, as written in the JSON documents."""
    folder = files("schemas") / "terms"
    parsed = (
        json.loads(entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".json")
    )
    return {document["id"]: document for document in sorted(parsed, key=lambda document: str(document["id"]))}


def term_ids(vocabulary: str) -> list[str]:
    """The ids of a vocabulary's terms, in menu order."""
    return [term["id"] for term in documents()[vocabulary]["terms"]]


@cache
def labels(vocabulary: str) -> dict[str, dict[str, str]]:
    """The labels of a vocabulary's terms, by language, by the terms' ids."""
    return {term["id"]: term["label"] for term in documents()[vocabulary]["terms"]}


@cache
def other_words(vocabulary: str) -> dict[str, list[str]]:
    """The words besides the labels by which readers look for a vocabulary's terms, by the terms' ids."""
    return {
        term["id"]: [
            word for key in ("verbs", "synonyms") for of_language in term.get(key, {}).values() for word in of_language
        ]
        for term in documents()[vocabulary]["terms"]
    }


class Term(fields.String):
    """A term of one closed vocabulary, written as its id."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        choices = validate.OneOf(
            term_ids(vocabulary),
            error=messages.NO_TERM.knowing(vocabulary=vocabulary),
        )
        super().__init__(validate=choices, **options)


class TermSchema(StrictSchema):
    """A term: the value a record holds, how to show it, and what it means."""

    id = Slug(required=True, metadata={"description": "The value that records hold.", "example": "welcome"})
    label = Multilingual(required=True, metadata={"description": "Short, ready for a menu."})
    definition = Multilingual(
        lines=True, required=True, metadata={"description": "One line that tells this term from its neighbours."}
    )
    identifiers = parts(
        Identifier,
        "scheme",
        "value",
        metadata={"description": "The same idea in other schemes, where the match is sure."},
    )
    verbs = fields.Dict(
        keys=Language(),
        values=Several(Text(VERB_LENGTH), Unique()),
        load_default=dict,
        metadata={
            "description": "The verbs that usually carry an act, by language, the likeliest first: in Arabic the third "
            "person singular of the perfect, in English the infinitive. A verb may carry several acts; {} for terms "
            "that are no acts.",
            "example": {"ar": ["رحب"], "en": ["welcome"]},
        },
    )
    synonyms = fields.Dict(
        keys=Language(),
        values=Several(Text(VERB_LENGTH), Unique()),
        load_default=dict,
        metadata={
            "description": "Other words by which readers look for the term, by language: a search for them finds the records that hold it.",
            "example": {"ar": ["هدنة"], "en": ["truce"]},
        },
    )
    deprecated = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={
            "description": "Whether new records should use another term. Records that hold it stay valid, and its id is "
            "never given to anything else."
        },
    )
    replaced_by = Several(
        Slug(),
        Unique(),
        metadata={"description": "For a deprecated term, the terms of this vocabulary to use instead."},
    )


class VocabularySchema(RecordSchema):
    """A closed list of terms, versioned."""

    id = Slug(required=True, metadata={"example": "acts"})
    version = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1),
        metadata={"description": "Raised whenever a term is added or changes its meaning."},
    )
    name = Multilingual(required=True)
    description = Multilingual(lines=True, required=True)
    terms = parts(TermSchema, "id", least=1)
