"""Importing: lines of records of any record type in any order, all of them or none, however many there are.

First each line is read, checked by itself and put aside (`api.bulk.staging`); then all are checked against each other and
what is stored. Nothing is locked meanwhile, so an import that is refused keeps nobody waiting. Then, in one transaction, they
are checked again if anything has changed since, all new ones get a row so that any can be referred to, all names are made known,
and the records are written, record type by record type and some at a time. Memory holds what is being written and a few bytes
for each record that is replaced.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from typing import Any, Protocol

from api.bulk.folders import LOADABLE
from api.bulk.staging import Line, Staged
from api.changelog.positions import State, current_state
from api.changelog.recording import REPLACED, Log, recording
from api.database.current import transaction
from api.database.time_limits import without_time_limits
from api.database.transactions import at_one_moment
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.documents.strict_json import Parsed, escaped, parse, parse_plain
from api.documents.validation import Read, read
from api.errors import InvalidDocuments, InvalidLines, Issue, NotJSON, RecordsExist, TooSlow
from api.lookups.conflicts import identifiers_of, look_up_conflicts, look_up_references, stored_claims
from api.lookups.finding import with_arriving
from api.lookups.known import Known
from api.lookups.references import known_numbers, look_up
from api.lookups.stored import BATCH_SIZE, rows_of
from api.models.base import owner_of
from api.names import holders
from api.names.mentions import KnownNames
from api.records.changes import changes_of
from api.records.checking import dangling_of, issues_of
from api.records.propagation import Writing
from api.records.storing import Outcome
from schemas.answers.suggestions import NAMED

MOST_ISSUES = 10_000
"""After so many nothing more is read: that file is not what its sender thinks it is."""

ENVELOPE = ("type", "document")
"""The keys of a line."""

_WITHIN = "/document"


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
) -> Outcome:
    """Store the records of all lines; raise InvalidLines with every issue of every line, and NotJSON without a line.

    `longest_line` is how many bytes a line may have, `length` how many there are in all. Where records `must_be_new`,
    those that are stored already are issues too; RecordsExist is raised when there are no others.
    """
    with closing(Staged()) as staged:
        issues = _stage(lines, staged, longest_line, length, progress)
        if issues:
            existing = _existing(staged) if must_be_new else []
            raise InvalidLines([*issues, *_dangling(staged), *_unfit(staged, progress), *existing])
        if not staged.count():
            raise NotJSON("There are no records: send one in each line.")
        checked = _state_it_fits(staged, must_be_new, progress)
        with recording(author) as log:
            if current_state() != checked:
                _require_fit(staged, must_be_new, progress)
            return _write(staged, log, progress)


def _state_it_fits(staged: Staged, must_be_new: bool, progress: Progress) -> State | None:
    """A state of the records to which those that arrive fit; raise InvalidLines or RecordsExist when they don't.

    None where only the transaction in which they are written can tell.
    """
    if transaction() is not None:
        return None
    try:
        with without_time_limits(), at_one_moment():
            state = current_state()
            _require_fit(staged, must_be_new, progress)
    except TooSlow:  # no reason to refuse: in the transaction that writes there is no time limit
        return None
    return state


def _require_fit(staged: Staged, must_be_new: bool, progress: Progress) -> None:
    unfit, existing = _unfit(staged, progress), _existing(staged) if must_be_new else []
    if unfit:
        raise InvalidLines([*unfit, *existing])
    if existing:
        raise RecordsExist(existing)


def _stage(lines: Lines, staged: Staged, longest: int, length: int | None, progress: Progress) -> list[Issue]:
    """Read all lines, put the records aside and return what is wrong with each line by itself."""
    issues: list[Issue] = []
    with progress("Reading", length) as note_progress:
        for number, line in enumerate(_bounded(lines, longest, note_progress), 1):
            issues += [replace(issue, line=number) for issue in _stage_line(line, number, staged, longest)]
            if len(issues) >= MOST_ISSUES:
                detail = f"More than {MOST_ISSUES} mistakes up to here: no further line was read."
                return [*issues[:MOST_ISSUES], Issue(detail, line=number)]
    return issues


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


def _stage_line(line: bytes | None, number: int, staged: Staged, longest: int) -> list[Issue]:
    """Put the record of a line aside; return what is wrong with it."""
    if line is None:
        return [Issue(f"Has more than {longest} bytes, the most that a line may have.")]
    if not line.strip():
        return []
    try:
        parsed = _parsed(line)
    except NotJSON as failure:
        return [Issue(str(failure))]
    strange = _strange_envelope(parsed)
    record_type = _record_type_of(parsed.value)
    if record_type is None:
        return [*parsed.issues, *strange]
    read_line = _read(record_type, parsed)
    issues = [*strange, *read_line.issues]
    if issues:
        staged.add_invalid(record_type.name, number, read_line.document)
        return issues
    first = staged.add(record_type.name, number, read_line.document)
    if first is None:
        return []
    return [Issue(f"'{read_line.document['id']}' is already the id of the record in line {first}.", f"{_WITHIN}/id")]


def _parsed(line: bytes) -> Parsed:
    """The JSON of a line. One that was exported here is most often written plainly."""
    value = parse_plain(line.rstrip(b"\r\n"))
    return parse(line) if value is None else Parsed(value, [])


def _strange_envelope(parsed: Parsed) -> list[Issue]:
    """What is wrong with the keys of a line, beside its document."""
    value = parsed.value
    if not isinstance(value, dict):
        return [] if parsed.issues else [Issue('Is not an object with the keys "type" and "document".')]
    strange = [Issue("Is no key of a line.", f"/{escaped(key)}") for key in value if key not in ENVELOPE]
    strange += [Issue("Is missing.", f"/{key}") for key in ENVELOPE if key not in value]
    if "type" in value and _record_type_of({"document": None, **value}) is None:
        strange.append(Issue(f"Is none of {', '.join(LOADABLE)}.", "/type"))
    unparsed = {issue.pointer for issue in parsed.issues}
    return [issue for issue in strange if issue.pointer not in unparsed]


def _record_type_of(line: Any) -> RecordType | None:
    """The record type of a line whose document can be read."""
    if not isinstance(line, dict) or "document" not in line or not isinstance(line.get("type"), str):
        return None
    return RECORD_TYPES[line["type"]] if line["type"] in LOADABLE else None


def _read(record_type: RecordType, parsed: Parsed) -> Read:
    """The document of a line; its issues have pointers into the line."""
    inside = [
        replace(issue, pointer=issue.pointer.removeprefix(_WITHIN))
        for issue in parsed.issues
        if _is_within(issue.pointer)
    ]
    outside = [issue for issue in parsed.issues if not _is_within(issue.pointer)]
    inner = read(record_type, Parsed(parsed.value["document"], inside))
    return Read(inner.document, [*outside, *map(_in_envelope, inner.issues)])


def _in_envelope(issue: Issue) -> Issue:
    return replace(issue, pointer=f"{_WITHIN}{issue.pointer}")


def _is_within(pointer: str) -> bool:
    return pointer == _WITHIN or pointer.startswith(f"{_WITHIN}/")


def _dangling(staged: Staged) -> Iterator[Issue]:
    """The references that lead nowhere of documents that are wrong in other ways too."""
    for record_type, line in staged.invalid():
        known = Known()
        look_up_references({record_type: [line.document]}, known, staged, with_arriving(staged.find))
        for issue in dangling_of(RECORD_TYPES[record_type], line.document, known):
            yield _in_line(issue, line.line)


def _unfit(staged: Staged, progress: Progress) -> list[Issue]:
    """What is wrong between the records that arrive, and between them and those that are stored."""
    issues: list[Issue] = []
    with progress("Checking", staged.count()) as note_progress:
        for record_type, lines in _chunks(staged, LOADABLE):
            batch = {record_type.name: _documents(lines)}
            known = look_up(batch, rows_of(batch), with_arriving(staged.find))
            look_up_conflicts(batch, known, staged)
            numbers = {f"{record_type.name}/{line.document['id']}": line.line for line in lines}
            issues += [_in_line(issue, numbers[issue.document or ""]) for issue in issues_of(batch, known, {})]
            if len(issues) >= MOST_ISSUES:
                detail = f"More than {MOST_ISSUES} mistakes: no more records were checked."
                return [*issues[:MOST_ISSUES], Issue(detail, line=lines[-1].line)]
            note_progress(len(lines))
    return issues


def _existing(staged: Staged) -> list[Issue]:
    """The records that arrive and are stored already."""
    issues: list[Issue] = []
    for record_type, lines in _chunks(staged, LOADABLE):
        stored = rows_of({record_type.name: _documents(lines)})[record_type.name]
        issues += [
            Issue(f"'{line.document['id']}' exists already.", f"{_WITHIN}/id", line=line.line)
            for line in lines
            if line.document["id"] in stored
        ]
        if len(issues) >= MOST_ISSUES:
            return issues[:MOST_ISSUES]
    return issues


def _in_line(issue: Issue, line: int) -> Issue:
    return replace(_in_envelope(issue), document=None, line=line)


def _documents(lines: Iterable[Line]) -> list[Document]:
    return [line.document for line in lines]


def _chunks(staged: Staged, record_types: Sequence[str]) -> Iterator[tuple[RecordType, list[Line]]]:
    """The records that arrive, some of one record type at a time."""
    for name in record_types:
        for lines in staged.chunks(name, BATCH_SIZE):
            yield RECORD_TYPES[name], lines


def _write(staged: Staged, log: Log, progress: Progress) -> Outcome:
    """Write records that fit together."""
    writing, changed = Writing(log, KnownNames()), 0
    with progress("Preparing", staged.count()) as note_progress:
        created = _make_rows(staged, writing, note_progress)
    _make_names_known(staged, writing)
    _release_identifiers(staged)
    with progress("Writing", staged.count()) as note_progress:
        for name in LOADABLE:
            for record_type, lines in _chunks(staged, [name]):
                changed += _write_chunk(record_type, _documents(lines), staged, writing, log)
                note_progress(len(lines))
            staged.mark_written(name)
    try:
        writing.finish(checked=True)
    except InvalidDocuments as unfit:
        raise InvalidLines(unfit.issues) from None
    return Outcome(created, changed - created, staged.count() - changed)


def _write_chunk(record_type: RecordType, documents: list[Document], staged: Staged, writing: Writing, log: Log) -> int:
    """Write some records that have rows; return how many of them changed."""
    batch = {record_type.name: documents}
    rows = rows_of(batch)
    known = look_up(batch, rows, with_arriving(staged.find))
    changes = list(changes_of(record_type, documents, rows[record_type.name], known, log, REPLACED))
    writing.write(changes, known)
    log.write()  # what is written down need not be remembered
    return len(changes)


def _make_rows(staged: Staged, writing: Writing, note_progress: NoteProgress) -> int:
    created = 0
    for record_type, lines in _chunks(staged, LOADABLE):
        batch = {record_type.name: _documents(lines)}
        rows = rows_of(batch)
        known = known_numbers(record_type, batch[record_type.name], with_arriving(staged.find))
        created += writing.make_rows(record_type, batch[record_type.name], rows[record_type.name], known)
        note_progress(len(lines))
    return created


def _make_names_known(staged: Staged, writing: Writing) -> None:
    """Keep all names before anything is indexed: the texts of any record may mention any other."""
    for record_type, lines in _chunks(staged, NAMED):
        documents = _documents(lines)
        rows = rows_of({record_type.name: documents})[record_type.name]
        named = [holders.Named(record_type.name, rows[document["id"]].number, document) for document in documents]
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
