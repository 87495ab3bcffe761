"""What the entry of a feed says of a record, before any format."""

from collections.abc import Iterator
from typing import NamedTuple

from api.documents.record_types import RECORD_TYPES, Document
from api.representations.selected import Selected
from schemas.records.vocabularies import labels
from schemas.values.languages import best

EXPANSIONS: dict[str, tuple[str, ...]] = {
    record_type: () for record_type in RECORD_TYPES if record_type != "vocabularies"
}
"""By the record type that is followed, the types of the records that must be known besides: none."""

EXTENSION = "urn:tasrih:feed"
"""The name of what these feeds say that no element of their formats is for: when it was said, and whether first hand."""


class Category(NamedTuple):
    """What a record is about: a term, the vocabulary or collection that it is from, and its label."""

    term: str
    scheme: str
    label: str


class Entry(NamedTuple):
    """A record as an entry. `said` is an EDTF date, and `first_hand` whether a statement is; None for other records."""

    iri: str
    title: str
    language: str
    published: str
    updated: str
    authors: list[str]
    contributors: list[str]
    categories: list[Category]
    sources: list[str]
    said: str | None = None
    first_hand: bool | None = None


def title_of(selected: Selected) -> str:
    """The title of a feed: what the list is of, and its query."""
    query = selected.list.partition("?")[2]
    return f"Tasrih: {selected.record_type}" + (f" ({query})" if query else "")


def updated(selected: Selected) -> str:
    """When anything on a page last changed; the beginning of time for a page with nothing."""
    moments = [*(document["updated_at"] for document in selected.documents), *(when for _, when in selected.removed)]
    return max(moments, default="1970-01-01T00:00:00Z")


def entries(selected: Selected) -> list[Entry]:
    """The entry of each record."""
    return [_entry(selected, document) for document in selected.documents]


def _entry(selected: Selected, document: Document) -> Entry:
    label = RECORD_TYPES[selected.record_type].label(document)
    is_statement = selected.record_type == "statements"
    return Entry(
        iri=selected.iri(document),
        title=selected.text(label),
        language=best(label, selected.wanted),
        published=document["created_at"],
        updated=document["updated_at"],
        authors=[selected.name(each["speaker"]) for each in document["speakers"]] if is_statement else [],
        contributors=list(dict.fromkeys(_agents(selected, document))) if is_statement else [],
        categories=list(_categories(selected, document)) if is_statement else [],
        sources=[selected.iri(each["article"], "articles") for each in document["reports"]] if is_statement else [],
        said=document["date"] if is_statement else None,
        first_hand=document["first_hand"] if is_statement else None,
    )


def _agents(selected: Selected, statement: Document) -> Iterator[str]:
    """Who carried a statement to the page."""
    for report in statement["reports"]:
        yield from (selected.name(each["agent"]) for each in report["chain"] if each["role"] != "spoke")


def _categories(selected: Selected, statement: Document) -> Iterator[Category]:
    for vocabulary, terms in (("acts", [statement["act"]]), ("topics", statement["topics"])):
        for term in terms:
            label = selected.text(labels(vocabulary)[term])
            yield Category(term, f"{selected.base}/v1/vocabularies/{vocabulary}", label)
    for reference in {each["agreement"]["id"]: each["agreement"] for each in statement["agreements"]}.values():
        yield Category(reference["id"], f"{selected.base}/v1/agreements", selected.name(reference))
