"""The schemas of answers: what marshmallow and apispec can't say of them."""

from collections.abc import Mapping
from typing import Any

from api.http.problems import PROBLEMS
from api.openapi.components import DATA, RECORDS, Node, schema
from api.openapi.converter import SCALARS, enumerations
from api.openapi.enumerations import Enumerations
from api.openapi.references import references
from api.queries import counting
from schemas.fields import LIST_LENGTH
from schemas.suggestions import MOST_HIGHLIGHTS

NOT_ALWAYS = ("total", "did_you_mean", "highlights")
"""The keys of answers that are only there when asked for, or when nothing else is."""

HIGHLIGHTS: Node = {
    "description": "What `q` matched in the record's own words, in their order; only in collections, with `highlight=true`. Empty when it"
    f" was found by what it refers to. At most {MOST_HIGHLIGHTS}; what matches further on is not shown.",
    "type": "array",
    "maxItems": MOST_HIGHLIGHTS,
    "items": schema("Highlight"),
}


_TIMES = {"created_at": schema("CreatedAt"), "updated_at": schema("UpdatedAt")}


_ALTERNATIVES = {
    ("Annotation", "body"): (
        "AnnotationContent",
        "What an annotation links to a passage.",
        "StatementResource",
        "SummaryText",
    ),
    ("AnnotationTarget", "selector"): (
        "Selector",
        "A way to find a passage.",
        "TextPositionSelector",
        "TextQuoteSelector",
    ),
}
"""The component of what may stand in a list of two kinds, what it is, and the two in the order in which they are declared."""


def finished_schemas(schemas: Mapping[str, Node], named: Enumerations) -> dict[str, Node]:
    """The schemas of all answers: every key is always there, but those of records that `fields` did not ask for.

    The enumerations in them are added to `named`.
    """
    finished = {name: _with_all_required(name, node) for name, node in schemas.items()}
    finished["Problem"]["properties"]["type"]["enum"] = [problem.type for problem in PROBLEMS]
    finished["CountedFacet"]["properties"]["facet"]["enum"] = list(counting.FACETS)
    finished["Timeline"]["properties"]["interval"]["enum"] = list(counting.INTERVALS)
    named.name_in_properties(finished)
    for (name, key), (either, description, *components) in _ALTERNATIVES.items():
        declared = finished[name]["properties"][key]["items"]["anyOf"]
        finished |= dict(zip(components, declared, strict=True))
        finished[either] = {"description": description, "anyOf": [schema(component) for component in components]}
        finished[name]["properties"][key]["items"] = schema(either)
    shared = {
        "CreatedAt": finished["Place"]["properties"]["created_at"],
        "UpdatedAt": finished["Place"]["properties"]["updated_at"],
        "NearNames": finished["PlacePage"]["properties"]["did_you_mean"],
        "Highlights": HIGHLIGHTS,
    }
    for name in RECORDS.values():
        finished[name] = _record(name, finished[name])
        finished[f"{name}Page"]["properties"]["did_you_mean"] = schema("NearNames")
    whole = {**finished, **shared, **SCALARS, **enumerations(), **named.components}
    return {**whole, **references(whole)}


def _with_all_required(name: str, node: Node) -> Node:
    if name in ("Problem", "Issue"):
        return node
    return {**node, "required": [key for key in node["properties"] if key not in NOT_ALWAYS]}


def _record(name: str, whole: Node) -> Node:
    """The one schema by which a record is served, whole or in part: clients that check answers must survive `fields`."""
    return {
        **whole,
        "description": f"{whole['description']} Every key is there unless `fields` asked for some of them only; the id always is.",
        "properties": {**whole["properties"], **_TIMES, "highlights": schema("Highlights")},
        "required": ["id"],
    }


def as_served(schemas: Mapping[str, Node]) -> dict[str, Node]:
    """Schemas without what concerns only those who send: defaults, limits of lists, what is read-only, a ban of unknown keys.

    Answers may get further keys, so no schema of them is closed (docs/versioning.md).
    """
    return {name: _served(node) for name, node in schemas.items()}


def _served(node: Any) -> Any:
    if isinstance(node, list):
        return [_served(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key not in ("default", "readOnly")}
    if kept.get("additionalProperties") is False:
        del kept["additionalProperties"]
    if kept.get("maxItems") == LIST_LENGTH:  # mock servers make lists of any length that is allowed, within each other
        del kept["maxItems"]
    if len(kept.get("enum", ())) == 1:
        (kept["const"],) = kept.pop("enum")
    return {key: value if key in DATA else _served(value) for key, value in kept.items()}
