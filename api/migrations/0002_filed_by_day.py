"""File by day: `filed` becomes a column of what has a date, and all that follows from the documents is dropped.

The rows of statements' parts and the text index come back empty; `tasrih migrate` writes them anew from the documents.
"""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
