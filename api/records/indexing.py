"""The texts by which records are found, and putting them into the text index."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from peewee import chunked

from api.documents.record_types import Document, RecordType
from api.lookups.known import Known
from api.names.mentions import KnownNames
from api.search import index
from api.search.text import tokens
from schemas.fields import Multilingual, Reference, Text
from schemas.offices import OfficeReference
from schemas.vocabularies import Term, labels
from schemas.walking import walk

NOT_NAMES = {"articles", "statements"}
"""Record types whose records have no names: a title or summary speaks of more than what refers to it."""


SEARCHED_VOCABULARIES = {
    *("acts", "topics", "measures", "agreement-references", "agreement-relations", "agreement-statuses"),
    *("speaker-kinds", "agreement-kinds", "communique-kinds", "event-kinds", "place-kinds"),
}
"""Those whose terms readers look for by name. The others tell how something is known or was annotated."""


def searchable(record_type: RecordType, document: Document, known: Known) -> list[str]:
    """The texts by which a record is found: its own, the labels of its terms, and the names of whatever it refers to."""
    texts: dict[str, None] = {}
    for visit in walk(record_type.schema, document):
        if isinstance(visit.field, Reference):
            if visit.field.record_type in NOT_NAMES:
                continue
            texts.update(dict.fromkeys(known.names(visit.field.record_type, visit.value["id"])))
        elif isinstance(visit.field, OfficeReference):
            texts.update(dict.fromkeys(visit.value["title"].values()))
        elif isinstance(visit.field, Multilingual):
            texts.update(dict.fromkeys(visit.value.values()))
        elif isinstance(visit.field, Term):
            if visit.field.vocabulary in SEARCHED_VOCABULARIES:
                texts.update(dict.fromkeys(labels(visit.field.vocabulary)[visit.value].values()))
        elif isinstance(visit.field, Text) and visit.field.metadata.get("searchable"):
            texts[visit.value] = None
    texts.update(dict.fromkeys(_quotations(document)))
    return list(texts)


def _quotations(document: Document) -> list[str]:
    spans = (span for report in document.get("reports", ()) for span in report["evidence"])
    return [span["quotation"] for span in spans if span["quotation"] is not None]


class Indexed(NamedTuple):
    """A completed document, and the key of its record in the text index."""

    key: int
    document: Document


def put_in_index(
    record_type: RecordType, records: Iterable[Indexed], known: Known, names: KnownNames | None = None
) -> None:
    """Make records findable by their texts and by the other names of whatever these mention."""
    names = names or KnownNames()
    for some in chunked(records, 500):
        own = [searchable(record_type, record.document, known) for record in some]
        index.put_many(record_type.name, _entries(some, names.expanded(own)))


def _entries(records: Sequence[Indexed], texts: Sequence[list[str]]) -> list[tuple[int, str]]:
    return [
        (record.key, index.written_tokens([tokens_of(text) for text in some]))
        for record, some in zip(records, texts, strict=True)
    ]


@lru_cache(maxsize=10_000)
def tokens_of(text: str) -> list[str]:
    """The tokens of a text; names and labels come again and again."""
    return tokens(text)
