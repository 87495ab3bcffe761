"""`python -m bench.writing`: how many statements a second the service takes from one client and from several, over HTTP.

Each size and engine gets a copy of its synthetic corpus and a server of its own. Clients keep their connections and send
one request after the other: statements that are new, and statements of theirs with one word more.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click
import orjson
import psycopg
from psycopg import sql

from bench.__main__ import Sizes, say, stopping_plainly
from bench.corpora.corpus import Corpus
from bench.load.building import build
from bench.load.engines import ENGINES, server_of
from bench.load.reporting import machine
from bench.load.serving import Under, service
from bench.load.works import WrongAnswer
from bench.load.writer import new_token

WARMING = 1.0  # seconds of load before what is measured


@dataclass(frozen=True)
class Client:
    """Somebody who writes: where, with which token, and which statements are theirs to make."""

    base: str
    token: str
    statements: Iterator[dict[str, Any]]
    made: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    """The statements that exist, each with its entity tag."""
    refused: list[str] = field(default_factory=list)
    """The requests that were answered with 503, and sent again."""

    @contextmanager
    def connection(self) -> Iterator[HTTPConnection]:
        """A connection to be kept for many requests."""
        address = urlsplit(self.base)
        opened = HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            yield opened
        finally:
            opened.close()

    def create(self, connection: HTTPConnection) -> None:
        """Make a new statement."""
        statement = next(self.statements)
        self.made.append((statement, self._send(connection, "POST", "/v1/statements", statement, 201)))

    def reword(self, connection: HTTPConnection) -> None:
        """Add a word to a statement that exists, and put it behind the others."""
        statement, etag = self.made.pop(0)
        summary = {language: f"{words} anew" for language, words in statement["summary"].items()}
        changed = {**statement, "summary": summary}
        fresh = self._send(connection, "PUT", f"/v1/statements/{statement['id']}", changed, 200, etag)
        self.made.append((changed, fresh))

    def amend(self, connection: HTTPConnection) -> None:
        """Add a word to a statement that exists, by a patch, and put it behind the others."""
        statement, etag = self.made.pop(0)
        summary = {language: f"{words} anew" for language, words in statement["summary"].items()}
        path = f"/v1/statements/{statement['id']}"
        fresh = self._send(connection, "PATCH", path, {"summary": summary}, 200, etag)
        self.made.append(({**statement, "summary": summary}, fresh))

    def _send(
        self, connection: HTTPConnection, method: str, path: str, body: Any, expected: int, etag: str | None = None
    ) -> str:
        """Send a document; give the entity tag of what is there then."""
        form = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": form}
        headers |= {} if etag is None else {"If-Match": etag}
        answer, said = self._answer(connection, method, path, orjson.dumps(body), headers)
        while answer.status == 503:
            self.refused.append(f"{method} {path}")
            answer, said = self._answer(connection, method, path, orjson.dumps(body), headers)
        if answer.status != expected:
            raise WrongAnswer(f"{method} {path} was answered with {answer.status}: {said[:300]!r}")
        return str(answer.headers["ETag"])

    def _answer(self, connection: HTTPConnection, *request: Any) -> tuple[HTTPResponse, bytes]:
        connection.request(*request)
        answer = connection.getresponse()
        return answer, answer.read()


Request = Callable[[Client, HTTPConnection], None]
REQUESTS: dict[str, Request] = {"POST": Client.create, "PUT": Client.reword, "PATCH": Client.amend}


@dataclass(frozen=True)
class Load:
    """What several clients, or one, sent in a while: how many requests, and the seconds that each took, in order.

    A request that was refused was sent again at once, and took until it was accepted.
    """

    clients: int
    seconds: float
    times: list[float]
    refused: int

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.times) / self.seconds

    def milliseconds(self, share: float) -> float:
        """How long at most this share of the requests took."""
        return 1000 * self.times[min(len(self.times) - 1, int(share * len(self.times)))]


def load(clients: list[Client], request: Request, seconds: float) -> Load:
    """Let clients send requests at the same time for a while."""
    started, before = time.perf_counter(), _refused(clients)
    with ThreadPoolExecutor(len(clients)) as pool:
        running = [pool.submit(_send_until, client, request, started + seconds) for client in clients]
        times = sorted(took for future in running for took in future.result())
    return Load(len(clients), time.perf_counter() - started, times, _refused(clients) - before)


def _refused(clients: list[Client]) -> int:
    return sum(len(client.refused) for client in clients)


def _send_until(client: Client, request: Request, end: float) -> list[float]:
    times = []
    with client.connection() as connection:
        while (begun := time.perf_counter()) < end:
            request(client, connection)
            times.append(time.perf_counter() - begun)
    return times


def measure(
    corpus: Corpus, url: str, under: Under, clients: int, seconds: float, port: int
) -> Iterator[tuple[str, Load]]:
    """Put load on a server of this database: each kind of request from one client, and from several."""
    token, numbers = new_token(url), count(corpus.size + 1)
    with service(url, port, under) as base:
        several = [Client(base, token, _statements(corpus, numbers)) for _ in range(clients)]
        for name, request in REQUESTS.items():
            for writers in (several[:1], several):
                load(writers, request, WARMING)
                yield name, load(writers, request, seconds)


def _statements(corpus: Corpus, numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    """New statements; clients share the numbers, so that no two make the same."""
    for number in numbers:
        yield from corpus.statements(number, number)


@contextmanager
def copied(url: str) -> Iterator[str]:
    """A copy of a database, to be written to and thrown away."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        copy = path.with_name(f"writing_{os.getpid()}.db")
        shutil.copyfile(path, copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            for left in copy.parent.glob(f"{copy.name}*"):
                left.unlink()
        return
    parts = urlsplit(url)
    name = f"tasrih_writing_{os.getpid()}"
    server = urlunsplit(parts._replace(path="/postgres"))
    of_copy = {"copy": sql.Identifier(name), "original": sql.Identifier(parts.path.lstrip("/"))}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {original}").format(**of_copy))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {copy} WITH (FORCE)").format(**of_copy))


