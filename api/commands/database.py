"""The commands on the database as a whole: `tasrih migrate`, `load` and `check`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError

from api.bitmaps.stored import refresh
from api.bulk.folders import load, load_vocabularies, seed_corpus
from api.checks.consistency import inconsistencies, index_faults
from api.commands.terminal import end, opened, report_errors
from api.database.transactions import at_one_moment
from api.migrations.running import apply_missing, upgrading
from api.migrations.versions import (
    BESIDE,
    columns_of_this_version,
    is_empty,
    missing_from,
    names_applied,
    require_current,
)
from api.models.statements import Statement
from api.names import outdated
from api.records.mending import mend
from api.settings import Settings
from api.texts.attaching import requote

CORPUS = "the five-article corpus"


@click.command("migrate")
@report_errors
def migrate_command(settings: Settings) -> None:
    """Create the tables, or bring them and the vocabularies up to this version."""
    with opened(settings, create=True):
        if missing_from(names_applied()):
            columns_of_this_version()  # kept, so that nobody has to wait for this half a second
        with upgrading():
            _migrate()
        requote(settings.quotation_length)
        refresh()


def fill_if_empty() -> None:
    """Make the tables and load the corpus, both or neither: an interrupted first start leaves nothing behind."""
    if not is_empty():
        return
    with upgrading():
        if is_empty():  # another process may have filled it meanwhile
            _migrate()
            _report(load(seed_corpus()), CORPUS)


def _migrate() -> None:
    is_new = is_empty()
    applied = apply_missing()
    load_vocabularies()
    if applied and not is_new:
        _write_anew(applied)
    click.echo(f"Migrated: {', '.join(applied)}." if applied else "The database is up to date.")


def _write_anew(applied: Iterable[str]) -> None:
    """Bring the records up to this version, unless programs of another one go on writing them as they always did."""
    if all(name.endswith(BESIDE) for name in applied):
        click.echo("Programs of the version before may go on. When all are of this version, run 'tasrih check --mend'.")
        return
    click.echo("Writing all records anew, for this version keeps more of them ...")
    _mend()


@click.command("load")
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
        _report(load(folder or seed_corpus()), str(folder or CORPUS))


def _report(outcome: Any, source: str) -> None:
    click.echo(f"Loaded {source}: {outcome.created} new, {outcome.changed} changed, {outcome.unchanged} unchanged.")


@click.command("check")
@click.option("--mend", "mending", is_flag=True, help="First write everything anew that follows from the documents.")
@report_errors
def check_command(settings: Settings, mending: bool) -> None:
    """Check that the database is sound: its version, its foreign keys, and that all it holds twice agrees."""
    with opened(settings):
        require_current()
        if mending:
            _mend()
        with at_one_moment():
            faults = _report_faults(inconsistencies())
            left = outdated.count()
        faults += _report_faults(index_faults())
    if faults:
        end(f"The database has {faults} fault{'s' if faults > 1 else ''}.")
    click.echo("The database is sound.")
    if left:
        click.echo(f"Records that are yet to show names that have changed: {left}.")


def _report_faults(faults: Iterable[str]) -> int:
    """Print each fault as soon as it is known, and return their number."""
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
