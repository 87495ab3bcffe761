"""The operator's commands: `tasrih serve`, `migrate`, `load`, `openapi` and `check`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError
from peewee import DatabaseError

from api import __version__, openapi
from api.application import create_app
from api.database import UNAVAILABLE, connect, create_sqlite_file, sqlite_path, writing
from api.failures import DatabaseUnavailable, Failure, UnfitDatabase
from api.migrations import is_empty, migrate, require_current
from api.models import database
from api.models.statements import Statement
from api.records.consistency import inconsistencies
from api.records.loading import load, load_vocabularies, seed_corpus
from api.records.storing import mend
from api.settings import Settings, from_environment


def _told_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Give the settings to a command, and end it with a sentence instead of a traceback when something is wrong."""

    @wraps(command)
    def told(**options: Any) -> None:
        try:
            command(from_environment(), **options)
        except Failure as failure:
            _end(str(failure))
        except UNAVAILABLE as error:
            _end(f"The database refused: {str(error).strip()}.")
        finally:
            if database.obj is not None and not database.is_closed():
                database.close()

    return told


def _end(message: str) -> None:
    click.echo(f"tasrih: {message}", err=True)
    sys.exit(1)


@click.group()
@click.version_option(__version__, prog_name="tasrih")
def main() -> None:
    """Tasrih: official statements with their attribution and evidence. Settings come from the environment."""


@main.command("serve")
@_told_plainly
def serve_command(settings: Settings) -> None:
    """Serve the API; an empty or missing database is first filled with the corpus of five articles."""
    with _opened(settings, create=True):
        if is_empty(database):
            _fill()
        require_current(database)
    from api.serving import serve  # gunicorn reads WEB_CONCURRENCY when it is imported: not before it was checked

    serve(settings, create_app)


def _fill() -> None:
    """Make tables and load the corpus, or do neither: an interrupted first start leaves nothing behind."""
    with writing(database):
        if is_empty(database):  # still: another process may have been first
            _migrate()
            _report(load(seed_corpus()), "the five-article corpus")


@main.command("migrate")
@_told_plainly
def migrate_command(settings: Settings) -> None:
    """Create the tables, or bring them and the vocabularies up to this version."""
    with _opened(settings, create=True):
        _migrate()


@main.command("load")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds statements.")
@_told_plainly
def load_command(settings: Settings, folder: Path | None, if_empty: bool) -> None:
    """Load a FOLDER of documents (one folder per noun), all or nothing; without one, the five-article corpus."""
    with _opened(settings):
        require_current(database)
        if if_empty and Statement.select().exists():
            click.echo("The database already holds statements: nothing loaded.")
            return
        _report(load(folder or seed_corpus()), str(folder or "the five-article corpus"))


@main.command("openapi")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of standard output."
)
def openapi_command(output: Path | None) -> None:
    """Write the OpenAPI document of this version as YAML."""
    document = openapi.as_yaml(create_app(Settings()))
    if output is None:
        sys.stdout.buffer.write(document)
        return
    try:
        output.write_bytes(document)
    except OSError as error:
        _end(f"{output} can't be written: {error.strerror or error}.")


@main.command("check")
@click.option("--mend", "mending", is_flag=True, help="First write everything anew that follows from the documents.")
@_told_plainly
def check_command(settings: Settings, mending: bool) -> None:
    """Check that the database is sound: its version, its foreign keys, and that all it holds twice agrees."""
    with _opened(settings):
        require_current(database)
        if mending:
            _mend()
        found = list(inconsistencies(database))
    for line in found:
        click.echo(line, err=True)
    if found:
        _end(f"The database has {len(found)} faults.")
    click.echo("The database is sound.")


def _mend() -> None:
    try:
        mend()
    except (ValidationError, ValueError, TypeError, AttributeError, LookupError) as error:
        _end(f"Nothing was mended, for a document itself is damaged: {' '.join(str(error).split())}.")


def _migrate() -> None:
    held_something = not is_empty(database)
    applied = migrate(database)
    load_vocabularies()
    if applied and held_something:
        _mend()  # what an older version did not write
    click.echo(f"Migrated: {', '.join(applied)}." if applied else "The database is up to date.")


def _report(outcome: Any, what: str) -> None:
    click.echo(f"Loaded {what}: {outcome.created} new, {outcome.changed} changed, {outcome.unchanged} unchanged.")


@contextmanager
def _opened(settings: Settings, create: bool = False) -> Iterator[None]:
    """Open the database for a command and close it again, pooled connections included, so that serving may fork."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        if not create:
            raise UnfitDatabase(f"There is no database at {path}: run 'tasrih migrate' first.")
        _create(path)
    database.initialize(connect(settings.database_url))
    try:
        database.connect()
        yield
    except DatabaseError as error:
        raise DatabaseUnavailable(_explained(str(error).strip(), settings)) from error
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(_explained(str(error), settings)) from error
    finally:
        if not database.is_closed():
            database.close()
        database.obj.close_all()


def _create(path: Path) -> None:
    try:
        create_sqlite_file(path)
    except Exception as error:
        raise DatabaseUnavailable(f"No database can be created at {path}: {error}.") from error


_EXPLANATIONS = {
    "file is not a database": "is not a SQLite database, or is damaged beyond its first page",
    "malformed": "is damaged",
    "unable to open": "can't be opened",
    "readonly": "can't be written to",
    "read-only": "can't be written to",
    "locked": "is locked by another program",
    "busy": "is locked by another program",
}


def _explained(error: str, settings: Settings) -> str:
    error = " ".join(error.split()).rstrip(".?")
    path = sqlite_path(settings.database_url)
    for sign, explanation in _EXPLANATIONS.items():
        if path is not None and sign in error:
            return f"The database at {path} {explanation} ({error})."
    return f"The database can't be used: {error}."
