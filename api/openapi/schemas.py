"""The schemas of answers: what marshmallow and apispec can't say of them."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from api.http import problems
from api.queries import counting
from schemas.fields import LANGUAGE_LENGTH, LANGUAGE_PATTERN, LANGUAGES, NAME_LENGTH, TEXT_LENGTH, Reference
from schemas.suggestions import MOST_HIGHLIGHTS

Node = dict[str, Any]

RECORDS = {
    "statements": "Statement",
    "speakers": "Speaker",
    "agreements": "Agreement",
    "communiques": "Communique",
    "events": "Event",
    "places": "Place",
    "articles": "Article",
    "vocabularies": "Vocabulary",
}
"""The component that describes a whole record of each record type."""

NOT_ALWAYS = ("total", "did_you_mean", "highlights")
"""The keys of answers that are only there when asked for, or when nothing else is."""

HIGHLIGHTS: Node = {
    "description": "What `q` matched in the record's own words, in their order; only with `highlight=true`. Empty when it was found by "
    f"what it refers to. At most {MOST_HIGHLIGHTS}; what matches further on is not shown.",
    "type": "array",
    "maxItems": MOST_HIGHLIGHTS,
    "items": {"$ref": "#/components/schemas/Highlight"},
}

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
BY_LANGUAGE = {"Multilingual": MULTILINGUAL, "Name": NAME}
"""The components of text in several languages."""


def _classes(api: Any) -> dict[str, type[Schema]]:
    """The marshmallow class behind each component."""
    return {name: key[0] for key, name in api.ma_plugin.converter.refs.items()}


def finish_schemas(schemas: Node, api: Any) -> None:
    """Say what marshmallow can't, and that every key of an answer is always there unless `fields` asked for less."""
    classes = _classes(api)
    for name, schema in schemas.items():
        schema["description"] = (classes[name].__doc__ or "").strip()
        _name_linked_records(schema["properties"], classes[name])
        for node in _schemas_within(schema):
            _modernise(node)
        if name not in ("Problem", "Mistake"):
            schema["required"] = [key for key in schema["properties"] if key not in NOT_ALWAYS]
    schemas["Problem"]["properties"]["type"]["enum"] = [
        problems.type_of(kind) for kind in (*problems.KINDS, problems.OTHER)
    ]
    schemas["Facet"]["properties"]["facet"]["enum"] = list(counting.FACETS)
    schemas["Timeline"]["properties"]["interval"]["enum"] = list(counting.INTERVALS)
    schemas["Reference"].pop("additionalProperties", None)  # an expanded reference is the whole record
    schemas.update(BY_LANGUAGE)
    for record_type, name in RECORDS.items():
        _tell_whole_from_partial(schemas, name)
        schemas[f"Linked{name}"] = _linked(record_type, name)


def _schemas_within(schema: Node) -> Iterator[Node]:
    """A schema and all schemas inside it, without following references."""
    yield schema
    for inner in (*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")):
        if inner is not None:
            yield from _schemas_within(inner)


def _modernise(schema: Node) -> None:
    """JSON Schema 2020-12 where apispec writes OpenAPI 3.0, and components for texts in several languages."""
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]
    values = schema.get("additionalProperties")
    if isinstance(values, dict):  # apispec takes the bounds of what has a length for those of a text
        for bound in ("min", "max"):
            if f"{bound}Length" in schema:
                schema[f"{bound}Properties"] = schema.pop(f"{bound}Length")
    component = next((name for name, node in BY_LANGUAGE.items() if node["additionalProperties"] == values), None)
    if component is None:
        return
    kinds = schema.pop("type")
    for key in ("minProperties", "maxProperties", "additionalProperties"):  # the component says them
        schema.pop(key, None)
    if schema.get("examples") == MULTILINGUAL["examples"]:
        del schema["examples"]
    text = {"$ref": f"#/components/schemas/{component}"}
    schema.update({"anyOf": [text, {"type": "null"}]} if "null" in kinds else text)


def _name_linked_records(properties: Node, declared: type[Schema]) -> None:
    """Let each reference say which record type's record `expand` puts in its place."""
    for name, field in declared().fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, Reference):
            for node in _schemas_within(properties[field.data_key or name]):
                if "$ref" in node:
                    node["$ref"] = f"#/components/schemas/Linked{RECORDS[inner.record_type]}"


def _linked(record_type: str, name: str) -> Node:
    # Without `allOf`: records refer to each other in circles, in which Swagger UI can't resolve it.
    return {
        "description": f"The id and name of {with_article(name)}; with `expand={record_type}` the rest of the record too.",
        "type": "object",
        "properties": {"id": {"type": "string"}, "name": {"$ref": "#/components/schemas/Multilingual"}},
        "required": ["id", "name"],
        "anyOf": [{"$ref": "#/components/schemas/Reference"}, {"$ref": f"#/components/schemas/{name}"}],
    }


def _tell_whole_from_partial(schemas: Node, name: str) -> None:
    """Split a record's schema: the keys it may have, and the whole that has all of them."""
    whole = schemas[name]
    schemas[f"Partial{name}"] = {
        **{key: value for key, value in whole.items() if key != "additionalProperties"},
        "description": f"The keys of {with_article(name)} that `fields` asked for, and its id.",
        "required": ["id"],
    }
    # `required` stands beside `allOf`, not inside it, for there code generators apply it to the properties above.
    schemas[name] = {
        "description": whole["description"],
        "allOf": [{"$ref": f"#/components/schemas/Partial{name}"}],
        "required": whole["required"],
    }
    # Code generators read properties beside `anyOf` as one more alternative.
    schemas[f"{name}Page"]["properties"]["data"]["items"] = {
        "allOf": [whole_or_partial(name), {"type": "object", "properties": {"highlights": HIGHLIGHTS}}]
    }


def whole_or_partial(name: str) -> Node:
    """A whole record, or the part of it that `fields` asked for."""
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"$ref": f"#/components/schemas/Partial{name}"}]}


def with_article(name: str) -> str:
    """A component's name in a sentence."""
    return f"{'an' if name[0] in 'AE' else 'a'} {name.lower()}"
