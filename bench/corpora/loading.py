"""Filling an empty database with a synthetic corpus: what statements refer to by `store`, the statements in bulk."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from api.bulk.folders import load_vocabularies
from api.database.compression import compressed_tokens
from api.database.connections import connect, create_sqlite_file
from api.database.current import database
from api.database.transactions import writing
from api.database.urls import sqlite_path
from api.lookups.finding import find_stored
from api.lookups.known import Known
from api.migrations.running import migrate
from api.names.reference_counts import recount
from api.records.storing import store
from api.search import index
from api.search.text_indexes import FTS5
from bench.corpora.corpus import Corpus
from bench.corpora.rows import STATEMENTS, Rows, remember, rows_of, tables_written

AT_A_TIME = 500  # statements made in one go
PROCESSES = 2
TEXTS = index.table_of(STATEMENTS.name)
CONTENTS = FTS5().contents_of(TEXTS)

Say = Callable[[str], None]


class Bulk(Protocol):
    """An empty set of tables being filled."""

    def write(self, rows: Rows) -> None:
        """Add rows; the text index may wait."""

    def finish(self, say: Say) -> None:
        """Write what waited, make the indexes, and leave the database as the service needs it."""


def fill(corpus: Corpus, url: str, say: Say) -> None:
    """Migrate an empty database and write a corpus into it."""
    path = sqlite_path(url)
    if path is not None:
        create_sqlite_file(path)
    opened = connect(url)
    database.initialize(opened)
    migrate()
    load_vocabularies()
    say("what statements refer to")
    store(corpus.cast.documents)
    say("statements")
    known = numbered(corpus, stored=True)
    opened.close_all()  # type: ignore[no-untyped-call]
    bulk: Bulk = PostgreSQLBulk(url) if path is None else SQLiteBulk(path)
    for done, rows in made(corpus, known):
        bulk.write(rows)
        if done % 100_000 == 0:
            say(f"{done:,} statements")
    bulk.finish(say)
    say("what is referred to how often")
    with writing():
        recount()
    opened.close_all()  # type: ignore[no-untyped-call]


def numbered(corpus: Corpus, stored: bool = False) -> Known:
    """The cast as statements refer to it, with the numbers that are stored or with likely ones."""
    known = Known()
    known.add(corpus.cast.documents)
    entries = dict(find_stored(known.records.keys())) if stored else {}
    for record_type, documents in corpus.cast.documents.items():
        for number, document in enumerate(documents, 1):
            key = (record_type, document["id"])
            known.records[key].number = entries[key].number if stored else number
    return known


def made(corpus: Corpus, known: Known) -> Iterator[tuple[int, Rows]]:
    """The rows of all statements in order, made in several processes, with the number of the last statement."""
    starts = range(1, corpus.size + 1, AT_A_TIME)
    if len(starts) == 1:
        yield corpus.size, rows_of(corpus, known, 1, corpus.size)
        return
    remember(corpus)
    global _shared
    _shared = (corpus, known)
    waiting: deque[tuple[int, Future[Rows]]] = deque()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for start in starts:
            last = min(start + AT_A_TIME - 1, corpus.size)
            waiting.append((last, pool.submit(_made, start, last)))
            if len(waiting) > 2 * PROCESSES:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)


_shared: tuple[Corpus, Known]
"""What the processes inherit: too large to be sent with every piece of work."""


def _made(first: int, last: int) -> Rows:
    return rows_of(*_shared, first, last)


def _next(waiting: deque[tuple[int, "Future[Rows]"]]) -> tuple[int, Rows]:
    last, future = waiting.popleft()
    return last, future.result()


class SQLiteBulk:
    """One long write without a journal: a file that was interrupted is of no use, and nobody reads it meanwhile."""

    def __init__(self, path: Path) -> None:
        self.waiting = path.with_suffix(".texts")
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -1000000", "temp_store = file"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("ATTACH ? AS waiting", (str(self.waiting),))
        self.connection.execute("PRAGMA waiting.journal_mode = off")
        self.connection.execute("CREATE TABLE waiting.texts (key INTEGER, tokens TEXT)")
        self.connection.execute("BEGIN EXCLUSIVE")
        self.indexes = self._take_indexes_off()

    def _take_indexes_off(self) -> list[str]:
        names = [table._meta.table_name for table in tables_written()]
        marks = ", ".join("?" * len(names))
        found = self.connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
            names,
        ).fetchall()
        for name, _ in found:
            self.connection.execute(f'DROP INDEX "{name}"')
        return [made for _, made in found]

    def write(self, rows: Rows) -> None:
        """Add rows; the texts are put aside."""
        for (table, columns), some in rows.tables.items():
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
            self.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', some)
        self.connection.executemany("INSERT INTO waiting.texts VALUES (?, ?)", rows.texts)

    def finish(self, say: Say) -> None:
        """Make the indexes and, in the order of its keys (or FTS5 would flush at every step), the text index."""
        with closing(self.connection) as connection:
            say("indexes")
            for made_by in self.indexes:
                connection.execute(made_by)
            say("text index")
            in_order = "SELECT key, {} FROM waiting.texts ORDER BY key"
            connection.create_function("frame", 1, compressed_tokens)
            connection.execute(f'INSERT INTO "{CONTENTS}" (key, tokens) {in_order.format("frame(tokens)")}')
            connection.execute(f'INSERT INTO "{TEXTS}" (rowid, tokens) {in_order.format("tokens")}')
            connection.execute("COMMIT")
            connection.execute("DETACH waiting")
            connection.execute("PRAGMA journal_mode = wal")
        self.waiting.unlink()


class PostgreSQLBulk:
    """COPY into tables without indexes and foreign keys, in one transaction that puts both back."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)
        self.tables = [str(table._meta.table_name) for table in tables_written()]
        self.put_back = self._take_off()

    def _take_off(self) -> list[str]:
        """Drop foreign keys, and indexes that no constraint owns; give the commands that make them again."""
        tables = [*self.tables, TEXTS]
        keys = self.connection.execute(_FOREIGN_KEYS, {"tables": tables}).fetchall()
        indexes = self.connection.execute(_INDEXES, {"tables": tables}).fetchall()
        for drop, _ in [*keys, *indexes]:
            self._run(drop)
        return [make for _, make in [*indexes, *keys]]

    def _run(self, command: str) -> None:
        self.connection.execute(command.encode())

    def write(self, rows: Rows) -> None:
        """Add rows, texts included."""
        for (table, columns), some in rows.tables.items():
            self._copy(table, columns, some)
        self._copy(TEXTS, ("key", "tokens"), rows.texts)

    def _copy(self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self.connection.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self, say: Say) -> None:
        """Put indexes and foreign keys back, let the sequences go on behind what was written, and gather statistics."""
        say("indexes")
        for command in self.put_back:
            self._run(command)
        for table in self.tables:
            behind = f"""(SELECT COALESCE(MAX("number"), 0) + 1 FROM "{table}")"""
            self._run(f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), {behind}, false)")
        self.connection.commit()
        self.connection.autocommit = True
        self._run("VACUUM ANALYZE")
        self.connection.close()


_FOREIGN_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = 'f' AND (conrelid::regclass::text = ANY(%(tables)s) OR confrelid::regclass::text = ANY(%(tables)s))
"""
_INDEXES = """
    SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes
    WHERE tablename = ANY(%(tables)s) AND schemaname = current_schema()
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = format('%%I', indexname)::regclass AND contype <> 'f')
"""
