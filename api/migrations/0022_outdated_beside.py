"""Add the table of records that are still to be shown with names that have changed."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
