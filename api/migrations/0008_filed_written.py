"""Let `filed` be an ordinary column: SQLite reads the row, document and all, for a generated one, whatever index has it."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
