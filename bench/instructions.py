"""`python -m bench.instructions`: the bytecode instructions and the function calls of a request, which no other load on a machine changes.

They say nothing of SQL, of copying bytes or of memory; `bench.profiling` has the time.
"""

import cProfile
import pstats
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from types import FrameType
from typing import Any

import click
from werkzeug.test import EnvironBuilder

from api.application import create_app
from api.settings import Settings
from bench.__main__ import Sizes, Works, say
from bench.corpora.corpus import Corpus
from bench.load.building import build
from bench.load.measuring import asked_of
from bench.load.works import asks
from bench.profiling import times

WITHOUT_A_SERVICE = "W1,W2,W3,W5,W6,W6b"
"""The works whose addresses are known beforehand; cursors would have to be asked for."""


@click.command()
@click.option("--sizes", type=Sizes(), default="10k", show_default=True, help="Numbers of statements.")
@click.option("--works", type=Works(), default=WITHOUT_A_SERVICE, show_default=True)
@click.option("--requests", type=click.IntRange(min=1), default=15, show_default=True)
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(sizes: list[int], works: list[str], requests: int, database_url: str | None, seed: int) -> None:
    """Print, for each work, instructions and calls per request; the response cache is off."""
    for size in sizes:
        url, questions = build(Corpus(seed, size), database_url, say)
        app = create_app(Settings(database_url=url, response_cache_megabytes=0))
        for work, asked in asks(asked_of({size: questions})[size], "", size, works).items():
            paths = [each.path for each in asked[:1000]]
            environs = cycle(
                EnvironBuilder(path=path, base_url="http://localhost:8000").get_environ() for path in paths
            )
            list(islice(times(app.wsgi_app, environs), 2 * requests))
            counted = [*islice(environs, requests)]
            instructions = _instructions(app.wsgi_app, counted) / requests
            click.echo(
                f"{work:4} {instructions:8.0f} instructions {_calls(app.wsgi_app, counted) / requests:7.0f} calls"
            )


def _instructions(application: Any, environs: list[dict[str, Any]]) -> int:
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    sys.settrace(trace)
    try:
        _answer(application, iter(environs))
    finally:
        sys.settrace(None)
    return count


def _calls(application: Any, environs: list[dict[str, Any]]) -> int:
    profile = cProfile.Profile()
    with profile:
        _answer(application, iter(environs))
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return total


def _answer(application: Any, environs: Iterator[dict[str, Any]]) -> None:
    for _ in times(application, environs):
        pass


if __name__ == "__main__":
    main()
