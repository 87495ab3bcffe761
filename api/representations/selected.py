"""The records that a read selected, with those that they refer to: the source of every form other than JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from api.documents.record_types import Document
from api.queries.reading import Page
from schemas.values.languages import best


class Selected(NamedTuple):
    """Records of a type in order, the records that they refer to, the languages wanted, and the service's own address."""

    record_type: str
    documents: Sequence[Document]
    others: Mapping[str, Mapping[str, Document]]
    wanted: Sequence[str]
    base: str
    list: str = ""
    """The address of the list that they are a page of, without what belongs to a page."""
    links: Mapping[str, str] = {}
    """The addresses of this page and of the pages around it, by relation."""
    removed: Sequence[tuple[str, str]] = ()
    """The ids of records that are gone, each with when."""

    @classmethod
    def of(cls, record_type: str, page: Page, wanted: Sequence[str], base: str) -> "Selected":
        """What a page holds."""
        others = {
            name: {record_id: orjson.loads(body) for record_id, body in bodies.items()}
            for name, bodies in page.expansions.items()
        }
        documents = [orjson.loads(body) for body in page.documents]
        return cls(record_type, documents, others, wanted, base, removed=page.removed)

    def other(self, record_type: str, reference: Document | None) -> Document:
        """The record that a reference leads to; an empty document without one."""
        return {} if reference is None else self.others.get(record_type, {}).get(reference["id"], {})

    def text(self, texts: Mapping[str, str] | None) -> str:
        """A text in the language that suits best, on one line; empty without any."""
        return " ".join(texts[best(texts, self.wanted)].split()) if texts else ""

    def name(self, reference: Document | None) -> str:
        """The name that a reference shows."""
        return "" if reference is None else self.text(reference["name"])

    def iri(self, record: Document, record_type: str | None = None) -> str:
        """The address of a record, of this type unless another is given."""
        return f"{self.base}/v1/{record_type or self.record_type}/{record['id']}"


Values = dict[str, Any]


def without_gaps(values: Values) -> Values:
    """The values that are there."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
