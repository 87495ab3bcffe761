"""Databases of earlier versions, with the rows of a database of this version."""

from typing import Any

from peewee import SqliteDatabase

from api.database.compression import decompressed
from api.database.connections import connect
from api.database.current import use_database
from api.documents.record_types import RECORD_TYPES
from api.migrations.running import bring_up_to
from api.migrations.versions import missing_from
from api.models import TABLES
from api.search.index import table_of

FIRST = "0001_first_tables"

FORMERLY = {"record_type": "noun", "sort_key": "filed", "sort_day": "day", "span_days": "reach", "body": "document"}
"""The names that columns had before the migrations 0010_renamed_columns, 0020_compressed_log and
0021_compressed_documents_and_tokens."""


def held_before(records: dict[str, Any]) -> dict[str, Any]:
    """Those of some records that the first version could hold already."""
    return {record_type: documents for record_type, documents in records.items() if record_type != "readings"}


def make_older(url: str, source: Any, last: str) -> None:
    """Make an empty database one of the version whose last migration this is, with the rows of a source."""
    opened: Any = connect(url)
    with use_database(opened), opened.atomic():
        bring_up_to([name for name in missing_from(()) if name <= last])
        texts = [] if last == FIRST else map(table_of, RECORD_TYPES)  # those of the first version had other columns
        for table in [*(str(table._meta.table_name) for table in TABLES), *texts]:
            if _columns(opened, table):
                _copy(table, source, opened)
        if not _is_sqlite(opened):
            _advance_sequences(opened)
    opened.close_all()


def _copy(table: str, source: Any, target: Any) -> None:
    """Copy the rows of a table, without those columns that the older table lacks or computes itself."""
    there = _columns(target, table)
    names = {column: column if column in there else FORMERLY.get(column) for column in sorted(_columns(source, table))}
    names = {column: older for column, older in names.items() if older in there}
    read, written = (", ".join(f'"{column}"' for column in columns) for columns in (names, names.values()))
    placeholders = ", ".join(["?" if _is_sqlite(target) else "%s"] * len(names))
    for row in source.execute_sql(f'SELECT {read} FROM "{table}"').fetchall() if names else ():
        as_formerly = [decompressed(value) if isinstance(value, bytes) else value for value in row]
        target.execute_sql(f'INSERT INTO "{table}" ({written}) VALUES ({placeholders})', as_formerly)


def _advance_sequences(target: Any) -> None:
    """Let PostgreSQL number new rows after the copied ones, as SQLite does by itself."""
    for table in TABLES:
        primary_key: Any = table._meta.primary_key
        name, key = table._meta.table_name, primary_key.column_name
        if key in ("number", "sequence") and key in _columns(target, name):
            [[last]] = target.execute_sql(f'SELECT MAX("{key}") FROM "{name}"').fetchall()
            if last is not None:
                target.execute_sql(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', '{key}'), %s)", (last,))


def _is_sqlite(opened: Any) -> bool:
    return isinstance(opened, SqliteDatabase)


def _columns(opened: Any, table: str) -> set[str]:
    """The columns of a table that can be written to; none when there is no such table."""
    if _is_sqlite(opened):
        columns = {name for _, name, *_ in opened.execute_sql(f"PRAGMA table_info({table})").fetchall()}
        return columns | {"rowid"} if table.endswith("_text") and columns else columns
    sql = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s"
    return {name for (name,) in opened.execute_sql(f"{sql} AND is_generated = 'NEVER'", (table,)).fetchall()}
