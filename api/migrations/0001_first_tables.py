"""All tables of the first version."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
