"""Backing up and restoring, whichever engine the database is of."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.backups import postgresql, sqlite
from api.backups.digests import file_beside, verify_digest, write_digest
from api.backups.files import first_bytes, new_file, refuse_existing
from api.backups.progress import Progress
from api.database.outages import is_full
from api.database.urls import sqlite_path
from api.errors import UnusableBackup

ZIP_MAGIC = b"PK"  # copies of PostgreSQL are zip archives
SQLITE_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, 1.3.1


def back_up(url: str, file: Path, progress: Progress) -> None:
    """Copy the database into a new file that only its owner may read; raise UnusableBackup when that can't be done.

    The file appears when it is complete, with its digest beside it, or not at all.
    """
    path = sqlite_path(url)
    refuse_existing(file_beside(file))
    with _digest_removed_with(file), new_file(file) as partial, _naming_full_disk(file):
        if path is None:
            postgresql.back_up(partial, progress)
        else:
            sqlite.back_up(path, partial, progress)
        write_digest(partial, file)


@contextmanager
def _digest_removed_with(file: Path) -> Iterator[None]:
    """Remove the digest of a copy that could not be given its name."""
    try:
        yield
    except BaseException:
        if not file.exists():
            file_beside(file).unlink(missing_ok=True)
        raise


@contextmanager
def _naming_full_disk(file: Path) -> Iterator[None]:
    """Raise UnusableBackup when there is no room for the copy; SQLite calls the limit of a file's size an I/O error."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if is_full(error):
            raise UnusableBackup(f"{file} can't be written: there is no room left.") from error
        raise UnusableBackup(f"{file} can't be written, or the database not be read: {error}.") from error


def restore(url: str, file: Path, replace: bool, progress: Progress, unverified: bool = False) -> list[str]:
    """Put a copy in the place of an empty database, or with `replace` of any; return the migrations it was made by.

    All of it or nothing. Raise UnusableBackup when the file is no good copy for this engine, when it has no digest (unless
    it may be `unverified`) or a wrong one, or when records would be lost.
    """
    path = sqlite_path(url)
    _refuse_other_kinds(file, is_sqlite=path is not None)
    if path is not None and path.exists() and path.samefile(file):
        raise UnusableBackup(f"{file} is the database itself.")
    verify_digest(file, required=not unverified)
    if path is None:
        return postgresql.restore(file, replace, progress)
    return sqlite.restore(file, path, replace, progress)


def _refuse_other_kinds(file: Path, is_sqlite: bool) -> None:
    """Raise UnusableBackup, with what a file is, when it can't be a copy of a database of this engine."""
    start = first_bytes(file, len(SQLITE_MAGIC))
    if not start:
        raise UnusableBackup(f"{file} is empty: it is no backup.")
    if start != SQLITE_MAGIC and not start.startswith(ZIP_MAGIC):
        raise UnusableBackup(f"{file} is not a backup of Tasrih.")
    if is_sqlite != (start == SQLITE_MAGIC):
        kind, other = ("a zip archive", "SQLite") if is_sqlite else ("a SQLite database", "PostgreSQL")
        raise UnusableBackup(
            f"{file} is {kind}, and this database is {other}'s: a copy goes back to the engine it is from."
        )
