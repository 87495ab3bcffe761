"""`python -m bench.mix`: the model of docs/scaling.md held against a measurement that it was not made from.

The model adds up what each kind of request takes in process, one after the other, and what HTTP takes on top. Here a server of two
processes answers a mix of all kinds over HTTP, to several clients at once, and its processor time and PostgreSQL's are read off.
Both are measured in one run, since on a busy machine the same work takes up to twice the processor time that it does on an idle one.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import click
import orjson
import psutil  # type: ignore[import-untyped]

from bench.capacity import KINDS, Requests, costs, filled, used
from bench.load.serving import Under, service

SHARES = {"a statement": 0.60, "the latest 20": 0.25, "20 of a word": 0.10, "PATCH": 0.05}
"""Of a hundred requests: what readers of a site do, and an editor beside them."""

HTTP = 0.33
"""Milliseconds a request: what the response cache answers runs at 2,200 to 3,700 a second and core (docs/scaling.md)."""

CLIENTS = 4


class Answer(NamedTuple):
    """What came back, as far as `Requests` looks at it."""

    status_code: int
    content: bytes

    @property
    def text(self) -> str:
        """The content."""
        return self.content.decode()

    def get_json(self) -> Any:
        """The content as JSON."""
        return orjson.loads(self.content)


class Client:
    """A client over a connection that is kept, for `Requests`."""

    def __init__(self, base: str) -> None:
        self._connection = HTTPConnection(urlsplit(base).netloc, timeout=60)

    def get(self, path: str) -> Answer:
        """The answer to a read."""
        return self.open(path, "GET")

    def open(self, path: str, method: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """The answer to a request."""
        self._connection.request(method, path, data, headers or {})
        response = self._connection.getresponse()
        return Answer(response.status, response.read())


@contextmanager
def _served(url: str, port: int) -> Iterator[tuple[str, psutil.Process]]:
    """A server of two processes that keeps nothing it has answered or read; its URL and its first process."""
    with service(url, port, Under(2, CLIENTS, None, 0, 0)) as base:
        [arbiter] = [child for child in psutil.Process().children() if "bench.load.serving" in child.cmdline()]
        yield base, arbiter


def _ask(base: str, seed: int, times: int) -> None:
    """Send so many requests of the mix."""
    requests, chance = Requests(Client(base)), random.Random(seed)
    for kind in chance.choices(list(SHARES), list(SHARES.values()), k=times):
        getattr(requests, KINDS[kind])()


def measured(url: str, process: psutil.Process, port: int, times: int) -> tuple[float, float]:
    """Milliseconds of processor time a request, of the service and of PostgreSQL."""
    with _served(url, port) as (base, arbiter), ThreadPoolExecutor(CLIENTS) as clients:
        for warming in (True, False):
            began, began_there = used(arbiter), used(process)
            share = times // CLIENTS // (10 if warming else 1)
            list(clients.map(lambda seed, share=share: _ask(base, seed, share), range(CLIENTS)))
        return 1000 * (used(arbiter) - began) / (share * CLIENTS), 1000 * (used(process) - began_there) / (
            share * CLIENTS
        )


def predicted(known: dict[str, tuple[float, float]]) -> tuple[float, float]:
    """What the model says of the mix."""
    ours, theirs = (sum(share * known[kind][place] for kind, share in SHARES.items()) for place in (0, 1))
    return ours + HTTP, theirs


@click.command()
@click.option("--size", type=int, default=600, show_default=True, help="Statements.")
@click.option(
    "--times", type=int, default=100, show_default=True, help="Requests of each kind; of the mix, ten times as many."
)
@click.option("--port", type=int, default=8151, show_default=True, help="The port of the server.")
def main(size: int, times: int, port: int) -> None:
    """Predict what a mix of requests takes, and measure it."""
    with filled(size) as (url, process, client):
        known = costs(client, process, times)
        for name, (ours, theirs) in known.items():
            print(f"{name}: {ours:.2f} ms of the service and {theirs:.2f} of PostgreSQL")
        for name, (ours, theirs) in (
            ("predicted", predicted(known)),
            ("measured", measured(url, process, port, 10 * times)),
        ):
            print(f"the mix, {name}: {ours:.2f} ms of the service and {theirs:.2f} of PostgreSQL a request,", end=" ")
            print(f"{1000 / (ours + theirs):.0f} requests a second and core")


if __name__ == "__main__":
    main()
