"""The commands on spans of evidence: `tasrih evidence verify` and `locate`."""

from dataclasses import asdict

import click
import orjson

from api.commands.terminal import end, opened, report_errors
from api.evidence.locating import Located, Occurrence, locate
from api.migrations.versions import require_current
from api.settings import Settings
from api.texts import attaching
from api.texts.verification import Verification, verify


@click.group()
def evidence() -> None:
    """Verify the spans of statements against the attached texts, and find the span of a passage."""


@evidence.command("verify")
@report_errors
def verify_command(settings: Settings) -> None:
    """Verify every span of every attached article: digest, bounds, and that it splits no word or letter."""
    with opened(settings):
        require_current()
        verification = verify()
    for line in (*verification.strangers, *verification.mismatches, *verification.warnings):
        click.echo(line)
    click.echo(_summary(verification))
    if verification.mismatches or verification.strangers:
        end("The evidence does not verify.")


def _summary(verification: Verification) -> str:
    mismatches = len(verification.mismatches)
    total = verification.verified + verification.not_attached + mismatches
    counts = f"{verification.verified} verified, {verification.not_attached} text-not-attached, {mismatches} mismatch"
    return f"{total} spans: {counts}; {len(verification.warnings)} warnings."


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
    located = locate(text, passage)
    if not located.occurrences:
        end(
            f"The passage does not occur in '{article}', "
            "not even when blanks, tatweel, marks and the forms of alef and ya are passed over."
        )
    if as_json:
        click.echo(orjson.dumps({"article": article, **asdict(located)}, option=orjson.OPT_INDENT_2).decode())
    else:
        _show(article, located)


def _show(article: str, located: Located) -> None:
    how = (
        ""
        if located.exact
        else ", as it is written only when blanks, tatweel, marks, alef and ya forms are passed over"
    )
    click.echo(f"{article}: {len(located.occurrences)} found{how}.")
    for occurrence in located.occurrences:
        _show_occurrence(occurrence)


def _show_occurrence(occurrence: Occurrence) -> None:
    click.echo(f"\nstart {occurrence.start}, end {occurrence.end}, sha256 {occurrence.sha256}")
    for name in ("before", "passage", "after"):
        click.echo(f"  {name + ':':<9} {' '.join(getattr(occurrence, name).split())}")
    for warning in occurrence.warnings:
        click.echo(f"  warning:  {warning}")
