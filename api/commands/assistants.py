"""The command `tasrih mcp`."""

from importlib.util import find_spec
from pathlib import Path

import click

from api.commands.following import token_in, token_option
from api.commands.terminal import end, report_errors
from api.remote.service import Service
from api.settings import Settings

TRIES = 3
"""How often a request is tried while an assistant waits."""


@click.command("mcp")
@click.option("--url", required=True, help="The service to read, such as http://127.0.0.1:8000.")
@token_option
@report_errors
def mcp_command(settings: Settings, url: str, token_file: Path | None) -> None:
    """Let an assistant read the service at URL through the Model Context Protocol, on standard input and output.

    Needs the extra 'mcp': pip install 'tasrih[mcp]'.
    """
    if find_spec("mcp") is None:
        end("The package mcp is missing: install the extra with pip install 'tasrih[mcp]'.")
    from api.assistants.server import serve  # it takes seconds to import, and is an extra

    serve(Service(url, token_in(token_file), tries=TRIES))
