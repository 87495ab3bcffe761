"""Backing up and restoring, whichever engine the database is of."""

from pathlib import Path

from api.backups import postgresql, sqlite
from api.backups.files import begins_with, new_file
from api.backups.progress import Progress
from api.database.connections import sqlite_path
from api.errors import UnusableBackup

ZIP_MAGIC = b"PK"  # copies of PostgreSQL are zip archives


def back_up(url: str, file: Path, progress: Progress) -> None:
    """Copy the database into a new file that only its owner may read; raise UnusableBackup when that can't be done.

    The file appears when it is complete, or not at all.
    """
    path = sqlite_path(url)
    with new_file(file) as partial:
        if path is None:
            postgresql.back_up(partial, progress)
        else:
            sqlite.back_up(path, partial, progress)


def restore(url: str, file: Path, replace: bool, progress: Progress) -> list[str]:
    """Put a copy in the place of an empty database, or with `replace` of any; return the migrations it was made by.

    All of it or nothing. Raise UnusableBackup when the file is no good copy for this engine, or records would be lost.
    """
    path = sqlite_path(url)
    is_archive = begins_with(file, ZIP_MAGIC)
    if path is None and is_archive:
        return postgresql.restore(file, replace, progress)
    if path is not None and not is_archive:
        return sqlite.restore(file, path, replace, progress)
    raise UnusableBackup(
        f"{file} is a copy of a {'PostgreSQL' if is_archive else 'SQLite'} database, if any, and this is another:"
        " a copy goes back to the engine it is from."
    )
