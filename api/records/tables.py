"""Writing the rows of records and of their parts, many with one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from peewee import BlobField, Field, ForeignKeyField, IntegerField, TextField

from api.database.statements import chunked, execute, execute_many, insert
from api.documents.record_types import Part, Values
from api.lookups.known import Known
from api.models.base import OwnerField, Record, Table, owner_of
from api.records.rows import Owner, part_rows


class Rows(NamedTuple):
    """Rows of the same columns, as the drivers take their values."""

    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


class PartRows(NamedTuple):
    """The rows of a part of some documents, which may be sent to another process.

    `owners` tells for each row to which one it belongs: by number or, in a part of a part, by the place of that one's row
    among the rows of that part.
    """

    table: str
    owner: str
    rows: list[Rows]
    owners: list[int]
    parts: "list[PartRows]"


def insert_parts(parts: Iterable[Part], owners: Sequence[Owner], known: Known) -> None:
    """Insert the rows of the parts of documents that have none yet, and of the parts of those."""
    for part in parts:
        insert_part_rows(rows_of_part(part, owners, known))


def rows_of_part(part: Part, owners: Sequence[Owner], known: Known) -> PartRows:
    """The rows of a part of documents, and of the parts of that; worked out without a database."""
    rows = [
        (owner.number, _stored(part.table, row))
        for owner in owners
        for row in part_rows(part, owner.key, owner.document, known)
    ]
    items = ((owner.key, item) for owner in owners for item in owner.document[part.key]) if part.parts else ()
    holders = [Owner(place, key, item) for place, (key, item) in enumerate(items)]
    return PartRows(
        part.table._meta.table_name,
        _owner(part).column_name,
        _alike(row for _, row in rows),
        [owner for owner, _ in rows],
        [rows_of_part(inner, holders, known) for inner in part.parts],
    )


def _alike(rows: Iterable[Values]) -> list[Rows]:
    """Rows of values by column, those that follow each other and have the same columns together."""
    return [Rows(columns, [tuple(row.values()) for row in alike]) for columns, alike in groupby(rows, tuple)]


def insert_part_rows(part: PartRows) -> None:
    """Insert the rows of a part, and then those of its parts."""
    owners = iter(part.owners)
    for columns, values in part.rows:
        insert(part.table, (*columns, part.owner), [(*row, owner) for row, owner in zip(values, owners, strict=False)])
    inner = [each for each in part.parts if each.rows]
    if inner:
        numbers = _numbers(part)
        for each in inner:
            insert_part_rows(each._replace(owners=[numbers[place] for place in each.owners]))


def _numbers(part: PartRows) -> list[int]:
    """The numbers of the rows that were just inserted, in order."""
    of_owner: dict[int, list[int]] = {}
    for batch in chunked(dict.fromkeys(part.owners), 500):
        listed = ", ".join(map(str, batch))
        sql = f'SELECT number, "{part.owner}" FROM "{part.table}" WHERE "{part.owner}" IN ({listed}) ORDER BY number'
        for number, owner in execute(sql).fetchall():
            of_owner.setdefault(owner, []).append(number)
    following = {owner: iter(numbers) for owner, numbers in of_owner.items()}
    return [next(following[owner]) for owner in part.owners]


def insert_records(table: type[Record], rows: Iterable[Values]) -> dict[str, int]:
    """Insert rows of records, given as values by field, and return their numbers by id."""
    made: dict[str, int] = {}
    for columns, alike in _alike(_stored(table, row) for row in rows):
        listed, mark = ", ".join(f'"{column}"' for column in columns), f"({', '.join('?' * len(columns))})"
        for batch in chunked(alike, 500):
            marks = ", ".join([mark] * len(batch))
            sql = f'INSERT INTO "{table._meta.table_name}" ({listed}) VALUES {marks} RETURNING id, number'
            made.update(execute(sql, [value for row in batch for value in row]).fetchall())
    return made


class RecordRow(NamedTuple):
    """What the row of a record is to be: values by field for the row of this number that has this entity tag."""

    values: Values
    number: int
    etag: str


def update_rows(table: type[Record], rows: Iterable[RecordRow]) -> int:
    """Update rows of records; return how many there were."""
    return update(table, updates(table, rows))


def updates(table: type[Record], rows: Iterable[RecordRow]) -> list[Rows]:
    """The values with which rows of records are updated, followed by their numbers and entity tags."""
    stored = [(_stored(table, row.values), row.number, row.etag) for row in rows]
    return [
        Rows(columns, [(*values.values(), number, etag) for values, number, etag in alike])
        for columns, alike in groupby(stored, lambda row: tuple(row[0]))
    ]


def update(table: type[Record], rows: Iterable[Rows]) -> int:
    """Update rows of records by what `updates` made of them; return how many there were."""
    updated = 0
    for columns, values in rows:
        fresh = ", ".join(f'"{column}" = ?' for column in columns)
        sql = f'UPDATE "{table._meta.table_name}" SET {fresh} WHERE number = ? AND etag = ?'
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
