"""The records that the records of a page refer to, by the foreign keys alone."""

from functools import cache

from peewee import Field

from api.documents.record_types import RECORD_TYPES
from api.models import TABLES
from api.models.base import Record, Table, owner_of, references_of
from api.models.speakers import Speaker


@cache
def expansion_sql(records: type[Record], record_type: str, by_version: bool = False) -> str:
    """A SELECT of (record type, number, id, document, etag) of the records of a type that those in `page` refer to anywhere.

    The documents are NULL if they are looked up `by_version`.
    """
    target = RECORD_TYPES[record_type].table
    numbers = _numbers_referred_to(records, target)
    if numbers is None:
        return f"SELECT '{record_type}', number, CAST(NULL AS TEXT), body, etag FROM page WHERE 1 = 0"
    body = "NULL" if by_version else "body"
    return f"SELECT '{record_type}', number, id, {body}, etag FROM \"{target._meta.table_name}\" WHERE number IN ({numbers})"


@cache
def kinds_sql(records: type[Record]) -> str:
    """A SELECT of ('kind', number, id, NULL, kind) of the speakers that the records in `page` refer to anywhere."""
    numbers = _numbers_referred_to(records, Speaker)
    where = "1 = 0" if numbers is None else f"number IN ({numbers})"
    return f"SELECT 'kind', number, id, NULL, kind FROM speaker WHERE {where}"


def _numbers_referred_to(records: type[Record], target: type[Record]) -> str | None:
    referring = [
        f'SELECT {_column(field)} FROM "{table._meta.table_name}" WHERE {on_page}'
        for table in TABLES
        if (on_page := _on_page(table, records)) is not None
        for field in references_of(table, target)
    ]
    return " UNION ".join(referring) or None


def _on_page(table: type[Table], records: type[Record]) -> str | None:
    """The condition that rows of a table belong to records of `page`; None for a table of other records or their parts."""
    if table is records:
        return "number IN (SELECT number FROM page)"
    owner = owner_of(table)
    numbers = _numbers_on_page(owner.rel_model, records) if owner is not None else None
    return f"{_column(owner)} IN ({numbers})" if owner is not None and numbers is not None else None


def _numbers_on_page(table: type[Table], records: type[Record]) -> str | None:
    if table is records:
        return "SELECT number FROM page"
    on_page = _on_page(table, records)
    return f'SELECT number FROM "{table._meta.table_name}" WHERE {on_page}' if on_page is not None else None


def _column(field: Field) -> str:
    return f'"{field.column_name}"'
