"""Databases with synthetic corpora, built once and kept as long as what would be written stays the same."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import orjson
import psycopg
from psycopg import sql

from api.bitmaps.stored import refresh
from api.database.connections import connect, create_sqlite_file
from api.database.current import database, use_database
from api.migrations import versions
from api.migrations.running import migrate
from bench.corpora.corpus import Corpus
from bench.corpora.loading import fill, numbered
from bench.corpora.rows import rows_of
from bench.load import works
from bench.load.works import Questions

CACHE = Path(__file__).parent.parent / ".cache"
SAMPLE = 30  # statements by which a change of what is written shows

Say = Callable[[str], None]


def build(corpus: Corpus, server: str | None, say: Say) -> tuple[str, Questions]:
    """The URL of a database with this corpus, and what to ask of it; made unless it is there.

    `server` is the URL of a PostgreSQL in which databases may be created; without it, SQLite. Where a SQLite database
    has all that is wanted but its indexes, only these are made anew.
    """
    CACHE.mkdir(exist_ok=True)
    schema = fresh_schema()
    name = f"tasrih_bench_{corpus.size}_{corpus.seed}_{digest(corpus, schema, server is not None)}"
    done = CACHE / f"{name}_{'postgresql' if server else 'sqlite'}.json"
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}")) if server else f"sqlite:///{CACHE / name}.db"
    if not (done.exists() and _there(url, server)):
        say(f"building {corpus.size:,} statements")
        done.unlink(missing_ok=True)
        _make_room(name, server)
        fill(corpus, url, say)
        _keep_bitmaps(url, say)
        done.write_bytes(orjson.dumps(_questions(corpus, url, say)))
    elif server is None:
        follow_indexes(CACHE / f"{name}.db", schema, say)
    return url, orjson.loads(done.read_bytes())


@dataclass(frozen=True)
class Schema:
    """The tables and the indexes of a database, by name, as SQL."""

    tables: dict[str, str]
    indexes: dict[str, str]


def fresh_schema() -> Schema:
    """The schema of a SQLite database just migrated."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.db"
        create_sqlite_file(path)
        opened = connect(f"sqlite:///{path}")
        with use_database(opened):
            migrate()
        opened.close_all()  # type: ignore[no-untyped-call]
        return schema_of(path)


def schema_of(path: Path) -> Schema:
    """The schema of a SQLite database."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        made = [(kind, name, sql) for kind, name, sql in found]
    return Schema(*({name: sql for kind, name, sql in made if kind == wanted} for wanted in ("table", "index")))


def follow_indexes(path: Path, wanted: Schema, say: Say) -> None:
    """Give a database the indexes that it should have, and no others."""
    has = schema_of(path).indexes.items()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name, _ in has - wanted.indexes.items():
            say(f"dropping the index {name}")
            connection.execute(f'DROP INDEX "{name}"')
        for name, made_by in wanted.indexes.items() - has:
            say(f"making the index {name}")
            connection.execute(made_by)


def digest(corpus: Corpus, schema: Schema, postgresql: bool) -> str:
    """Changes when the tables change (or, on PostgreSQL, any migration), or what is written for the first statements."""
    scripts = sorted(versions.FOLDER.glob("0*.postgresql.sql")) if postgresql else []
    with use_database(connect("sqlite:///unused.db")):
        written = rows_of(corpus, numbered(corpus), 1, min(SAMPLE, corpus.size))
    known_by = [repr(sorted(schema.tables.items())), *(script.read_text() for script in scripts), repr(written)]
    return hashlib.blake2b("".join(known_by).encode(), digest_size=6).hexdigest()


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


def _keep_bitmaps(url: str, say: Say) -> None:
    """Store the bitmaps, as `tasrih migrate` and a large import do."""
    say("bitmaps")
    opened = connect(url)
    with use_database(opened):
        refresh()
    opened.close_all()  # type: ignore[no-untyped-call]


def _questions(corpus: Corpus, url: str, say: Say) -> Questions:
    say("what to ask")
    opened = connect(url)
    database.initialize(opened)
    try:
        return works.questions(corpus)
    finally:
        opened.close_all()  # type: ignore[no-untyped-call]
