"""The command `tasrih follow`."""

from pathlib import Path

import click

from api.commands.terminal import end, opened, printable, report_errors
from api.errors import ServiceRefused
from api.following.mirroring import follow
from api.migrations.running import migrate
from api.migrations.versions import is_empty, require_current
from api.remote.service import Service
from api.settings import Settings

token_option = click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with a token of the scope 'read', if the service at URL has closed reads.",
)


@click.command("follow")
@click.argument("url")
@click.option("--once", is_flag=True, help="End as soon as the copy is exact, instead of waiting for further changes.")
@token_option
@report_errors
def follow_command(settings: Settings, url: str, once: bool, token_file: Path | None) -> None:
    """Keep the database an exact copy of the service at URL, by its feed of changes.

    The database must be new, or a mirror of the same service. Serve it with '?mode=ro' after its URL.
    """
    service = Service(
        url, token_in(token_file), tell=lambda sentence: click.echo(f"tasrih: {printable(sentence)}", err=True)
    )
    with opened(settings, create=True):
        if is_empty():
            migrate()
        require_current()
        try:
            follow(service, lambda sentence: click.echo(printable(sentence)), once)
        except ServiceRefused as refusal:
            end(f"{service.url} refuses ({refusal.status}): {refusal}")
        except KeyboardInterrupt:
            click.echo("Stopped; the next 'tasrih follow' goes on from here.")


def token_in(file: Path | None) -> str | None:
    """The token in a file, if there is one; tokens are no arguments, which others can see."""
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        end(f"{file} can't be read: {error}.")
