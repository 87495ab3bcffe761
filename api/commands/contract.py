"""The command `tasrih openapi`."""

from pathlib import Path

import click

from api import openapi
from api.application import create_app
from api.backups.files import output_file
from api.commands.terminal import plain_errors, standard_output
from api.settings import Settings


@click.command("openapi")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, readable=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
def openapi_command(output: Path | None) -> None:
    """Write the OpenAPI document of this version as YAML."""
    document = openapi.contract_of(create_app(Settings())).yaml
    with plain_errors():
        if output is None:
            standard_output().write(document)
            return
        with output_file(output) as file:
            file.write(document)
