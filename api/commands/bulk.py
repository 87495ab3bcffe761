"""The commands on many records: `tasrih import` and `tasrih export`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from api.bulk import csv, exporting
from api.bulk.folders import LOADABLE
from api.bulk.importing import Told, import_lines
from api.changelog.recording import COMMAND_LINE
from api.commands.terminal import end, opened, report_errors
from api.errors import NotJSON
from api.migrations import require_current
from api.settings import Settings
from api.texts.attaching import requote


@contextmanager
def shown(what: str, length: int | None) -> Iterator[Told]:
    """Progress as a bar on a terminal; elsewhere nothing."""
    if length is None or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=length, label=f"{what:9}", file=sys.stderr, update_min_steps=length // 200) as bar:
        yield bar.update


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@report_errors
def import_command(settings: Settings, file: str) -> None:
    """Import records from FILE, one in each line as JSON, or from standard input (-): all of them or none."""
    with opened(settings):
        require_current()
        requote(settings.quotation_length)
        with _source(file) as (lines, length):
            try:
                outcome = import_lines(lines, COMMAND_LINE, settings.longest_body, length, shown)
            except NotJSON as failure:
                end(f"{file}: {failure}")
    told = f"{outcome.created} new, {outcome.changed} changed, {outcome.unchanged} unchanged"
    click.echo(f"Imported {'standard input' if file == '-' else file}: {told}.")


@contextmanager
def _source(file: str) -> Iterator[tuple[Any, int | None]]:
    if file == "-":
        yield sys.stdin.buffer, None
        return
    try:
        with Path(file).open("rb") as lines:
            yield lines, Path(file).stat().st_size
    except OSError as error:
        end(f"{file} can't be read: {error.strerror or error}.")


@click.command("export")
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["ndjson", "csv"]),
    default="ndjson",
    show_default=True,
    help="All records in lines of JSON, as they are imported; or the statements as a table.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of standard output."
)
@report_errors
def export_command(settings: Settings, wanted: str, output: Path | None) -> None:
    """Export all records, as they all are at one moment."""
    with opened(settings):
        require_current()
    if output is None:
        _write(sys.stdout.buffer, settings, wanted)
        return
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("wb") as file:
            _write(file, settings, wanted)
        unfinished.replace(output)
    except OSError as error:
        end(f"{output} can't be written: {error.strerror or error}.")
    finally:
        unfinished.unlink(missing_ok=True)


def _write(file: IO[bytes], settings: Settings, wanted: str) -> None:
    record_types = ["statements"] if wanted == "csv" else LOADABLE
    with (
        exporting.one_moment(settings.database_url) as moment,
        shown("Exporting", moment.count(record_types)) as told,
    ):
        if wanted == "csv":
            file.write(csv.header())
        for record_type in record_types:
            for some in moment.documents(record_type):
                as_csv = wanted == "csv"
                file.write(csv.rows(some, settings.base_url or "") if as_csv else exporting.lines(record_type, some))
                told(len(some))
    file.flush()
