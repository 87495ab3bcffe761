"""Copies of a SQLite database, made by SQLite's own online backup: the copy is a database itself."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from api.backups.files import remove_database
from api.backups.foreign import VERSIONS, refuse_foreign
from api.backups.progress import Progress
from api.backups.resuming import resumed_after
from api.database.connections import create_sqlite_file
from api.database.file_queue import FileQueue
from api.database.time_limits import LOCK_TIMEOUT
from api.database.writers_queue import WritersQueue
from api.errors import DatabaseUnavailable, UnfitDatabase, UnusableBackup
from api.migrations.versions import SQLITE_TABLES, refuse_edited, refuse_unknown
from schemas.values import dates

PAGES = 4096  # copied between two reports of progress


def back_up(path: Path, file: Path, progress: Progress) -> None:
    """Copy the database as it is at one moment; writers go on, since they write to the log beside it."""
    with closing(_opened(path, "mode=ro")) as source, closing(sqlite3.connect(file)) as copy:
        source.execute("BEGIN")  # holds the moment: otherwise each change would let the copy begin anew
        if not _versions(source):
            raise UnfitDatabase(f"The database at {path} holds no tables: there is nothing to back up.")
        source.backup(copy, pages=PAGES, progress=_watched(progress))


def restore(file: Path, path: Path, replace: bool, progress: Progress) -> list[str]:
    """Copy a copy into the database, in a single transaction; a service that reads meanwhile sees either state.

    The restoration is recorded in a staging file beside the database first, so that it is never missing. Nobody else writes
    from then on: a restore takes its turn among the writers.
    """
    path = path.resolve()  # what a link leads to is filled, and is removed when that fails
    writers = WritersQueue(1, LOCK_TIMEOUT, FileQueue(path))
    with closing(_opened(file, "mode=ro&immutable=1")) as source:
        versions = _verified(source, file)
        with _target(path) as target:
            _require_replaceable(target, path, replace)
            with _staged(source, path, lambda done, total: progress(done, 2 * total)) as staged, writers.turn():
                writers.note_lock()
                _record_restoration(staged, _last_position(target))
                later = _watched(lambda done, total: progress(total + done, 2 * total))
                staged.backup(target, pages=PAGES, progress=later)
    return versions


@contextmanager
def _staged(source: sqlite3.Connection, path: Path, progress: Progress) -> Iterator[sqlite3.Connection]:
    """A writable copy of the copy, beside the database it is for; it is removed in the end."""
    try:
        beside = TemporaryDirectory(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as error:
        raise UnusableBackup(f"Nothing can be written beside {path}: {error.strerror or error}.") from error
    with beside as folder:
        create_sqlite_file(file := Path(folder) / "staged.db")
        with closing(_opened(file, "mode=rw")) as staged:
            staged.execute("PRAGMA synchronous = off")  # it is of no use after a crash
            source.backup(staged, pages=PAGES, progress=_watched(progress))
            yield staged


def _record_restoration(copy: sqlite3.Connection, used: int) -> None:
    """Let the log go on at a position that was never used, and record the gap.

    An earlier version has no table of restorations; its migration recognises the gap.
    """
    tables = _tables(copy)
    if "change" not in tables:
        return
    [position] = copy.execute('SELECT COALESCE(MAX(sequence), 0) FROM "change"').fetchone()
    resumed = resumed_after(_last_position(copy), used)
    copy.execute("BEGIN")
    copy.execute("DELETE FROM sqlite_sequence WHERE name = 'change'")
    copy.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('change', ?)", (resumed - 1,))
    if "restoration" in tables:
        row = dates.moment(datetime.now(UTC)), position, resumed
        copy.execute("INSERT INTO restoration (moment, position, resumed) VALUES (?, ?, ?)", row)
    copy.execute("COMMIT")


def _last_position(connection: sqlite3.Connection) -> int:
    """The last position that was used in the log of changes; 0 when there is no log."""
    if "change" not in _tables(connection):
        return 0
    [last] = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'change'").fetchone()
    return int(last)


def _opened(path: Path, parameters: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{parameters}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=LOCK_TIMEOUT)


def _verified(source: sqlite3.Connection, file: Path) -> list[str]:
    """The migrations by which a copy was made; raise UnusableBackup when it is not sound."""
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
    refuse_edited(f"The database in {file}", _digests(source), "sqlite")
    return versions


def _versions(connection: sqlite3.Connection) -> list[str]:
    """The names of the migrations that made a database; none when it is not Tasrih's."""
    if VERSIONS not in _tables(connection):
        return []
    return [name for (name,) in connection.execute(f"SELECT name FROM {VERSIONS} ORDER BY name")]


def _digests(connection: sqlite3.Connection) -> dict[str, str]:
    """The digests of those migrations; none in versions that recorded none."""
    if "migration_digest" not in _tables(connection):
        return {}
    return dict(connection.execute("SELECT name, sha256 FROM migration_digest"))


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute(SQLITE_TABLES)}


@contextmanager
def _target(path: Path) -> Iterator[sqlite3.Connection]:
    """The database to copy to; a missing database is created, and removed again when it could not be filled."""
    is_new = not path.exists()
    try:
        if is_new:
            create_sqlite_file(path)
        with closing(_opened(path, "mode=rw")) as target:
            yield target
    except BaseException:
        if is_new:
            remove_database(path)
        raise


def _require_replaceable(target: sqlite3.Connection, path: Path, replace: bool) -> None:
    tables = _tables(target)
    refuse_foreign(tables)
    if tables and not replace:
        raise UnusableBackup(f"The database at {path} is not empty: give --replace to lose what is in it.")


def _watched(progress: Progress) -> Callable[[int, int, int], None]:
    """Report progress, and give up when another program keeps the database locked."""
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
