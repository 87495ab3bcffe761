"""Whether the database keeps its own promises: the file is whole, and every row that is referred to exists."""

from collections.abc import Iterator
from typing import Any

from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.models import TABLES

_KEYS: dict[str, str] = {
    str(table._meta.table_name): getattr(table._meta.primary_key, "column_name", "number") for table in TABLES
}
"""The primary key of each table; that of the text index is `key`."""

_FOREIGN_KEYS = """
SELECT here.relname, there.relname,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(n, place)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY place),
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(n, place)
               JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY place)
  FROM pg_constraint c
  JOIN pg_class here ON here.oid = c.conrelid
  JOIN pg_class there ON there.oid = c.confrelid
  JOIN pg_namespace n ON n.oid = c.connamespace AND n.nspname = current_schema()
 WHERE c.contype = 'f' ORDER BY here.relname, c.conname
"""


def broken_constraints() -> Iterator[str]:
    """What the engine was to prevent and is there all the same, one sentence each."""
    if is_sqlite():
        for (line,) in execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"The file is damaged: {line}."
    for table, key, target in _dangling_sqlite() if is_sqlite() else _dangling_postgresql():
        yield f"Row {key} of {table} refers to a row of {target} that does not exist."


def _dangling_sqlite() -> Iterator[tuple[str, Any, str]]:
    for table, number, target, _ in execute("PRAGMA foreign_key_check"):
        yield table, number, target


def _dangling_postgresql() -> Iterator[tuple[str, Any, str]]:
    """Those that came past the triggers by which PostgreSQL keeps foreign keys, as a careless restore can let them."""
    for table, target, columns, keys in execute(_FOREIGN_KEYS).fetchall():
        joined = " AND ".join(f'there."{key}" = here."{column}"' for column, key in zip(columns, keys, strict=True))
        given = " AND ".join(f'here."{column}" IS NOT NULL' for column in columns)
        sql = (
            f'SELECT here."{_KEYS.get(table, "key")}" FROM "{table}" AS here WHERE {given}'
            f' AND NOT EXISTS (SELECT 1 FROM "{target}" AS there WHERE {joined}) ORDER BY 1'
        )
        for (key,) in execute(sql):
            yield table, key, target
