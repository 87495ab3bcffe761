"""The revisions of a record, even if it was deleted or merged: page by page, the latest first, and single ones."""

from typing import NamedTuple

from api.cursors import Position, decode, encode, sides
from api.database.compression import decompressed
from api.database.statements import rows
from api.errors import EmptyRevision, NoSuchRecord, NoSuchRevision


class Revision(NamedTuple):
    """What happened to a record's own content, when, and by whom."""

    revision: int
    operation: str
    recorded_at: str
    recorded_by: str
    etag: str | None
    merged_into: str | None


class History(NamedTuple):
    """A page of revisions, the latest first, and the cursors before and behind it."""

    revisions: list[Revision]
    next: str | None
    previous: str | None


def history(record_type: str, record_id: str, cursor: str | None, limit: int) -> History:
    """A page of a record's revisions; raise NoSuchRecord when it never existed, InvalidParameters for a wrong cursor."""
    scope = f"history/{record_type}/{record_id}".encode()
    position = None if cursor is None else decode(cursor, scope, int)
    backwards = position is not None and position.backwards
    sql = _PAGE.format(beyond=">" if backwards else "<", direction="ASC" if backwards else "DESC")
    start = position.key if position is not None else _AFTER_ALL
    fetched = rows(sql, (record_type, record_id, start, limit + 1))
    if not fetched and position is None:
        raise NoSuchRecord(record_id)
    return _page([Revision(*row) for row in fetched], position, limit, scope)


_AFTER_ALL = 1 << 31
_COLUMNS = "revision, operation, recorded_at, recorded_by, etag, merged_into"
_PAGE = f"""
SELECT {_COLUMNS} FROM "change" WHERE record_type = ? AND record_id = ? AND revision {{beyond}} ?
 ORDER BY revision {{direction}} LIMIT ?
"""


def _page(revisions: list[Revision], position: Position | None, limit: int, scope: bytes) -> History:
    backwards = position is not None and position.backwards
    more, shown = len(revisions) > limit, revisions[:limit]
    if backwards:
        shown.reverse()
    has_next, has_previous = sides(position, bool(shown), more)
    return History(
        shown,
        encode(Position(False, shown[-1].revision, 0), scope) if has_next else None,
        encode(Position(True, shown[0].revision, 0), scope) if has_previous else None,
    )


class Kept(NamedTuple):
    """The document of a revision, and the revisions before and after it, if they are kept."""

    document: bytes
    etag: str
    recorded_at: str
    before: int | None
    after: int | None


def revision(record_type: str, record_id: str, number: int) -> Kept:
    """The document of a revision; raise NoSuchRevision, or EmptyRevision when the record was deleted or merged by it."""
    revisions = {row[0]: row for row in rows(_AROUND, (record_type, record_id, number - 1, number + 1))}
    if number not in revisions:
        raise NoSuchRevision(record_id, str(number))
    _, etag, recorded_at, document = revisions[number]
    if document is None:
        raise EmptyRevision(record_id, str(number))
    before, after = (near if near in revisions else None for near in (number - 1, number + 1))
    return Kept(decompressed(document), etag, recorded_at, before, after)


_AROUND = """
SELECT revision, etag, recorded_at, body FROM "change" WHERE record_type = ? AND record_id = ? AND revision BETWEEN ? AND ?
"""
