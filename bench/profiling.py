"""`python -m bench.profiling`: where the microseconds of each work go, in one process and without a socket.

The WSGI application is called with a prepared environment. First its plain cost is taken, by the clock and
in processor time, then, in another pass, what each layer of it takes by itself as cProfile sees it, scaled to the plain
processor time (profiling slows small functions most).
"""

import cProfile
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import click
from werkzeug.test import EnvironBuilder

from api.application import create_app
from api.settings import Settings
from bench.__main__ import Sizes, Works, say
from bench.corpora.corpus import Corpus
from bench.load.building import build
from bench.load.measuring import asked_of
from bench.load.serving import Under, service
from bench.load.works import TITLES, asks

WARMING = 200  # requests that are not counted


@click.command()
@click.option("--sizes", type=Sizes(), default="1M", show_default=True, help="Numbers of statements.")
@click.option("--works", type=Works(), default=",".join(TITLES), show_default=True)
@click.option("--requests", type=click.IntRange(min=1), default=2_000, show_default=True)
@click.option("--functions", type=click.IntRange(min=0), default=0, help="Also list the costliest functions.")
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8110, show_default=True, help="For the service that cursors are got from.")
def main(
    sizes: list[int], works: list[str], requests: int, functions: int, database_url: str | None, seed: int, port: int
) -> None:
    """Print, for each work, microseconds per request by layer."""
    for size in sizes:
        url, questions = build(Corpus(seed, size), database_url, say)
        with service(url, port, Under(1, 4)) as base:
            asked = asks(asked_of({size: questions})[size], base, size, works)
        app = create_app(Settings(database_url=url, response_cache_megabytes=0))  # every answer is worked out
        for work, some in asked.items():
            environments = [
                EnvironBuilder(path=ask.path, base_url="http://localhost:8000").get_environ() for ask in some
            ]
            click.echo(f"\n{work} {TITLES[work]}, {size:,} statements")
            _print(app.wsgi_app, environments, requests, functions)


def _print(application: Any, environments: list[dict[str, Any]], requests: int, functions: int) -> None:
    list(islice(times(application, cycle(environments)), WARMING))
    costs = list(islice(times(application, cycle(environments)), requests))
    passed, used = ([getattr(each, name) for each in costs] for name in Cost._fields)
    plain = median(used)
    click.echo(f"{plain:8.0f} us of processor time a request (median of {requests})")
    click.echo(f"{median(passed):8.0f} us passed (median; 99th percentile {quantiles(passed, n=100)[-1]:.0f})")
    profile = cProfile.Profile()
    with profile:
        list(islice(times(application, cycle(environments)), requests))
    stats: Any = pstats.Stats(profile)
    by_layer = layers(stats.stats)
    total = sum(by_layer.values())
    for layer, own in sorted(by_layer.items(), key=lambda item: -item[1]):
        if own / total >= 0.01:
            click.echo(f"{own / total * plain:8.0f} us {own / total:5.0%}  {layer}")
    if functions:
        stats.stream = sys.stdout
        stats.sort_stats("tottime").print_stats(functions)


def layers(stats: dict[Any, Any]) -> dict[str, float]:
    """Seconds by layer; what a built-in function takes counts for those who call it."""
    found: dict[str, float] = defaultdict(float)
    for (file, _, function), (_, _, own, _, callers) in stats.items():
        layer = layer_of(file, function)
        if layer is None and callers:
            for (caller_file, _, caller), (_, _, for_caller, _) in callers.items():
                found[layer_of(caller_file, caller) or OTHER] += for_caller
        else:
            found[layer or OTHER] += own
    return found


class Cost(NamedTuple):
    """Microseconds of a request: those that passed, and those for which its thread had a processor."""

    passed: float
    used: float


def times(application: Any, environments: Iterator[dict[str, Any]]) -> Iterator[Cost]:
    """What one request after the other costs; raise when one fails."""
    statuses: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        statuses.append(status)

    for environ in environments:
        fresh = dict(environ)
        passed, used = time.perf_counter(), time.thread_time()
        answer = application(fresh, start_response)
        for _ in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
        yield Cost((time.perf_counter() - passed) * 1e6, (time.thread_time() - used) * 1e6)
        if statuses.pop() != "200 OK":
            raise RuntimeError(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} failed")


_LAYERS = {
    "marshmallow": "marshmallow",
    "werkzeug": "Werkzeug",
    "flask": "Flask",
    "blinker": "Flask",
    "peewee": "peewee",
    "playhouse": "peewee",
    "psycopg": "psycopg",
    "api": "api",
    "schemas": "schemas",
    "bench": "this measurement",
}
OTHER = "Python's library and the rest"
_SQL = ("sqlite3.", "psycopg_c", "psycopg_binary")


def layer_of(file: str, function: str) -> str | None:
    """The layer of a function: a package, a module of ours, or the engine's driver; None for a built-in function."""
    if any(sign in function or sign in file for sign in _SQL):
        return "the database engine and its driver"
    parts = Path(file).with_suffix("").parts
    for package, layer in _LAYERS.items():
        if package in parts:
            inside = parts[len(parts) - parts[::-1].index(package) - 1 :]
            return ".".join(inside) if package in ("api", "schemas") else layer
    return None if file == "~" else OTHER


if __name__ == "__main__":
    main()
