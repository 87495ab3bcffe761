"""Positions in the log of changes: where it begins and ends, and the last of each record."""

from contextvars import ContextVar
from typing import NamedTuple

from api.database.deferred_reads import take_over
from api.database.statements import rows

MIGRATION = "migration"
"""The author of the changes for records that are older than the log: in no order, each at the time of its last change."""

LAST_SEQUENCE = 'SELECT COALESCE(MAX(sequence), 0) FROM "change"'

STATE_PARTS = {
    "change": 'SELECT MAX(sequence) FROM "change"',
    "resumed": "SELECT MAX(resumed) FROM restoration",
    "expired": "SELECT MAX(until) FROM expiry",
}
"""A SELECT of each part of a State, in the order of its fields."""

STATE = f"SELECT {', '.join(f'({part})' for part in STATE_PARTS.values())}"


class State(NamedTuple):
    """The state of the records, as STATE selects it: the last change, restoration and expiry. It never comes back.

    A backup that is restored may end at the same change with other records; expired changes can not be served any more.
    """

    change: int | None
    resumed: int | None
    expired: int | None

    @property
    def position(self) -> int:
        """The position of the last change, 0 before the first."""
        return self.change or 0


LATEST_OF_EACH = (
    'SELECT MAX(past.sequence) FROM "change" AS past WHERE past.sequence <= ? GROUP BY past.record_type, past.record_id'
)
"""A SELECT of the last position of every record up to a position."""

DROPPED = f"""
SELECT until FROM expiry
 WHERE NOT EXISTS (SELECT 1 FROM "change" WHERE sequence = until AND recorded_by = '{MIGRATION}')
"""
"""A SELECT of the positions up to which changes were dropped. Those before a migration were not dropped: there were none."""


_committed: ContextVar[int | None] = ContextVar("committed", default=None)


def note_committed(position: int | None) -> None:
    """Remember up to where the current request has committed changes, None at its beginning."""
    _committed.set(position)


def last_committed() -> int:
    """Up to where the current request has committed changes; where the log ends if it has not."""
    position = _committed.get()
    return last_sequence() if position is None else position


def last_sequence() -> int:
    """The position where the log ends; 0 when nothing was ever changed."""
    [(sequence,)] = rows(LAST_SEQUENCE)
    return int(sequence)


def current_state() -> State:
    """The state of the records, as this transaction sees it."""
    wanted = take_over()
    [row] = rows(STATE)
    state = State(*row)
    if wanted is not None:
        wanted.number = state.position
    return state


def last_moment() -> str | None:
    """When the last change was recorded; None when there was none."""
    [(latest,)] = rows('SELECT MAX(recorded_at) FROM "change"')
    return None if latest is None else str(latest)


def last_sequence_at(moment: str) -> int:
    """The position where the log ended at a moment that it reaches back to; 0 before the first change."""
    [(sequence, expired)] = rows(_LAST_AT, (moment, moment))
    return max(sequence or 0, expired or 0)


_LAST_AT = """
SELECT (SELECT sequence FROM "change" WHERE recorded_at <= ? ORDER BY recorded_at DESC, sequence DESC LIMIT 1),
       (SELECT MAX(until) FROM expiry WHERE moment <= ?)
"""
"""A migration's changes are not in the order of their times, but all of them are before the expiry that it recorded."""
