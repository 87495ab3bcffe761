"""Whether what is stored twice agrees: foreign keys, representations, entity tags and the text index."""

from collections.abc import Iterator

import orjson
from marshmallow import ValidationError

from api.database import AnyDatabase, is_sqlite, rows
from api.models.base import tuples
from api.records.directory import Directory
from api.records.nouns import NOUNS, Noun
from api.records.rendering import complete, etag, render
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
        yield from _records(noun)
        yield from _texts(database, noun)


def _records(noun: Noun) -> Iterator[str]:
    table = noun.table
    stored = table.select(table.id, table.document, table.etag, table.created_at, table.updated_at).order_by(table.id)
    directory = Directory({})
    for record_id, document, tag, created_at, updated_at in list(tuples(stored)):
        body = bytes(document)
        if etag(body) != tag:
            yield f"{noun.name}/{record_id} has an entity tag that is not its document's."
        try:
            loaded = noun.schema.load(orjson.loads(body))
            if render(noun, complete(noun, loaded, directory), created_at, updated_at) != body:
                yield f"{noun.name}/{record_id} is stored otherwise than it would be written now."
        except (ValidationError, orjson.JSONDecodeError, LookupError) as error:
            yield f"{noun.name}/{record_id} holds an unusable document: {error}."


def _texts(database: AnyDatabase, noun: Noun) -> Iterator[str]:
    text_table, key = index.table_of(noun.name), "rowid" if is_sqlite(database) else "number"
    record_table = noun.table._meta.table_name
    missing = f'SELECT id FROM "{record_table}" WHERE number NOT IN (SELECT {key} FROM "{text_table}")'
    for (record_id,) in rows(database, missing, ()):
        yield f"{noun.name}/{record_id} can't be searched for: it is missing from the text index."
