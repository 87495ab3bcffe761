"""The feed of changes: a page of the log in the order of commits, each change with the record as it is now.

A writer holds the writers' lock from before it uses positions in the log until its transaction has ended (see
`api.database.transactions`). So whoever sees a position sees all positions before it, and none is ever filled in later.

When the database was restored from a copy, positions were lost (`api.models.log_cuts`). No page ends in such a gap.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from api.changelog.positions import LAST_SEQUENCE, last_moment
from api.database.compression import decompressed
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.errors import LostPosition, MomentNotReached, UnknownPosition
from schemas.values import dates

SOUGHT_AT_ONCE = 20_000
"""Positions that are searched for a page of certain record types only, so that no page takes long."""


class Entry(NamedTuple):
    """A change; `etag` and `document` are those of the record as it is now, None when there is no such record."""

    sequence: int
    record_type: str
    id: str
    operation: str
    revision: int | None
    recorded_at: str
    recorded_by: str
    merged_into: str | None
    content_changed_at: str
    etag: str | None
    document: bytes | None


class Feed(NamedTuple):
    """A page of the feed, which covers all changes up to `position`; whether there are `more` to be read at once.

    Up to `expired` only the last change of each record is kept. The records are as they were when the log ended at `last`.
    """

    entries: list[Entry]
    position: int
    more: bool
    expired: int
    last: int


def feed(since: int, record_types: Sequence[str], limit: int, seen: int = 0) -> Feed:
    """The changes after a position, of these record types or of all; raise UnknownPosition or LostPosition.

    `seen` is where the log ended when the page before was read: the records on that page may be as new as that.
    """
    seen = max(since, seen)
    search = (since, since, SOUGHT_AT_ONCE) if record_types else ()
    parameters = (since, since, seen, seen, *search, since, *record_types, limit + 1)
    fetched = rows(_feed_sql(len(record_types)), parameters)
    last, expired, lost, until = fetched[0][:4]
    if lost is not None:
        raise LostPosition(since, lost)
    if seen > last:
        raise UnknownPosition(seen, last)
    entries = [_entry(*row[4:]) for row in fetched if row[4] is not None]
    if len(entries) > limit:
        return Feed(entries[:limit], entries[limit - 1].sequence, True, expired, last)
    return Feed(entries, min(until, last), until < last, expired, last)


def require_reached(moment: str) -> None:
    """Raise MomentNotReached when a moment lies in the future. The last change is past, even if the clock was set back."""
    now = dates.moment(datetime.now(UTC))
    if moment > now:
        latest = last_moment()
        if latest is None or moment > latest:
            raise MomentNotReached(now)


def _entry(*row: Any) -> Entry:
    entry = Entry(*row)
    return entry if entry.document is None else entry._replace(document=decompressed(entry.document))


@lru_cache
def _feed_sql(record_types: int) -> str:
    """A SELECT of where the log ends and how far it has expired, beside the entries of a page, if any."""
    of_record_types = f" AND record_type IN ({', '.join('?' * record_types)})" if record_types else ""
    until = _SEARCHED if record_types else _NO_END
    return _SQL.format(until=until, of_record_types=of_record_types, etag=_now("etag"), document=_now("body"))


def _now(column: str) -> str:
    """A column of the record that a change is about, as it is now."""
    tables = ((name, record_type.table_name) for name, record_type in RECORD_TYPES.items())
    cases = (
        f"WHEN '{name}' THEN (SELECT {column} FROM \"{table}\" WHERE id = page.record_id)" for name, table in tables
    )
    return f"CASE page.record_type {' '.join(cases)} END"


_NO_END = str((1 << 63) - 1)

_SEARCHED = """
(SELECT COALESCE((SELECT MIN(position) FROM restoration WHERE position < aim.place AND aim.place < resumed), aim.place)
   FROM (SELECT COALESCE((SELECT MAX(resumed) FROM restoration WHERE position = CAST(? AS BIGINT)), CAST(? AS BIGINT))
                + CAST(? AS BIGINT) AS place) AS aim)
"""
"""Up to which position the log is searched: SOUGHT_AT_ONCE after the next position, but only up to a gap that this is in."""

_SQL = f"""
WITH ends AS (
    SELECT ({LAST_SEQUENCE}) AS last,
           (SELECT COALESCE(MAX(until), 0) FROM expiry) AS expired,
           (SELECT MIN(position) FROM restoration
             WHERE (position < ? AND ? < resumed) OR (position < ? AND ? < resumed)) AS lost,
           {{until}} AS until
)
SELECT ends.last, ends.expired, ends.lost, ends.until,
       page.sequence, page.record_type, page.record_id, page.operation, page.revision, page.recorded_at,
       page.recorded_by, page.merged_into,
       CASE WHEN page.revision IS NOT NULL THEN page.recorded_at ELSE (
           SELECT own.recorded_at FROM "change" AS own
            WHERE own.record_type = page.record_type AND own.record_id = page.record_id AND own.revision IS NOT NULL
              AND own.sequence < page.sequence
            ORDER BY own.revision DESC LIMIT 1) END,
       {{etag}}, {{document}}
  FROM ends
  LEFT JOIN (SELECT sequence, record_type, record_id, operation, revision, recorded_at, recorded_by, merged_into FROM "change"
              WHERE sequence > ? AND sequence <= (SELECT until FROM ends){{of_record_types}} ORDER BY sequence LIMIT ?) AS page ON 1 = 1
 ORDER BY page.sequence
"""
