"""`python -m bench`: build the corpora, measure reads beside a hello-world on both engines, print Markdown and keep JSON."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
import orjson

from bench.corpora.corpus import Corpus
from bench.load.building import CACHE, build
from bench.load.engines import ENGINES, server_of
from bench.load.measuring import CONDITIONS, WORKED_OUT, Plan, measure
from bench.load.reporting import markdown, results
from bench.load.serving import NotServing, Under
from bench.load.works import TITLES, WrongAnswer
from bench.load.wrk import LoadFailed


class Sizes(click.ParamType[list[int]]):
    """Numbers of statements, such as `10k,1M`."""

    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        """Give the numbers."""
        units = {"k": 1_000, "m": 1_000_000}
        sizes = []
        for some in value.lower().split(","):
            digits = some.rstrip("km")
            if not digits.isdecimal() or some[len(digits) :] not in ("", *units) or int(digits) == 0:
                self.fail(f"'{some}' is no number of statements: write 10000, 10k or 1M.", param, ctx)
            sizes.append(int(digits) * units.get(some[len(digits) :], 1))
        return sorted(set(sizes))


class Works(click.ParamType[list[str]]):
    """Names of works, such as `W1,W3`."""

    name = "works"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        """Give the names in order."""
        names = {name.upper(): name for name in TITLES}
        asked = value.upper().split(",")
        if unknown := [some for some in asked if some not in names]:
            self.fail(f"'{unknown[0]}' is no work: they are {', '.join(TITLES)}.", param, ctx)
        return [name for upper, name in names.items() if upper in asked]


def say(message: str) -> None:
    """Tell how far it is, with the time."""
    click.echo(f"{time.strftime('%H:%M:%S')} {message}", err=True)


@contextmanager
def stopping_plainly() -> Iterator[None]:
    """End with a sentence instead of a traceback when a measurement fails or is interrupted, by SIGTERM too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except (LoadFailed, NotServing, WrongAnswer) as failure:
        click.echo(f"bench: {failure}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("bench: interrupted; the servers are stopped.", err=True)
        sys.exit(130)


@click.command()
@click.option("--sizes", type=Sizes(), default="10k,1M", show_default=True, help="Numbers of statements.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), default=ENGINES, show_default=True)
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of one of our own.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--seconds", type=click.IntRange(min=2), default=4, show_default=True, help="Of load, per server, work and round."
)
@click.option("--works", type=Works(), default=",".join(TITLES), show_default=True)
@click.option("--worked-out-only", is_flag=True, help="Leave out the response cache and the writer.")
@click.option("--writes-per-second", type=click.FloatRange(min=0.1), default=10.0, show_default=True)
@click.option("--connections", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=max(2, os.cpu_count() or 1), show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--worker-class", help="One of gunicorn's, instead of the service's own.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8110, show_default=True, help="The first of the ports listened on.")
@click.option("--bare-hello", is_flag=True, help="Let the hello-world send no header fields of its own.")
@click.option("--build-only", is_flag=True, help="Only build the databases that are missing.")
@click.option("--json", "output", type=click.Path(dir_okay=False, path_type=Path), default=CACHE / "results.json")
def main(
    sizes: list[int],
    engines: tuple[str, ...],
    works: list[str],
    database_url: str | None,
    worked_out_only: bool,
    workers: int,
    threads: int,
    worker_class: str | None,
    bare_hello: bool,
    build_only: bool,
    output: Path,
    **options: Any,
) -> None:
    """Measure six kinds of read on synthetic corpora: worked out and from the response cache, each while nobody writes and beside a writer.

    The service under these conditions and a Flask hello-world take turns.
    """
    under, conditions = Under(workers, threads, worker_class), (WORKED_OUT,) if worked_out_only else CONDITIONS
    found = {}
    with stopping_plainly(), ExitStack() as servers:
        for engine in engines:
            server = servers.enter_context(server_of(engine, database_url))
            plan = Plan(sizes, works, under=under, server=server, bare=bare_hello, conditions=conditions, **options)
            if build_only:
                for size in sizes:
                    click.echo(build(Corpus(plan.seed, size), server, say)[0])
                continue
            found[engine] = results(plan, measure(plan, say))
            output.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
            click.echo(markdown(found[engine]))
    if found:
        say(f"all figures are in {output}")


if __name__ == "__main__":
    main()
