"""The command `tasrih serve`."""

import os
from collections.abc import Callable

import click
from flask import Flask

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
    start(settings, create_app)


def start(settings: Settings, create: Callable[[Settings], Flask]) -> None:
    """Serve the application that `create` makes in each worker, until told to stop."""
    # gunicorn reads this variable when it is imported, and can't read an empty one: only now it is sure to hold a number.
    if not os.environ.get("WEB_CONCURRENCY"):
        os.environ.pop("WEB_CONCURRENCY", None)
    from api.server.serving import serve

    serve(settings, create)