@click.command()
@click.option("--sizes", type=Sizes(), default="10k,1M", show_default=True, help="Numbers of statements.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), default=ENGINES, show_default=True)
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of one of our own.")
@click.option(
    "--clients", type=click.IntRange(min=2), default=8, show_default=True, help="That write at the same time."
)
@click.option("--seconds", type=click.IntRange(min=1), default=10, show_default=True, help="Of each load.")
@click.option("--workers", type=click.IntRange(min=1), default=max(2, os.cpu_count() or 1), show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8130, show_default=True)
def main(
    sizes: list[int],
    engines: tuple[str, ...],
    database_url: str | None,
    clients: int,
    seconds: int,
    workers: int,
    threads: int,
    seed: int,
    port: int,
) -> None:
    """Print requests a second and milliseconds, as Markdown."""
    click.echo(f"{machine()}; {workers} processes of {threads} threads\n")
    click.echo("| engine | statements | request | clients | per second | p50 (ms) | p99 (ms) | longest (ms) | 503 |")
    click.echo("|---|--:|---|--:|--:|--:|--:|--:|--:|")
    with stopping_plainly(), ExitStack() as servers:
        for engine in engines:
            server = servers.enter_context(server_of(engine, database_url))
            for size in sizes:
                corpus = Corpus(seed, size)
                original, _ = build(corpus, server, say)
                with copied(original) as url:
                    for name, found in measure(corpus, url, Under(workers, threads), clients, seconds, port):
                        waited = " | ".join(f"{found.milliseconds(share):.1f}" for share in (0.5, 0.99, 1))
                        rate = f"{found.per_second:.0f} | {waited} | {found.refused}"
                        click.echo(f"| {engine} | {size:,} | {name} | {found.clients} | {rate} |")


if __name__ == "__main__":
    main()
