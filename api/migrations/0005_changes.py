"""Add the log of changes, and give every record that exists its first revision: what it says now.

Where there are records the log begins at the microsecond of the clock: an old copy may be brought up a second time, and
its log must not give the numbers of the first again.
"""

from api.migrations.running import run_script


def up(migrator, db):
    run_script(__file__)
