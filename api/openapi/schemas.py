"""The schemas of answers: what marshmallow and apispec can't say of them."""

from collections.abc import Mapping

from api.http.problems import PROBLEMS
from api.openapi.components import RECORDS, Node, schema, with_article
from api.openapi.converter import SCALARS, enumerations
from api.queries import counting
from schemas.suggestions import MOST_HIGHLIGHTS

NOT_ALWAYS = ("total", "search", "did_you_mean", "highlights", "warnings")
"""The keys of answers that are only there when asked for, or when nothing else is."""

HIGHLIGHTS: Node = {
    "description": "What `q` matched in the record's own words, in their order; only in collections, with `highlight=true`. Empty when it"
    f" was found by what it refers to. At most {MOST_HIGHLIGHTS}; what matches further on is not shown.",
    "type": "array",
    "maxItems": MOST_HIGHLIGHTS,
    "items": schema("Highlight"),
}


_TIMES = {"created_at": schema("CreatedAt"), "updated_at": schema("UpdatedAt")}


def finished_schemas(schemas: Mapping[str, Node]) -> dict[str, Node]:
    """The schemas of all answers: every key is always there unless `fields` asked for less."""
    finished = {name: _with_all_required(name, node) for name, node in schemas.items()}
    finished["Problem"]["properties"]["type"]["enum"] = [problem.type for problem in PROBLEMS]
    finished["Facet"]["properties"]["facet"]["enum"] = list(counting.FACETS)
    finished["Timeline"]["properties"]["interval"]["enum"] = list(counting.INTERVALS)
    finished["Reference"].pop("additionalProperties", None)  # an expanded reference is the whole record
    shared = {
        "CreatedAt": finished["Place"]["properties"]["created_at"],
        "UpdatedAt": finished["Place"]["properties"]["updated_at"],
        "NearNames": finished["PlacePage"]["properties"]["did_you_mean"],
        "Highlights": HIGHLIGHTS,
    }
    for record_type, name in RECORDS.items():
        finished |= _record(name, finished[name], finished[f"{name}Page"])
        finished[f"Linked{name}"] = _linked(record_type, name)
    return {**finished, **shared, **SCALARS, **enumerations()}


def _with_all_required(name: str, node: Node) -> Node:
    if name in ("Problem", "Issue"):
        return node
    return {**node, "required": [key for key in node["properties"] if key not in NOT_ALWAYS]}


def _record(name: str, whole: Node, page: Node) -> dict[str, Node]:
    """A record's schemas: the whole, the part of it that `fields` asked for, and a page of either."""
    properties = {**whole["properties"], **_TIMES, "highlights": schema("Highlights")}
    kept = {key: value for key, value in whole.items() if key not in ("additionalProperties", "properties")}
    data = {**page["properties"]["data"], "items": whole_or_partial(name)}
    return {
        name: {**kept, "properties": properties},
        f"Partial{name}": {
            **kept,
            "description": f"The keys of {with_article(name)} that `fields` asked for, and its id.",
            "properties": properties,
            "required": ["id"],
        },
        f"{name}Page": {
            **page,
            "properties": {**page["properties"], "data": data, "did_you_mean": schema("NearNames")},
        },
    }


def whole_or_partial(name: str) -> Node:
    """A whole record, or the part of it that `fields` asked for."""
    return {"anyOf": [schema(name), schema(f"Partial{name}")]}


def _linked(record_type: str, name: str) -> Node:
    # Without `allOf`: records refer to each other in circles, in which Swagger UI can't resolve it.
    return {
        "description": f"The id and name of {with_article(name)}; with `expand={record_type}` the rest of the record too.",
        "type": "object",
        "properties": {"id": schema("Id"), "name": schema("Multilingual")},
        "required": ["id", "name"],
        "anyOf": [schema("Reference"), schema(name)],
    }
