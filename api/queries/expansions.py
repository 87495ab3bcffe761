"""The records that the records of a page refer to, found from the foreign keys alone."""

from peewee import Field

from api.models import TABLES
from api.models.base import Record, Table, owner_of, references_of
from api.records.nouns import NOUNS


def expansion_sql(records: type[Record], noun: str) -> str:
    """A SELECT of (noun, number, id, document): the records of a noun that those in `page` refer to anywhere."""
    target = NOUNS[noun].table
    referring = [
        f'SELECT {_column(field)} FROM "{table._meta.table_name}" WHERE {_belongs_to_page(table, records)}'
        for table in TABLES
        if _belongs_to(table, records)
        for field in references_of(table, target)
    ]
    if not referring:
        return f"SELECT '{noun}', number, CAST(NULL AS TEXT), document FROM page WHERE 1 = 0"
    return f"SELECT '{noun}', number, id, document FROM \"{target._meta.table_name}\" WHERE number IN ({' UNION '.join(referring)})"


def _belongs_to(table: type[Table], records: type[Record]) -> bool:
    while table is not records:
        owner = owner_of(table)
        if owner is None:
            return False
        table = owner.rel_model
    return True


def _belongs_to_page(table: type[Table], records: type[Record]) -> str:
    if table is records:
        return "number IN (SELECT number FROM page)"
    owner = owner_of(table)
    assert owner is not None
    if owner.rel_model is records:
        return f"{_column(owner)} IN (SELECT number FROM page)"
    return f'{_column(owner)} IN (SELECT number FROM "{owner.rel_model._meta.table_name}" WHERE {_belongs_to_page(owner.rel_model, records)})'


def _column(field: Field) -> str:
    return f'"{field.column_name}"'
