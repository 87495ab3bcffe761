"""Copies of a PostgreSQL database: a zip archive with a file of COPY's text format for each table, and a manifest.

They need none of PostgreSQL's programs, and can be restored by any version of its server.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import orjson
import psycopg
from psycopg.sql import SQL, Composable, Identifier

from api.backups.foreign import VERSIONS, refuse_foreign
from api.backups.progress import Progress
from api.backups.resuming import resumed_after
from api.database.current import engine
from api.database.statements import execute, rows
from api.database.time_limits import LOCK_TIMEOUT
from api.database.transactions import at_one_moment, writing
from api.errors import DatabaseUnavailable, UnfitDatabase, UnusableBackup
from api.migrations.running import bring_up_to
from api.migrations.versions import MADE_OTHERWISE, names_applied, recorded_digests, refuse_edited, refuse_unknown
from schemas.values import dates

FORMAT = "tasrih backup 1"
MANIFEST = "manifest.json"
CHUNK = 1 << 16  # bytes


_TABLES = """
SELECT c.relname, pg_relation_size(c.oid), array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname
"""
_SEQUENCES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
 WHERE c.relkind = 'S' ORDER BY c.relname
"""


def back_up(file: Path, progress: Progress) -> None:
    """Write every table, as all of them are at one moment."""
    with _driver_errors(), at_one_moment():
        if not (versions := names_applied()):
            raise UnfitDatabase("The database holds no tables: there is nothing to back up.")
        tables = [(name, size, columns) for name, size, columns in rows(_TABLES) if name != VERSIONS]
        counts, total = {}, sum(size for _, size, _ in tables)
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as archive:
            for number, (name, _, columns) in enumerate(tables):
                progress(sum(size for _, size, _ in tables[:number]), total)
                counts[name] = _copy_out(archive, name, columns)
            manifest = {
                "format": FORMAT,
                "versions": versions,
                "tables": {name: {"columns": columns, "rows": counts[name]} for name, _, columns in tables},
                "sequences": _sequences(),
            }
            archive.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    progress(total, total)


def _copy_out(archive: ZipFile, table: str, columns: list[str]) -> int:
    """Write a table, and return how many rows it has: each is a line."""
    count = 0
    copying = SQL("COPY {} ({}) TO STDOUT (ENCODING 'UTF8')").format(*_named(table, columns))
    with archive.open(f"{table}.copy", "w", force_zip64=True) as member, _cursor().copy(copying) as copy:
        for chunk in copy:
            count += bytes(chunk).count(b"\n")
            member.write(chunk)
    return count


def _sequences() -> dict[str, tuple[int, bool]]:
    """The state of each sequence, so that no number is used twice."""
    names = [name for (name,) in rows(_SEQUENCES)]
    return {name: rows(f'SELECT last_value, is_called FROM "{name}"')[0] for name in names}


def restore(file: Path, replace: bool, progress: Progress) -> list[str]:
    """Make the tables as they were when the copy was made, and fill them, in a single transaction."""
    with _read(file) as (archive, manifest), _driver_errors():
        versions: list[str] = manifest["versions"]
        refuse_unknown(versions)
        with writing():
            execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s'")
            used = _last_position()
            _make_room(replace)
            bring_up_to(versions)
            _fill(archive, manifest, progress)
            refuse_edited(f"The database in {file}", recorded_digests(), "postgresql")
            _record_restoration(used)
        execute(f"ANALYZE {', '.join(map(_quoted, manifest['tables']))}")
    return versions


@contextmanager
def _read(file: Path) -> Iterator[tuple[ZipFile, dict[str, Any]]]:
    """The archive and its manifest; raise UnusableBackup when any of it can't be read."""
    try:
        with ZipFile(file) as archive:
            manifest = orjson.loads(archive.read(MANIFEST))
            if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
                raise UnusableBackup(f"{file} is no copy of a database of Tasrih.")
            yield archive, manifest
    except _UNREADABLE as error:
        raise UnusableBackup(f"{file} is no sound copy of a database: {' '.join(str(error).split())}.") from error


