"""The records of a type that are gone since what is on a page changed: rows beside the page, for feeds."""

from api.changelog.recording import DELETED, MERGED
from api.queries.fragments import Fragment, fragment, placeholder
from api.queries.shapes import Shape

MOST_REMOVED = 200
"""Removals that are told at a time; whoever needs all reads the feed of changes."""


def removals_sql(shape: Shape) -> Fragment:
    """A SELECT of ('removed', position in the log, id, NULL, when), at most 200 and the latest, beside `page`.

    Removed since the last record of the page changed, or ever where no page follows; and before the last record of the page
    before did, or until now where there is none. So each removal is told on one page.
    """
    if shape.backwards is None:
        since, until = _LAST_SHOWN, Fragment("NULL")
    elif shape.backwards:
        since, until = Fragment("(SELECT MIN(key) FROM page)"), _LAST_BEFORE
    else:
        since, until = _LAST_SHOWN, _POSITION
    return fragment(_REMOVED.format(record_type=shape.record_type, since="{}", until="{}"), since, until)


_POSITION = Fragment("?", (lambda arguments: (arguments.position and arguments.position.key,),))
_LIMIT, _PLACE = placeholder(lambda query: query.limit), placeholder(lambda query: query.limit - 1)
_GOES_ON = "(SELECT COUNT(*) FROM page) > {}"  # a record was read that is not shown
_LAST_SHOWN = fragment(f"(SELECT key FROM page WHERE {_GOES_ON} ORDER BY key DESC LIMIT 1 OFFSET {{}})", _LIMIT, _PLACE)
_LAST_BEFORE = fragment(f"(SELECT MAX(key) FROM page WHERE {_GOES_ON})", _LIMIT)

_REMOVED = f"""SELECT 'removed', sequence, record_id, NULL, recorded_at FROM (
SELECT gone.sequence, gone.record_id, gone.recorded_at FROM "change" AS gone
 WHERE gone.record_type = '{{record_type}}' AND gone.operation IN ('{DELETED}', '{MERGED}')
   AND gone.recorded_at >= COALESCE({{since}}, '') AND gone.recorded_at < COALESCE({{until}}, '9999')
   AND NOT EXISTS (SELECT 1 FROM "change" AS later WHERE later.record_type = gone.record_type
                   AND later.record_id = gone.record_id AND later.sequence > gone.sequence)
 ORDER BY gone.sequence DESC LIMIT {MOST_REMOVED}) AS removed"""
