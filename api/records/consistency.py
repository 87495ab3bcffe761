"""Whether what is stored twice agrees: foreign keys, representations, entity tags, parts and the text index."""

from collections.abc import Iterator

import orjson
from marshmallow import ValidationError

from api.database import AnyDatabase, is_sqlite, rows
from api.models.base import tuples
from api.records.directory import Directory
from api.records.nouns import NOUNS, Noun
from api.records.rendering import complete, etag, render, searchable
from api.records.rows import differing_parts
from api.search import index


def inconsistencies(database: AnyDatabase) -> Iterator[str]:
    """Everything that does not agree, one sentence each."""
    if is_sqlite(database):
        for (line,) in rows(database, "PRAGMA integrity_check", ()):
            if line != "ok":
                yield f"The file is damaged: {line}."
        for table, number, target, _ in rows(database, "PRAGMA foreign_key_check", ()):
            yield f"Row {number} of {table} refers to a row of {target} that does not exist."
    for noun in NOUNS.values():
        yield from _records(database, noun)


def _records(database: AnyDatabase, noun: Noun) -> Iterator[str]:
    table = noun.table
    columns = (table.number, table.id, table.document, table.etag, table.created_at, table.updated_at)
    directory = Directory({})
    for number, record_id, document, tag, created_at, updated_at in list(
        tuples(table.select(*columns).order_by(table.id))
    ):
        name, body = f"{noun.name}/{record_id}", bytes(document)
        if etag(body) != tag:
            yield f"{name} has an entity tag that is not its document's."
        try:
            loaded = complete(noun, noun.schema.load(orjson.loads(body)), directory)
            agrees = render(noun, loaded, created_at, updated_at) == body
            parts = differing_parts(noun.parts, number, loaded, directory)
            found = index.holds(database, noun.name, number, searchable(noun, loaded, directory))
        except (ValidationError, ValueError, TypeError, AttributeError, LookupError) as error:
            yield f"{name}, or a record it refers to, holds an unusable document: {error}."
            continue
        if not agrees:
            yield f"{name} is stored otherwise than it would be written now."
        for table_name in parts:
            yield f"{name} has other rows in {table_name} than its document says."
        if not found:
            yield f"{name} can't be searched for as it should: the text index has other words for it, or none."
