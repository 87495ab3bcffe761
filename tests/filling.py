"""Filling new databases: what many tests begin with is loaded once in each process, and copied from then on."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from api.database.connections import sqlite_path
from api.migrations import versions

LARGE = 200_000
"""As many bytes of documents are loaded for a single test, if at all: keeping a database of them would only take room."""

_FILES: dict[str, bytes] = {}
_DATABASES: dict[str, str] = {}


def filled(url: str, documents: bytes | None, fill: Callable[[], None]) -> None:
    """Fill the new database behind a URL with documents: as `fill` does it, or by copying what it did before.

    `fill` leaves no connection open. A copy has the times, stamps and numbers of the first one.
    """
    if documents is None or len(documents) > LARGE:
        fill()
        return
    name = f"{urlsplit(url).query} {sha256(_version() + documents).hexdigest()}"
    path = sqlite_path(url)
    if path is None:
        _postgresql(url, name, fill)
    else:
        _sqlite(path, name, fill)


def _version() -> bytes:
    """What the tables are made by; some tests have migrations of their own."""
    return json.dumps(sorted(file.name for file in versions.FOLDER.glob("0*.py"))).encode()


def _sqlite(path: Path, name: str, fill: Callable[[], None]) -> None:
    if name in _FILES:
        assert path.stat().st_size <= 4096, "only a database without tables may be replaced"
        path.write_bytes(_FILES[name])
        return
    fill()
    assert not path.with_name(f"{path.name}-wal").exists(), "somebody still has the database open"
    _FILES[name] = path.read_bytes()


def _postgresql(url: str, name: str, fill: Callable[[], None]) -> None:
    database = urlsplit(url).path.strip("/")
    if name in _DATABASES:
        administer(url, f'DROP DATABASE "{database}"', _copying(_DATABASES[name], database))
        return
    fill()
    kept = f"kept_{uuid4().hex[:12]}"
    administer(url, _copying(database, kept))
    _DATABASES[name] = kept


def _copying(source: str, target: str) -> str:
    """FILE_COPY takes two thirds of the time of WAL_LOG where nothing is flushed to a disk."""
    return f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY file_copy'


def administer(url: str, *statements: str) -> None:
    """Run statements on the PostgreSQL server of a URL, each for itself."""
    parts = urlsplit(url)
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def as_bytes(documents: Any) -> bytes:
    """Documents in a form that is the same for the same documents."""
    return json.dumps(documents, sort_keys=True).encode()


def files_of(folder: Path) -> bytes:
    """All files of a folder with their names."""
    return as_bytes({str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*.json")})
