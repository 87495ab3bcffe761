"""Add the bitmaps by which statements are counted; `tasrih migrate` builds them."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
