"""Add tokens, and the answers to requests with an Idempotency-Key."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
