"""Whether what is stored twice agrees: foreign keys, representations, entity tags, parts, names and the text index."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from marshmallow import ValidationError

from api.database import AnyDatabase, is_sqlite, rows
from api.records import mentions, naming, references
from api.records.directory import Directory
from api.records.nouns import NOUNS, Noun
from api.records.rendering import complete, etag, render, searchable
from api.records.rows import differing_parts, record_columns
from api.search import index


def inconsistencies(database: AnyDatabase) -> Iterator[str]:
    """Everything that does not agree, one sentence each."""
    if is_sqlite(database):
        for (line,) in rows(database, "PRAGMA integrity_check", ()):
            if line != "ok":
                yield f"The file is damaged: {line}."
        for table, number, target, _ in rows(database, "PRAGMA foreign_key_check", ()):
            yield f"Row {number} of {table} refers to a row of {target} that does not exist."
    counted = references.of_all_statements()
    for noun in NOUNS.values():
        yield from _records(database, noun, counted)
        for number in index.orphans(database, noun.name, noun.table._meta.table_name):
            yield f"The text index of {noun.name} has words for record number {number}, which does not exist."
    for name, number in naming.orphans():
        yield f"Names are kept for number {number} of {name}, which does not exist."


def _records(database: AnyDatabase, noun: Noun, counted: Mapping[naming.Key, int]) -> Iterator[str]:
    directory, known = Directory({}), mentions.KnownNames()
    stored: Any = noun.table.select().order_by(noun.table.id).dicts()
    for row in list(stored):
        name = f"{noun.name}/{row['id']}"
        try:
            yield from (f"{name} {fault}" for fault in _faults(database, noun, row, directory, known))
            if noun.name in naming.NAMED:
                named = naming.Named(noun.name, row["number"], noun.schema.load(orjson.loads(bytes(row["document"]))))
                differing = naming.differences(named, counted.get((noun.name, row["number"]), 0))
                yield from (f"{name} {fault}" for fault in differing)
        except (ValidationError, ValueError, TypeError, AttributeError, LookupError) as error:
            yield f"{name}, or a record it refers to, holds an unusable document: {error}."


def _faults(
    database: AnyDatabase, noun: Noun, row: dict[str, Any], directory: Directory, known: mentions.KnownNames
) -> Iterator[str]:
    body = bytes(row["document"])
    if etag(body) != row["etag"]:
        yield "has an entity tag that is not its document's."
    document = complete(noun, noun.schema.load(orjson.loads(body)), directory)
    if render(noun, document, row["created_at"], row["updated_at"]) != body:
        yield "is stored otherwise than it would be written now."
    expected = record_columns(noun, document, directory)
    if differing := [column for column, value in expected.items() if row[column] != value]:
        yield f"has other values in {', '.join(differing)} than its document says."
    for table in differing_parts(noun.parts, row["number"], document, directory):
        yield f"has other rows in {table} than its document says."
    [texts] = known.expanded([searchable(noun, document, directory)])
    if not index.holds(database, noun.name, row["number"], texts):
        yield "can't be searched for as it should: the text index has other words for it, or none."
