"""The shapes in which a record is sent when it is not sent as it is stored: `fields`, `expand`, `view`, `lang`, `text`, highlights."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from marshmallow import Schema, fields

from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.queries.query import Query
from api.queries.reading import Page
from api.representations.highlights import highlights
from api.search.query import TextQuery, parse
from schemas.fields import EDTFDate, Multilingual, Reference, label_key, text_key
from schemas.parameters.shapes import DATES, PLAIN, SUMMARY, TERMS
from schemas.records.vocabularies import Term, labels
from schemas.values.date_labels import labels as date_labels
from schemas.values.languages import best
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
    if query.text == PLAIN:
        add_strings(schema, document, query.lang)
    if query.view == SUMMARY:
        document = _summary(document, page.publishers, query)
    if TERMS in query.expand:
        document |= _terms(schema, document, page.kinds, query)
    return document


_IN_SUMMARIES = ("act", "date", "date_label", text_key("date_label"), "summary", text_key("summary"), "first_hand")


def _summary(statement: Document, publishers: Mapping[str, Document], query: Query) -> Document:
    """The short form of a statement, at most 1 kB in all but odd cases: each text is in one language."""
    return {
        "id": statement["id"],
        "said_by": [item["speaker"] for item in statement["speakers"]],
        **{key: statement[key] for key in _IN_SUMMARIES if key in statement},
        "articles": [_published(report["article"]["id"], publishers, query) for report in statement["reports"]],
    }


def _published(article: str, publishers: Mapping[str, Document], query: Query) -> Document:
    if (publisher := publishers.get(article)) is None:
        return {"id": article, "publisher": None}
    name: Document = {"name": in_one_language(publisher["name"], query.lang)}
    if query.text == PLAIN:
        name[text_key("name")] = one_string(publisher["name"], query.lang)
    return {"id": article, "publisher": {"id": publisher["id"], **name}}


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


def _terms(schema: Schema, document: Document, kinds: Mapping[str, str], query: Query) -> Document:
    """The keys with the labels of all terms in a document."""
    terms = terms_of(schema, document, kinds, query.lang)
    if query.text != PLAIN:
        return {TERMS: terms}
    strings = {
        vocabulary: {term: one_string(label, query.lang) for term, label in labels_of.items()}
        for vocabulary, labels_of in terms.items()
    }
    return {TERMS: terms, text_key(TERMS): strings}


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
    for holder, key in _texts(schema, document):
        holder[key] = in_one_language(holder[key], wanted)


def add_strings(schema: Schema, document: Document, wanted: Sequence[str]) -> None:
    """Put beside each text the one string that suits best."""
    for holder, key in _texts(schema, document):
        holder[text_key(key)] = one_string(holder[key], wanted)


def _texts(schema: Schema, document: Document) -> Iterator[tuple[Document, str]]:
    """Each text by language in a document, the labels of dates and names of references included: what holds it, and its key."""
    for name, field in schema.fields.items():
        key = field.data_key or name
        if value := document.get(key):
            yield from _texts_in(field, document, key, value)
        if isinstance(field, EDTFDate) and (label := label_key(key)) in document:
            yield document, label


def _texts_in(field: fields.Field[Any], holder: Document, key: str, value: Any) -> Iterator[tuple[Document, str]]:
    if isinstance(field, Multilingual):
        yield holder, key
    elif isinstance(field, fields.List):
        for item in value:
            yield from _texts_in(field.inner, holder, key, item)
    elif isinstance(field, Reference):  # whose name is not called so in all records
        yield from _texts(RECORD_TYPES[field.record_type].schema, value)
        yield value, "name"
    elif isinstance(field, fields.Nested):
        yield from _texts(field.schema, value)


def in_one_language(texts: Mapping[str, str], wanted: Sequence[str]) -> dict[str, str]:
    """A text in the one language that suits best."""
    language = best(texts, wanted)
    return {language: texts[language]}


def one_string(texts: Mapping[str, str], wanted: Sequence[str]) -> str:
    """The same as a string."""
    return texts[best(texts, wanted)]
