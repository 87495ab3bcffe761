"""New databases: what several tests begin with is loaded once or twice in each process, and copied from then on."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from pooling import is_pooled

from api.bulk.folders import load_vocabularies
from api.database.connections import create_sqlite_file
from api.database.current import engine
from api.database.urls import sqlite_path
from api.migrations import versions
from api.migrations.running import migrate

CORPUS = b"the corpus"
"""Stands for the documents of the five articles, which so many tests begin with that they are kept at once."""

LARGE = 200_000
"""As many bytes of documents are loaded for a single test, if at all: keeping a database of them would only take room."""

_FILES: dict[str, bytes] = {}
"""The kept SQLite databases."""

_TEMPLATES: dict[str, str] = {}
"""The names of the kept PostgreSQL databases."""

_EMPTY: list[str] = []
"""The names of empty PostgreSQL databases: renaming one takes no time, and creating one a twentieth of a second."""

_LOADED_BEFORE: set[str] = set()


def create(url: str) -> None:
    """Create the database of a URL, without tables."""
    path = sqlite_path(url)
    if path is not None:
        create_sqlite_file(path)
    elif _EMPTY:
        administer(url, f'ALTER DATABASE "{_EMPTY.pop()}" RENAME TO "{_name(url)}"')
    else:
        administer(url, f'CREATE DATABASE "{_name(url)}"')


def drop(url: str) -> None:
    """Drop the database of a URL, whoever still has it open."""
    path = sqlite_path(url)
    if path is None:
        administer(url, f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')
    else:
        for end in ("", "-wal", "-shm", "-queue"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def filled(url: str, documents: bytes, load: Callable[[], object]) -> None:
    """Fill the new database of a URL, which is the current one, with tables, terms, and documents: `load` stores these.

    A copy has the times, stamps and numbers of the first one.
    """
    key = _key(url, documents)
    if _copied(url, key):
        return
    make_tables(url)
    load()
    engine().close_all()
    if documents == CORPUS or (key in _LOADED_BEFORE and len(documents) <= LARGE):
        _keep(url, key)
    _LOADED_BEFORE.add(key)


def migrated(url: str) -> None:
    """Make the tables in the new database of a URL, which is the current one, without any terms in them."""
    key = _key(url, b"no terms")
    if not _copied(url, key):
        migrate()
        engine().close_all()
        _keep(url, key)


def copy(source: str, target: str) -> None:
    """Put a copy of a database that nobody has open in the place of a new one."""
    path = sqlite_path(source)
    if path is not None:
        Path(str(sqlite_path(target))).write_bytes(path.read_bytes())
    else:
        _let_pooler_go(source)
        administer(target, f'DROP DATABASE "{_name(target)}"', _copying(_name(source), _name(target)))


def make_tables(url: str) -> None:
    """Make the tables in the new database of a URL, which is the current one, with the terms of the vocabularies in them."""
    key = _key(url, b"")
    if not _copied(url, key):
        migrated(url)
        load_vocabularies()
        engine().close_all()
        _keep(url, key)


def _key(url: str, documents: bytes) -> str:
    """What a database holds: documents, in the tables of these migrations (some tests have their own)."""
    made_by = json.dumps(sorted(file.name for file in versions.FOLDER.glob("0*.py"))).encode()
    return f"{urlsplit(url).query} {sha256(made_by + documents).hexdigest()}"


def _copied(url: str, key: str) -> bool:
    """Whether the database was replaced by a copy of what is kept."""
    path = sqlite_path(url)
    if path is not None and key in _FILES:
        assert path.stat().st_size <= 4096, "only a database without tables may be replaced"
        path.write_bytes(_FILES[key])
        return True
    if path is None and key in _TEMPLATES:
        aside = f"empty_{uuid4().hex[:12]}"
        administer(url, f'ALTER DATABASE "{_name(url)}" RENAME TO "{aside}"', _copying(_TEMPLATES[key], _name(url)))
        _EMPTY.append(aside)
        return True
    return False


def _keep(url: str, key: str) -> None:
    """Keep a copy of a database that nobody has open."""
    path = sqlite_path(url)
    if path is not None:
        assert not path.with_name(f"{path.name}-wal").exists(), "somebody still has the database open"
        _FILES[key] = path.read_bytes()
    else:
        _TEMPLATES[key] = f"kept_{uuid4().hex[:12]}"
        _let_pooler_go(url)
        administer(url, _copying(_name(url), _TEMPLATES[key]))


def _let_pooler_go(url: str) -> None:
    """End the connections that a pooler still has to a database that nobody uses, and wait for that."""
    if is_pooled(url):
        administer(url, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{_name(url)}'")


def _copying(source: str, target: str) -> str:
    """FILE_COPY takes two thirds of the time of WAL_LOG where nothing is flushed to a disk."""
    return f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY file_copy'


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")


def administer(url: str, *statements: str) -> None:
    """Run statements on the PostgreSQL server of a URL, each for itself, over a connection that is kept for the next ones."""
    server = urlsplit(url)._replace(path="/postgres").geturl()
    if server not in _CONNECTIONS:
        _CONNECTIONS[server] = psycopg.connect(server, autocommit=True)
    for statement in statements:
        _CONNECTIONS[server].execute(statement.encode())


_CONNECTIONS: dict[str, psycopg.Connection] = {}
"""Connections to the database `postgres` of each server: making one takes as long as a few dozen statements."""


def disconnect() -> None:
    """Close the connections to the servers, before these are stopped."""
    while _CONNECTIONS:
        _CONNECTIONS.popitem()[1].close()


def as_bytes(documents: Any) -> bytes:
    """Documents in a form that is the same for the same documents."""
    return json.dumps(documents, sort_keys=True).encode()


def files_of(folder: Path) -> bytes:
    """All files of a folder with their names."""
    return as_bytes({str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*.json")})
