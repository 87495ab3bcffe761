"""`python -m bench.beside_a_writer`: reads with and without the response cache, while nobody writes and while somebody does.

Somebody corrects a statement so many times a second, over HTTP, at the server that is read from, and undoes it the next time.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import click
import orjson

from api.access import tokens
from api.database.connections import connect
from api.database.current import use_database
from bench import wrk
from bench.__main__ import Sizes, Works, say
from bench.building import build
from bench.corpus import Corpus
from bench.measuring import GLANCE, HELLO, asked_of, hello_answers, hello_path, paths_in
from bench.serving import Under, hello, service
from bench.works import TITLES, Ask, Questions, asks, check

UNCACHED, CACHED = "worked out", "with the response cache"
BASES = ("stated", "dateline")  # of dates: what the writer changes to and fro


class Writer:
    """A client that changes one statement after the other at a steady pace."""

    def __init__(self, token: str, statements: list[str], per_second: float) -> None:
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/merge-patch+json"}
        self.statements = cycle(statements)
        self.bases = cycle(BASES)
        self.pause = 1 / per_second if per_second else 0
        self.written = 0

    @contextmanager
    def at(self, base: str) -> Iterator[None]:
        """Write at a server in here."""
        stop = Event()
        thread = Thread(target=self._write_until, args=(stop, base))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _write_until(self, stop: Event, base: str) -> None:
        due = time.monotonic()
        while not stop.is_set():
            self._write(base, next(self.statements), next(self.bases))
            due = max(due + self.pause, time.monotonic() - 1)
            stop.wait(max(0, due - time.monotonic()))

    def _write(self, base: str, statement: str, basis: str) -> None:
        connection = HTTPConnection(base.removeprefix("http://"))
        address = f"/v1/statements/{statement}"
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        headers = {**self.headers, "If-Match": answer.headers["ETag"]}
        connection.request("PATCH", address, orjson.dumps({"date_basis": basis}), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise wrk.LoadFailed(f"PATCH {address} was answered with {answer.status}: {answer.read()[:300]!r}")
        self.written += 1
        connection.close()


def new_token(url: str) -> str:
    """A token with which the writer may write."""
    opened = connect(url)
    try:
        with use_database(opened):
            return tokens.create(f"bench {uuid4().hex}", ("write",), None)
    finally:
        opened.close_all()  # type: ignore[no-untyped-call]


Shares = dict[tuple[str, str, bool], list[float]]
"""Of a work, with or without the cache, beside a writer or not: each round's requests per second as a share of a hello-world's."""


@dataclass(frozen=True)
class Subject:
    """A server, and for each work the file of paths to ask it for."""

    base: str
    paths: dict[str, Path]


@dataclass
class Rounds:
    """The rounds of a measurement: servers by name, and the hello-world."""

    subjects: dict[str, Subject]
    hello: Subject
    writer: Writer
    seconds: int
    connections: int
    shares: Shares = field(default_factory=lambda: defaultdict(list))
    writing: float = 0.0
    """Seconds during which somebody wrote."""

    def round(self, place: float, counts: bool) -> None:
        """Measure every work on every server, without a writer and beside one."""
        for work in self.hello.paths:
            greeting = self._rate(self.hello, work, place)
            for name, subject in self.subjects.items():
                quiet = self._rate(subject, work, place)
                begun = time.monotonic()
                with self.writer.at(subject.base):
                    busy = self._rate(subject, work, place)
                self.writing += time.monotonic() - begun
                if counts:
                    self.shares[work, name, False].append(quiet / greeting)
                    self.shares[work, name, True].append(busy / greeting)

    def _rate(self, subject: Subject, work: str, place: float) -> float:
        return wrk.run(subject.base, subject.paths[work], place, self.seconds, self.connections).rate


@contextmanager
def serving(url: str, asked: Questions, size: int, works: list[str], cache: int, port: int) -> Iterator[Any]:
    """The service with and without the cache, and the hello-world, each with its paths."""
    with TemporaryDirectory() as temporary, ExitStack() as servers:
        folder = Path(temporary)
        bases = {
            name: servers.enter_context(service(url, port + place, Under(2, 4, None, megabytes)))
            for place, (name, megabytes) in enumerate({UNCACHED: 0, CACHED: cache}.items())
        }
        questions = asks(asked, bases[UNCACHED], size, works)
        samples = {(size, work): check(bases[UNCACHED], work, questions[work][:GLANCE]) for work in works}
        bodies = folder / "hello.json"
        bodies.write_bytes(orjson.dumps(hello_answers(samples, bare=False)))
        paths = {work: paths_in(folder, work, questions[work], 1) for work in works}
        greetings = {work: paths_in(folder, f"{HELLO}-{work}", [Ask(hello_path(size, work), 0)], 1) for work in works}
        base = servers.enter_context(hello(bodies, port + len(bases), Under(2, 4)))
        yield {name: Subject(each, paths) for name, each in bases.items()}, Subject(base, greetings)


@click.command()
@click.option("--sizes", type=Sizes(), default="100k", show_default=True, help="The number of statements.")
@click.option("--works", type=Works(), default="W1,W2,W3,W6", show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--seconds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--writes-per-second", type=click.FloatRange(min=0.1), default=10.0, show_default=True)
@click.option("--connections", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--response-cache-megabytes", type=click.IntRange(min=1), default=256, show_default=True)
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
@click.option("--port", type=int, default=8110, show_default=True)
def main(
    sizes: list[int],
    works: list[str],
    rounds: int,
    seconds: int,
    writes_per_second: float,
    connections: int,
    response_cache_megabytes: int,
    database_url: str | None,
    port: int,
) -> None:
    """Print requests per second as shares of a hello-world's in the same round (medians)."""
    wrk.require()
    [size] = sizes
    url, questions = build(Corpus(1, size), database_url, say)
    asked = asked_of({size: questions})[size]
    writer = Writer(new_token(url), asked["ids"][:100], writes_per_second)
    with serving(url, asked, size, works, response_cache_megabytes, port) as (subjects, greeting):
        measured = Rounds(subjects, greeting, writer, seconds, connections)
        for number in range(rounds + 1):  # the first warms up
            measured.round(number / (rounds + 1), counts=number > 0)
            say(f"round {number} of {rounds}")
    click.echo(f"{size:,} statements; {writer.written / measured.writing:.1f} changes a second were made\n")
    click.echo(table(works, measured.shares))


def table(works: list[str], shares: Shares) -> str:
    """The medians as Markdown."""
    lines = [
        f"| work | {UNCACHED} | beside a writer | {CACHED} | beside a writer |",
        "|---|--:|--:|--:|--:|",
    ]
    for work in works:
        medians = (median(shares[work, name, busy]) for name in (UNCACHED, CACHED) for busy in (False, True))
        lines.append(f"| {work} {TITLES[work]} | {' | '.join(f'{each:.2f}' for each in medians)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
