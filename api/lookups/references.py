"""Looking up all that some documents refer to, and what these records rest on.

A statement rests on whose side its speakers and its issuers are: on the organizations of their offices and, from there
upwards, on what each is part of; and on the publishers of its articles. So does a place on what it is part of.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.lookups.attached_texts import texts_by_article, texts_quoted
from api.lookups.finding import Find, find_stored
from api.lookups.known import Batch, Entry, Key, Known
from api.lookups.stored import Rows
from schemas.fields import Reference
from schemas.walking import walk

FOLLOWED = {"statements": ("speakers", "articles"), "speakers": ("speakers",), "places": ("places",)}
"""The record types on whose records documents of each type rest beyond those that they refer to."""

DAMAGED = (ValueError, TypeError, AttributeError, LookupError)
"""What a damaged document may raise that is parsed or looked into."""


class Arriving(NamedTuple):
    """A valid document that arrives, as JSON, and what it refers to."""

    id: str
    body: bytes
    references: Collection[Key]


def look_up(batch: Batch, rows: Rows, find: Find = find_stored) -> Known:
    """What must be known to check, complete, render and write documents; `rows` are those that their records have.

    What the stored versions of the records refer to is looked up too, to compare them with.
    """
    known = Known(references=set(references_of(batch)))
    known.add(batch)
    _find_references(known, batch, rows, find)
    stored_statements = [row.document for row in rows.get("statements", {}).values() if not row.is_new]
    known.texts.update(texts_quoted([*batch.get("statements", ()), *stored_statements]))
    return known


def look_up_for(record_type: str, arriving: Iterable[Arriving], rows: Rows, find: Find) -> Known:
    """The same for documents of one type as JSON: only where they are looked into they are parsed."""
    known = Known()
    for record_id, body, references in arriving:
        known.records[record_type, record_id] = Entry(body)
        known.references.update(references)
    wanted = _find_references(known, [record_type], rows, find)
    if record_type == "statements":
        known.texts.update(texts_by_article(record_id for name, record_id in wanted if name == "articles"))
    return known


def _find_references(known: Known, record_types: Iterable[str], rows: Rows, find: Find) -> set[Key]:
    """Make known what the documents and the stored versions of the records refer to, and return it."""
    for record_type, stored in rows.items():
        for record_id, row in stored.items():
            known.records[record_type, record_id].number = row.number
    wanted = known.references | set(_references_of_stored(rows))
    find_all(wanted, known, followed_from(record_types), find)
    return wanted


def look_up_again(batch: Batch) -> Known:
    """What must be known to complete stored documents again; they themselves are looked up like what they refer to."""
    known = Known()
    own = {(record_type, document["id"]) for record_type, documents in batch.items() for document in documents}
    find_all(own | set(references_of(batch)), known, followed_from(batch), find_stored)
    known.texts.update(texts_quoted(batch.get("statements", ())))
    return known


def followed_from(record_types: Iterable[str]) -> set[str]:
    """The record types on whose records documents of any of these types rest."""
    return {followed for record_type in record_types for followed in FOLLOWED.get(record_type, ())}


def find_all(wanted: Collection[Key], known: Known, followed: Collection[str], find: Find) -> None:
    """Make records known, and what they rest on; most often with one statement."""
    sought: set[Key] = set()
    while missing := set(wanted) - known.records.keys() - sought:
        sought |= missing
        found = [(key, entry) for key, entry in find(missing, followed) if key not in known.records]
        known.records.update(found)
        wanted = {
            further
            for (record_type, _), entry in found
            if record_type in followed
            for further in _rests_on(record_type, entry)
        }


def references_of(batch: Mapping[str, Iterable[Document]]) -> Iterator[Key]:
    """Every record that documents refer to."""
    for record_type, documents in batch.items():
        for document in documents:
            for visit in walk(RECORD_TYPES[record_type].schema, document, only=(Reference,)):
                if isinstance(visit.field, Reference) and "id" in visit.value:
                    yield visit.field.record_type, visit.value["id"]


def _references_of_stored(rows: Rows) -> Iterator[Key]:
    for record_type, stored in rows.items():
        for row in stored.values():
            if row.is_new:
                continue
            with suppress(*DAMAGED):
                yield from list(references_of({record_type: [row.document]}))


def known_numbers(record_type: RecordType, documents: list[Document], find: Find) -> Known:
    """What must be known to make rows for documents, their parts left aside."""
    known = Known()
    known.add({record_type.name: documents})
    find_all(_own_references_of(record_type, documents), known, (), find)
    return known


def _own_references_of(record_type: RecordType, documents: Iterable[Document]) -> set[Key]:
    references = {key: field for key, field in record_type.schema.fields.items() if isinstance(field, Reference)}
    return {
        (field.record_type, document[key]["id"])
        for document in documents
        for key, field in references.items()
        if document.get(key)
    }


def _rests_on(record_type: str, entry: Entry) -> list[Key]:
    """The records beyond one that is referred to on which something may rest; of a damaged document none."""
    try:
        if record_type == "articles":
            above = [("speakers", entry.document["publisher"])]
        else:
            above = [(record_type, entry.document["part_of"])]
            above += [("speakers", office["organization"]) for office in entry.document.get("offices", ())]
        return [(name, reference["id"]) for name, reference in above if reference is not None]
    except DAMAGED:
        return []
