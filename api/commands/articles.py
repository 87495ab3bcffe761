"""The commands on the texts of articles: `tasrih articles attach` and `detach`."""

from pathlib import Path

import click

from api.commands.terminal import end, opened, report_errors
from api.migrations.versions import require_current
from api.settings import Settings
from api.texts import attaching
from api.texts.attaching import Attachment, Finding

UNKNOWN_NAMED = 20  # unknown files that are listed by name; further ones are counted


@click.group()
def articles() -> None:
    """Attach the texts of articles, so that statements show the words they rest on, and detach them."""


@articles.command("attach")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--recursive", is_flag=True, help="Look into the folders of the folder too.")
@click.option("--verbose", is_flag=True, help=f"Name every unknown file, not only the first {UNKNOWN_NAMED}.")
@report_errors
def attach_command(settings: Settings, folder: Path, recursive: bool, verbose: bool) -> None:
    """Attach each file of FOLDER that is an article's text, or none if one is altered or unreadable.

    A file is recognised by the SHA-256 of its text, in UTF-8 or UTF-16, whatever its line ends. Safe to repeat.
    """
    kept = None if verbose else UNKNOWN_NAMED
    with opened(settings):
        require_current()
        attachment = attaching.attach(folder, settings.quotation_length, recursive, kept)
    for finding in attachment.findings:
        click.echo(_line(finding, folder, attachment.faulty))
    _report_the_rest(attachment, kept)
    counts = ", ".join(f"{attachment.counts[status]} {status}" for status in _STATUSES)
    click.echo(f"{attachment.counts.total()} files: {counts}.")
    if attachment.faulty:
        end("Nothing was stored: some files are altered or unreadable. Mend them or take them away.")


_STATUSES = (attaching.ATTACHED, attaching.ALREADY, attaching.UNKNOWN, attaching.ALTERED, attaching.UNREADABLE)


def _line(finding: Finding, folder: Path, faulty: bool) -> str:
    status = "could be attached" if faulty and finding.status == attaching.ATTACHED else finding.status
    name = finding.path.relative_to(folder) if finding.path != folder else finding.path
    return ": ".join(part for part in (_printable(str(name)), status, finding.article, finding.detail) if part)


def _printable(name: str) -> str:
    """A file's name on a single line, whatever bytes it is made of."""
    return "".join(c if c.isprintable() else c.encode("utf-8", "surrogateescape").hex(" ") for c in name)


def _report_the_rest(attachment: Attachment, kept: int | None) -> None:
    unnamed = attachment.counts[attaching.UNKNOWN] - kept if kept is not None else 0
    if unnamed > 0:
        click.echo(f"and {unnamed} more files of no article; --verbose names them.")
    if attachment.folders:
        click.echo(f"{attachment.folders} folders were not entered; --recursive does.")
    if attachment.others:
        click.echo(f"{attachment.others} entries were passed over: they are no files, or lead out of the folder.")


@articles.command("detach")
@click.argument("ids", metavar="[ARTICLE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Detach every text.")
@report_errors
def detach_command(settings: Settings, ids: tuple[str, ...], everything: bool) -> None:
    """Remove the texts of these ARTICLEs, and with them the quotations. Nothing else is lost."""
    if bool(ids) == everything:
        raise click.UsageError("Name the articles to detach, or give --all.")
    with opened(settings):
        require_current()
        done = attaching.detach(None if everything else ids)
    for article, detached in done.items():
        click.echo(f"{article}: {'detached' if detached else 'no text was attached'}")
    click.echo(f"{sum(done.values())} texts detached.")
