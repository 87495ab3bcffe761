"""The texts by which records are found, and putting them into the text index."""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from marshmallow import fields

from api.database.statements import chunked
from api.documents.record_types import Document, RecordType
from api.lookups.known import Known
from api.names.mentions import AllNames, KnownNames, known_names
from api.search import index
from api.search.fields import Field, marks
from api.search.text import tokens
from api.search.text_indexes import TextIndex
from schemas.fields import Multilingual, Reference, Text
from schemas.records.offices import OfficeReference
from schemas.records.vocabularies import Term, labels, other_words
from schemas.walking import Visit, walk

NOT_NAMES = {"articles", "statements"}
"""Record types whose records have no names: a title or summary speaks of more than what refers to it."""


SEARCHED_VOCABULARIES = {
    *("acts", "topics", "measures", "agreement-references", "agreement-relations", "agreement-statuses"),
    *("speaker-kinds", "agreement-kinds", "communique-kinds", "event-kinds", "place-kinds"),
}
"""Those whose terms readers look for by name. The terms of the others say how something is known or was annotated."""


def searchable(record_type: RecordType, document: Document, known: Known) -> dict[str, Field]:
    """The texts by which a record is found, each with the weightiest of its places in the record.

    They are its own, the labels of its terms, and the names of whatever it refers to.
    """
    texts: dict[str, Field] = {}
    for visit in walk(record_type.schema, document, only=_SEARCHED):
        for text, field in _texts_of(visit, known):
            if field < texts.get(text, _NOWHERE):
                texts[text] = field
    for quotation in _quotations(document):
        texts.setdefault(quotation, Field.OWN)
    return texts


_SEARCHED: tuple[type[fields.Field[Any]], ...] = (Reference, OfficeReference, Multilingual, Term, Text)
"""The classes of fields whose values may have texts by which a record is found."""
_NOWHERE = len(Field)


def _texts_of(visit: Visit, known: Known) -> list[tuple[str, Field]]:
    """The texts of one value of a document."""
    match visit.field:
        case Reference(record_type=record_type):
            if record_type in NOT_NAMES:
                return []
            field = Field.OWN if _top(visit) == _SPEAKERS else Field.REFERRED
            return [(name, field) for name in known.names(record_type, visit.value["id"])]
        case OfficeReference():
            return [(title, Field.REFERRED) for title in visit.value["title"].values()]
        case Multilingual():
            field = Field.NAME if _is_name(visit) else Field.OWN
            return [(text, field) for text in visit.value.values()]
        case Term(vocabulary=vocabulary):
            return _texts_of_term(vocabulary, visit.value) if vocabulary in SEARCHED_VOCABULARIES else []
        case Text():
            if visit.field.metadata.get("searchable"):
                return [(visit.value, Field.NAME if _is_name(visit) else Field.ALIAS)]
    return []


@cache
def _texts_of_term(vocabulary: str, term: str) -> list[tuple[str, Field]]:
    return [
        *((label, Field.OWN) for label in labels(vocabulary)[term].values()),
        *((word, Field.REFERRED) for word in other_words(vocabulary)[term]),
    ]


def _top(visit: Visit) -> str | int:
    """The key of a document under which a value stands."""
    path = visit.path
    assert path is not None
    while path[0] is not None:
        path = path[0]
    return path[1]


def _is_name(visit: Visit) -> bool:
    """Whether a value is what the record is called."""
    return visit.path is not None and visit.path[0] is None and visit.path[1] in _NAMES


_SPEAKERS = "speakers"
"""Where a statement has those who made it. It is theirs as much as its words are."""
_NAMES = ("name", "title", "supplied_title")
"""The keys of what a record is called."""


def _quotations(document: Document) -> list[str]:
    spans = (span for report in document.get("reports", ()) for span in report["evidence"])
    return [span["quotation"] for span in spans if span["quotation"] is not None]


class Indexed(NamedTuple):
    """A completed document, and the key of its record in the text index."""

    key: int
    document: Document


class Texts(NamedTuple):
    """The texts by which some records of a type are found, each record by its key in the text index."""

    record_type: str
    by_key: list[tuple[int, dict[str, Field]]]


class Entries(NamedTuple):
    """What the text index is to hold for some records of a type, by their keys."""

    record_type: str
    rows: list[tuple[int, str]]


class Indexer:
    """Collects the texts of records that are written, for a caller that puts them into the index itself.

    That caller has kept the names of all records before it writes any.
    """

    def __init__(self) -> None:
        self._texts: list[Texts] = []

    def put(self, record_type: RecordType, records: Iterable[Indexed], known: Known) -> None:
        """Take the texts of completed documents."""
        self._texts.append(texts_by_key(record_type, records, known))

    def collected(self) -> list[Texts]:
        """The texts taken since the last time."""
        texts, self._texts = self._texts, []
        return texts


def texts_by_key(record_type: RecordType, records: Iterable[Indexed], known: Known) -> Texts:
    """The texts of completed documents."""
    by_key = [(record.key, searchable(record_type, record.document, known)) for record in records]
    return Texts(record_type.name, by_key)


def entries_with(names: KnownNames, engine: TextIndex, texts: Texts) -> Entries:
    """The entries of records with these texts."""
    rows = [
        (key, entry)
        for few in chunked(texts.by_key, _FEW)
        for (key, _), entry in zip(few, entries_of([own for _, own in few], names, engine), strict=True)
    ]
    return Entries(texts.record_type, rows)


_FEW = 50
"""Records whose words are worked out together: `api.search.text` remembers so much of what it read for the names in it."""


@lru_cache(maxsize=1)
def names_in(path: str) -> AllNames:
    """Names for a process without a database: `all_names` are in a file that this program wrote."""
    return AllNames(pickle.loads(Path(path).read_bytes()))


def put_in_index(
    record_type: RecordType, records: Iterable[Indexed], known: Known, names: KnownNames | None = None
) -> None:
    """Make records findable by their texts and by the other names of whatever these mention."""
    with nullcontext(names) if names else known_names() as now_known:
        for batch in chunked(records, 500):
            entries = entries_with(now_known, index.text_index(), texts_by_key(record_type, batch, known))
            index.put_many(record_type.name, entries.rows)


def entries_of(texts: Sequence[Mapping[str, Field]], names: KnownNames, engine: TextIndex | None = None) -> list[str]:
    """What the text index holds for records with these texts, to which the other names of what they mention are added."""
    expanded = names.expanded([list(own) for own in texts])
    return [entry_of(own, whole, engine) for own, whole in zip(texts, expanded, strict=True)]


def entry_of(own: Mapping[str, Field], expanded: Sequence[str], engine: TextIndex | None = None) -> str:
    """What the text index holds for a record with these texts of its own, and these altogether."""
    tokens_by_text = {text: tokens_of(text) for text in expanded}
    return index.written_tokens([tokens_by_text[text] for text in expanded], marks(own, tokens_by_text), engine)


def tokens_of(text: str) -> list[str]:
    """The tokens of a text; names and labels come again and again, longer texts hardly ever."""
    return _remembered_tokens(text) if len(text) <= _LONGEST_REMEMBERED else tokens(text)


_LONGEST_REMEMBERED = 100  # characters
_remembered_tokens = lru_cache(maxsize=1 << 16)(tokens)
