"""Why a record is missing: deleted, merged, or never there. It is looked up only when a record was not found."""

from collections.abc import Collection, Iterator

from api.changelog.recording import DELETED, MERGED
from api.database.statements import chunked, execute
from api.errors import Deleted, MergedAway, NoSuchRecord, NotYetCreated
from api.models.base import tuples
from api.models.changes import Change


def why_missing(record_type: str, record_id: str, moment: str | None = None) -> NoSuchRecord:
    """The error that says why there is no such record, or was none at a moment: deleted, merged into another, not yet created."""
    changes = Change.select(Change.operation, Change.merged_into)
    changes = changes.where((Change.record_type == record_type) & (Change.record_id == record_id))
    if moment is not None:
        changes = changes.where(Change.recorded_at <= moment)
    for operation, into in tuples(changes.order_by(Change.sequence.desc()).limit(1)):
        if operation == MERGED:
            return MergedAway(record_type, record_id, into)
        if operation == DELETED:
            return Deleted(record_id)
    return NoSuchRecord(record_id) if moment is None else NotYetCreated(record_id)


def was_ever(record_type: str, record_id: str) -> bool:
    """Whether there is or was such a record."""
    return bool(Change.select().where((Change.record_type == record_type) & (Change.record_id == record_id)).exists())


def merged_away(record_type: str, ids: Collection[str], moment: str | None = None) -> Iterator[tuple[str, str]]:
    """Those of these ids of missing records that were merged into others by a moment, each with the id of that other record."""
    until, values = ("", ()) if moment is None else ("AND recorded_at <= ?", (moment,))
    for batch in chunked(sorted(ids), 500):
        sql = _MERGED_AWAY.format(ids=", ".join("?" * len(batch)), until=until)
        yield from execute(sql, (record_type, *batch, *values)).fetchall()


_MERGED_AWAY = f"""
SELECT record_id, merged_into FROM "change" WHERE operation = '{MERGED}' AND sequence IN (
    SELECT MAX(sequence) FROM "change" WHERE record_type = ? AND record_id IN ({{ids}}) {{until}} GROUP BY record_id)
"""
