"""Name columns by what they hold: `record_type` (was `noun`), `sort_key` (`filed`), `sort_day` (`day`), `span_days` (`reach`)."""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
