"""What the log of changes makes outdated in the bitmaps: which statements, and which labels."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from api.changelog.positions import State
from api.database.statements import rows

MOST_AT_ONCE = 2_000
"""Changes that a request applies before it counts, in a tenth of a second or two. Of more, a thread takes care."""


class TooFarBehind(Exception):
    """There are too many changes for a request to apply, or the log does not say what they were about."""


@dataclass
class Outdated:
    """The numbers of statements whose values may be others, and of changed records by record type."""

    statements: set[int] = field(default_factory=set)
    records: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    lost: set[str] = field(default_factory=set)
    """The types of deleted records of which the log no longer has the number."""


class _Changed(NamedTuple):
    record_type: str
    number: int | None


def outdated_since(since: State, now: State, most: int = MOST_AT_ONCE) -> Outdated:
    """What changed between two states; raise TooFarBehind."""
    if since.resumed != now.resumed or (now.expired or 0) > since.position or now.position < since.position:
        raise TooFarBehind
    changed = [_Changed(*row) for row in rows(_CHANGED, (since.position, most + 1))]
    if len(changed) > most:
        raise TooFarBehind
    outdated = Outdated()
    for record_type, number in changed:
        if number is not None:
            outdated.records[record_type].add(number)
        elif record_type == "statements":
            raise TooFarBehind
        else:
            outdated.lost.add(record_type)
    outdated.statements = outdated.records.pop("statements", set()) | _reporting(outdated.records["articles"])
    return outdated


def _reporting(articles: set[int]) -> set[int]:
    """The statements that articles report. Their rows hold the publishers of these, and the log says nothing of that."""
    if not articles:
        return set()
    numbers = ", ".join(map(str, articles))
    return {number for (number,) in rows(f"SELECT owner_id FROM report WHERE article_id IN ({numbers})")}


_CHANGED = """
SELECT later.record_type, COALESCE(later.record_number, (
           SELECT earlier.record_number FROM "change" AS earlier
            WHERE earlier.record_type = later.record_type AND earlier.record_id = later.record_id
              AND earlier.sequence < later.sequence AND earlier.record_number IS NOT NULL
            ORDER BY earlier.sequence DESC LIMIT 1))
  FROM "change" AS later WHERE later.sequence > ? ORDER BY later.sequence LIMIT ?
"""
"""A deleted or merged record has no number; it is that which the record of this id had before."""
