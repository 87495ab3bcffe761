"""Documents as rows: the columns of a record's own table, and the tables of its parts."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from peewee import chunked

from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import execute_many, insert
from api.documents.record_types import RECORD_TYPE_OF_TABLE, Document, Part, RecordType, Values
from api.models.base import (
    OwnerField,
    Record,
    ReferenceField,
    SortedPartTable,
    Table,
    key_of,
    owner_of,
    sort_key,
    tuples,
)
from api.records.lookups import Directory

_RECORD_COLUMNS = {"number", "id", "label", "document", "etag", "created_at", "updated_at"}


def record_columns(
    record_type: RecordType, document: Document, directory: Directory, number: int | None = None
) -> Values:
    """The columns of a record's own row that follow from its document and, once it has one, from its number."""
    values = columns_of(record_type.table, {**document, **record_type.row(document)}, directory)
    if number is not None and key_of(record_type.table) == "sort_key":
        values["sort_key"] = key_in(record_type, document, number)
    return {**values, "label": orjson.dumps(record_type.label(document)).decode()}


def key_in(record_type: RecordType, document: Document, number: int) -> int:
    """The key of a record in the text index and in the rows of its parts: its `sort_key` if it has a day, else its number."""
    return (
        sort_key(record_type.row(document)["sort_day"], number) if key_of(record_type.table) == "sort_key" else number
    )


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
            value = (
                directory.require(RECORD_TYPE_OF_TABLE[field.rel_model], value["id"]).number
                if referring
                else value["id"]
            )
        columns[field.name] = value
    return columns


class Owner(NamedTuple):
    """What parts belong to: the number of its row, the key of its record, and the object that holds them."""

    number: int
    key: int
    document: Document


def insert_parts(parts: Iterable[Part], owners: Sequence[Owner], directory: Directory) -> None:
    """Insert the rows of the parts of documents that have none yet, and of the parts of those."""
    for part in parts:
        owner = _owner(part).name
        insert_rows(
            part.table,
            [{**row, owner: one.number} for one in owners for row in part_rows(part, one.key, one.document, directory)],
        )
        if part.parts:
            insert_parts(part.parts, _items(part, owners), directory)


def _items(part: Part, owners: Sequence[Owner]) -> list[Owner]:
    """The items of a part whose rows were just inserted, in order, as the owners of parts of their own."""
    numbers: dict[int, list[int]] = {}
    for some in chunked(owners, 500):
        listed = _owner(part).in_([one.number for one in some])
        rows = part.table.select(part.table.number, _owner(part)).where(listed).order_by(part.table.number)
        for number, owner in tuples(rows):
            numbers.setdefault(owner, []).append(number)
    return [
        Owner(number, one.key, item)
        for one in owners
        for number, item in zip(numbers.get(one.number, ()), one.document[part.key], strict=True)
    ]


def insert_rows(table: type[Table], rows: Iterable[Values]) -> None:
    """Insert rows of values by field, many at a time."""
    stored = [_stored(table, row) for row in rows]
    for columns, alike in groupby(stored, tuple):
        insert(table._meta.table_name, columns, [tuple(row.values()) for row in alike])


def update_rows(table: type[Record], rows: Iterable[tuple[Values, int, str]]) -> int:
    """Update the rows with these numbers and entity tags by values by field; give how many there were."""
    stored = [(_stored(table, values), number, etag) for values, number, etag in rows]
    updated = 0
    for columns, alike in groupby(stored, lambda one: tuple(one[0])):
        fresh = ", ".join(f'"{column}" = ?' for column in columns)
        sql = f'UPDATE "{table._meta.table_name}" SET {fresh} WHERE number = ? AND etag = ?'
        values = [(*row.values(), number, etag) for row, number, etag in alike]
        updated += execute_many(with_placeholders(sql, is_sqlite()), values)
    return updated


def _stored(table: type[Table], values: Mapping[str, Any]) -> Values:
    """The values of a row by column, as the drivers take them; bytes as they are, which peewee would wrap."""
    fields = table._meta.fields
    return {
        fields[name].column_name: value if isinstance(value, bytes) else fields[name].db_value(value)
        for name, value in values.items()
    }


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
    listed = {"sort_key": key} if issubclass(part.table, SortedPartTable) else {}
    return [
        {**listed, **columns_of(part.table, part.row(item, position, document), directory)}
        for position, item in enumerate(document[part.key])
    ]


def _owner(part: Part) -> OwnerField:
    owner = owner_of(part.table)
    assert owner is not None, part.table
    return owner
