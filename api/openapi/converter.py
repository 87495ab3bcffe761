"""From marshmallow's schemas and fields to JSON Schema 2020-12, by apispec; texts, terms and references by their names."""

from collections.abc import Iterable
from inspect import cleandoc
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from api import __version__
from api.openapi.components import RECORDS, Node, schema
from schemas.fields import (
    DATE_LENGTH,
    ID_LENGTH,
    ID_PATTERN,
    LANGUAGE_LENGTH,
    LANGUAGE_PATTERN,
    LANGUAGES,
    NAME_LENGTH,
    NONE,
    TEXT_LENGTH,
    EDTFDate,
    Language,
    Multilingual,
    Reference,
    Slug,
)
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.values import AnyOf, Names
from schemas.records import vocabularies
from schemas.records.vocabularies import Term

MULTILINGUAL: Node = {
    "description": f"Text for people, keyed by language (BCP 47 tag); at least one, at most {LANGUAGES}.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": LANGUAGES,
    "propertyNames": {"pattern": LANGUAGE_PATTERN, "maxLength": LANGUAGE_LENGTH},
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH},
    "examples": [{"ar": "أنطونيو غوتيريش", "en": "António Guterres"}],
}
NAME: Node = {
    **MULTILINGUAL,
    "description": "The name by which a record is found, keyed by language (BCP 47 tag).",
    "additionalProperties": {**MULTILINGUAL["additionalProperties"], "maxLength": NAME_LENGTH},
}
SCALARS: dict[str, Node] = {
    "OtherJSON": {
        "type": ["array", "object"],
        "items": {},
        "description": "JSON of another specification, named by the media type.",
    },
    "Multilingual": MULTILINGUAL,
    "Name": NAME,
    "Id": {
        "type": "string",
        "description": "An id: lowercase ASCII letters and digits in groups joined by hyphens.",
        "maxLength": ID_LENGTH,
        "pattern": ID_PATTERN,
    },
    "EDTFDate": {
        "type": "string",
        "description": "A date that may be vague: EDTF (ISO 8601-2:2019) level 0 or 1.",
        "maxLength": DATE_LENGTH,
        "format": "edtf",
    },
    "LanguageTag": {
        "type": "string",
        "description": "A language (BCP 47 tag).",
        "maxLength": LANGUAGE_LENGTH,
        "pattern": LANGUAGE_PATTERN,
    },
}
"""The components of texts, ids and dates."""

_SINGULARS = {"statuses": "status", "bases": "basis", "capacities": "capacity"}
_OTHER_NAMES = {
    "agreement-references": "AgreementReferenceRelation",
    "agreement-relations": "AgreementRelationKind",
}
"""The names of terms whose vocabulary is called like a schema."""


def name_of_terms(vocabulary: str) -> str:
    """The component that lists the terms of a vocabulary: `SpeakerKind` for `speaker-kinds`."""
    *words, last = vocabulary.split("-")
    singular = _SINGULARS.get(last, last.removesuffix("s"))
    return _OTHER_NAMES.get(vocabulary) or "".join(word.capitalize() for word in (*words, singular))


def enumerations() -> dict[str, Node]:
    """The terms of each vocabulary as a schema."""
    return {
        name_of_terms(vocabulary): {
            "type": "string",
            "description": f"{document['description']['en']} The terms of the vocabulary `{vocabulary}`.",
            "enum": vocabularies.term_ids(vocabulary),
        }
        for vocabulary, document in vocabularies.documents().items()
    }


def _component(field: fields.Field[Any]) -> str | None:
    """The component by whose name a field is described, if any."""
    if isinstance(field, Term):
        return name_of_terms(field.vocabulary)
    if isinstance(field, Reference):
        return f"Linked{RECORDS[field.record_type]}"
    if isinstance(field, Multilingual):
        return "Name" if field.longest == NAME_LENGTH else "Multilingual"
    return next((name for kind, name in _BY_CLASS.items() if isinstance(field, kind)), None)


_BY_CLASS: dict[type[fields.Field[Any]], str] = {Slug: "Id", EDTFDate: "EDTFDate", Language: "LanguageTag"}
_SAID_BY_COMPONENTS = tuple("type format enum pattern minLength maxLength additionalProperties $ref anyOf".split())


def named_component(_: Any, field: fields.Field[Any], ret: Node) -> Node:
    """An attribute function for apispec: refer to the component of a field in place of what it says itself."""
    name = _component(field)
    if name is None:
        return {}
    for key in _SAID_BY_COMPONENTS:
        ret.pop(key, None)
    if ret.get("example") in MULTILINGUAL["examples"]:
        del ret["example"]
    return {"anyOf": [schema(name), {"type": "null"}]} if field.allow_none else schema(name)


def example_as_list(_: Any, field: fields.Field[Any], ret: Node) -> Node:
    """An attribute function for apispec: `examples` of JSON Schema in place of OpenAPI 3.0's `example`."""
    return {"examples": [ret.pop("example")]} if "example" in ret else {}


def none_beside_values(_: Any, field: fields.Field[Any], ret: Node) -> Node:
    """An attribute function for apispec: the word for records without a value, where that is no id."""
    if not isinstance(field, AnyOf) or not field.optional or isinstance(field.inner, Slug):
        return {}
    return {"items": {"anyOf": [ret["items"], {"type": "string", "const": NONE}]}}


_DEFAULTS = {"required": False, "style": "form", "explode": True}
"""What OpenAPI takes a query parameter for that does not say otherwise."""


class Converter:
    """Describes marshmallow's schemas; those met so far are in `schemas` by name, with the classes behind them."""

    def __init__(self) -> None:
        plugin = MarshmallowPlugin(schema_name_resolver=_name)
        self._spec = APISpec("Tasrih", __version__, "3.1.0", plugins=[plugin])
        converter: Any = plugin.converter  # there as soon as a document has the plugin
        for function in (named_component, example_as_list, none_beside_values):
            converter.add_attribute_function(function)
        self._converter = converter

    def schema(self, declared: type[Schema]) -> Node:
        """A reference to the component of a schema, which is added unless it is there."""
        node: Node = self._converter.resolve_nested_schema(declared)
        return node

    def parameters(self, query: QuerySchema) -> list[Node]:
        """The query parameters of an operation, each with its example. Lists of names are written with commas."""
        parameters: list[Node] = self._converter.schema2parameters(query, location="query") if query.fields else []
        for parameter in parameters:
            examples = parameter["schema"].pop("examples", ())
            if examples:
                parameter["example"] = examples[0]
            if isinstance(query.fields[parameter["name"]], Names):
                parameter["explode"] = False
            for key, value in _DEFAULTS.items():
                if parameter.get(key) == value:
                    del parameter[key]
        return parameters

    def schemas(self, more: Iterable[type[Schema]]) -> dict[str, Node]:
        """All components, with those of some schemas that no operation names, each described by its class."""
        for declared in more:
            self.schema(declared)
        classes = {name: key[0] for key, name in self._converter.refs.items()}
        components: dict[str, Node] = self._spec.to_dict()["components"]["schemas"]
        return {
            name: {**node, "description": cleandoc(classes[name].__doc__ or "")} for name, node in components.items()
        }


def _name(declared: Any) -> str:
    declared = declared if isinstance(declared, type) else type(declared)
    return str(declared.__name__).removesuffix("Schema")
