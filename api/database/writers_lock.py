"""The lock by which the writers of all processes exclude each other on PostgreSQL, and whether whoever has it works.

PostgreSQL gives an advisory lock to those that wait in the order in which they came. A session that only holds it, such as
one of a program that was stopped, is waited for as long as for any lock; an import that works is worth more patience.
"""

from collections.abc import Callable

from peewee import OperationalError

from api.database.dialect import WRITERS_LOCK
from api.database.outages import is_locked
from api.database.statements import execute
from api.database.time_limits import LOCK_TIMEOUT, milliseconds

BETWEEN_LOOKS = 2
"""Seconds after which a writer that waits looks at what the other does. Then it waits again, behind those that came since."""

_TAKE = (
    f"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {milliseconds(BETWEEN_LOOKS)}; SAVEPOINT waiting;"
    f" SELECT pg_advisory_xact_lock({WRITERS_LOCK}); RELEASE SAVEPOINT waiting;"
    f" SET LOCAL lock_timeout = {milliseconds(LOCK_TIMEOUT)}"
)
"""All in one message, so that a writer that need not wait waits only once for the server."""

_WORKS = f"""
SELECT COUNT(*)
  FROM pg_locks JOIN pg_stat_activity USING (pid)
 WHERE locktype = 'advisory' AND classid = 0 AND objid = {WRITERS_LOCK} AND objsubid = 1 AND granted
   AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND wait_event_type IS DISTINCT FROM 'Lock'
   AND (state = 'active' OR state = 'idle in transaction' AND state_change > clock_timestamp() - interval '{LOCK_TIMEOUT} s')
"""
"""Counts the session that has the lock if it runs a statement, or has done so lately: it works in between. What sessions of
other users do is not shown to everybody; such a one counts as idle."""


def take(give_up: Callable[[bool], None]) -> None:
    """Take the lock for a transaction that has just begun. `give_up` raises when the writer has waited for long enough.

    It is called every BETWEEN_LOOKS seconds with whether the writer that has the lock works.
    """
    while not _is_taken():
        give_up(_is_holder_working())


def _is_taken() -> bool:
    try:
        execute(_TAKE)
    except OperationalError as error:
        if not is_locked(error):
            raise
        execute("ROLLBACK TO SAVEPOINT waiting")
        return False
    return True


def _is_holder_working() -> bool:
    return bool(execute(_WORKS).fetchone()[0])
