"""A page of an earlier moment, put together from the layers that it is read in (`api.queries.layers`)."""

from collections.abc import Sequence

import orjson

from api.documents.record_types import RECORD_TYPES
from api.queries.layers import Layers
from api.queries.page.rows import Result


def merged(results: Sequence[Result]) -> Result:
    """The rows of a page in all layers, the stored ones first, and what stands beside them."""
    whole, *others = results
    for other in others:
        whole.page = [*whole.page, *other.page]
        whole.total = None if whole.total is None else whole.total + (other.total or 0)
        for name, expanded in other.expansions.items():
            whole.expansions.setdefault(name, {}).update(expanded)
        whole.kinds |= other.kinds
        whole.publishers |= other.publishers
    return whole


def show_as_then(result: Result, layers: Layers, record_type: str) -> None:
    """Put what records showed at an earlier moment in the place of what those that are stored show now."""
    rendered = layers.rendered.get(record_type, {})
    shown_otherwise = [rendered[row[1]] for row in result.page if row[1] in rendered]
    past = layers.documents(record_type, shown_otherwise) if shown_otherwise else {}
    result.page = [
        (part, number, key, *past[rendered[number]]) if number in rendered else (part, number, key, document, etag)
        for part, number, key, document, etag in result.page
    ]
    for name, expanded in result.expansions.items():
        if name in RECORD_TYPES:
            changed = layers.documents_of_changed(name, expanded)
            expanded.update({record_id: item.document for record_id, item in changed.items()})
    for speaker, item in layers.documents_of_changed("speakers", result.kinds).items():
        result.kinds[speaker] = orjson.loads(item.document)["kind"]
    for article, item in layers.documents_of_changed("articles", result.publishers).items():
        if publisher := orjson.loads(item.document)["publisher"]:
            result.publishers[article] = publisher


def has_owner(result: Result, layers: Layers | None, owner_type: str, owner_id: str) -> bool:
    """Whether the owner of a sub-collection exists, or existed at the moment of the layers."""
    return result.has_owner if layers is None else layers.was_there(owner_type, owner_id, result.has_owner)
