"""Add names, the beginnings they are typed by, and how often the records that bear them are referred to.

The tables come empty; `tasrih migrate` fills them from the documents.
"""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
