"""Databases with synthetic corpora, built once and kept as long as what would be written stays the same."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
import psycopg
from psycopg import sql

from api import migrations
from api.database import connect
from api.models import database
from api.records.directory import Directory
from bench import works
from bench.corpus import Corpus
from bench.loading import fill
from bench.rows import rows_of

CACHE = Path(__file__).with_name(".cache")
SAMPLE = 30  # statements by which a change of what is written shows

Say = Callable[[str], None]


def build(corpus: Corpus, server: str | None, say: Say) -> tuple[str, dict[str, Any]]:
    """The URL of a database with this corpus, and what to ask of it; made unless it is there.

    `server` is the URL of a PostgreSQL in which databases may be created; without it, SQLite.
    """
    CACHE.mkdir(exist_ok=True)
    name = f"tasrih_bench_{corpus.size}_{corpus.seed}_{digest(corpus)}"
    done = CACHE / f"{name}_{'postgresql' if server else 'sqlite'}.json"
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}")) if server else f"sqlite:///{CACHE / name}.db"
    if not (done.exists() and _there(url, server)):
        say(f"building {corpus.size:,} statements")
        done.unlink(missing_ok=True)
        _make_room(name, server)
        fill(corpus, url, say)
        done.write_bytes(orjson.dumps(_questions(corpus, url, say)))
    return url, orjson.loads(done.read_bytes())


def digest(corpus: Corpus) -> str:
    """Changes when the tables change, or what is written into them for the first statements."""
    found = hashlib.blake2b(digest_size=6)
    for script in sorted(migrations.FOLDER.glob("0*")):
        found.update(script.read_bytes())
    database.initialize(connect("sqlite:///unused.db"))
    directory = Directory(corpus.cast.documents, alone=True)
    for noun, documents in corpus.cast.documents.items():
        for number, document in enumerate(documents, 1):
            directory.require(noun, document["id"]).number = number
    found.update(repr(rows_of(corpus, directory, database, 1, min(SAMPLE, corpus.size))).encode())
    return found.hexdigest()


def _there(url: str, server: str | None) -> bool:
    if server is None:
        return Path(url.removeprefix("sqlite:///")).exists()
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_room(name: str, server: str | None) -> None:
    """Remove what an interrupted run left behind."""
    if server is None:
        for leftover in CACHE.glob(f"{name}.*"):
            leftover.unlink()
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _questions(corpus: Corpus, url: str, say: Say) -> dict[str, Any]:
    say("what to ask")
    opened = connect(url)
    database.initialize(opened)
    try:
        return works.questions(corpus)
    finally:
        opened.close_all()  # type: ignore[no-untyped-call]
