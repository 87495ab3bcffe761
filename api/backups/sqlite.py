"""Copies of a SQLite database, made by SQLite's own online backup: the copy is a database itself."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.database import LOCK_TIMEOUT, create_sqlite_file
from api.failures import DatabaseUnavailable, UnfitDatabase, UnusableBackup
from api.migrations import refuse_unknown

PAGES = 4096  # copied between two looks at the clock

Progress = Callable[[int, int], None]


def back_up(path: Path, file: Path, progress: Progress) -> None:
    """Copy the database as it is at one moment; writers go on, for what they write goes to the log beside it."""
    with closing(_opened(path, "mode=ro")) as source, closing(sqlite3.connect(file)) as copy:
        source.execute("BEGIN")  # holds the moment: else each change would have the copy begin anew
        if not _versions(source):
            raise UnfitDatabase(f"The database at {path} holds no tables: there is nothing to back up.")
        source.backup(copy, pages=PAGES, progress=_watched(progress))


def restore(file: Path, path: Path, replace: bool, progress: Progress) -> list[str]:
    """Copy a copy into the database, in one transaction of it; a service that reads it goes on with either state."""
    if path.exists() and path.samefile(file):
        raise UnusableBackup(f"{file} is the database itself.")
    with closing(_opened(file, "mode=ro&immutable=1")) as source:
        versions = _verified(source, file)
        with _target(path) as target:
            _require_replaceable(target, path, replace)
            source.backup(target, pages=PAGES, progress=_watched(progress))
    return versions


def _opened(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=LOCK_TIMEOUT)


def _verified(source: sqlite3.Connection, file: Path) -> list[str]:
    """The version of a sound copy; raise UnusableBackup when it is none."""
    for log in (file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-journal")):
        if log.exists() and log.stat().st_size:
            raise UnusableBackup(f"{file} is in use, for {log.name} stands beside it: copy it with 'tasrih backup'.")
    try:
        versions = _versions(source)
        faults = [" ".join(line.split()) for (line,) in source.execute("PRAGMA integrity_check(1)") if line != "ok"]
    except sqlite3.DatabaseError as error:
        raise UnusableBackup(f"{file} is no sound copy of a database ({error}).") from error
    if faults or not versions:
        raise UnusableBackup(
            f"{file} is no sound copy of a database: {(faults or ['it is empty, or not of Tasrih'])[0]}."
        )
    refuse_unknown(versions)
    return versions


def _versions(connection: sqlite3.Connection) -> list[str]:
    """The names of the migrations that made a database, none when it is not of Tasrih."""
    if "schema_migration" not in _tables(connection):
        return []
    return [name for (name,) in connection.execute("SELECT name FROM schema_migration ORDER BY name")]


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@contextmanager
def _target(path: Path) -> Iterator[sqlite3.Connection]:
    """The database to copy to, made when it is missing and taken away again when it could not be filled."""
    is_new = not path.exists()
    if is_new:
        create_sqlite_file(path)
    try:
        with closing(_opened(path, "mode=rw")) as target:
            yield target
    except BaseException:
        if is_new:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        raise


def _require_replaceable(target: sqlite3.Connection, path: Path, replace: bool) -> None:
    tables = _tables(target)
    if tables and not _versions(target):
        raise UnusableBackup(f"The database at {path} has tables that are not Tasrih's: it is left alone.")
    if tables and not replace:
        raise UnusableBackup(f"The database at {path} is not empty: give --replace to lose what is in it.")


def _watched(progress: Progress) -> Callable[[int, int, int], None]:
    """Tell of progress, and give up when another program keeps the database locked."""
    since: list[float] = []

    def watch(status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            since.clear()
        elif not since:
            since.append(time.monotonic())
        elif time.monotonic() - since[0] > LOCK_TIMEOUT:
            raise DatabaseUnavailable("The database is locked by another program.")

    return watch
