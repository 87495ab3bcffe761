"""Highlights show why a record matched: snippets of its own words, and where the query matches in them.

A term that is found by its label, a verb or a synonym is shown as it stands in the record, by its id.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from api.documents.record_types import Document, RecordType
from api.names.mentions import KnownNames
from api.records.indexing import SEARCHED_VOCABULARIES
from api.search.highlighting import Range, finds, matches, snippets
from api.search.query import TextQuery
from schemas.answers.suggestions import MOST_HIGHLIGHTS
from schemas.fields import Multilingual
from schemas.records.vocabularies import Term, labels, other_words
from schemas.walking import walk


def highlights(record_type: RecordType, documents: Sequence[Document], query: TextQuery) -> list[list[dict[str, Any]]]:
    """For each document, as it is sent, the first snippets of its own words, in the order of the document."""
    texts_of_documents = [list(_texts(record_type, document)) for document in documents]
    mentions = KnownNames().mentions(
        {text.text for texts in texts_of_documents for _, text in texts if not text.of_term}
    )

    @cache
    def ranges(text: _Text) -> list[Range]:
        if text.of_term is None:
            return matches(query, text.text, mentions[text.text])
        return [(0, len(text.text))] if finds(query, _words_for(text.of_term, text.text)) else []

    return [list(islice(_highlights(texts, ranges), MOST_HIGHLIGHTS)) for texts in texts_of_documents]


class _Text(NamedTuple):
    """A text of a record; for the id of a term, the term's vocabulary."""

    text: str
    of_term: str | None = None


def _highlights(texts: Sequence[tuple[str, _Text]], ranges: Callable[[_Text], list[Range]]) -> Iterator[dict[str, Any]]:
    for pointer, text in texts:
        for snippet in snippets(text.text, ranges(text)):
            yield {"pointer": pointer, "text": snippet.text, "start": snippet.start, "matches": snippet.matches}


def _texts(record_type: RecordType, document: Document) -> Iterator[tuple[str, _Text]]:
    """The JSON pointers and texts of a record's own words and terms, without those of the records that it refers to."""
    for visit in walk(record_type.schema, document, owned=True):
        if isinstance(visit.field, Multilingual):
            yield from ((f"{visit.pointer}/{language}", _Text(text)) for language, text in visit.value.items())
        elif isinstance(visit.field, Term):
            if visit.field.vocabulary in SEARCHED_VOCABULARIES:
                yield visit.pointer, _Text(visit.value, visit.field.vocabulary)
        elif visit.field.metadata.get("searchable") or visit.pointer.endswith("/quotation"):
            yield visit.pointer, _Text(visit.value)


def _words_for(vocabulary: str, term: str) -> list[str]:
    """The words by which a term is found."""
    return [*labels(vocabulary)[term].values(), *other_words(vocabulary)[term]]
