"""Add the tables of a mirror: whose it is and how far it has come, and what has arrived but is not applied yet."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
