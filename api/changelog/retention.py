"""Dropping what of the log of changes is old: what can be told of earlier moments ends where it begins.

Of each record the last state at that moment is kept, and its last revision: so every later moment can be told, a mirror
can be made from nothing, revisions go on counting, and addresses of deleted and merged records answer as before.
"""

from api.changelog.positions import LATEST_OF_EACH
from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import execute, rows
from api.database.transactions import writing
from api.models.expiries import Expiry


def expire(before: str) -> int:
    """Drop the changes recorded before a moment that later ones, also from before it, have overtaken; give their count.

    What can't be told any more is remembered, so that nobody is told something else in its place.
    """
    with writing():
        last = with_placeholders(_LAST_BEFORE, is_sqlite())
        for until, moment in rows(last, (before,)):
            return _drop(until, moment)
        return 0


def _drop(until: int, moment: str) -> int:
    """Drop what stands in the log up to a place, which was recorded at a moment, and has been overtaken."""
    dropped = execute(with_placeholders(_DROP, is_sqlite()), [until] * _DROP.count("?")).rowcount
    if dropped:
        Expiry.insert(until=until, moment=moment).execute()
    return int(dropped)


_LAST_BEFORE = """
SELECT sequence, recorded_at FROM "change" WHERE recorded_at < ? ORDER BY recorded_at DESC, sequence DESC LIMIT 1
"""
_LAST_REVISION = LATEST_OF_EACH.replace("WHERE", "WHERE past.revision IS NOT NULL AND")
_SHOWN_OTHERWISE = f"""
SELECT COALESCE((SELECT MAX(whole.sequence) FROM "change" AS whole
                  WHERE whole.record_type = last.record_type AND whole.record_id = last.record_id
                    AND whole.sequence <= last.sequence AND whole.document IS NOT NULL), 0)
  FROM "change" AS last WHERE last.operation = 'rendered' AND last.sequence IN ({LATEST_OF_EACH})
"""
_DROP = f"""
DELETE FROM "change"
 WHERE sequence <= ? AND sequence NOT IN ({LATEST_OF_EACH}) AND sequence NOT IN ({_LAST_REVISION})
   AND sequence NOT IN ({_SHOWN_OTHERWISE})
"""
