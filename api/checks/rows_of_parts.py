"""Whether the rows of the parts of records are those that follow from their documents."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from api.documents.record_types import Part, Values
from api.lookups.known import Known
from api.models.base import OwnerField, owner_of
from api.records.rows import Owner, part_rows

BATCH_SIZE = 500  # values in one condition; SQLite would take 32766, older ones 999

StoredRows = dict[str, dict[int, list[Values]]]
"""The rows of parts by the name of their table and the number of their owner, in order."""


def rows_of_parts(parts: Iterable[Part], owners: Sequence[int]) -> StoredRows:
    """The rows of parts of these owners, and of the parts of these."""
    stored: StoredRows = {}
    for part in parts:
        batches = (owners[first : first + BATCH_SIZE] for first in range(0, len(owners), BATCH_SIZE))
        rows = [row for batch in batches for row in _select(part, batch)]
        by_owner = stored.setdefault(part.table._meta.table_name, {})
        for row in rows:
            by_owner.setdefault(row[_owner_in(part).name], []).append(row)
        if part.parts:
            stored |= rows_of_parts(part.parts, [_number_in(part, row) for row in rows])
    return stored


def _select(part: Part, owners: Sequence[int]) -> Iterator[Values]:
    table: Any = part.table
    order = table._meta.fields.get("position") or table.number
    return iter(table.select().where(_owner_in(part).in_(owners)).order_by(order).dicts())


def _owner_in(part: Part) -> OwnerField:
    owner = owner_of(part.table)
    assert owner is not None, f"{part.table.__name__} has no owner"
    return owner


def _number_in(part: Part, row: Values) -> int:
    key: Any = part.table._meta.primary_key
    return int(row[key.name])


def differing_tables(parts: Iterable[Part], owner: Owner, stored: StoredRows, known: Known) -> Iterator[str]:
    """The names of the tables whose rows are not those of a document."""
    for part in parts:
        name = str(part.table._meta.table_name)
        rows = stored[name].get(owner.number, [])
        expected = part_rows(part, owner.key, owner.document, known)
        if not _agree(rows, expected):
            yield name
        elif part.parts:
            for item, row in zip(owner.document[part.key], rows, strict=True):
                inner = Owner(_number_in(part, row), owner.key, item)
                yield from differing_tables(part.parts, inner, stored, known)


def _agree(rows: Sequence[Values], expected: Sequence[Values]) -> bool:
    """Whether there are these rows, which may have further columns."""
    return len(rows) == len(expected) and all(
        row[name] == value for row, values in zip(rows, expected, strict=True) for name, value in values.items()
    )
