"""The command `tasrih serve`."""

import click

from api.application import create_app
from api.commands.database import fill_if_empty
from api.commands.terminal import opened, report_errors
from api.migrations.versions import require_current
from api.settings import Settings
from api.texts.attaching import requote


@click.command("serve")
@report_errors
def serve_command(settings: Settings) -> None:
    """Serve the API; an empty or missing database is first filled with the corpus of five articles."""
    with opened(settings, create=True):
        fill_if_empty()
        require_current()
        requote(settings.quotation_length, raising=True)
    # Imported here, for gunicorn reads WEB_CONCURRENCY when it is imported: not before the settings were checked.
    from api.server.serving import serve

    serve(settings, create_app)
