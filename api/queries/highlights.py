"""Showing why a record was found: snippets of its own words, with what the query matched in them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from api.documents.record_types import Document, RecordType
from api.names.mentions import KnownNames
from api.search.highlighting import matches, snippets
from api.search.query import Query
from schemas.fields import Multilingual
from schemas.suggestions import MOST_HIGHLIGHTS
from schemas.walking import walk


def highlights(record_type: RecordType, documents: Sequence[Document], query: Query) -> list[list[dict[str, Any]]]:
    """For each record as it is answered the first snippets of its own words, in the order of the document."""
    texts = [list(_texts(record_type, document)) for document in documents]
    known = KnownNames()
    mentions = known.mentions({text for some in texts for _, text in some})
    return [
        list(
            islice(
                (
                    {"pointer": pointer, "text": fragment.text, "start": fragment.start, "matches": fragment.matches}
                    for pointer, text in some
                    for fragment in snippets(text, matches(query, text, mentions[text]))
                ),
                MOST_HIGHLIGHTS,
            )
        )
        for some in texts
    ]


def _texts(record_type: RecordType, document: Document) -> Iterator[tuple[str, str]]:
    """The JSON pointers and texts of a record's own words: not those of what it refers to."""
    for visit in walk(record_type.schema, document, owned=True):
        if isinstance(visit.field, Multilingual):
            yield from ((f"{visit.pointer}/{language}", text) for language, text in visit.value.items())
        elif visit.field.metadata.get("searchable") or visit.pointer.endswith("/quotation"):
            yield visit.pointer, visit.value
