"""Add the table of readings: what was read, so that silence is not taken for absence."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
