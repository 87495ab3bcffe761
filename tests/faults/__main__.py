"""`python -m faults`: every fault on both engines, told as Markdown."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import orjson

from faults import (
    copying,
    crowding,
    failing_over,
    importing,
    incrementing,
    killing,
    migrating,
    outages,
    power,
    signals,
    switching_over,
    upgrading,
)
from faults.clients import NotComingBack, PromiseBroken, Unanswered
from faults.engines import ENGINES
from faults.load import Lost
from faults.service import CommandFailed, NotServing

Run = Callable[[Any, int], dict[str, Any]]

FAULTS: dict[str, tuple[str, Run]] = {
    "killed": ("kill -9 of workers, of the server and of its arbiter while clients write", killing.run),
    "counted": ("many clients add one to the same record", incrementing.run),
    "full": ("the disk is full", outages.full),
    "read-only": ("the database can only be read", outages.read_only),
    "locked": ("another process holds the writers' lock", outages.locked),
    "power": ("the power fails while clients write", power.run),
    "restarted": ("PostgreSQL is restarted, crashed, and killed, while clients write", outages.restarted),
    "failover": ("the primary is killed while clients write, and its standby promoted", failing_over.run),
    "switchover": ("primary and standby change places while clients read and write", switching_over.run),
    "upgraded": ("two nodes are replaced by a later version while clients read and write", upgrading.run),
    "signals": ("SIGHUP and SIGTERM under load", signals.run),
    "crowded": ("up to 1000 clients are silent, or send and read in drops, while others read", crowding.run),
    "imported": ("clients write one by one beside an import", importing.run),
    "migration": ("a migration is killed half-way", lambda engine, port: migrating.run(engine)),
    "backup": ("a backup while clients write, put back", copying.run),
}
"""What is done, by the name it is asked for with."""

ONLY = {
    "power": "sqlite",
    "restarted": "postgresql",
    "failover": "postgresql",
    "switchover": "postgresql",
    "upgraded": "postgresql",
}
"""The faults that there are on one engine only: a power cut is made of what SQLite writes, and only PostgreSQL has standbys."""

FAILED = (Lost, NotComingBack, PromiseBroken, NotServing, CommandFailed, Unanswered)


def say(message: str) -> None:
    """Tell how far it is, with the time."""
    click.echo(f"{time.strftime('%H:%M:%S')} {message}", err=True)


@click.command()
@click.option("--engine", "engines", type=click.Choice(list(ENGINES)), multiple=True, default=list(ENGINES))
@click.option("--fault", "faults", type=click.Choice(list(FAULTS)), multiple=True, default=list(FAULTS))
@click.option("--port", type=int, default=8131, show_default=True, help="The port listened on.")
@click.option("--json", "output", type=click.Path(dir_okay=False, path_type=Path), help="Also write the figures here.")
def main(engines: tuple[str, ...], faults: tuple[str, ...], port: int, output: Path | None) -> None:
    """Make every fault on each engine, and prove that nothing was lost; exit code 1 when something was."""
    found: list[dict[str, Any]] = []
    for name in engines:
        with ENGINES[name]() as engine:
            for fault in faults:
                if ONLY.get(fault, name) == name:
                    found.append(_made(fault, name, engine, port))
    if output is not None:
        output.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    click.echo(markdown(found))
    failures = [one for one in found if "failure" in one]
    for one in failures:
        click.echo(f"faults: {one['fault']} on {one['engine']}: {one['failure']}", err=True)
    sys.exit(1 if failures else 0)


def _made(fault: str, name: str, engine: Any, port: int) -> dict[str, Any]:
    title, run = FAULTS[fault]
    say(f"{name}: {title}")
    began = time.monotonic()
    made: dict[str, Any] = {"fault": fault, "title": title, "engine": name}
    try:
        made["figures"] = run(engine, port)
    except FAILED as failure:
        made["failure"] = str(failure)
    return {**made, "seconds": round(time.monotonic() - began, 1)}


def markdown(found: list[dict[str, Any]]) -> str:
    """The figures as a table."""
    lines = ["| fault | engine | outcome | figures | seconds |", "|---|---|---|---|--:|"]
    for one in found:
        figures = "; ".join(f"{name}: {_shown(value)}" for name, value in one.get("figures", {}).items())
        outcome = "FAILED" if "failure" in one else "nothing lost"
        lines.append(f"| {one['title']} | {one['engine']} | {outcome} | {figures} | {one['seconds']} |")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{times} × {status}" for status, times in value.items()) or "none"
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)


if __name__ == "__main__":
    main()
