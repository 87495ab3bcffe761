"""`python -m bench.footprint`: how long a worker takes to its first answer, its memory under load, how fast an export comes, and bytes on disk.

The service has its own settings, but for the response cache where that is said, and one worker, which is started anew for each thing that is measured.
"""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from urllib.parse import urlsplit

import click
import psutil  # type: ignore[import-untyped]

from bench.__main__ import Sizes, say, stopping_plainly
from bench.corpora.corpus import Corpus
from bench.load import wrk
from bench.load.building import build
from bench.load.measuring import asked_of, paths_in
from bench.load.serving import Under, service
from bench.load.works import TITLES, Questions, asks, fetch
from bench.sizes import sizes as sizes_of

MEGABYTE = 1 << 20
BLOCK = 1 << 16  # bytes of an export read at once


@dataclass
class Memory:
    """The most memory of their own that the processes below this one have had at once, each by itself, in bytes; mapped files left aside."""

    most: dict[int, int] = field(default_factory=dict)

    @property
    def of_one(self) -> float:
        """That of the largest process, in MiB."""
        return max(self.most.values()) / MEGABYTE

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at it ten times a second in here."""
        stop = Event()
        thread = Thread(target=self._watch, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _watch(self, stop: Event) -> None:
        while not stop.wait(0.1):
            for process in psutil.Process().children(recursive=True):
                if "bench.load.serving" in " ".join(process.cmdline()):
                    memory = process.memory_info()
                    self.most[process.pid] = max(self.most.get(process.pid, 0), memory.rss - memory.shared)


def first_answer(url: str, port: int, under: Under) -> float:
    """Seconds from the start of the program to its first answer."""
    begun = time.perf_counter()
    with service(url, port, under) as base:
        status, _ = fetch(base, "/v1/statements?limit=1")
        assert status == 200
        return time.perf_counter() - begun


def under_load(url: str, port: int, under: Under, size: int, asked: Questions, seconds: float) -> float:
    """MiB of the worker after and during some seconds of each work."""
    memory = Memory()
    with TemporaryDirectory() as folder, service(url, port, under) as base, memory.watched():
        for work, some in asks(asked, base, size, list(TITLES)).items():
            wrk.run(base, paths_in(Path(folder), work, some, 1), 0, seconds, 8)
    return memory.of_one


def exported(url: str, port: int, under: Under) -> tuple[float, float]:
    """Statements a second of an export over HTTP, and MiB of the worker."""
    memory = Memory()
    with service(url, port, under) as base, memory.watched():
        fetch(base, "/v1/statements?limit=1")
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=600)
        begun, lines = time.perf_counter(), 0
        connection.request("GET", "/v1/statements/export")
        answer = connection.getresponse()
        assert answer.status == 200
        while block := answer.read(BLOCK):
            lines += block.count(b"\n")
        took = time.perf_counter() - begun
        connection.close()
    return lines / took, memory.of_one


@click.command()
@click.option("--sizes", type=Sizes(), default="10k,1M", show_default=True, help="Numbers of statements.")
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
@click.option("--seconds", type=click.IntRange(min=1), default=5, show_default=True, help="Of load, for each work.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8110, show_default=True)
def main(sizes: list[int], database_url: str | None, seconds: int, seed: int, port: int) -> None:
    """Print Markdown."""
    wrk.require()
    under = Under(workers=1, threads=4)
    click.echo(
        "| statements | first answer, s | under load, MiB | without response cache | export, rows/s | its MiB | bytes on disk a statement |"
    )
    click.echo("|--:|--:|--:|--:|--:|--:|--:|")
    with stopping_plainly():
        for size in sizes:
            url, questions = build(Corpus(seed, size), database_url, say)
            starts = median(first_answer(url, port, under) for _ in range(3))
            asked = asked_of({size: questions})[size]
            cached, uncached = (
                under_load(url, port, under.with_response_cache(some), size, asked, seconds) for some in (True, False)
            )
            rate, of_export = exported(url, port, under)
            statements, taken = sizes_of(url)
            on_disk = sum(each.bytes for each in taken) / statements
            memory = f"{cached:.0f} | {uncached:.0f} | {rate:,.0f} | {of_export:.0f}"
            click.echo(f"| {size:,} | {starts:.2f} | {memory} | {on_disk:,.0f} |")


if __name__ == "__main__":
    main()
