"""Dropping what of the log of changes is old: what can be told of earlier moments ends where it begins.

Of each record the last state at that moment is kept, and its last revision: so every later moment can be told, a mirror
can be made from nothing, revisions go on counting, and addresses of deleted and merged records answer as before.
"""

from api.database import AnyDatabase, execute, is_sqlite, rows, with_marks, writing
from api.models.expiries import Expiry


def expire(database: AnyDatabase, before: str) -> int:
    """Drop the changes recorded before a moment that later ones, also from before it, have overtaken; give their count.

    What can't be told any more is remembered, so that nobody is told something else in its place.
    """
    with writing(database):
        latest = with_marks('SELECT MAX(recorded_at) FROM "change" WHERE recorded_at < ?', is_sqlite(database))
        [(moment,)] = rows(database, latest, (before,))
        if moment is None:
            return 0
        reached = with_marks('SELECT MAX(sequence) FROM "change" WHERE recorded_at <= ?', is_sqlite(database))
        [(until,)] = rows(database, reached, (moment,))
        dropped = execute(database, with_marks(_DROP, is_sqlite(database)), [moment] * _DROP.count("?")).rowcount
        if dropped:
            Expiry.insert(until=until, moment=moment).execute()
        return int(dropped)


_LATEST = (
    'SELECT MAX(past.sequence) FROM "change" AS past WHERE past.recorded_at <= ? GROUP BY past.noun, past.record_id'
)
_LAST_REVISION = _LATEST.replace("WHERE", "WHERE past.revision IS NOT NULL AND")
_SHOWN_OTHERWISE = f"""
SELECT COALESCE((SELECT MAX(whole.sequence) FROM "change" AS whole
                  WHERE whole.noun = last.noun AND whole.record_id = last.record_id
                    AND whole.sequence <= last.sequence AND whole.document IS NOT NULL), 0)
  FROM "change" AS last WHERE last.operation = 'rendered' AND last.sequence IN ({_LATEST})
"""
_DROP = f"""
DELETE FROM "change"
 WHERE recorded_at <= ? AND sequence NOT IN ({_LATEST}) AND sequence NOT IN ({_LAST_REVISION})
   AND sequence NOT IN ({_SHOWN_OTHERWISE})
"""
