"""The schemas of answers: what marshmallow and apispec can't say of them."""

from collections.abc import Mapping

from api.http.problems import PROBLEMS
from api.openapi.components import RECORDS, Node, schema, with_article
from api.openapi.converter import SCALARS, enumerations
from api.queries import counting
from schemas.fields import label_key
from schemas.suggestions import MOST_HIGHLIGHTS

NOT_ALWAYS = ("total", "did_you_mean", "highlights", "warnings")
"""The keys of answers that are only there when asked for, or when nothing else is."""

HIGHLIGHTS: Node = {
    "description": "What `q` matched in the record's own words, in their order; only in collections, with `highlight=true`. Empty when it"
    f" was found by what it refers to. At most {MOST_HIGHLIGHTS}; what matches further on is not shown.",
    "type": "array",
    "maxItems": MOST_HIGHLIGHTS,
    "items": schema("Highlight"),
}


TERM_LABELS: Node = {
    "readOnly": True,
    "description": "The labels of all terms in the record, by vocabulary and term; only with `expand=terms`.",
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": schema("Multilingual")},
}
DATE_LABEL: Node = {
    "readOnly": True,
    "description": "The date as people write it, by language; only with `expand=dates`, and in summaries.",
    "type": "object",
    "additionalProperties": {"type": "string"},
    "examples": [{"ar": "9 نوفمبر 2020", "en": "9 November 2020"}],
}
SUMMARY_KEYS: dict[str, Node] = {
    "said_by": {
        "readOnly": True,
        "description": "The speakers; only with `view=summary`.",
        "type": "array",
        "items": schema("LinkedSpeaker"),
    },
    "articles": {
        "readOnly": True,
        "description": "The articles that carry it, with their publishers; only with `view=summary`.",
        "type": "array",
        "items": schema("PublishedArticle"),
    },
}
PUBLISHED_ARTICLE: Node = {
    "description": "An article in a summary.",
    "type": "object",
    "properties": {"id": schema("Id"), "publisher": {"anyOf": [schema("LinkedSpeaker"), {"type": "null"}]}},
    "required": ["id", "publisher"],
}


def _labels_of_dates(properties: Mapping[str, Node]) -> dict[str, Node]:
    """The labels beside the dates of an object, only there when asked for."""
    date = schema("EDTFDate")["$ref"]
    return {label_key(key): schema("DateLabel") for key, node in properties.items() if date in str(node)}


_TIMES = {"created_at": schema("CreatedAt"), "updated_at": schema("UpdatedAt")}


def finished_schemas(schemas: Mapping[str, Node]) -> dict[str, Node]:
    """The schemas of all answers: every key is always there unless `fields` asked for less."""
    finished = {name: _with_all_required(name, node) for name, node in schemas.items()}
    for node in finished.values():
        node["properties"] |= _labels_of_dates(node["properties"])
    finished["Problem"]["properties"]["type"]["enum"] = [problem.type for problem in PROBLEMS]
    finished["Facet"]["properties"]["facet"]["enum"] = list(counting.FACETS)
    finished["Timeline"]["properties"]["interval"]["enum"] = list(counting.INTERVALS)
    finished["Reference"].pop("additionalProperties", None)  # an expanded reference is the whole record
    shared = {
        "CreatedAt": finished["Place"]["properties"]["created_at"],
        "UpdatedAt": finished["Place"]["properties"]["updated_at"],
        "NearNames": finished["PlacePage"]["properties"]["did_you_mean"],
        "Highlights": HIGHLIGHTS,
        "TermLabels": TERM_LABELS,
        "DateLabel": DATE_LABEL,
    }
    for record_type, name in RECORDS.items():
        finished |= _record(name, finished[name], finished[f"{name}Page"])
        finished[f"Linked{name}"] = _linked(record_type, name)
    finished["PublishedArticle"] = PUBLISHED_ARTICLE
    return {**finished, **shared, **SCALARS, **enumerations()}


def _with_all_required(name: str, node: Node) -> Node:
    if name in ("Problem", "Issue"):
        return node
    return {**node, "required": [key for key in node["properties"] if key not in NOT_ALWAYS]}


def _record(name: str, whole: Node, page: Node) -> dict[str, Node]:
    """A record's schemas: the whole, the part of it that `fields` asked for, and a page of either."""
    added = {"highlights": schema("Highlights"), **({} if name == "Vocabulary" else {"terms": schema("TermLabels")})}
    added |= SUMMARY_KEYS if name == "Statement" else {}
    properties = {**whole["properties"], **_TIMES, **added}
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
