"""Importing: lines of records of any record type in any order, all of them or none, however many there are.

First each line is read, checked by itself and put aside (`api.bulk.staging`); then all are checked against each other and
what is stored. Nothing is locked meanwhile, so an import that is refused keeps nobody waiting. Then, in one transaction, they
are checked again if anything has changed since, all new ones get a row so that any can be referred to, all names are made known,
and the records are written, record type by record type and some at a time. Other processes help with whatever needs no
database (`api.bulk.helpers`). Memory holds what is being written and a few bytes for each record that is replaced.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from api.bulk.creating import Created, WorkedOut, work_out, work_out_with_names_in, write_new
from api.bulk.folders import LOADABLE
from api.bulk.helpers import ALONE, Helpers
from api.bulk.lines import WITHIN, Batch, ReadLine, in_envelope, read_lines
from api.bulk.staging import Line, Staged
from api.changelog.positions import State, current_state
from api.changelog.recording import REPLACED, Log, recording
from api.database.current import transaction
from api.database.time_limits import without_time_limits
from api.database.transactions import at_one_moment
from api.documents.record_types import RECORD_TYPES, RecordType
from api.errors import InvalidDocuments, InvalidLines, Issue, NotJSON, RecordsExist, TooSlow
from api.lookups.conflicts import identifiers_of, look_up_conflicts_of, look_up_references, stored_claims
from api.lookups.finding import with_arriving
from api.lookups.known import Known
from api.lookups.references import Arriving, known_numbers, look_up_for
from api.lookups.stored import BATCH_SIZE, Rows, stored_by_id
from api.models.base import owner_of
from api.names import holders
from api.names.mentions import KnownNames, all_names
from api.records.changes import changes_of
from api.records.checking import Unchecked, checked, dangling_of
from api.records.indexing import Entries, Indexer, Texts
from api.records.propagation import Writing
from api.records.storing import Outcome
from api.search import index
from schemas.answers.suggestions import NAMED

MOST_ISSUES = 10_000
"""After so many nothing more is read: that file is not what its sender thinks it is."""


class Lines(Protocol):
    """Where lines come from: a file, opened for bytes."""

    def readline(self, size: int = -1, /) -> bytes:
        """The next line, or as much of it as may be had at once; nothing at the end."""


NoteProgress = Callable[[int], None]
"""Takes note of how much more is done."""
Progress = Callable[[str, int | None], AbstractContextManager[NoteProgress]]
"""Begins a stretch of work, named, of so much in all if that is known."""


@contextmanager
def unseen(what: str, length: int | None) -> Iterator[NoteProgress]:
    """Progress that nobody looks at."""
    yield lambda done: None


def import_lines(
    lines: Lines,
    author: str,
    longest_line: int,
    length: int | None = None,
    progress: Progress = unseen,
    must_be_new: bool = False,
    helpers: Helpers = ALONE,
) -> Outcome:
    """Store the records of all lines; raise InvalidLines with every issue of every line, and NotJSON without a line.

    `longest_line` is how many bytes a line may have, `length` how many there are in all. Where records `must_be_new`,
    those that are stored already are issues too; RecordsExist is raised when there are no others. `helpers` are other
    processes that share the work.
    """
    with closing(Staged()) as staged:
        issues = _stage(lines, staged, longest_line, length, progress, helpers)
        if issues:
            existing = _existing(staged) if must_be_new else []
            raise InvalidLines([*issues, *_dangling(staged), *_unfit(staged, progress, helpers), *existing])
        if not staged.count():
            raise NotJSON("There are no records: send one in each line.")
        checked = _state_it_fits(staged, must_be_new, progress, helpers)
        with recording(author) as log:
            if current_state() != checked:
                _require_fit(staged, must_be_new, progress, helpers)
            return _write(staged, log, progress, helpers)


def _state_it_fits(staged: Staged, must_be_new: bool, progress: Progress, helpers: Helpers) -> State | None:
    """A state of the records to which those that arrive fit; raise InvalidLines or RecordsExist when they don't.

    None where only the transaction in which they are written can tell.
    """
    if transaction() is not None:
        return None
    try:
        with without_time_limits(), at_one_moment():
            state = current_state()
            _require_fit(staged, must_be_new, progress, helpers)
    except TooSlow:  # no reason to refuse: in the transaction that writes there is no time limit
        return None
    return state


def _require_fit(staged: Staged, must_be_new: bool, progress: Progress, helpers: Helpers) -> None:
    unfit, existing = _unfit(staged, progress, helpers), _existing(staged) if must_be_new else []
    if unfit:
        raise InvalidLines([*unfit, *existing])
    if existing:
        raise RecordsExist(existing)


def _stage(
    lines: Lines, staged: Staged, longest: int, length: int | None, progress: Progress, helpers: Helpers
) -> list[Issue]:
    """Read all lines, put the records aside and return what is wrong with each line by itself."""
    issues: list[Issue] = []
    with progress("Reading", length) as note_progress:
        batches = (Batch(some, longest) for some in _some_at_a_time(_bounded(lines, longest, note_progress)))
        for number, line in enumerate(chain.from_iterable(helpers.map(read_lines, batches)), 1):
            issues += [replace(issue, line=number) for issue in _put_aside(line, number, staged)]
            if len(issues) >= MOST_ISSUES:
                detail = f"More than {MOST_ISSUES} mistakes up to here: no further line was read."
                return [*issues[:MOST_ISSUES], Issue(detail, line=number)]
    return issues


LINES_AT_ONCE, BYTES_AT_ONCE = 200, 1 << 20
"""Lines that are read together: for so many it is worth handing them to another process."""


def _some_at_a_time(lines: Iterable[bytes | None]) -> Iterator[list[bytes | None]]:
    some: list[bytes | None] = []
    size = 0
    for line in lines:
        some.append(line)
        size += len(line or b"")
        if len(some) == LINES_AT_ONCE or size >= BYTES_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def _bounded(lines: Lines, longest: int, note_progress: NoteProgress) -> Iterator[bytes | None]:
    """Each line with its end, None for one that is longer than may be."""
    while line := lines.readline(longest + 2):
        note_progress(len(line))
        if len(line.rstrip(b"\r\n")) <= longest:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = lines.readline(longest)
            note_progress(len(line))
        yield None


def _put_aside(line: ReadLine, number: int, staged: Staged) -> Sequence[Issue]:
    """Put the record of a line aside; return what is wrong with it."""
    if line.record_type is None:
        return line.issues
    if line.issues:
        staged.add_invalid(line.record_type, number, line)
        return line.issues
    first = staged.add(line.record_type, number, line)
    if first is None:
        return ()
    return [Issue(f"'{line.record_id}' is already the id of the record in line {first}.", f"{WITHIN}/id")]


def _dangling(staged: Staged) -> Iterator[Issue]:
    """The references that lead nowhere of documents that are wrong in other ways too."""
    for record_type, line, document in staged.invalid():
        known = Known()
        look_up_references({record_type: [document]}, known, staged, with_arriving(staged.find))
        for issue in dangling_of(RECORD_TYPES[record_type], document, known):
            yield _in_line(issue, line)


def _unfit(staged: Staged, progress: Progress, helpers: Helpers) -> list[Issue]:
    """What is wrong between the records that arrive, and between them and those that are stored."""
    issues: list[Issue] = []
    with progress("Checking", staged.count()) as note_progress:
        for documents, found in helpers.map(checked, _unchecked(staged)):
            issues += [_in_line(issue, _line_of(issue, staged)) for issue in found]
            if len(issues) >= MOST_ISSUES:
                detail = f"More than {MOST_ISSUES} mistakes: no more records were checked."
                return [*issues[:MOST_ISSUES], Issue(detail, line=issues[-1].line)]
            note_progress(documents)
    return issues


def _unchecked(staged: Staged) -> Iterator[Unchecked]:
    """The records that arrive, some at a time, each time with what must be known to check them."""
    for record_type, lines in _chunks(staged, LOADABLE, RECORDS_AT_ONCE):
        name, ids = record_type.name, [line.id for line in lines]
        known = look_up_for(name, _arriving(lines), _rows(record_type, lines), with_arriving(staged.find))
        look_up_conflicts_of({name: ids}, known, staged)
        yield Unchecked(name, ids, known)


def _line_of(issue: Issue, staged: Staged) -> int:
    assert issue.document is not None
    return staged.line_of(*issue.document.split("/"))


def _rows(record_type: RecordType, lines: Iterable[Line]) -> Rows:
    """The rows that the records of some lines have now."""
    return {record_type.name: stored_by_id(record_type, [line.id for line in lines])}


def _arriving(lines: Iterable[Line]) -> Iterator[Arriving]:
    return (Arriving(line.id, line.body, line.references) for line in lines)


def _existing(staged: Staged) -> list[Issue]:
    """The records that arrive and are stored already."""
    issues: list[Issue] = []
    for record_type, lines in _chunks(staged, LOADABLE):
        stored = _rows(record_type, lines)[record_type.name]
        issues += [
            Issue(f"'{line.id}' exists already.", f"{WITHIN}/id", line=line.line) for line in lines if line.id in stored
        ]
        if len(issues) >= MOST_ISSUES:
            return issues[:MOST_ISSUES]
    return issues


def _in_line(issue: Issue, line: int) -> Issue:
    return replace(in_envelope(issue), document=None, line=line)


def _chunks(
    staged: Staged, record_types: Sequence[str], size: int = BATCH_SIZE
) -> Iterator[tuple[RecordType, list[Line]]]:
    """The records that arrive, some of one record type at a time."""
    for name in record_types:
        for lines in staged.chunks(name, size):
            yield RECORD_TYPES[name], lines


def _write(staged: Staged, log: Log, progress: Progress, helpers: Helpers) -> Outcome:
    """Write records that fit together."""
    indexer = Indexer()
    writing = Writing(log, indexer)
    with progress("Preparing", staged.count()) as note_progress:
        created = _make_rows(staged, writing, note_progress)
    _make_names_known(staged, writing)
    _release_identifiers(staged)
    with (
        progress("Writing", staged.count()) as note_progress,
        _names_to_work_with(helpers) as work_out,
        index.filling([name for name in LOADABLE if staged.count(name) >= MANY_ENTRIES]),
    ):
        records = _Records(staged, writing, indexer, log, note_progress)
        for entries in _together(records.written(work_out)):
            index.put_many(entries.record_type, entries.rows)
    try:
        writing.finish(checked=True)
    except InvalidDocuments as unfit:
        raise InvalidLines(unfit.issues) from None
    return Outcome(created, records.changed - created, staged.count() - records.changed)


Piece = Created | Texts
"""Work for helpers: new records, or the texts of records that were replaced."""


@dataclass
class _Records:
    """The records that arrive, all of which have rows, on their way into these."""

    staged: Staged
    writing: Writing
    indexer: Indexer
    log: Log
    note_progress: NoteProgress
    changed: int = 0
    """How many were written so far because they are new or other than before."""

    def written(self, work_out: Callable[[Iterable[Piece]], Iterator[WorkedOut]]) -> Iterator[Entries]:
        """Write all records; yield what the text index is to hold of them."""
        for name in LOADABLE:
            for new, entries in work_out(self._pieces(RECORD_TYPES[name])):
                if new is not None:
                    write_new(new, self.writing, self.log)
                    self._done(len(new.numbers), len(new.numbers))
                yield entries
            self.staged.mark_written(name)

    def _done(self, written: int, seen: int) -> None:
        self.log.write()  # what is written down need not be remembered
        self.changed += written
        self.note_progress(seen)

    def _pieces(self, record_type: RecordType) -> Iterator[Piece]:
        """The new records of a type, some at a time; those that replace others are written meanwhile."""
        for _, lines in _chunks(self.staged, [record_type.name], RECORDS_AT_ONCE):
            rows = _rows(record_type, lines)
            known = look_up_for(record_type.name, _arriving(lines), rows, with_arriving(self.staged.find))
            of_type = rows[record_type.name]
            new = {record_id: row for record_id, row in of_type.items() if row.is_new}
            if len(new) < len(lines):
                replacing = [known.require(record_type.name, i).document for i in of_type if i not in new]
                changes = list(changes_of(record_type, replacing, of_type, known, self.log, REPLACED))
                self.writing.write(changes, known)
                self._done(len(changes), len(replacing))
                yield from self.indexer.collected()
            if new:
                yield Created(record_type.name, new, known)


RECORDS_AT_ONCE = 200
"""Records that are worked out together: for so many it is worth handing them to another process."""

MANY_ENTRIES = 1_000
"""Records of one type from which on the text index is prepared for them."""
ENTRIES_AT_ONCE = 5_000_000
"""Characters of the entries that are put into the text index together: of some 2,000 statements. FTS5 makes a segment of each such
batch, and then merges these."""


def _together(entries: Iterable[Entries]) -> Iterator[Entries]:
    """Entries of the same record type together, many at a time."""
    rows: list[tuple[int, str]] = []
    record_type, size = "", 0
    for few in entries:
        if rows and (few.record_type != record_type or size >= ENTRIES_AT_ONCE):
            yield Entries(record_type, rows)
            rows, size = [], 0
        record_type = few.record_type
        rows += few.rows
        size += sum(len(entry) for _, entry in few.rows)
    if rows:
        yield Entries(record_type, rows)


@contextmanager
def _names_to_work_with(helpers: Helpers) -> Iterator[Callable[[Iterable[Piece]], Iterator[WorkedOut]]]:
    """What works out pieces: here with names from the database, or by helpers with names from a file."""
    if not helpers.are_at_work or (names := all_names(MOST_NAMES)) is None:
        yield partial(map, partial(work_out, KnownNames(), index.text_index()))
        return
    with NamedTemporaryFile(prefix="tasrih-names-") as file:
        pickle.dump(names, file)
        file.flush()
        del names
        yield partial(helpers.map, partial(work_out_with_names_in, file.name, index.text_index()))


MOST_NAMES = 200_000
"""Names that every helper may keep in its memory."""


def _make_rows(staged: Staged, writing: Writing, note_progress: NoteProgress) -> int:
    created = 0
    for record_type, lines in _chunks(staged, LOADABLE):
        rows = _rows(record_type, lines)[record_type.name]
        new = [line.document for line in lines if line.id not in rows]
        known = known_numbers(record_type, new, with_arriving(staged.find))
        created += writing.make_rows(record_type, new, rows, known)
        note_progress(len(lines))
    return created


def _make_names_known(staged: Staged, writing: Writing) -> None:
    """Keep all names before anything is indexed: the texts of any record may mention any other."""
    for record_type, lines in _chunks(staged, NAMED):
        rows = _rows(record_type, lines)[record_type.name]
        named = [holders.Named(record_type.name, rows[line.id].number, line.document) for line in lines]
        writing.renamed |= holders.keep(named)


def _release_identifiers(staged: Staged) -> None:
    """Take identifiers from stored records that give them up to others, which may be written before."""
    for name in LOADABLE:
        table: Any = identifiers_of(name)
        for batch in staged.claims(name, BATCH_SIZE) if table is not None else ():
            claims = {(scheme, value): record_id for scheme, value, record_id in batch}
            for claim, holder in list(stored_claims(name, claims)):
                if claims.get(claim, holder) != holder:
                    record = RECORD_TYPES[name].table
                    number = record.select(record.number).where(record.id == holder)
                    held = (table.scheme == claim[0]) & (table.value == claim[1])
                    table.delete().where(held & owner_of(table).in_(number)).execute()  # type: ignore[union-attr]
