"""`python -m bench.growth`: what each work costs on PostgreSQL at several sizes, in processor time, and how much that grows.

Processor time says on a busy machine too what a request takes. That of the service is measured in process, without sockets and
caches; that of PostgreSQL is what the processes of the server have used meanwhile, which must run on this machine. Sizes take turns, so
that what else goes on meets all of them alike.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import click
import psutil  # type: ignore[import-untyped]
import psycopg

from api.application import create_app
from api.database.current import database
from api.settings import Settings
from bench.__main__ import Sizes, Works, say
from bench.corpora.corpus import Corpus
from bench.load.building import build
from bench.load.measuring import asked_of
from bench.load.serving import Under, service
from bench.load.works import TITLES, Ask, asks

Times = tuple[float, float]
"""Milliseconds of processor time a request: of the service, and of PostgreSQL."""

_TABLES = """
    WITH sizes AS (
        SELECT relname, pg_total_relation_size(oid) AS whole, pg_relation_size(oid) AS rows, pg_indexes_size(oid) AS indexes
        FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    )
    SELECT relname, rows, indexes, whole - rows - indexes FROM sizes ORDER BY whole DESC LIMIT 12
"""
"""The largest tables, each with the bytes of its rows, of its indexes, and of long values kept apart."""

_EXPLAINED = """
    LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
    SET auto_explain.log_timing = off; SET auto_explain.log_buffers = on; SET client_min_messages = log
"""
"""Lets the server tell the client the plan of each statement; for superusers only."""


@dataclass(frozen=True)
class Subject:
    """The service on a database of some size, in this process, and what it is asked."""

    size: int
    url: str
    client: Any
    engine: Any
    asked: dict[str, list[Ask]]

    def ask(self, path: str) -> None:
        """Let it answer; raise AssertionError when it does not."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text

    def measure(self, process: psutil.Process, work: str, requests: int, number: int) -> Times:
        """What a request of a work takes on average, in a round of so many."""
        paths = [ask.path for ask in self.asked[work]]
        Random(number).shuffle(paths)
        rotating = cycle(paths)
        database.initialize(self.engine)
        self._ask(rotating, requests // 5)
        began, began_there = time.process_time(), _used(process)
        self._ask(rotating, requests)
        return (
            1000 * (time.process_time() - began) / requests,
            1000 * (_used(process) - began_there) / requests,
        )

    def _ask(self, paths: Iterator[str], times: int) -> None:
        for path in islice(paths, times):
            self.ask(path)

    def plans(self, work: str) -> list[str]:
        """The plans of the statements that a request of a work takes, with the rows and pages that they really met."""
        database.initialize(self.engine)
        path, told = self.asked[work][0].path, list[str]()
        connection = database.connection()
        connection.execute(_EXPLAINED)
        connection.add_notice_handler(lambda message: told.append(message.message_primary or ""))
        database.close()
        self.ask(path)
        self.engine.close_all()
        return [plan for plan in told if "plan:" in plan]


def subjects(sizes: list[int], works: list[str], server: str, seed: int, port: int) -> Iterator[Subject]:
    """The service on a database of each size, which is built unless it is there."""
    built = {size: build(Corpus(seed, size), server, say) for size in sizes}
    questions = asked_of({size: found for size, (_, found) in built.items()})
    for size, (url, _) in built.items():
        with service(url, port, Under(1, 4)) as base:  # cursors are got from it
            asked = asks(questions[size], base, size, works)
        app = create_app(Settings(database_url=url, response_cache_megabytes=0, document_cache_megabytes=0))
        yield Subject(size, url, app.test_client(), database.obj, asked)


def _first_process(server: str) -> psutil.Process:
    with psycopg.connect(server) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return psutil.Process(row[0]).parent()


def _used(process: psutil.Process) -> float:
    """Seconds of processor time of a server's processes, whose accounts Linux keeps by the nanosecond while they live."""
    ended = process.cpu_times()
    living = (Path(f"/proc/{child.pid}/schedstat").read_text().split()[0] for child in process.children())
    return float(ended.children_user + ended.children_system) + sum(map(int, living)) / 1e9


def _print_tables(subject: Subject) -> None:
    with psycopg.connect(subject.url) as connection:
        [(whole,)] = connection.execute("SELECT pg_database_size(current_database())").fetchall()
        click.echo(
            f"\n{subject.size:,} statements: {whole / subject.size:,.0f} bytes each; of which rows, indexes, long values:"
        )
        for name, *parts in connection.execute(_TABLES).fetchall():
            click.echo(f"  {name}: {', '.join(f'{part / subject.size:,.0f}' for part in parts)}")


def _print_work(work: str, sizes: list[int], found: dict[int, list[Times]]) -> None:
    middle = {size: [median(times[part] for times in found[size]) for part in (0, 1)] for size in sizes}
    figures = [f"{size:,}: {ours:.2f} + {theirs:.2f}" for size, (ours, theirs) in middle.items()]
    figures += [f"growth {sum(middle[more]) / sum(middle[less]):.2f}" for less, more in pairwise(sizes)]
    click.echo(f"{work:4} {'; '.join(figures)}")


@click.command()
@click.option("--sizes", type=Sizes(), default="10k,100k", show_default=True, help="Numbers of statements.")
@click.option("--works", type=Works(), default=",".join(TITLES), show_default=True)
@click.option("--requests", type=click.IntRange(min=10), default=100, show_default=True, help="Of each round.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--database-url", required=True, help="A PostgreSQL on this machine in which databases may be created.")
@click.option("--plans", is_flag=True, help="Print the plans of each work at the largest size too (superusers only).")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8110, show_default=True, help="For the service that cursors are got from.")
def main(
    sizes: list[int],
    works: list[str],
    requests: int,
    rounds: int,
    database_url: str,
    plans: bool,
    seed: int,
    port: int,
) -> None:
    """Print, for each work and size, milliseconds of processor time a request: of the service, and of PostgreSQL."""
    process = _first_process(database_url)
    all_sizes = list(subjects(sizes, works, database_url, seed, port))
    for subject in all_sizes:
        _print_tables(subject)
    for work in works:
        found = {subject.size: list[Times]() for subject in all_sizes}
        for number in range(rounds):
            for subject in all_sizes:
                found[subject.size].append(subject.measure(process, work, requests, number))
        _print_work(work, sizes, found)
    if plans:
        for work in works:
            click.echo("\n\n".join((f"\n{work}", *all_sizes[-1].plans(work))))


if __name__ == "__main__":
    main()
