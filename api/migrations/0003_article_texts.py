"""Add the table of the texts that operators attach to articles."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
