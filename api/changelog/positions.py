"""Where the log of changes begins and ends, and where in it each record stands."""

from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import rows

MIGRATION = "migration"
"""Who recorded what was there before there was a log: in no order, for each with the time of its last change."""

LAST_SEQUENCE = 'SELECT COALESCE(MAX(sequence), 0) FROM "change"'

LATEST_OF_EACH = (
    'SELECT MAX(past.sequence) FROM "change" AS past WHERE past.sequence <= ? GROUP BY past.record_type, past.record_id'
)
"""A SELECT of the last place of every record up to a place."""

DROPPED = f"""
SELECT until FROM expiry
 WHERE NOT EXISTS (SELECT 1 FROM "change" WHERE sequence = until AND recorded_by = '{MIGRATION}')
"""
"""A SELECT of the places up to which changes were dropped. Before a migration the log told nothing: none was dropped."""


def last_sequence() -> int:
    """The place where the log ends; 0 when nothing was ever changed."""
    [(sequence,)] = rows(LAST_SEQUENCE)
    return int(sequence)


def last_moment() -> str | None:
    """When the last change was recorded; None when there was none."""
    [(latest,)] = rows('SELECT MAX(recorded_at) FROM "change"')
    return None if latest is None else str(latest)


def last_sequence_at(moment: str) -> int:
    """The place where the log ended at a moment that is kept: what was recorded later stands behind it; 0 at first."""
    [(sequence, expired)] = rows(with_placeholders(_LAST_AT, is_sqlite()), (moment, moment))
    return max(sequence or 0, expired or 0)


_LAST_AT = """
SELECT (SELECT sequence FROM "change" WHERE recorded_at <= ? ORDER BY recorded_at DESC, sequence DESC LIMIT 1),
       (SELECT MAX(until) FROM expiry WHERE moment <= ?)
"""
"""The rows of a migration are not in the order of their times, but all of them stand before where it let the log begin."""
