"""Copies of the whole database, made while the service runs and put back whole or not at all.

Knows the database and the migrations, but no record: nothing of `records` or `queries` is imported here.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from api.backups import postgresql, sqlite
from api.database.connections import sqlite_path
from api.errors import UnusableBackup

Progress = Callable[[int, int], None]
"""Told now and then how much is done, and how much there is to do."""


def back_up(url: str, file: Path, progress: Progress) -> None:
    """Copy the database into a new file that only its owner may read; raise UnusableBackup when that can't be.

    The file appears when it is complete, and stays away otherwise.
    """
    path = sqlite_path(url)
    with _appearing(file) as partial:
        if path is None:
            postgresql.back_up(partial, progress)
        else:
            sqlite.back_up(path, partial, progress)


def restore(url: str, file: Path, replace: bool, progress: Progress) -> list[str]:
    """Put a copy in the place of an empty database, or of any when it is to be replaced; give the version it is of.

    All of it or nothing. Raise UnusableBackup when the file is no good copy for this engine or there are records already.
    """
    path = sqlite_path(url)
    is_archive = _begins_with(file, b"PK")
    if path is None and is_archive:
        return postgresql.restore(file, replace, progress)
    if path is not None and not is_archive:
        return sqlite.restore(file, path, replace, progress)
    raise UnusableBackup(
        f"{file} is a copy of a {'PostgreSQL' if is_archive else 'SQLite'} database, if any, and this is another:"
        " a copy goes back to the engine it is from."
    )


def _begins_with(file: Path, magic: bytes) -> bool:
    with told(file), file.open("rb") as content:
        return content.read(len(magic)) == magic


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Say which file can't be read or written, and why."""
    try:
        yield
    except OSError as error:
        raise UnusableBackup(f"{file} can't be used: {error.strerror or error}.") from error


@contextmanager
def _appearing(file: Path) -> Iterator[Path]:
    """A file beside the one to be made, which takes its name when it is complete and on the disk."""
    partial = file.with_name(f".{file.name}.{uuid4().hex[:8]}.partial")
    with told(file):
        _refuse_existing(file)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            yield partial
            _to_disk(partial)
            _refuse_existing(file)
            partial.rename(file)
            _to_disk(file.parent)
        finally:
            partial.unlink(missing_ok=True)


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise UnusableBackup(f"There is something at {file} already: name a new file, or take that one away.")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
