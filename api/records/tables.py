"""Writing the rows of records and of their parts, many with one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from peewee import BlobField, Field, ForeignKeyField, IntegerField, TextField

from api.database.statements import chunked, execute, execute_many, insert
from api.documents.record_types import Part, Values
from api.lookups.known import Known
from api.models.base import OwnerField, Record, Table, owner_of, tuples
from api.records.rows import Owner, part_rows


def insert_parts(parts: Iterable[Part], owners: Sequence[Owner], known: Known) -> None:
    """Insert the rows of the parts of documents that have none yet, and of the parts of those."""
    for part in parts:
        owner = _owner(part).name
        insert_rows(
            part.table,
            [{**row, owner: item.number} for item in owners for row in part_rows(part, item.key, item.document, known)],
        )
        if part.parts:
            insert_parts(part.parts, _items(part, owners), known)


def _items(part: Part, owners: Sequence[Owner]) -> list[Owner]:
    """The items of a part whose rows were just inserted, in order, as the owners of parts of their own."""
    numbers: dict[int, list[int]] = {}
    for batch in chunked(owners, 500):
        listed = _owner(part).in_([holder.number for holder in batch])
        rows = part.table.select(part.table.number, _owner(part)).where(listed).order_by(part.table.number)
        for number, owner in tuples(rows):
            numbers.setdefault(owner, []).append(number)
    return [
        Owner(number, holder.key, item)
        for holder in owners
        for number, item in zip(numbers.get(holder.number, ()), holder.document[part.key], strict=True)
    ]


def insert_rows(table: type[Table], rows: Iterable[Values]) -> None:
    """Insert rows of values by field, many at a time."""
    stored = [_stored(table, row) for row in rows]
    for columns, alike in groupby(stored, tuple):
        insert(table._meta.table_name, columns, [tuple(row.values()) for row in alike])


def insert_records(table: type[Record], rows: Iterable[Values]) -> dict[str, int]:
    """Insert rows of records, given as values by field, and return their numbers by id."""
    made: dict[str, int] = {}
    stored = [_stored(table, row) for row in rows]
    for columns, alike in groupby(stored, tuple):
        listed, mark = ", ".join(f'"{column}"' for column in columns), f"({', '.join('?' * len(columns))})"
        for batch in chunked(alike, 500):
            marks = ", ".join([mark] * len(batch))
            sql = f'INSERT INTO "{table._meta.table_name}" ({listed}) VALUES {marks} RETURNING id, number'
            values = [value for row in batch for value in row.values()]
            made.update(execute(sql, values).fetchall())
    return made


def update_rows(table: type[Record], rows: Iterable[tuple[Values, int, str]]) -> int:
    """Update the rows with these numbers and entity tags by values by field; return how many there were."""
    stored = [(_stored(table, values), number, etag) for values, number, etag in rows]
    updated = 0
    for columns, alike in groupby(stored, lambda entry: tuple(entry[0])):
        fresh = ", ".join(f'"{column}" = ?' for column in columns)
        sql = f'UPDATE "{table._meta.table_name}" SET {fresh} WHERE number = ? AND etag = ?'
        values = [(*row.values(), number, etag) for row, number, etag in alike]
        updated += execute_many(sql, values)
    return updated


def _stored(table: type[Table], values: Mapping[str, Any]) -> Values:
    """The values of a row by column, as the drivers take them; bytes as they are, which peewee would wrap."""
    columns, stored = _columns(table), {}
    for name, value in values.items():
        column, convert = columns[name]
        stored[column] = value if convert is None else convert(value)
    return stored


@cache
def _columns(table: type[Table]) -> dict[str, tuple[str, Callable[[Any], Any] | None]]:
    """The columns of a table by field, each with what makes values of it that the drivers take; None where these are so already."""
    return {name: (field.column_name, _conversion(field)) for name, field in table._meta.fields.items()}


def _conversion(field: Field) -> Callable[[Any], Any] | None:
    if isinstance(field, ForeignKeyField):
        return _conversion(field.rel_field)
    is_plain = isinstance(field, _PLAIN) and type(field).db_value is Field.db_value
    convert: Callable[[Any], Any] = field.db_value
    return None if is_plain or type(field) is BlobField else convert


_PLAIN = (TextField, IntegerField)
"""Fields whose values a valid document holds as the drivers take them."""


def delete_parts(parts: Iterable[Part], owners: Any) -> None:
    """Delete the rows that belong to some owners, and what belongs to those rows."""
    for part in parts:
        owner = _owner(part)
        if part.parts:
            delete_parts(part.parts, part.table.select(part.table.number).where(owner.in_(owners)))
        part.table.delete().where(owner.in_(owners)).execute()


def _owner(part: Part) -> OwnerField:
    owner = owner_of(part.table)
    assert owner is not None, part.table
    return owner
