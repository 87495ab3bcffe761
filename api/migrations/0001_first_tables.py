"""All tables of the first version."""

from api.migrations import run_script


def up(migrator, db):
    run_script(__file__)
