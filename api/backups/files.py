"""The files that hold copies: each appears under its name when it is complete, and never replaces another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from api.errors import UnusableBackup


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """A partial file beside the new file, which is renamed when it is complete and on the disk; raise UnusableBackup."""
    partial = file.with_name(f".{file.name}.{uuid4().hex[:8]}.partial")
    with _naming(file):
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


def begins_with(file: Path, magic: bytes) -> bool:
    """Whether the first bytes of a file are these; raise UnusableBackup when it can't be read."""
    with _naming(file), file.open("rb") as content:
        return content.read(len(magic)) == magic


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Raise UnusableBackup, with the file, when it can't be read or written."""
    try:
        yield
    except OSError as error:
        raise UnusableBackup(f"{file} can't be used: {error.strerror or error}.") from error


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise UnusableBackup(f"There is something at {file} already: name a new file, or take that one away.")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
