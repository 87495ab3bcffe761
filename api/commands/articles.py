"""The commands on articles' texts: `tasrih articles attach` and `detach`, `tasrih evidence verify` and `locate`."""

from dataclasses import asdict
from pathlib import Path

import click
import orjson

from api.commands.terminal import end, opened, report_errors
from api.evidence.locating import Found, Occurrence, locate
from api.migrations import require_current
from api.settings import Settings
from api.texts import attaching
from api.texts.attaching import Attachment, Finding
from api.texts.verification import Verification, verify

UNKNOWN_NAMED = 20  # unknown files that are named; beyond, they are counted


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
    _tell_of_the_rest(attachment, kept)
    counts = ", ".join(f"{attachment.counts[status]} {status}" for status in _STATUSES)
    click.echo(f"{attachment.counts.total()} files: {counts}.")
    if attachment.faulty:
        end("Nothing was stored: some files are altered or unreadable. Mend them or take them away.")


_STATUSES = (attaching.ATTACHED, attaching.ALREADY, attaching.UNKNOWN, attaching.ALTERED, attaching.UNREADABLE)


def _line(finding: Finding, folder: Path, faulty: bool) -> str:
    status = "could be attached" if faulty and finding.status == attaching.ATTACHED else finding.status
    name = finding.path.relative_to(folder) if finding.path != folder else finding.path
    return ": ".join(part for part in (_printable(str(name)), status, finding.article, finding.told) if part)


def _printable(name: str) -> str:
    """A file's name on one line, whatever bytes it is made of."""
    return "".join(c if c.isprintable() else c.encode("utf-8", "surrogateescape").hex(" ") for c in name)


def _tell_of_the_rest(attachment: Attachment, kept: int | None) -> None:
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


@click.group()
def evidence() -> None:
    """Verify the spans of statements against the attached texts, and find the span of a passage."""


@evidence.command("verify")
@report_errors
def verify_command(settings: Settings) -> None:
    """Verify every span of every attached article: digest, bounds, and that it splits no word or letter."""
    with opened(settings):
        require_current()
        found = verify()
    for line in (*found.strangers, *found.mismatches, *found.warnings):
        click.echo(line)
    click.echo(_summary(found))
    if found.mismatches or found.strangers:
        end("The evidence does not verify.")


def _summary(found: Verification) -> str:
    wrong = len(found.mismatches)
    total = found.verified + found.not_attached + wrong
    counts = f"{found.verified} verified, {found.not_attached} text-not-attached, {wrong} mismatch"
    return f"{total} spans: {counts}; {len(found.warnings)} warnings."


@evidence.command("locate")
@click.argument("article")
@click.argument("passage")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@report_errors
def locate_command(settings: Settings, article: str, passage: str, as_json: bool) -> None:
    """Find a PASSAGE in the text of an ARTICLE: where it starts and ends, its digest, and what stands around it."""
    with opened(settings):
        require_current()
        text = attaching.text_of(article)
    found = locate(text, passage)
    if not found.occurrences:
        end(
            f"The passage does not occur in '{article}', "
            "not even when blanks, tatweel, marks and the forms of alef and ya are passed over."
        )
    if as_json:
        click.echo(orjson.dumps({"article": article, **asdict(found)}, option=orjson.OPT_INDENT_2).decode())
    else:
        _show(article, found)


def _show(article: str, found: Found) -> None:
    how = (
        "" if found.exact else ", as it is written only when blanks, tatweel, marks, alef and ya forms are passed over"
    )
    click.echo(f"{article}: {len(found.occurrences)} found{how}.")
    for occurrence in found.occurrences:
        _show_occurrence(occurrence)


def _show_occurrence(occurrence: Occurrence) -> None:
    click.echo(f"\nstart {occurrence.start}, end {occurrence.end}, sha256 {occurrence.sha256}")
    for name in ("before", "passage", "after"):
        click.echo(f"  {name + ':':<9} {' '.join(getattr(occurrence, name).split())}")
    for warning in occurrence.warnings:
        click.echo(f"  warning:  {warning}")
