"""`python -m bench.importing`: how fast lines of records are imported into an empty database, and where the time goes.

The lines are those of the synthetic corpus: what the statements refer to first, then the statements. They are imported
by the function behind `tasrih import` and `POST /v1/import`, with all indexes in place, in a process of its own, whose
memory is reported too.
"""

import cProfile
import pstats
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import click
import orjson
import psycopg
from psycopg import sql

from api.bulk.folders import load_vocabularies
from api.bulk.helpers import helpers_on_other_cores
from api.bulk.importing import import_lines
from api.changelog.recording import COMMAND_LINE
from api.database.connections import connect, create_sqlite_file
from api.database.current import database
from api.documents.record_types import RECORD_TYPES
from api.migrations.running import migrate
from bench.__main__ import Sizes
from bench.corpora.corpus import Corpus
from bench.load.building import CACHE
from bench.load.engines import ENGINES, server_of
from bench.load.reporting import machine

LONGEST_LINE = 1 << 20


def write_lines(corpus: Corpus, path: Path) -> int:
    """Write a corpus as lines for an import; return how many there are."""
    written = 0
    with path.open("wb") as file:
        for record_type, document in _records(corpus):
            loadable = RECORD_TYPES[record_type].schema.dump(document)
            file.write(orjson.dumps({"type": record_type, "document": _own(loadable)}) + b"\n")
            written += 1
    return written


def _records(corpus: Corpus) -> Iterator[tuple[str, dict[str, object]]]:
    for record_type, documents in corpus.cast.documents.items():
        yield from ((record_type, document) for document in documents)
    yield from (("statements", statement) for statement in corpus.statements(1, corpus.size))


def _own(document: dict[str, object]) -> dict[str, object]:
    """A document without the times at which the service would have written it."""
    return {key: value for key, value in document.items() if key not in ("created_at", "updated_at")}


@contextmanager
def empty(engine: str, folder: str, server: str | None) -> Iterator[str]:
    """The URL of a new database with all tables and no records but the vocabularies."""
    with ExitStack() as after:
        if server is None:
            path = Path(folder) / "importing.db"
            create_sqlite_file(path)
            url = f"sqlite:///{path}"
            after.callback(_remove, path)
        else:
            url = after.enter_context(_empty_postgresql(server))
        opened = connect(url)
        database.initialize(opened)
        migrate()
        load_vocabularies()
        opened.close_all()  # type: ignore[no-untyped-call]
        yield url


def _remove(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


@contextmanager
def _empty_postgresql(server: str) -> Iterator[str]:
    name = "tasrih_importing"
    parts = urlsplit(server)
    administrative = urlunsplit(parts._replace(path="/postgres"))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(administrative, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(administrative, autocommit=True) as connection:
            connection.execute(drop)


def _import(url: str, path: Path, functions: int, answer: Connection) -> None:
    """Import the lines of a file, in a process of its own; send the seconds, its memory in MiB and that of a helper."""
    opened = connect(url)
    database.initialize(opened)
    profile = cProfile.Profile()
    with path.open("rb") as lines:
        begun, used = time.perf_counter(), time.process_time()
        if functions:
            profile.enable()
        with helpers_on_other_cores() as helpers:
            import_lines(lines, COMMAND_LINE, LONGEST_LINE, path.stat().st_size, helpers=helpers)
        profile.disable()
        took, used = time.perf_counter() - begun, time.process_time() - used
    opened.close_all()  # type: ignore[no-untyped-call]
    if functions:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(functions)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    answer.send((took, used, children.ru_utime + children.ru_stime, own.ru_maxrss / 1024, children.ru_maxrss / 1024))


def imported(url: str, path: Path, functions: int) -> tuple[float, float, float, float, float]:
    """Import a file in another process: seconds, seconds of processor time there and in its children, and MiB of both."""
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_import, args=(url, path, functions, sending))
    process.start()
    result: tuple[float, float, float, float, float] = receiving.recv()
    process.join()
    return result


@click.command()
@click.option("--sizes", type=Sizes(), default="5k", show_default=True, help="Numbers of statements.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), default=ENGINES, show_default=True)
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of one of our own.")
@click.option("--rounds", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--functions", type=int, default=0, help="Profile, and print so many of the costliest functions.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(
    sizes: list[int], engines: tuple[str, ...], database_url: str | None, rounds: int, functions: int, seed: int
) -> None:
    """Print records a second and the memory of the process, as Markdown."""
    click.echo(f"{machine()}\n")
    click.echo(
        "| engine | statements | records | seconds | records/s | statements/s | ms of processor time per record | MiB | a helper's |"
    )
    click.echo("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    CACHE.mkdir(exist_ok=True)
    with ExitStack() as servers, TemporaryDirectory(dir=CACHE) as folder:
        running = {engine: servers.enter_context(server_of(engine, database_url)) for engine in engines}
        for size in sizes:
            path = Path(folder) / "lines.ndjson"
            records = write_lines(Corpus(seed, size), path)
            for _ in range(rounds):
                for engine, server in running.items():
                    with empty(engine, folder, server) as url:
                        took, used, children, memory, helper = imported(url, path, functions)
                    rates = f"{took:.1f} | {records / took:,.0f} | {size / took:,.0f}"
                    each = 1000 * (used + children) / records
                    click.echo(
                        f"| {engine} | {size:,} | {records:,} | {rates} | {each:.2f} | {memory:.0f} | {helper:.0f} |"
                    )


if __name__ == "__main__":
    main()
