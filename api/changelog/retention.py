"""Dropping old changes from the log. Moments before the first that is kept can't be asked about any more.

Of each record the last state at that moment is kept, and its last revision: so every later moment can be answered, a mirror
can start from nothing, revisions go on counting, and addresses of deleted and merged records answer as before.
"""

from api.changelog.positions import LATEST_OF_EACH
from api.database.statements import execute, rows
from api.database.transactions import writing
from api.models.log_cuts import Expiry


def expire(before: str) -> int:
    """Drop the changes recorded before a moment that were followed by later changes before it; return how many.

    The moment is recorded, so that no earlier one is answered wrongly.
    """
    with writing():
        for until, moment in rows(_LAST_BEFORE, (before,)):
            return _drop(until, moment)
        return 0


def _drop(until: int, moment: str) -> int:
    """Drop superseded changes up to a position, that of the last change recorded at the moment."""
    dropped = execute(_DROP, [until] * _DROP.count("?")).rowcount
    if dropped:
        Expiry.insert(until=until, moment=moment).execute()
    return int(dropped)


_LAST_BEFORE = """
SELECT sequence, recorded_at FROM "change" WHERE recorded_at < ? ORDER BY recorded_at DESC, sequence DESC LIMIT 1
"""
_LAST_REVISION = LATEST_OF_EACH.replace("WHERE", "WHERE past.revision IS NOT NULL AND")
_LAST_WHOLE_DOCUMENT = f"""
SELECT COALESCE((SELECT MAX(whole.sequence) FROM "change" AS whole
                  WHERE whole.record_type = last.record_type AND whole.record_id = last.record_id
                    AND whole.sequence <= last.sequence AND whole.body IS NOT NULL), 0)
  FROM "change" AS last WHERE last.operation = 'rendered' AND last.sequence IN ({LATEST_OF_EACH})
"""
_DROP = f"""
DELETE FROM "change"
 WHERE sequence <= ? AND sequence NOT IN ({LATEST_OF_EACH}) AND sequence NOT IN ({_LAST_REVISION})
   AND sequence NOT IN ({_LAST_WHOLE_DOCUMENT})
"""
