"""Add the first and the last day of the period that a figure counts, and indexes for lists of figures."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
