"""Storing documents: all of them in one transaction, or none.

A record is written when its representation changes and left alone when it does not, so storing the same documents again
changes nothing. Records that show something of a changed one (its name, an office's title, whose side it is on) are
rendered again in the same transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from peewee import chunked

from api.failures import DocumentMistake, InvalidDocuments
from api.models import TABLES, database
from api.models.base import OwnerField, Record, ReferenceField, Table, owner_of, tuples
from api.records.checking import mistakes_between
from api.records.directory import Directory
from api.records.nouns import NOUNS, Document, Noun, Part, Values
from api.records.rendering import complete, etag, render, searchable
from api.search import index

Batch = Mapping[str, list[Document]]


@dataclass
class Outcome:
    """How many records were new, changed, and already as they should be."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


def store(batch: Batch, sources: Mapping[tuple[str, str], str] | None = None) -> Outcome:
    """Store validated documents by noun; raise InvalidDocuments, with every mistake, when they do not fit together.

    `sources` tells where each (noun, id) came from, for the messages.
    """
    with database.atomic():
        directory = Directory(batch)
        _refuse_misfits(batch, directory, sources or {})
        outcome, now = Outcome(), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        new = {noun: _insert(NOUNS[noun], batch[noun], directory, now) for noun in NOUNS if noun in batch}
        changed: dict[str, set[int]] = {}
        for noun in new:
            for document in batch[noun]:
                if _write(NOUNS[noun], document, directory, now):
                    changed.setdefault(noun, set()).add(_number(noun, document["id"], directory))
        outcome.created = sum(map(len, new.values()))
        outcome.changed = sum(map(len, changed.values())) - outcome.created
        outcome.unchanged = sum(map(len, batch.values())) - outcome.created - outcome.changed
        for noun, numbers in _showing(changed, new).items():
            _render_again(NOUNS[noun], numbers, now)
        return outcome


def _refuse_misfits(batch: Batch, directory: Directory, sources: Mapping[tuple[str, str], str]) -> None:
    mistakes: list[DocumentMistake] = []
    for noun, documents in batch.items():
        for document in documents:
            source = sources.get((noun, document["id"]), f"{noun}/{document['id']}")
            mistakes += mistakes_between(NOUNS[noun], document, directory, source)
    if mistakes:
        raise InvalidDocuments(mistakes)


def _number(noun: str, record_id: str, directory: Directory) -> int:
    number = directory.require(noun, record_id).number
    assert number is not None
    return number


def _insert(noun: Noun, documents: Iterable[Document], directory: Directory, now: str) -> set[int]:
    """Make a row for each record that has none, so that everything has a number to be referred to by."""
    numbers = set()
    for document in documents:
        entry = directory.require(noun.name, document["id"])
        if entry.number is None:
            values = _columns(noun.table, {**document, **noun.row(document)}, directory)
            entry.number = noun.table.insert(
                **values, id=document["id"], label="{}", document=b"", etag="", created_at=now, updated_at=now
            ).execute()
            numbers.add(entry.number)
    return numbers


def _write(noun: Noun, document: Document, directory: Directory, now: str) -> bool:
    """Bring row, parts and search text in line with a document; False when its representation is already."""
    number = _number(noun.name, document["id"], directory)
    stored = noun.table.select(noun.table.document, noun.table.created_at, noun.table.updated_at).where(
        noun.table.number == number
    )
    before, created_at, updated_at = next(tuples(stored))
    complete(noun, document, directory)
    if render(noun, document, created_at, updated_at) == bytes(before):
        return False
    body = render(noun, document, created_at, now)
    values = _columns(noun.table, {**document, **noun.row(document)}, directory)
    label = orjson.dumps(noun.label(document)).decode()
    noun.table.update(**values, label=label, document=body, etag=etag(body), updated_at=now).where(
        noun.table.number == number
    ).execute()
    _delete_parts(noun.parts, [number])
    _insert_parts(noun.parts, number, document, directory)
    _index(noun, document, directory)
    return True


