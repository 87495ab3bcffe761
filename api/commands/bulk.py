"""The commands on many records: `tasrih import` and `tasrih export`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import click
import orjson

from api.backups.files import output_file, removed_when_stopped
from api.bitmaps.changes import MOST_AT_ONCE
from api.bitmaps.stored import refresh
from api.bulk import csv, exporting, packaging
from api.bulk.folders import LOADABLE
from api.bulk.helpers import helpers_on_other_cores
from api.bulk.importing import NoteProgress, import_lines
from api.changelog.recording import COMMAND_LINE
from api.commands.terminal import end, opened, report_errors, standard_input, standard_output
from api.database.urls import sqlite_path
from api.errors import NotJSON, UnwritableFile
from api.migrations.versions import require_current
from api.settings import Settings
from api.texts.attaching import requote

OF_FOLDERS = ("datapackage", "parquet")
"""The formats of which an export is a folder of files."""


@contextmanager
def progress_bar(what: str, length: int | None) -> Iterator[NoteProgress]:
    """A progress bar on a terminal; elsewhere nothing is shown."""
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
        with _source(file) as (lines, length), helpers_on_other_cores() as helpers:
            try:
                outcome = import_lines(
                    lines, COMMAND_LINE, settings.longest_body, length, progress_bar, helpers=helpers
                )
            except NotJSON as error:
                end(f"{file}: {error}")
        if outcome.created + outcome.changed > MOST_AT_ONCE:  # more than a request takes over before it counts
            refresh()
    counts = f"{outcome.created} new, {outcome.changed} changed, {outcome.unchanged} unchanged"
    click.echo(f"Imported {'standard input' if file == '-' else file}: {counts}.")


@contextmanager
def _source(file: str) -> Iterator[tuple[Any, int | None]]:
    if file == "-":
        yield standard_input(), None
        return
    try:
        with Path(file).open("rb") as lines:
            yield lines, Path(file).stat().st_size
    except OSError as error:
        end(f"{file} can't be read: {error.strerror or error}.")


@click.command("export")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["ndjson", "csv", *OF_FOLDERS]),
    default="ndjson",
    show_default=True,
    help="All records in lines of JSON, as they are imported; the statements as a table; or all records as tables in a "
    "new folder: a data package of CSV files, or Parquet files (which needs the extra 'parquet').",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, readable=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
@click.option(
    "--delimiter",
    type=click.Choice(list(csv.DELIMITERS)),
    default="comma",
    show_default=True,
    help="What stands between the cells of a table; Excel wants a semicolon where decimals have a comma.",
)
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@report_errors
def export_command(
    settings: Settings, format_: str, output: Path | None, delimiter: str, directory: Path | None
) -> None:
    """Export all records, as they all are at one moment. DIRECTORY is the new folder for tables."""
    _refuse_what_does_not_fit(format_, output, directory)
    with opened(settings):
        require_current()
    if directory is not None:
        _write_folder(directory, settings, format_)
        return
    if output is None:
        _write(standard_output(), settings, format_, delimiter)
        return
    _refuse_database(settings, output)
    with output_file(output) as file:
        _write(file, settings, format_, delimiter)


def _refuse_what_does_not_fit(format_: str, output: Path | None, directory: Path | None) -> None:
    is_folder = format_ in OF_FOLDERS
    if is_folder != (directory is not None):
        wanted = "needs a DIRECTORY to write to" if is_folder else "takes no DIRECTORY: name a file with --output"
        raise click.UsageError(f"--format {format_} {wanted}.")
    if is_folder and output is not None:
        raise click.UsageError(f"--format {format_} takes no --output: it writes to the DIRECTORY.")
    if format_ == "parquet" and find_spec("pyarrow") is None:
        end("The package pyarrow is missing: install the extra with pip install 'tasrih[parquet]'.")


def _write_folder(directory: Path, settings: Settings, format_: str) -> None:
    """Write tables to a folder that gets its name when it is whole."""
    with exporting.one_moment(settings.database_url) as export, new_folder(directory) as folder:
        if format_ == "parquet":
            from api.bulk import parquet  # of an extra

            parquet.write(export, folder)
            return
        for name, pieces in packaging.files(export):
            with (folder / name).open("wb") as file:
                file.writelines(pieces)


@contextmanager
def new_folder(directory: Path) -> Iterator[Path]:
    """A folder beside a new one, which takes its name when all is written; raise UnwritableFile."""
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise UnwritableFile(f"{directory} exists and is no empty folder: name another.")
    try:
        beside = TemporaryDirectory(prefix=f".{directory.name[:40]}.", dir=directory.absolute().parent)
        with removed_when_stopped(), beside as around:
            partial = Path(around) / "partial"
            partial.mkdir()
            yield partial
            partial.replace(directory)
    except OSError as error:
        raise UnwritableFile(f"{directory} can't be written: {error.strerror or error}.") from None


def _refuse_database(settings: Settings, output: Path) -> None:
    path = sqlite_path(settings.database_url)
    if path is not None and output.exists() and output.samefile(path):
        raise UnwritableFile(f"{output} is the database itself: name another file.")


def _write(file: IO[bytes], settings: Settings, format_: str, delimiter: str) -> None:
    record_types = ["statements"] if format_ == "csv" else LOADABLE
    with (
        exporting.one_moment(settings.database_url) as export,
        progress_bar("Exporting", export.count(record_types)) as progress,
    ):
        if format_ == "csv":
            file.write(csv.header(delimiter))
        for record_type in record_types:
            for batch in export.documents(record_type):
                base = settings.base_url or ""
                rows = csv.rows(map(orjson.loads, batch), base, delimiter) if format_ == "csv" else None
                file.write(exporting.lines(record_type, batch) if rows is None else rows)
                progress(len(batch))
    file.flush()
