"""Highlights show why a record matched: snippets of its own words, and where the query matches in them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from api.documents.record_types import Document, RecordType
from api.names.mentions import KnownNames
from api.search.highlighting import Mention, matches, snippets
from api.search.query import TextQuery
from schemas.fields import Multilingual
from schemas.suggestions import MOST_HIGHLIGHTS
from schemas.walking import walk


def highlights(record_type: RecordType, documents: Sequence[Document], query: TextQuery) -> list[list[dict[str, Any]]]:
    """For each document, as it is sent, the first snippets of its own words, in the order of the document."""
    texts_of_documents = [list(_texts(record_type, document)) for document in documents]
    mentions = KnownNames().mentions({text for texts in texts_of_documents for _, text in texts})
    return [list(islice(_highlights(texts, mentions, query), MOST_HIGHLIGHTS)) for texts in texts_of_documents]


def _highlights(
    texts: Sequence[tuple[str, str]], mentions: dict[str, list[Mention]], query: TextQuery
) -> Iterator[dict[str, Any]]:
    for pointer, text in texts:
        for snippet in snippets(text, matches(query, text, mentions[text])):
            yield {"pointer": pointer, "text": snippet.text, "start": snippet.start, "matches": snippet.matches}


def _texts(record_type: RecordType, document: Document) -> Iterator[tuple[str, str]]:
    """The JSON pointers and texts of a record's own words, without those of the records that it refers to."""
    for visit in walk(record_type.schema, document, owned=True):
        if isinstance(visit.field, Multilingual):
            yield from ((f"{visit.pointer}/{language}", text) for language, text in visit.value.items())
        elif visit.field.metadata.get("searchable") or visit.pointer.endswith("/quotation"):
            yield visit.pointer, visit.value
