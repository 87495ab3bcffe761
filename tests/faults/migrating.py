"""A migration that is killed half-way: the database is of the old version still, and whole; then it is migrated."""

import random
import time
from typing import Any

from api.database.compression import decompressed
from api.database.connections import connect
from api.database.current import database
from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.migrations import versions
from api.migrations.running import bring_up_to
from api.models import TABLES
from faults.engines import Engine
from faults.service import begun, command

OLD = "0004_names"
"""The last version that kept no log of changes."""


def run(engine: Engine, kills: int = 8, seed: int = 1) -> dict[str, Any]:
    """Kill `tasrih migrate` of an older database at random moments: it must have done nothing, or all."""
    source, chance = _source(engine), random.Random(seed)
    whole, interrupted, faster = _seconds_to_migrate(_older(engine, source)), 0, 0
    url = _older(engine, source)
    before = _contents(url)
    while interrupted < kills:
        migrating = begun(url, "migrate")
        time.sleep(chance.uniform(0.2, 0.9) * whole)
        migrating.kill()
        migrating.communicate()
        if _contents(url) == before:
            interrupted += 1
            continue
        command(url, "check")  # it was faster, and all of it is there
        faster, whole = faster + 1, 0.9 * whole
        url = _older(engine, source)
        before = _contents(url)
    command(url, "migrate")
    command(url, "check")
    return {"killed half-way": interrupted, "ended before": faster, "seconds of a whole migration": round(whole, 1)}


def _source(engine: Engine) -> str:
    """A database of this version that holds the corpus."""
    url = engine.new_database()
    command(url, "migrate")
    command(url, "load")
    return url


def _seconds_to_migrate(url: str) -> float:
    began = time.monotonic()
    command(url, "migrate")
    return time.monotonic() - began


def _older(engine: Engine, new: str) -> str:
    """A database of an older version that holds the same records."""
    old = engine.new_database()
    source: Any = connect(new)
    target: Any = connect(old)
    database.initialize(target)
    try:
        with target.atomic():
            bring_up_to([name for name in versions.missing_from(()) if name <= OLD])
            for table in (str(table._meta.table_name) for table in TABLES):
                if table in target.get_tables():
                    _copy(table, source)
    finally:
        source.close_all()
        target.close_all()
    return old


def _copy(table: str, source: Any) -> None:
    """Copy the rows of a table, but for columns that are made by the database."""
    columns = _written_columns(table)
    selected = ", ".join(f'"{NEW_NAMES.get(column, column)}"' for column in columns)
    inserted, placeholders = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
    insert = f'INSERT INTO "{table}" ({inserted}) VALUES ({placeholders})'
    for row in source.execute_sql(f'SELECT {selected} FROM "{table}"').fetchall():
        values = zip(columns, row, strict=True)
        execute(insert, [decompressed(value) if column == "document" else value for column, value in values])


NEW_NAMES = {"noun": "record_type", "filed": "sort_key", "day": "sort_day", "reach": "span_days", "document": "body"}
"""What `0010_renamed_columns` and `0021_compressed_documents_and_tokens` call the columns of earlier versions."""


def _written_columns(table: str) -> list[str]:
    if is_sqlite():
        return [column.name for column in database.get_columns(table)]
    sql = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s"
    return [name for (name,) in execute(f"{sql} AND is_generated = 'NEVER'", (table,)).fetchall()]


def _contents(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    opened: Any = connect(url)
    try:
        return {
            table: sorted(
                repr(tuple(map(_bytes, row))) for row in opened.execute_sql(f'SELECT * FROM "{table}"').fetchall()
            )
            for table in opened.get_tables()
        }
    finally:
        opened.close_all()


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
