"""The commands `tasrih backup` and `tasrih restore`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from api.backups import copying
from api.backups.progress import Progress
from api.commands.terminal import opened, report_errors
from api.database.urls import sqlite_path
from api.migrations.versions import missing_from
from api.settings import Settings


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@report_errors
def backup(settings: Settings, file: Path) -> None:
    """Copy the database into a new FILE, as it is at one moment, while the service goes on reading and writing.

    The digest of the copy is written to FILE.sha256; keep the two together.
    """
    with opened(settings), _progress_bar("Backing up") as progress:
        copying.back_up(settings.database_url, file, progress)
    click.echo(f"The database is copied to {file} ({file.stat().st_size} bytes).")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Lose what is in the database now.")
@click.option("--unverified", is_flag=True, help="Restore a copy that has no digest (FILE.sha256) beside it.")
@report_errors
def restore(settings: Settings, file: Path, replace: bool, unverified: bool) -> None:
    """Put the copy in FILE into an empty or new database, all of it or nothing."""
    is_file = sqlite_path(settings.database_url) is not None  # which SQLite itself opens, creates and locks
    with nullcontext() if is_file else opened(settings), _progress_bar("Restoring") as progress:
        versions = copying.restore(settings.database_url, file, replace, progress, unverified)
    click.echo(f"The database is as it was when {file} was made.")
    missing = missing_from(versions)
    click.echo(
        "Run 'tasrih migrate' next: it is of an older version."
        if missing
        else "Run 'tasrih check' to see that it is sound."
    )


@contextmanager
def _progress_bar(label: str) -> Iterator[Progress]:
    """A bar on a terminal; elsewhere nothing is shown."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:
        yield lambda done, total: bar.update(max(0, 1000 * done // max(1, total) - bar.pos))
