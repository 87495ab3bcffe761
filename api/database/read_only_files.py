"""SQLite files on file systems that are mounted read-only.

A database in write-ahead mode needs its `-wal` and `-shm` beside it, and SQLite can't make them there. Where no `-wal` holds
anything nobody writes, so the file is opened as one that does not change (`immutable`): nothing is locked, nothing else is
looked for. That holds only as long as nobody writes: the same folder may be mounted writable elsewhere. So a connection is
not used again when the files have changed. See https://www.sqlite.org/wal.html#read_only_databases.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

UNREADABLE_LOG = (
    "unable to open the database on a file system that is mounted read-only: its -wal file holds changes, which can't be"
    " read without its -shm file. Open it once where it can be written, with 'tasrih check' for instance"
)


class ReadOnlyConnection(sqlite3.Connection):
    """A connection to the file of a URI that ends with `?mode=ro`."""

    def __init__(self, address: str, **options: Any) -> None:
        self._path = Path(url2pathname(address.removeprefix("file://").removesuffix("?mode=ro")))
        self._state = _state(self._path) if _is_on_read_only_file_system(self._path) else None
        self._is_immutable = self._state is not None and not _holds_changes(self._path)
        if self._state is not None and not self._is_immutable and not _beside(self._path, "-shm").exists():
            raise sqlite3.OperationalError(UNREADABLE_LOG)
        super().__init__(f"{address}&immutable=1" if self._is_immutable else address, **options)

    def is_outdated(self) -> bool:
        """Whether somebody has written to the file that was taken for immutable."""
        return self._is_immutable and (_holds_changes(self._path) or _state(self._path) != self._state)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _is_on_read_only_file_system(path: Path) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _holds_changes(path: Path) -> bool:
    try:
        return _beside(path, "-wal").stat().st_size > 0
    except OSError:
        return False


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns
