"""Add the day of which the status of an agreement is true. All records are then written anew, terms with their verbs."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
