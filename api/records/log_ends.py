"""Where the log of changes begins and ends, and where in it each record stands."""

from api.database import AnyDatabase, is_sqlite, rows, with_marks

MIGRATION = "migration"
"""Who recorded what was there before there was a log: in no order, for each with the time of its last change."""

LATEST_OF_EACH = (
    'SELECT MAX(past.sequence) FROM "change" AS past WHERE past.recorded_at <= ? GROUP BY past.noun, past.record_id'
)
"""A SELECT of the last place of every record up to a moment."""

DROPPED = f"""
SELECT until FROM expiry
 WHERE NOT EXISTS (SELECT 1 FROM "change" WHERE sequence = until AND recorded_by = '{MIGRATION}')
"""
"""A SELECT of the places up to which changes were dropped. Before a migration the log told nothing: none was dropped."""


def last_sequence(database: AnyDatabase) -> int:
    """The place where the log ends; 0 when nothing was ever changed."""
    [(sequence,)] = rows(database, 'SELECT COALESCE(MAX(sequence), 0) FROM "change"')
    return int(sequence)


def last_moment(database: AnyDatabase) -> str | None:
    """When the last change was recorded; None when there was none."""
    [(latest,)] = rows(database, 'SELECT MAX(recorded_at) FROM "change"')
    return None if latest is None else str(latest)


def last_moment_until(database: AnyDatabase, moment: str) -> str | None:
    """When the last change up to a moment was recorded; None when there was none."""
    sql = with_marks('SELECT MAX(recorded_at) FROM "change" WHERE recorded_at <= ?', is_sqlite(database))
    [(latest,)] = rows(database, sql, (moment,))
    return None if latest is None else str(latest)
