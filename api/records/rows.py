"""Documents as rows: the columns of a record's own table and of the tables of its parts, worked out without a database."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import orjson

from api.documents.record_types import RECORD_TYPE_OF_TABLE, RECORD_TYPES, Document, Part, RecordType, Values
from api.lookups.known import Known
from api.models.base import Record, ReferenceField, SortedPartTable, Table, key_of, references_of, sort_key
from schemas.answers.suggestions import NAMED

_RECORD_COLUMNS = {"number", "id", "label", "document", "etag", "created_at", "updated_at"}


def record_columns(record_type: RecordType, document: Document, known: Known, number: int | None = None) -> Values:
    """The columns of a record's own row that follow from its document and, once it has one, from its number."""
    values = columns_of(record_type.table, {**document, **record_type.row(document)}, known)
    if number is not None and key_of(record_type.table) == "sort_key":
        values["sort_key"] = key_in(record_type, document, number)
    return {**values, "label": orjson.dumps(record_type.label(document)).decode()}


def key_in(record_type: RecordType, document: Document, number: int) -> int:
    """The key of a record in the text index and in the rows of its parts: its `sort_key` if it has a day, else its number."""
    return (
        sort_key(record_type.row(document)["sort_day"], number) if key_of(record_type.table) == "sort_key" else number
    )


def columns_of(table: type[Table], values: Values, known: Known) -> Values:
    """The columns of a row from values named like them; references become numbers, offices their ids.

    A reference to a record that has no number yet becomes None.
    """
    columns: Values = {}
    for name, referred_to in _columns(table):
        if name in values:
            value = values[name]
            if isinstance(value, dict):
                value = known.require(referred_to, value["id"]).number if referred_to else value["id"]
            columns[name] = value
    return columns


@cache
def _columns(table: type[Table]) -> list[tuple[str, str | None]]:
    """The columns of a table that follow from a document, each with the type of the records that it refers to, if it does."""
    return [
        (field.name, RECORD_TYPE_OF_TABLE.get(field.rel_model) if isinstance(field, ReferenceField) else None)
        for field in table._meta.sorted_fields
        if not (field.name in _RECORD_COLUMNS and issubclass(table, Record))
    ]


class Owner(NamedTuple):
    """What parts belong to: the number of its row, the key of its record, and the object that holds them."""

    number: int
    key: int
    document: Document


def part_rows(part: Part, key: int, document: Document, known: Known) -> list[Values]:
    """The rows of one part of a document, without their owner; `key` is the record's."""
    listed = {"sort_key": key} if issubclass(part.table, SortedPartTable) else {}
    return [
        {**listed, **columns_of(part.table, part.row(item, position, document), known)}
        for position, item in enumerate(document[part.key])
    ]


def rows_of_parts(parts: Iterable[Part], key: int, document: Document, known: Known) -> Iterator[tuple[Part, Values]]:
    """The rows of all parts of a document and of the parts of these, each with its part and without its owner."""
    for part in parts:
        for row, item in zip(part_rows(part, key, document, known), document[part.key], strict=True):
            yield part, row
            yield from rows_of_parts(part.parts, key, item, known)


def differing_parts(parts: Iterable[Part], before: Owner, after: Owner, known: Known) -> list[Part]:
    """The parts whose rows, or the rows of whose parts, are not the same in two versions of a record."""
    return [
        part
        for part in parts
        if list(rows_of_parts([part], before.key, before.document, known))
        != list(rows_of_parts([part], after.key, after.document, known))
    ]


def named_records_in(record_type: RecordType, version: Owner, known: Known) -> set[tuple[str, int]]:
    """The records with names, by record type and number, to which the rows of a version refer."""
    named: set[tuple[str, str]] = set()
    _add_named(named, _references_to_named(record_type.table), version.document)
    _add_named_in_parts(named, _parts_with_named(record_type.parts), version.document)
    numbers = ((name, known.require(name, record_id).number) for name, record_id in named)
    return {(name, number) for name, number in numbers if number is not None}


class _PartWithNamed(NamedTuple):
    """A part whose rows refer to records with names, or that has such parts: by which columns, each with the record type."""

    part: Part
    references: list[tuple[str, str]]
    parts: "list[_PartWithNamed]"


@cache
def _parts_with_named(parts: tuple[Part, ...]) -> list[_PartWithNamed]:
    every = [_PartWithNamed(part, _references_to_named(part.table), _parts_with_named(part.parts)) for part in parts]
    return [each for each in every if each.references or each.parts]


@cache
def _references_to_named(table: type[Table]) -> list[tuple[str, str]]:
    return [(name, field.name) for name in NAMED for field in references_of(table, RECORD_TYPES[name].table)]


def _add_named_in_parts(named: set[tuple[str, str]], parts: list[_PartWithNamed], document: Document) -> None:
    for part, references, inner in parts:
        for position, item in enumerate(document[part.key]):
            _add_named(named, references, part.row(item, position, document))
            _add_named_in_parts(named, inner, item)


def _add_named(named: set[tuple[str, str]], references: list[tuple[str, str]], values: Values) -> None:
    for name, column in references:
        if (value := values.get(column)) is not None:
            named.add((name, value["id"]))
