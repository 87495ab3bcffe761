"""Whether the answers kept for requests with an Idempotency-Key can be given again, and tell of what was done."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from api.changelog.positions import DROPPED
from api.database.statements import execute

SOME = 200  # answers read together: they hold whole documents

_WALK = (
    "SELECT number, status, headers, body FROM idempotency WHERE number > ?"
    f" AND (status IS NOT NULL OR headers IS NOT NULL OR body IS NOT NULL) ORDER BY number LIMIT {SOME}"
)
_SAID = (
    'SELECT 1 FROM "change" WHERE record_type = ? AND record_id = ? AND etag = ?'
    f" UNION ALL SELECT 1 FROM ({DROPPED}) AS dropped"  # once changes have been dropped, they are no witness
)
_RECORD = re.compile(r"/v1/([a-z-]+)/([^/?]+)$")


def faults_of_kept_answers() -> Iterator[str]:
    """What is wrong with the answers that are kept, one sentence each."""
    last = 0
    while some := execute(_WALK, (last,)).fetchall():
        for number, *answer in some:
            yield from (f"The answer kept in row {number} of idempotency {fault}" for fault in _faults(*answer))
        last = some[-1][0]


def _faults(status: Any, headers: Any, body: Any) -> Iterator[str]:
    if status is None or headers is None or body is None:
        yield "lacks its status, its headers or its body."
        return
    try:
        told = {name.lower(): value for name, value in orjson.loads(headers)}
    except (ValueError, TypeError, AttributeError):
        yield "has headers that can't be read."
        return
    record = _RECORD.search(told.get("location") or told.get("content-location") or "")
    if not 200 <= status < 300 or (record and status != (201 if "location" in told else 200)):
        yield f"has the status {status}, which is not that of what was done."
    if record and not _was_said(record[1], record[2], told.get("etag")):
        yield f"tells of {record[1]}/{record[2]}, of which the log does not."


def _was_said(record_type: str, record_id: str, etag: Any) -> bool:
    sql = _SAID
    return bool(execute(sql, (record_type, record_id, etag)).fetchall())
