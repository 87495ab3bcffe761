"""The revisions of one record, also of one that was deleted or merged: in pages, the latest first, or one of them."""

from typing import NamedTuple

from api.cursors import Position, decode, encode
from api.database.dialect import is_sqlite, with_placeholders
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
    """A page of a record's revisions; raise NoSuchRecord when it never was, InvalidParameters when the cursor is none."""
    question = f"history/{record_type}/{record_id}".encode()
    position = None if cursor is None else decode(cursor, question, int)
    backwards = position is not None and position.backwards
    sql = _PAGE.format(beyond=">" if backwards else "<", direction="ASC" if backwards else "DESC")
    start = position.key if position is not None else _BEHIND_ALL
    found = rows(with_placeholders(sql, is_sqlite()), (record_type, record_id, start, limit + 1))
    if not found and position is None:
        raise NoSuchRecord(record_id)
    return _page([Revision(*row) for row in found], position, limit, question)


_BEHIND_ALL = 1 << 31
_COLUMNS = "revision, operation, recorded_at, recorded_by, etag, merged_into"
_PAGE = f"""
SELECT {_COLUMNS} FROM "change" WHERE record_type = ? AND record_id = ? AND revision {{beyond}} ?
 ORDER BY revision {{direction}} LIMIT ?
"""


def _page(found: list[Revision], position: Position | None, limit: int, question: bytes) -> History:
    backwards = position is not None and position.backwards
    more, shown = len(found) > limit, found[:limit]
    if backwards:
        shown.reverse()
    has_next = bool(shown) if backwards else more
    has_previous = more if backwards else bool(shown) and position is not None
    return History(
        shown,
        encode(Position(False, shown[-1].revision, 0), question) if has_next else None,
        encode(Position(True, shown[0].revision, 0), question) if has_previous else None,
    )


class Kept(NamedTuple):
    """The document of one revision, and the revisions around it that there are."""

    document: bytes
    etag: str
    recorded_at: str
    before: int | None
    after: int | None


def revision(record_type: str, record_id: str, number: int) -> Kept:
    """The document of one revision; raise NoSuchRevision, or EmptyRevision when it is that of a deletion or a merger."""
    found = rows(with_placeholders(_AROUND, is_sqlite()), (record_type, record_id, number - 1, number + 1))
    documents = {row[0]: row for row in found}
    if number not in documents:
        raise NoSuchRevision(record_id, str(number))
    _, etag, recorded_at, document = documents[number]
    if document is None:
        raise EmptyRevision(record_id, str(number))
    before, after = (around if around in documents else None for around in (number - 1, number + 1))
    return Kept(bytes(document), etag, recorded_at, before, after)


_AROUND = """
SELECT revision, etag, recorded_at, document FROM "change" WHERE record_type = ? AND record_id = ? AND revision BETWEEN ? AND ?
"""
