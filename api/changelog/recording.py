"""Writing the log of changes: what a transaction changes is noted while it runs and written down before it ends."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from api.changelog.positions import last_moment, note_committed
from api.database.statements import chunked, execute
from api.database.transactions import writing
from api.documents.record_types import RECORD_TYPES
from api.migrations.versions import refuse_newer_while_serving
from schemas.values import dates

DELETED, MERGED = "deleted", "merged"


@dataclass(frozen=True)
class Operation:
    """What happens to a record that is there afterwards: its name in the log, and what its row tells."""

    name: str
    revises: bool
    """Whether the record's own content changes."""
    whole: bool
    """Whether the whole document is logged, since it does not follow from what else the log holds."""


CREATED = Operation("created", revises=True, whole=True)
REPLACED = Operation("replaced", revises=True, whole=True)
RENDERED_WHOLE = Operation("rendered", revises=False, whole=True)
"""Rendered for a reason that the log does not hold: a text attached, a new version."""
RENDERED = Operation("rendered", revises=False, whole=False)

_MOST_FIRST = (CREATED, REPLACED, RENDERED_WHOLE, RENDERED)

COMMAND_LINE = "command line"
"""Who writes when no token does."""


@dataclass
class Log:
    """What one transaction changes, by whom and when; every record is noted once, by the most that happened to it."""

    author: str
    position: int | None = None
    """That of the last change written down."""
    is_unfinished: bool = False
    """Whether records are left to be rendered by later transactions."""
    _noted: dict[str, dict[int, Operation]] = field(default_factory=dict)

    @cached_property
    def moment(self) -> str:
        """When all of it is recorded; only asked for, and worked out, when something changes."""
        return _moment()

    def note(self, record_type: str, number: int, operation: Operation) -> None:
        """Remember that a record was created, replaced or rendered anew; what is more counts."""
        of_record_type = self._noted.setdefault(record_type, {})
        of_record_type[number] = min(operation, of_record_type.get(number, RENDERED), key=_MOST_FIRST.index)

    def gone(self, record_type: str, record_id: str, merged_into: str | None = None) -> None:
        """Write down that a record is no longer there, or that another stands for it."""
        operation = DELETED if merged_into is None else MERGED
        record = (record_type, record_id)
        values = (*record, *record, operation, self.moment, self.author, merged_into)
        self._append(_GONE, values)

    def write(self) -> None:
        """Write down what was noted, as it stands now: own changes first, then what they let appear otherwise."""
        for operation in _MOST_FIRST:
            for record_type in RECORD_TYPES:
                noted = self._noted.get(record_type, {})
                if numbers := [number for number, done in noted.items() if done == operation]:
                    self._write(record_type, numbers, operation)
        self._noted.clear()

    def _write(self, record_type: str, numbers: Iterable[int], operation: Operation) -> None:
        revision = _NEXT_REVISION if operation.revises else "NULL"
        document = "record.body" if operation.whole else "NULL"
        values = (record_type, operation.name, self.moment, self.author)
        for batch in chunked(sorted(numbers), 500):
            sql = (
                'INSERT INTO "change"'
                " (record_type, record_id, record_number, revision, operation, recorded_at, recorded_by, etag, body)"
                f" SELECT logged.record_type, record.id, record.number, {revision}, logged.operation, logged.at, logged.author, record.etag,"
                f' {document} FROM "{RECORD_TYPES[record_type].table_name}" AS record CROSS JOIN'
                " (SELECT CAST(? AS TEXT) AS record_type, CAST(? AS TEXT) AS operation, CAST(? AS TEXT) AS at,"
                " CAST(? AS TEXT) AS author) AS logged"
                f" WHERE record.number IN ({', '.join(map(str, batch))}) ORDER BY record.number"
            )
            self._append(sql, values)

    def _append(self, insert: str, values: Sequence[object]) -> None:
        appended = [sequence for (sequence,) in execute(f"{insert} RETURNING sequence", values).fetchall()]
        self.position = max(appended, default=self.position)


_NEXT_REVISION = (
    '1 + COALESCE((SELECT MAX(earlier.revision) FROM "change" AS earlier'
    " WHERE earlier.record_type = logged.record_type AND earlier.record_id = record.id), 0)"
)

_GONE = (
    'INSERT INTO "change" (record_type, record_id, revision, operation, recorded_at, recorded_by, merged_into) VALUES'
    ' (?, ?, 1 + COALESCE((SELECT MAX(revision) FROM "change" WHERE record_type = ? AND record_id = ?), 0), ?, ?, ?, ?)'
)


@contextmanager
def recording(author: str = COMMAND_LINE, joins: bool = False) -> Iterator[Log]:
    """A transaction that no other writer overlaps, whose changes are logged when it ends. `joins` is that of `writing`.

    Raise UnfitDatabase when a newer program has upgraded the database: what this one writes would lack what that one reads.
    """
    with writing(joins):
        refuse_newer_while_serving()
        log = Log(author)
        yield log
        log.write()
    if log.position is not None:
        note_committed(log.position)


def _moment() -> str:
    """Now, but later than everything recorded, also where the clock was set back: what was said when stays answerable."""
    now = datetime.now(UTC)
    latest = last_moment()
    if latest is not None:
        now = max(now, datetime.fromisoformat(latest) + timedelta(microseconds=1))
    return dates.moment(now)
