"""The command `tasrih`, to which every subject adds its commands."""

import click

from api import __version__
from api.commands.articles import articles
from api.commands.assistants import mcp_command
from api.commands.backups import backup, restore
from api.commands.bulk import export_command, import_command
from api.commands.changes import changes
from api.commands.contract import openapi_command
from api.commands.database import check_command, load_command, migrate_command
from api.commands.drafting import draft_command
from api.commands.evidence import evidence
from api.commands.following import follow_command
from api.commands.links import links
from api.commands.sandbox import sandbox_command
from api.commands.serving import serve_command
from api.commands.tokens import token


@click.group()
@click.version_option(__version__, prog_name="tasrih")
def main() -> None:
    """Tasrih: official statements with their attribution and evidence. Settings come from the environment."""


for command in (
    articles,
    backup,
    changes,
    check_command,
    draft_command,
    evidence,
    export_command,
    follow_command,
    import_command,
    links,
    load_command,
    mcp_command,
    migrate_command,
    openapi_command,
    restore,
    sandbox_command,
    serve_command,
    token,
):
    main.add_command(command)
