"""Add the table of the scripts' digests. Whoever runs the scripts records them: those applied before are trusted once."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