_UNREADABLE = (BadZipFile, zlib.error, struct.error, EOFError, LookupError, TypeError, ValueError, RuntimeError)
"""What `zipfile` raises when bytes of an archive were changed."""


def _make_room(replace: bool) -> None:
    present = {name for name, _, _ in rows(_TABLES)}
    refuse_foreign(present)
    if present and not replace:
        raise UnusableBackup("The database is not empty: give --replace to lose what is in it.")
    if present:
        execute(f"DROP TABLE {', '.join(map(_quoted, present))}")


def _fill(archive: ZipFile, manifest: dict[str, Any], progress: Progress) -> None:
    columns_of = {name: set(columns) for name, _, columns in rows(_TABLES) if name != VERSIONS}
    copied: dict[str, dict[str, Any]] = manifest["tables"]
    if columns_of != {name: set(table["columns"]) for name, table in copied.items()}:
        raise UnusableBackup(f"The copy has other tables or columns than its version of the database: {MADE_OTHERWISE}")
    sizes = {name: archive.getinfo(f"{name}.copy").file_size for name in copied}
    done = 0
    for name, table in copied.items():
        execute(f"DELETE FROM {_quoted(name)}")
        if _copy_in(archive, name, table["columns"]) != table["rows"]:
            raise UnusableBackup(f"The copy of the table {name} has not the rows that were there.")
        progress(done := done + sizes[name], sum(sizes.values()))
    for sequence, (last, called) in manifest["sequences"].items():
        execute("SELECT setval(?::regclass, ?, ?)", (_quoted(sequence), last, called))


def _copy_in(archive: ZipFile, table: str, columns: list[str]) -> int:
    cursor = _cursor()
    copying = SQL("COPY {} ({}) FROM STDIN (ENCODING 'UTF8')").format(*_named(table, columns))
    with archive.open(f"{table}.copy") as member, cursor.copy(copying) as copy:
        while chunk := member.read(CHUNK):
            copy.write(chunk)
    return int(cursor.rowcount)


def _record_restoration(used: int) -> None:
    """Let the log go on at a position that was never used, and record the gap.

    An earlier version has no table of restorations; its migration recognises the gap.
    """
    tables = {name for name, _, _ in rows(_TABLES)}
    if "change" not in tables:
        return
    [(position,)] = rows('SELECT COALESCE(MAX(sequence), 0) FROM "change"')
    resumed = resumed_after(_last_position(), used)
    execute("SELECT setval('change_sequence_seq', ?, false)", (resumed,))
    if "restoration" in tables:
        row = dates.moment(datetime.now(UTC)), position, resumed
        execute("INSERT INTO restoration (moment, position, resumed) VALUES (?, ?, ?)", row)


def _last_position() -> int:
    """The last position that was used in the log of changes; 0 when there is no log."""
    if ("change_sequence_seq",) not in rows(_SEQUENCES):
        return 0
    [(last,)] = rows("SELECT last_value FROM change_sequence_seq")
    return int(last)


def _named(table: str, columns: list[str]) -> tuple[Composable, Composable]:
    return Identifier(table), SQL(", ").join(map(Identifier, columns))


def _quoted(name: str) -> str:
    return Identifier(name).as_string()


def _cursor() -> "psycopg.Cursor[Any]":
    cursor: psycopg.Cursor[Any] = engine().connection().cursor()
    return cursor


@contextmanager
def _driver_errors() -> Iterator[None]:
    """Translate the driver's own exceptions, which do not pass through peewee here."""
    try:
        yield
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise UnusableBackup(f"The copy holds what the database refuses: {' '.join(str(error).split())}.") from error
    except psycopg.Error as error:
        raise DatabaseUnavailable(" ".join(str(error).split())) from error
