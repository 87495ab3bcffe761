"""Add the table that tells how far the log of changes has expired: before the log was begun it tells of no moment."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