def _columns(table: type[Table], values: Values, directory: Directory) -> Values:
    """The columns of a row from values named like them; references become numbers, offices their ids."""
    columns: Values = {}
    for field in table._meta.sorted_fields:
        if field.name not in values or (field.name in _RECORD_COLUMNS and issubclass(table, Record)):
            continue
        value = values[field.name]
        if isinstance(field, ReferenceField) and isinstance(value, dict):
            entry = directory.require(_NOUN_OF_TABLE[field.rel_model], value["id"])
            value = entry.number
        elif isinstance(value, dict):
            value = value["id"]
        columns[field.name] = value
    return columns


_RECORD_COLUMNS = {"number", "id", "label", "document", "etag", "created_at", "updated_at"}
_NOUN_OF_TABLE = {noun.table: noun.name for noun in NOUNS.values()}


def _owner_of(part: Part) -> OwnerField:
    owner = owner_of(part.table)
    assert owner is not None, part.table
    return owner


def _delete_parts(parts: Iterable[Part], owners: Any) -> None:
    for part in parts:
        owner = _owner_of(part)
        if part.parts:
            _delete_parts(part.parts, part.table.select(part.table.number).where(owner.in_(owners)))
        part.table.delete().where(owner.in_(owners)).execute()


def _insert_parts(parts: Iterable[Part], owner: int, document: Document, directory: Directory) -> None:
    for part in parts:
        rows = [
            {**_columns(part.table, part.row(item, position, document), directory), _owner_of(part).name: owner}
            for position, item in enumerate(document[part.key])
        ]
        if part.parts:
            for item, row in zip(document[part.key], rows, strict=True):
                _insert_parts(part.parts, part.table.insert(**row).execute(), item, directory)
        elif rows:
            part.table.insert_many(rows).execute()


def _showing(changed: Mapping[str, set[int]], new: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """The records, outside what was just written, that may show something of a record that changed.

    Whose side a speaker is on is followed upwards from body to body, so speakers are followed on through speakers.
    """
    frontier = {noun: numbers - new[noun] for noun, numbers in changed.items()}
    found: dict[str, set[int]] = {}
    while any(frontier.values()):
        reached: dict[str, set[int]] = {}
        for noun, numbers in frontier.items():
            for referring, some in _referring(NOUNS[noun].table, numbers).items():
                reached.setdefault(referring, set()).update(some - found.get(referring, set()))
        for noun, numbers in reached.items():
            found.setdefault(noun, set()).update(numbers)
        frontier = {"speakers": reached.get("speakers", set())}
    return {noun: numbers - changed.get(noun, set()) for noun, numbers in found.items()}


def _referring(target: type[Record], numbers: set[int]) -> dict[str, set[int]]:
    """The records, by noun, with a foreign key, their own or a part's, to any of these rows."""
    found: dict[str, set[int]] = {}
    for table in TABLES:
        for field in table._meta.sorted_fields:
            if isinstance(field, ReferenceField) and not isinstance(field, OwnerField) and field.rel_model is target:
                for some in chunked(numbers, 500):
                    record, rows = _record_of(table, table.select(table.number).where(field.in_(some)))
                    found.setdefault(_NOUN_OF_TABLE[record], set()).update(number for (number,) in tuples(rows))
    return found


def _record_of(table: type[Table], rows: Any) -> tuple[type[Record], Any]:
    """Climb from rows of a part to the numbers of the records they belong to."""
    owner = owner_of(table)
    if owner is None:
        assert issubclass(table, Record)
        return table, rows
    return _record_of(owner.rel_model, table.select(owner).where(table.number.in_(rows)))


def _render_again(noun: Noun, numbers: set[int], now: str) -> None:
    for some in chunked(sorted(numbers), 500):
        stored = noun.table.select(noun.table.document).where(noun.table.number.in_(some))
        documents = [noun.schema.load(orjson.loads(bytes(body))) for (body,) in tuples(stored)]
        directory = Directory({noun.name: documents})
        for document in documents:
            if not _write(noun, document, directory, now):
                _index(noun, document, directory)  # variants of a name are searched for without being shown


def _index(noun: Noun, document: Document, directory: Directory) -> None:
    number = _number(noun.name, document["id"], directory)
    index.put(database, noun.name, number, searchable(noun, document, directory))
