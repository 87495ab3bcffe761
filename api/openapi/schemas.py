"""The schemas of answers: what marshmallow and apispec can't say of them."""

from collections.abc import Mapping
from typing import Any

from api.http.problems.table import PROBLEMS
from api.openapi.components import DATA, RECORDS, Node, schema
from api.openapi.converter import SCALARS, enumerations
from api.openapi.enumerations import Enumerations
from api.openapi.references import references
from api.queries import counting
from schemas.answers.suggestions import MOST_HIGHLIGHTS
from schemas.fields import LIST_LENGTH, label_key, text_key

NOT_ALWAYS = ("total", "search", "did_you_mean", "coverage", "highlights", "warnings", "rules")
"""The keys of answers that are only there when asked for, or when nothing else is."""

HIGHLIGHTS: Node = {
    "description": "What `q` matched in the record's own words and terms (shown by their ids), in their order; only in collections, with `highlight=true`. Empty when it"
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
TERM_STRINGS: Node = {
    "readOnly": True,
    "description": "The same, each label as one string; only with `text=plain` too.",
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
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


PLAIN_TEXT: Node = {
    "readOnly": True,
    "description": "The text under the key without `_text`, as one string; only with `text=plain`.",
    "type": "string",
}


def _labels_of_dates(properties: Mapping[str, Node]) -> dict[str, Node]:
    """The labels beside the dates of an object, only there when asked for."""
    date = schema("EDTFDate")["$ref"]
    return {label_key(key): schema("DateLabel") for key, node in properties.items() if date in str(node)}


def _strings(properties: Mapping[str, Node]) -> dict[str, Node]:
    """The strings beside the texts and labels of an object, only there when asked for."""
    texts = [schema(name)["$ref"] for name in ("Multilingual", "Name", "DateLabel")]
    beside = {text_key(key) for key, node in properties.items() if any(f"'{text}'" in str(node) for text in texts)}
    return {key: schema("PlainText") for key in sorted(beside)}


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
    for node in finished.values():
        node["properties"] |= _labels_of_dates(node["properties"])
        node["properties"] |= _strings(node["properties"])
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
        "TermLabels": TERM_LABELS,
        "TermStrings": TERM_STRINGS,
        "DateLabel": DATE_LABEL,
        "PlainText": PLAIN_TEXT,
    }
    for name in RECORDS.values():
        finished[name] = _record(name, finished[name])
        finished[f"{name}Page"]["properties"]["did_you_mean"] = schema("NearNames")
    finished["PublishedArticle"] = PUBLISHED_ARTICLE
    whole = {**finished, **shared, **SCALARS, **enumerations(), **named.components}
    return {**whole, **references(whole)}


def _with_all_required(name: str, node: Node) -> Node:
    if name in ("Problem", "Issue"):
        return node
    return {**node, "required": [key for key in node["properties"] if key not in NOT_ALWAYS]}


def _record(name: str, whole: Node) -> Node:
    """The one schema by which a record is served, whole or in part: clients that check answers must survive `fields`."""
    added = {"highlights": schema("Highlights")}
    added |= {} if name == "Vocabulary" else {"terms": schema("TermLabels"), text_key("terms"): schema("TermStrings")}
    added |= SUMMARY_KEYS if name == "Statement" else {}
    return {
        **whole,
        "description": f"{whole['description']} Every key is there unless `fields` asked for some of them only; the id always is.",
        "properties": {**whole["properties"], **_TIMES, **added},
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
