"""Add the log of changes, and give every record that exists its first revision: what it says now."""

from api.migrations import run_script


def up(migrator, db):
    run_script(__file__, db)
