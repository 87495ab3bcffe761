"""Idempotency keys: claimed before a request runs, and kept with the response in the transaction of what it wrote.

The claim is made at once, so that others see it; the response is kept in the transaction of the write. A claim is a
random number that the write must still find in its place: so when a claim was given up for lost and taken over, only
one of the two can write, whatever the clocks say.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

import orjson
from cachetools import TTLCache

from api.database.connections import forget_connections
from api.database.outages import UNAVAILABLE
from api.database.statements import execute, rows
from api.database.transactions import not_waiting, writing
from api.errors import DatabaseUnavailable, KeyReused, NotCommitted, RequestInProgress, WaitedInVain
from schemas.values import dates

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=10)
"""When a claim may be taken over that nobody is writing by: its process was killed between claiming and writing."""

_FIND = 'SELECT fingerprint, claim, claimed_at, status, headers, body FROM idempotency WHERE token_id = ? AND "key" = ?'
_FORGET = "DELETE FROM idempotency WHERE claimed_at < ?"
_CLAIM = (
    'INSERT INTO idempotency (token_id, "key", fingerprint, claim, claimed_at) VALUES (?, ?, ?, ?, ?)'
    ' ON CONFLICT (token_id, "key") DO NOTHING'
)
_TAKE_OVER = "UPDATE idempotency SET claim = ?, claimed_at = ? WHERE claim = ? AND claimed_at = ? AND status IS NULL"
_HOLD = "UPDATE idempotency SET claimed_at = ? WHERE claim = ? AND status IS NULL"
_KEEP = "UPDATE idempotency SET status = ?, headers = ?, body = ? WHERE claim = ?"
_RELEASE = "DELETE FROM idempotency WHERE claim = ? AND status IS NULL"


@dataclass(frozen=True)
class Answer:
    """A response as it was first sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class _Entry:
    fingerprint: str
    claim: str
    claimed_at: str
    answer: Answer | None


def acquire(token: int, key: str, fingerprint: str) -> str | Answer:
    """Claim a key of a token and return the claim, or else the response that was stored for the key.

    Raise KeyReused when the key was sent with another request, RequestInProgress while the first is not answered.
    """
    now = datetime.now(UTC)
    if (entry := _find(token, key, now)) is None:
        if claim := _new_claim(token, key, fingerprint, now):
            return claim
        if (entry := _find(token, key, now)) is None:  # claimed and released in between
            raise RequestInProgress(1)
    if entry.fingerprint != fingerprint:
        raise KeyReused
    return entry.answer or _taken_over(entry, now)


def _find(token: int, key: str, now: datetime) -> _Entry | None:
    entries = rows(_FIND, (token, key))
    if not entries or entries[0][2] < dates.moment(now - KEPT):
        return None
    fingerprint, claim, claimed_at, status, headers, body = entries[0]
    pairs = [(name, value) for name, value in orjson.loads(headers)] if status else []
    return _Entry(fingerprint, claim, claimed_at, Answer(status, pairs, bytes(body)) if status else None)


def _new_claim(token: int, key: str, fingerprint: str, now: datetime) -> str | None:
    claim = secrets.token_hex(16)
    with writing(joins=True):
        execute(_FORGET, (dates.moment(now - KEPT),))
        made = execute(_CLAIM, (token, key, fingerprint, claim, dates.moment(now)))
    return claim if made.rowcount == 1 else None


def _taken_over(entry: _Entry, now: datetime) -> str:
    begun = datetime.fromisoformat(entry.claimed_at)
    runs = begun <= now < begun + ABANDONED  # what begins in the future was claimed before the clock was set back
    if runs and not _is_given_up(entry.claim):
        raise RequestInProgress(1 + int((begun + ABANDONED - now).total_seconds()))
    claim = secrets.token_hex(16)
    with writing(joins=True):
        taken = execute(_TAKE_OVER, (claim, dates.moment(now), entry.claim, entry.claimed_at))
    if taken.rowcount != 1:
        raise RequestInProgress(1)
    return claim


@contextmanager
def hold(claim: str, joins: bool = False) -> Iterator[None]:
    """A transaction of the request that holds a claim; raise RequestInProgress when another has taken it over.

    `joins` is that of `writing`.
    """
    with writing(joins):
        if execute(_HOLD, (dates.moment(datetime.now(UTC)), claim)).rowcount != 1:
            raise RequestInProgress(1)
        yield


def keep(claim: str, answer: Answer) -> None:
    """Keep the response to the request that holds a claim; within `hold`."""
    execute(_KEEP, (answer.status, orjson.dumps(answer.headers).decode(), answer.body, claim))


def release(claim: str) -> None:
    """Give up a claim by which nothing was written, since the request was refused."""
    try:
        with writing():
            execute(_RELEASE, (claim,))
    except (DatabaseUnavailable, *UNAVAILABLE) as error:
        abandon(claim, error)


def abandon(claim: str, error: BaseException) -> None:
    """Give up a claim by which nothing was written, since the database was out of reach, locked or full.

    Where it still is, this process remembers the claim, and any other takes it over when its time is up.
    """
    if not isinstance(error, (NotCommitted, WaitedInVain)):
        forget_connections()  # the one that failed may have been this one
    try:
        with not_waiting():
            execute(_RELEASE, (claim,))
    except UNAVAILABLE:
        with _at_hand:
            _given_up[claim] = None


def _is_given_up(claim: str) -> bool:
    with _at_hand:
        return claim in _given_up


_given_up: TTLCache[str, None] = TTLCache(maxsize=10_000, ttl=2 * ABANDONED.total_seconds())
_at_hand = Lock()
