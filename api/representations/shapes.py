"""The shapes in which a record is sent when it is not sent as it is stored: `fields`, `expand`, `view`, `lang`, highlights."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from marshmallow import Schema, fields

from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.queries.query import Query
from api.queries.reading import Page
from api.representations.highlights import highlights
from api.search.query import TextQuery, parse
from schemas.date_labels import labels as date_labels
from schemas.fields import EDTFDate, Multilingual, Reference, label_key
from schemas.languages import best
from schemas.parameters import DATES, SUMMARY, TERMS
from schemas.vocabularies import Term, labels
from schemas.walking import walk

Records = Mapping[str, Mapping[str, Document]]
"""Whole records by record type and id."""


def represented(record_type: RecordType, page: Page, query: Query) -> list[bytes]:
    """The records of a page as the query wants them."""
    if not query.is_shaped:
        return page.documents
    documents = [orjson.loads(body) for body in page.documents]
    searched = TextQuery(()) if query.q is None else parse(query.q)
    found = highlights(record_type, documents, searched) if query.highlight else None  # in the words as they are stored
    records = {
        name: {each: orjson.loads(body) for each, body in bodies.items()} for name, bodies in page.expansions.items()
    }
    shaped = [_shaped(record_type, document, page, query, records) for document in documents]
    if found is not None:
        shaped = [{**document, "highlights": each} for document, each in zip(shaped, found, strict=True)]
    return [orjson.dumps(document) for document in shaped]


def _shaped(record_type: RecordType, document: Document, page: Page, query: Query, records: Records) -> Document:
    schema = record_type.schema
    if query.fields:
        document = {key: value for key, value in document.items() if key == "id" or key in query.fields}
    _expand(schema, document, page.kinds, records)
    if DATES in query.expand or query.view == SUMMARY:
        label_dates(schema, document)
    if query.lang or query.view == SUMMARY:
        choose_language(schema, document, query.lang)
    if query.view == SUMMARY:
        document = _summary(document, page.publishers, query.lang)
    if TERMS in query.expand:
        document["terms"] = terms_of(schema, document, page.kinds, query.lang)
    return document


def _summary(statement: Document, publishers: Mapping[str, Document], wanted: Sequence[str]) -> Document:
    """The short form of a statement, at most 1 kB in all but odd cases: each text is in one language."""
    return {
        "id": statement["id"],
        "said_by": [item["speaker"] for item in statement["speakers"]],
        **{key: statement[key] for key in ("act", "date", "date_label", "summary", "first_hand")},
        "articles": [_published(report["article"]["id"], publishers, wanted) for report in statement["reports"]],
    }


def _published(article: str, publishers: Mapping[str, Document], wanted: Sequence[str]) -> Document:
    publisher = publishers.get(article)
    return {
        "id": article,
        "publisher": publisher and {"id": publisher["id"], "name": in_one_language(publisher["name"], wanted)},
    }


def _expand(schema: Schema, document: Document, kinds: Mapping[str, str], records: Records) -> None:
    """Put whole records in the place of references, and the kind of a speaker beside its name.

    What a record holds is shared by all references to it, so what is done to a document must leave the same when done twice.
    """
    for visit in list(walk(schema, document, owned=True)) if records or kinds else ():
        if isinstance(visit.field, Reference):
            named = visit.value["id"]
            if visit.field.record_type == "speakers" and named in kinds:
                visit.value["kind"] = kinds[named]
            visit.value.update(records.get(visit.field.record_type, {}).get(named, {}))


def terms_of(
    schema: Schema, document: Document, kinds: Mapping[str, str], wanted: Sequence[str]
) -> dict[str, dict[str, dict[str, str]]]:
    """The labels of all terms in a document, by vocabulary and term; in one language if any are wanted."""
    terms: dict[str, dict[str, dict[str, str]]] = {}
    for visit in walk(schema, document, owned=True):
        if isinstance(visit.field, Term):
            terms.setdefault(visit.field.vocabulary, {})[visit.value] = labels(visit.field.vocabulary)[visit.value]
    shown = {kinds[speaker] for speaker in _speakers(schema, document) if speaker in kinds}
    if shown:
        terms["speaker-kinds"] = {kind: labels("speaker-kinds")[kind] for kind in sorted(shown)}
    return {
        vocabulary: {term: in_one_language(label, wanted) if wanted else label for term, label in of_vocabulary.items()}
        for vocabulary, of_vocabulary in terms.items()
    }


def _speakers(schema: Schema, document: Document) -> Iterator[str]:
    """The speakers that a document shows."""
    yield from (speaker["id"] for speaker in document.get("said_by", ()))
    for visit in walk(schema, document, owned=True):
        if isinstance(visit.field, Reference) and visit.field.record_type == "speakers":
            yield visit.value["id"]


def label_dates(schema: Schema, document: Document) -> None:
    """Put beside each date how people write it."""
    for visit in list(walk(schema, document, owned=True)):
        if isinstance(visit.field, EDTFDate):
            visit.holder[label_key(visit.pointer.rpartition("/")[2])] = date_labels(visit.value)


def choose_language(schema: Schema, document: Document, wanted: Sequence[str]) -> None:
    """Leave of each text the one language that suits best."""
    for name, field in schema.fields.items():
        value = document.get(field.data_key or name)
        if value:
            document[field.data_key or name] = _in_language(field, value, wanted)
        label = label_key(field.data_key or name)
        if isinstance(field, EDTFDate) and label in document:
            document[label] = in_one_language(document[label], wanted)


def _in_language(field: fields.Field[Any], value: Any, wanted: Sequence[str]) -> Any:
    if isinstance(field, Multilingual):
        return in_one_language(value, wanted)
    if isinstance(field, fields.List):
        return [_in_language(field.inner, item, wanted) for item in value]
    if isinstance(field, Reference):  # whose name is not called so in all records
        choose_language(RECORD_TYPES[field.record_type].schema, value, wanted)
        value["name"] = in_one_language(value["name"], wanted)
    elif isinstance(field, fields.Nested):
        choose_language(field.schema, value, wanted)
    return value


def in_one_language(texts: Mapping[str, str], wanted: Sequence[str]) -> dict[str, str]:
    """A text in the one language that suits best."""
    language = best(texts, wanted)
    return {language: texts[language]}
