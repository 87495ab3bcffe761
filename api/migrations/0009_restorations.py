"""Add the table of restorations, with those that a copy of an older version has been through: they left gaps in its log."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
