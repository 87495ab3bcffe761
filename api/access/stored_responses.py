"""Whether the responses stored for Idempotency-Keys can be sent again, and are about changes that were made."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from api.changelog.positions import DROPPED
from api.database.statements import execute

BATCH_SIZE = 200  # responses read together: they hold whole documents

_WALK = (
    "SELECT number, status, headers, body FROM idempotency WHERE number > ?"
    f" AND (status IS NOT NULL OR headers IS NOT NULL OR body IS NOT NULL) ORDER BY number LIMIT {BATCH_SIZE}"
)
_SAID = (
    'SELECT 1 FROM "change" WHERE record_type = ? AND record_id = ? AND etag = ?'
    f" UNION ALL SELECT 1 FROM ({DROPPED}) AS dropped"  # once changes have been dropped, they are no witness
)
_RECORD = re.compile(r"/v1/([a-z-]+)/([^/?]+)$")


def faults_of_kept_answers() -> Iterator[str]:
    """What is wrong with the stored responses, one sentence each."""
    last = 0
    while batch := execute(_WALK, (last,)).fetchall():
        for number, *answer in batch:
            yield from (f"The answer kept in row {number} of idempotency {fault}" for fault in _faults(*answer))
        last = batch[-1][0]


def _faults(status: Any, headers: Any, body: Any) -> Iterator[str]:
    if status is None or headers is None or body is None:
        yield "lacks its status, its headers or its body."
        return
    try:
        fields = {name.lower(): value for name, value in orjson.loads(headers)}
    except (ValueError, TypeError, AttributeError):
        yield "has headers that can't be read."
        return
    record = _RECORD.search(fields.get("location") or fields.get("content-location") or "")
    if not 200 <= status < 300 or (record and status != (201 if "location" in fields else 200)):
        yield f"has the status {status}, which is not that of what was done."
    if record and not _is_logged(record[1], record[2], fields.get("etag")):
        yield f"tells of {record[1]}/{record[2]}, of which the log does not."


def _is_logged(record_type: str, record_id: str, etag: Any) -> bool:
    sql = _SAID
    return bool(execute(sql, (record_type, record_id, etag)).fetchall())
