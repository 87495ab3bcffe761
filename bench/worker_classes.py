"""`python -m bench.worker_classes`: the service and the hello-world under each of gunicorn's worker classes.

Those that need a package which is not installed are left out, and said to be.
"""

import os
from importlib.util import find_spec
from statistics import median

import click

from bench.__main__ import Sizes, Works, stopping_plainly
from bench.load.measuring import CACHED, HELLO, Findings, Plan, measure
from bench.load.serving import Under

NEEDS = {"sync": None, "gthread": None, "gevent": "gevent", "tornado": "tornado"}
"""gunicorn's worker classes for WSGI, and what each needs."""


@click.command()
@click.option("--sizes", type=Sizes(), default="1M", show_default=True, help="Numbers of statements.")
@click.option("--works", type=Works(), default="W1,W2,W3", show_default=True)
@click.option("--classes", default=",".join(NEEDS), show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--seconds", type=click.IntRange(min=2), default=6, show_default=True)
@click.option("--connections", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=max(2, os.cpu_count() or 1), show_default=True)
@click.option("--threads", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--port", type=int, default=8110, show_default=True, help="The first of the ports listened on.")
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
def main(
    sizes: list[int],
    works: list[str],
    classes: str,
    rounds: int,
    seconds: int,
    connections: int,
    workers: int,
    threads: int,
    seed: int,
    port: int,
    database_url: str | None,
) -> None:
    """Compare worker classes; rounds of all classes are interleaved."""
    chosen = [name for name in classes.split(",") if _installed(name)]
    found: dict[str, list[Findings]] = {name: [] for name in chosen}
    with stopping_plainly():
        for number in range(rounds):
            for name in chosen if number % 2 == 0 else reversed(chosen):
                under = Under(workers, threads, name)
                plan = Plan(sizes, works, 1, seconds, connections, under, seed, port, database_url, conditions=[CACHED])
                found[name].append(measure(plan, lambda message: None, checking=number == 0))
    for size in sizes:
        click.echo(f"\n### {size:,} statements\n")
        click.echo(f"| worker class | {' | '.join(f'{work} {what}' for work in works for what in _COLUMNS)} |")
        click.echo("|---" + "|--:" * len(works) * len(_COLUMNS) + "|")
        for name, findings in found.items():
            cells = [_cell(findings, size, work, *column) for work in works for column in _COLUMNS.values()]
            click.echo(f"| {name} | {' | '.join(cells)} |")


def _installed(name: str) -> bool:
    package = NEEDS.get(name)
    if package is None or find_spec(package):
        return True
    click.echo(f"{name} is left out: {package} is not installed.", err=True)
    return False


_COLUMNS = {
    "req/s": (CACHED.name, "rate"),
    "p99 ms": (CACHED.name, "p99"),
    "hello req/s": (HELLO, "rate"),
    "hello p99 ms": (HELLO, "p99"),
}


def _cell(findings: list[Findings], size: int, work: str, subject: str, what: str) -> str:
    loads = [one.load for some in findings for one in some.measurements if one.case == (size, work, subject)]
    value = median(getattr(load, what) for load in loads)
    return f"{value:,.0f}" if what == "rate" else f"{value:.1f}"


if __name__ == "__main__":
    main()
