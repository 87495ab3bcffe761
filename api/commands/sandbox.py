"""The command `tasrih sandbox`: a throw-away copy that the tests of clients write to, and reset."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, Response

from api.access import tokens
from api.application import create_app
from api.backups import copying
from api.commands.database import fill_if_empty
from api.commands.serving import start
from api.commands.terminal import opened, report_errors
from api.migrations.versions import require_current
from api.settings import Settings

RESET = "/sandbox/reset"
"""The address that is only there in a sandbox, and not in the contract."""


@click.command("sandbox")
@click.option(
    "--from",
    "backup",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Begin with this copy of a SQLite database, made by 'tasrih backup', instead of the corpus.",
)
@report_errors
def sandbox_command(settings: Settings, backup: Path | None) -> None:
    """Serve a throw-away copy of the corpus with a token for it; DATABASE_URL is left alone.

    POST /sandbox/reset with that token undoes every change. When the service stops, everything is removed.
    """
    with _folder() as folder:
        url, pristine = f"sqlite:///{folder / 'sandbox.db'}", folder / "pristine.db"
        own = replace(settings, database_url=url)
        if backup is not None:
            copying.restore(url, backup, replace=False, progress=_no_progress)
        with opened(own, create=True):
            fill_if_empty()
            require_current()
            token = tokens.create(f"sandbox {folder.name}", tokens.SCOPES, None)
            copying.back_up(url, pristine, _no_progress)
        click.echo("A sandbox: whatever is written is gone when it stops, or with POST /sandbox/reset. Its token:")
        click.echo(token)
        start(own, lambda settings: with_reset(create_app(settings), url, pristine))


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is removed in the end, by the process that made it: workers leave through here too."""
    folder, owner = Path(tempfile.mkdtemp(prefix="tasrih-sandbox-")), os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def with_reset(app: Flask, url: str, pristine: Path) -> Flask:
    """Let an application put back the copy that its sandbox began with; as every change, that takes the scope `write`.

    It is an ordinary restoration: positions in the feed of changes go on, and no cache shows what was before.
    """

    def reset() -> Response:
        copying.restore(url, pristine, replace=True, progress=_no_progress)
        return Response(status=204)

    app.add_url_rule(RESET, "reset_sandbox", reset, methods=["POST"])
    return app


def _no_progress(done: int, total: int) -> None:
    """Show nothing."""
