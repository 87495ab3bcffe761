"""The operator's commands: `tasrih serve`, `migrate`, `load`, `openapi` and `check`; those on texts stand beside."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError

from api import __version__, openapi
from api.application import create_app
from api.bulk.folders import load, load_vocabularies, seed_corpus
from api.checks.consistency import inconsistencies, index_faults
from api.commands.articles import articles, evidence
from api.commands.backups import backup, restore
from api.commands.bulk import export_command, import_command
from api.commands.changes import changes
from api.commands.terminal import end, opened, report_errors
from api.commands.tokens import token
from api.database.transactions import at_one_moment
from api.migrations import apply_missing, is_empty, require_current, upgrading
from api.models.statements import Statement
from api.records.storing import mend
from api.settings import Settings
from api.texts.attaching import requote


@click.group()
@click.version_option(__version__, prog_name="tasrih")
def main() -> None:
    """Tasrih: official statements with their attribution and evidence. Settings come from the environment."""


main.add_command(articles)
main.add_command(changes)
main.add_command(evidence)
main.add_command(token)
main.add_command(backup)
main.add_command(restore)
main.add_command(import_command)
main.add_command(export_command)


@main.command("serve")
@report_errors
def serve_command(settings: Settings) -> None:
    """Serve the API; an empty or missing database is first filled with the corpus of five articles."""
    with opened(settings, create=True):
        if is_empty():
            _fill()
        require_current()
        requote(settings.quotation_length, raising=True)
    from api.server.serving import (
        serve,  # gunicorn reads WEB_CONCURRENCY when it is imported: not before it was checked
    )

    serve(settings, create_app)


def _fill() -> None:
    """Make tables and load the corpus, or do neither: an interrupted first start leaves nothing behind."""
    with upgrading():
        if is_empty():  # still: another process may have been first
            _migrate()
            _report(load(seed_corpus()), "the five-article corpus")


@main.command("migrate")
@report_errors
def migrate_command(settings: Settings) -> None:
    """Create the tables, or bring them and the vocabularies up to this version."""
    with opened(settings, create=True):
        with upgrading():
            _migrate()
        requote(settings.quotation_length)


@main.command("load")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds statements.")
@report_errors
def load_command(settings: Settings, folder: Path | None, if_empty: bool) -> None:
    """Load a FOLDER of documents (one folder per record type), all or nothing; without one, the five-article corpus."""
    with opened(settings):
        require_current()
        requote(settings.quotation_length)
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
    document = openapi.contract_of(create_app(Settings())).yaml
    if output is None:
        sys.stdout.buffer.write(document)
        return
    try:
        output.write_bytes(document)
    except OSError as error:
        end(f"{output} can't be written: {error.strerror or error}.")


@main.command("check")
@click.option("--mend", "mending", is_flag=True, help="First write everything anew that follows from the documents.")
@report_errors
def check_command(settings: Settings, mending: bool) -> None:
    """Check that the database is sound: its version, its foreign keys, and that all it holds twice agrees."""
    with opened(settings):
        require_current()
        if mending:
            _mend()
        with at_one_moment():
            found = _told(inconsistencies())
        found += _told(index_faults())
    if found:
        end(f"The database has {found} fault{'s' if found > 1 else ''}.")
    click.echo("The database is sound.")


def _told(faults: Iterable[str]) -> int:
    """Say each fault as soon as it is found, and give how many there were."""
    count = 0
    for fault in faults:
        click.echo(fault, err=True)
        count += 1
    return count


def _mend() -> None:
    try:
        mend()
    except (ValidationError, ValueError, TypeError, AttributeError, LookupError) as error:
        end(f"Nothing was mended, for a document itself is damaged: {' '.join(str(error).split())}.")


def _migrate() -> None:
    is_new = is_empty()
    applied = apply_missing()
    load_vocabularies()
    if applied and not is_new:
        click.echo("Writing all records anew, for this version keeps more of them ...")
        _mend()
    click.echo(f"Migrated: {', '.join(applied)}." if applied else "The database is up to date.")


def _report(outcome: Any, what: str) -> None:
    click.echo(f"Loaded {what}: {outcome.created} new, {outcome.changed} changed, {outcome.unchanged} unchanged.")
