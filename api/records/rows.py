"""Documents as rows: the columns of a record's own table, and the tables of its parts."""

from collections.abc import Iterable
from typing import Any

import orjson

from api.models.base import FiledPartTable, OwnerField, Record, ReferenceField, Table, filed, key_of, owner_of, tuples
from api.records.directory import Directory
from api.records.nouns import NOUN_OF_TABLE, Document, Noun, Part, Values

_RECORD_COLUMNS = {"number", "id", "label", "document", "etag", "created_at", "updated_at"}


def record_columns(noun: Noun, document: Document, directory: Directory, number: int | None = None) -> Values:
    """The columns of a record's own row that follow from its document and, once it has one, from its number."""
    values = columns_of(noun.table, {**document, **noun.row(document)}, directory)
    if number is not None and key_of(noun.table) == "filed":
        values["filed"] = key_in(noun, document, number)
    return {**values, "label": orjson.dumps(noun.label(document)).decode()}


def key_in(noun: Noun, document: Document, number: int) -> int:
    """The key of a record in the text index and in the rows of its parts: its `filed` if it has a day, else its number."""
    return filed(noun.row(document)["day"], number) if key_of(noun.table) == "filed" else number


def columns_of(table: type[Table], values: Values, directory: Directory) -> Values:
    """The columns of a row from values named like them; references become numbers, offices their ids.

    A reference to a record that has no number yet becomes None.
    """
    columns: Values = {}
    for field in table._meta.sorted_fields:
        if field.name not in values or (field.name in _RECORD_COLUMNS and issubclass(table, Record)):
            continue
        value = values[field.name]
        if isinstance(value, dict):
            referring = isinstance(field, ReferenceField)
            value = directory.require(NOUN_OF_TABLE[field.rel_model], value["id"]).number if referring else value["id"]
        columns[field.name] = value
    return columns


def insert_parts(parts: Iterable[Part], owner: int, key: int, document: Document, directory: Directory) -> None:
    """Insert the rows of a document's parts, and of the parts of those; `key` is the record's."""
    for part in parts:
        rows = [{**row, _owner(part).name: owner} for row in part_rows(part, key, document, directory)]
        if part.parts:
            for item, row in zip(document[part.key], rows, strict=True):
                insert_parts(part.parts, part.table.insert(**row).execute(), key, item, directory)
        elif rows:
            part.table.insert_many(rows).execute()


def delete_parts(parts: Iterable[Part], owners: Any) -> None:
    """Delete the rows that belong to some owners, and what belongs to those rows."""
    for part in parts:
        owner = _owner(part)
        if part.parts:
            delete_parts(part.parts, part.table.select(part.table.number).where(owner.in_(owners)))
        part.table.delete().where(owner.in_(owners)).execute()


def differing_parts(parts: Iterable[Part], owner: int, key: int, document: Document, directory: Directory) -> list[str]:
    """The names of the tables whose rows are not those of the document."""
    differing = []
    for part in parts:
        expected = part_rows(part, key, document, directory)
        fields = [part.table._meta.fields[name] for name in (expected[0] if expected else ())]
        order = part.table._meta.fields.get("position") or part.table.number
        columns = [part.table._meta.primary_key, *fields]
        stored = list(tuples(part.table.select(*columns).where(_owner(part) == owner).order_by(order)))
        if [row[1:] for row in stored] != [tuple(row.values()) for row in expected]:
            differing.append(str(part.table._meta.table_name))
        elif part.parts:
            for item, row in zip(document[part.key], stored, strict=True):
                differing += differing_parts(part.parts, row[0], key, item, directory)
    return differing


def part_rows(part: Part, key: int, document: Document, directory: Directory) -> list[Values]:
    """The rows of one part of a document, without their owner; `key` is the record's."""
    listed = {"filed": key} if issubclass(part.table, FiledPartTable) else {}
    return [
        {**listed, **columns_of(part.table, part.row(item, position, document), directory)}
        for position, item in enumerate(document[part.key])
    ]


def _owner(part: Part) -> OwnerField:
    owner = owner_of(part.table)
    assert owner is not None, part.table
    return owner
