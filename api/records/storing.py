"""Storing documents: all of them in one transaction, or none.

A record is written when its representation changes and left alone when it does not, so storing the same documents again
changes nothing. Records that show something of a changed one (its name, an office's title, whose side it is on) are
rendered again in the same transaction, and a change that they no longer fit to is refused.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
from peewee import chunked, fn

from api.changelog.recording import COMMAND_LINE, CREATED, RENDERED, RENDERED_WHOLE, REPLACED, Log, Operation, recording
from api.database.dialect import is_sqlite
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import InvalidDocuments, Issue, VersionMismatch
from api.models.base import key_of, keys_sql, tuples
from api.names import holders, mentions, reference_counts
from api.records import attached_texts, references
from api.records.checking import Batch, Sources, issues_of
from api.records.lookups import Directory
from api.records.references import affected_by, merged, using_terms_of
from api.records.renaming import show_names, tokens_of
from api.records.rendering import articles_quoted, complete, etag, own_content, render, searchable
from api.records.rows import (
    Owner,
    delete_parts,
    differing_parts,
    insert_parts,
    insert_rows,
    key_in,
    record_columns,
    update_rows,
)
from api.search import index
from schemas.suggestions import NAMED

SOME = 500  # records read, rendered or inserted at once


Known = Mapping[tuple[str, str], str]
"""The entity tags that some records, by record type and id, are known to have."""


@dataclass(frozen=True)
class Outcome:
    """How many records were new, changed, and already as they should be."""

    created: int
    changed: int
    unchanged: int


CONTENT, LABEL, NONE = "content", "label", "none"
"""How far a change reaches: others may no longer fit, or show its name only, or nothing of it."""


class _Version(NamedTuple):
    """A record's row as it is before it is written; `etag` is empty when it was only just made."""

    etag: str
    created_at: str
    updated_at: str
    key: int


@dataclass(frozen=True)
class Change:
    """A record to be written; `operation` is None when only its rows are to change, not what is shown of it."""

    record_type: RecordType
    document: Document
    body: bytes
    number: int
    updated_at: str
    before: _Version
    operation: Operation | None
    reach: str = CONTENT

    @property
    def is_new(self) -> bool:
        """Whether the record has only just been given a row."""
        return not self.before.etag


def store(batch: Batch, sources: Sources | None = None, author: str = COMMAND_LINE) -> Outcome:
    """Store validated documents by record type; raise InvalidDocuments, with every issue, when they do not fit together.

    `sources` tells where each (record type, id) came from, for the messages; `author` who wrote them, for the log.
    """
    with recording(author) as log:
        return write(batch, sources or {}, log)


def write(
    batch: Batch, sources: Sources, log: Log, known: Known = MappingProxyType({}), checked: bool = True
) -> Outcome:
    """Store validated documents within the transaction of a log; raise VersionMismatch for what is not as `known`.

    Without `checked` records need not fit together yet; `require_fit` is for the caller to run when they should.
    """
    directory = Directory(batch)
    if checked:
        refuse(issues_of(batch, directory, sources))
    last = last_numbers()
    created = sum(
        make_rows(RECORD_TYPES[record_type], batch[record_type], directory, log)
        for record_type in RECORD_TYPES
        if record_type in batch
    )
    changes = [
        change
        for record_type, documents in batch.items()
        for change in changes_of(RECORD_TYPES[record_type], documents, directory, log.moment, REPLACED)
    ]
    for change in changes:
        _require_version(change.record_type, change.document["id"], change.before.etag, known)
    writing = Writing(log)
    writing.write(changes, directory)
    writing.finish(checked, last)
    return Outcome(created, len(changes) - created, sum(map(len, batch.values())) - len(changes))


def _require_version(record_type: RecordType, record_id: str, etag: str, known: Known) -> None:
    if known.get((record_type.name, record_id), etag) != etag:
        raise VersionMismatch(f"{record_type.name}/{record_id}")


def refuse(issues: list[Issue]) -> None:
    """Raise InvalidDocuments when there are any issues."""
    if issues:
        raise InvalidDocuments(issues)


def make_rows(record_type: RecordType, documents: Iterable[Document], directory: Directory, log: Log) -> int:
    """Make a row for each record that has none, so that all have numbers to be referred to by; give their count."""
    blank = {"document": b"", "etag": "", "created_at": log.moment, "updated_at": log.moment}
    new = [document for document in documents if directory.require(record_type.name, document["id"]).number is None]
    for some in chunked(new, SOME):
        values = [{**record_columns(record_type, one, directory), **blank, "id": one["id"]} for one in some]
        insert_rows(record_type.table, values)
        numbers = record_type.table.select(record_type.table.id, record_type.table.number)
        for record_id, number in tuples(numbers.where(record_type.table.id.in_([one["id"] for one in some]))):
            directory.require(record_type.name, record_id).number = number
    return len(new)


def changes_of(
    record_type: RecordType,
    documents: Iterable[Document],
    directory: Directory,
    now: str,
    operation: Operation = RENDERED_WHOLE,
    outdated: Callable[[Document, int], bool] = lambda document, number: False,
) -> Iterator[Change]:
    """Complete the documents, and give those whose representation is not the stored one or whose rows are outdated."""
    for some in chunked(documents, SOME):
        completed = _completed(record_type, some, directory)
        stored = _rows_of(record_type, [_number(record_type, document, directory) for document in completed])
        for document in completed:
            number = _number(record_type, document, directory)
            body, before = stored[number]
            after = render(record_type, document, before.created_at, before.updated_at)
            if after != body:
                fresh = after if before.updated_at == now else render(record_type, document, before.created_at, now)
                yield Change(
                    *(record_type, document, fresh, number, now, before),
                    operation=_operation(record_type, body, after, operation),
                    reach=_reach(record_type, body, after),
                )
            elif outdated(document, number):
                yield Change(record_type, document, after, number, before.updated_at, before, None)


def _reach(record_type: RecordType, before: bytes, after: bytes) -> str:
    """Whether others rest on what changed in a representation, or show it as a name, or are found by it."""
    if not before:
        return CONTENT
    one, other = orjson.loads(before), orjson.loads(after)
    if any(one[key] != other[key] for key in references.CONTENT.get(record_type.name, ())):
        return CONTENT
    named = orjson.dumps(record_type.label(one)) != orjson.dumps(record_type.label(other))
    return LABEL if named or one.get("aliases") != other.get("aliases") else NONE


def _operation(record_type: RecordType, before: bytes, after: bytes, operation: Operation) -> Operation:
    """What happens to a record: one whose own content stays what it was is only shown otherwise."""
    if not before:
        return CREATED
    return (
        RENDERED_WHOLE
        if operation == REPLACED and own_content(record_type, before) == own_content(record_type, after)
        else operation
    )


def _rows_of(record_type: RecordType, numbers: Sequence[int]) -> dict[int, tuple[bytes, _Version]]:
    """The stored representation and version of records by number."""
    table: Any = record_type.table
    key = table._meta.fields[key_of(table)]
    columns = (table.number, table.document, table.etag, table.created_at, table.updated_at, key)
    stored = tuples(table.select(*columns).where(table.number.in_(numbers)))
    return {number: (bytes(body), _Version(*more)) for number, body, *more in stored}


def _completed(record_type: RecordType, documents: Iterable[Document], directory: Directory) -> list[Document]:
    """Complete documents, whose articles' texts are looked up at once."""
    documents = list(documents)
    directory.find_texts({article for document in documents for article in articles_quoted(document)})
    return [complete(record_type, document, directory) for document in documents]


def _replace(changes: Sequence[Change], directory: Directory, log: Log) -> set[str]:
    """Write rows, parts, names and search texts; give all names, old and new, of records whose names changed.

    All old parts go first: what one record gives up another may take.
    """
    statements = _statements(changes)
    replaced = [change for change in changes if not change.is_new]
    before = reference_counts.of_statements(_statements(replaced))
    for record_type, some in _by_record_type(changes):
        _write_rows(record_type, some, directory)
    for record_type, some in _by_record_type(replaced):
        delete_parts(record_type.parts, [change.number for change in some])
    for record_type, some in _by_record_type(changes):
        owners = [Owner(one.number, key_in(record_type, one.document, one.number), one.document) for one in some]
        for change, owner in zip(some, owners, strict=True):
            if change.operation is not None:
                log.note(record_type.name, change.number, change.operation)
            if change.before.key not in (None, owner.key):
                index.remove(record_type.name, change.before.key)
        insert_parts(record_type.parts, owners, directory)
    renamed = holders.keep([_named(change) for change in changes if change.record_type.name in NAMED])
    more = reference_counts.of_statements(statements)
    more.subtract(before)
    reference_counts.add(more)
    make_findable([(change.record_type, change.document) for change in changes], directory)
    return renamed


def _by_record_type(changes: Iterable[Change]) -> Iterator[tuple[RecordType, list[Change]]]:
    """Changes of one record type at a time, and not too many."""
    of_record_type: dict[str, list[Change]] = {}
    for change in changes:
        of_record_type.setdefault(change.record_type.name, []).append(change)
    for record_type, alike in of_record_type.items():
        yield from ((RECORD_TYPES[record_type], some) for some in chunked(alike, SOME))


def _write_rows(record_type: RecordType, changes: Sequence[Change], directory: Directory) -> None:
    """Write records' own rows in the place of those that were read; raise VersionMismatch when one of those has gone."""
    fresh = [
        (
            {
                **record_columns(record_type, change.document, directory, change.number),
                **{"document": change.body, "etag": etag(change.body), "updated_at": change.updated_at},
            },
            change.number,
            change.before.etag,
        )
        for change in changes
    ]
    if update_rows(record_type.table, fresh) != len(fresh):
        raise VersionMismatch(", ".join(f"{record_type.name}/{change.document['id']}" for change in changes[:3]))


def _named(change: Change) -> holders.Named:
    return holders.Named(change.record_type.name, change.number, change.document)


class Writing:
    """Changes as they are written, some at a time, and at the end what follows from them for other records.

    Nothing follows from a new record but what its names do: whoever refers to it was written along with it.
    """

    def __init__(self, log: Log) -> None:
        self.renamed: set[str] = set()
        self._log = log
        self._quoted: set[int] = set()
        self._changed: dict[str, set[int]] = {}
        self._reached: dict[str, dict[str, set[int]]] = {CONTENT: {}, LABEL: {}, NONE: {}}
        self._labels: dict[tuple[str, str], dict[str, str]] = {}

    def write(self, changes: Sequence[Change], directory: Directory) -> None:
        """Write some changes."""
        for change in changes:
            if not change.is_new:
                self._note(change)
        self._quoted |= attached_texts.quoted_in(_statements(changes))
        self.renamed |= _replace(changes, directory, self._log)
        self._quoted |= attached_texts.quoted_in(_statements(changes))

    def _note(self, change: Change) -> None:
        self._changed.setdefault(change.record_type.name, set()).add(change.number)
        self._reached[change.reach].setdefault(change.record_type.name, set()).add(change.number)
        if change.reach == LABEL:
            self._labels[change.record_type.name, change.document["id"]] = change.record_type.label(change.document)

    def finish(self, checked: bool, last: Mapping[str, int]) -> None:
        """Bring the records that the changes affect up to date; refuse when one of them no longer fits.

        Those that refer to a changed record are rendered again. Those that only mention one in their texts are indexed
        again when its names changed, and so are those that use a term of a changed vocabulary. `last` are the highest
        numbers that records had before: those beyond were indexed when all names were known.
        """
        affected = self._rerender_affected(checked)
        done = merged(self._changed, affected)
        naming_only = references.referring_to_any(self._reached[LABEL])
        for name, numbers in naming_only.items():
            show_names(RECORD_TYPES[name], numbers - done.get(name, set()), self._labels, self._log)
        done = merged(done, naming_only)
        using = using_terms_of(self._changed.get("vocabularies", set()))
        mentioned = mentions.mentioning(
            self.renamed, done, [record_type for record_type in RECORD_TYPES if last.get(record_type)]
        )
        left = merged(mentioned, using)
        _index_anew(
            {
                name: {number for number in numbers - done.get(name, set()) if number <= last.get(name, 0)}
                for name, numbers in left.items()
            }
        )
        _bound_quotations(self._quoted, None, self._log)

    def _rerender_affected(self, checked: bool) -> dict[str, set[int]]:
        found = affected_by(self._reached[CONTENT])
        affected = {
            record_type: numbers - self._changed.get(record_type, set()) for record_type, numbers in found.items()
        }
        # A text may no longer be that of its article.
        operation = RENDERED_WHOLE if "articles" in self._changed else RENDERED
        for name, numbers in affected.items():
            for documents, directory in stored_documents(RECORD_TYPES[name], numbers):
                if checked and issues_of({name: documents}, directory, {}):
                    require_fit(affected)  # tells those of all the others too
                outdated = _rows_differ(RECORD_TYPES[name], directory)
                rendered_anew = list(
                    changes_of(RECORD_TYPES[name], documents, directory, self._log.moment, operation, outdated)
                )
                _replace(rendered_anew, directory, self._log)
                indexed = {change.number for change in rendered_anew}
                # Variants of a name are searched for without being shown: what looks the same may be found otherwise.
                rest = [
                    document
                    for document in documents
                    if _number(RECORD_TYPES[name], document, directory) not in indexed
                ]
                make_findable([(RECORD_TYPES[name], document) for document in rest], directory)
        return affected


def last_numbers() -> dict[str, int]:
    """The highest number of a record of each record type."""
    highest = (
        (record_type.name, tuples(record_type.table.select(fn.MAX(record_type.table.number))))
        for record_type in RECORD_TYPES.values()
    )
    return {name: next(found)[0] or 0 for name, found in highest}


def _index_anew(records: Mapping[str, set[int]]) -> None:
    for name, numbers in records.items():
        for documents, directory in stored_documents(RECORD_TYPES[name], numbers):
            completed = _completed(RECORD_TYPES[name], documents, directory)
            make_findable([(RECORD_TYPES[name], document) for document in completed], directory)


def require_fit(records: Mapping[str, set[int]]) -> None:
    """Raise InvalidDocuments, with every issue, unless these records fit to those they refer to."""
    issues: list[Issue] = []
    for name, numbers in records.items():
        for documents, directory in stored_documents(RECORD_TYPES[name], numbers):
            issues += issues_of({name: documents}, directory, {})
    refuse(issues)


def _statements(changes: Iterable[Change]) -> list[int]:
    return [change.number for change in changes if change.record_type.name == "statements"]


def remove(record_type: RecordType, number: int, version: str, log: Log) -> set[str]:
    """Remove a record that nothing refers to, with all that follows from it; give the names it had.

    `version` is its entity tag; raise VersionMismatch when it has another.
    """
    [(_, before)] = _rows_of(record_type, [number]).values()
    is_statement = record_type.name == "statements"
    quoted = attached_texts.quoted_in([number] if is_statement else [])
    reference_counts.add(dict.fromkeys(reference_counts.of_statements([number] if is_statement else []), -1))
    names = holders.remove(record_type.name, number) if record_type.name in NAMED else set()
    if record_type.name == "articles":
        attached_texts.remove(number)
    delete_parts(record_type.parts, [number])
    index.remove(record_type.name, before.key)
    table: Any = record_type.table
    if not table.delete().where((table.number == number) & (table.etag == version)).execute():
        raise VersionMismatch(f"{record_type.name} number {number}")
    _bound_quotations(quoted, None, log)
    return names


def index_again_what_mentions(names: Collection[str]) -> None:
    """Index the records anew whose texts mention any of these names, which have changed hands or gone."""
    _index_anew(mentions.mentioning(names, besides={}))


def rerender(record_type: str, numbers: Iterable[int]) -> None:
    """Render stored records anew, writing those whose representation changes; for use within `writing`."""
    with recording() as log:
        _rerender(record_type, numbers, log)


def _rerender(record_type: str, numbers: Iterable[int], log: Log) -> None:
    for documents, directory in stored_documents(RECORD_TYPES[record_type], numbers):
        _replace(list(changes_of(RECORD_TYPES[record_type], documents, directory, log.moment)), directory, log)


def bound_quotations(articles: Iterable[int], longest_quotation: int | None = None) -> None:
    """Bring what is quoted of attached texts in line with their spans now, and with a new setting; within `writing`."""
    with recording() as log:
        _bound_quotations(articles, longest_quotation, log)


def _bound_quotations(articles: Iterable[int], longest_quotation: int | None, log: Log) -> None:
    changed = [number for number in articles if attached_texts.bound(number, longest_quotation)]
    _rerender("statements", attached_texts.statements_of(changed), log)


def _rows_differ(record_type: RecordType, directory: Directory) -> Callable[[Document, int], bool]:
    """Whether rows hold something of another record (the publisher of an article) that is not shown."""
    return lambda document, number: bool(
        differing_parts(record_type.parts, number, key_in(record_type, document, number), document, directory)
    )


def mend() -> None:
    """Write everything anew from the stored documents: columns, parts, representations, names and search texts."""
    with recording() as log:
        for name in RECORD_TYPES if is_sqlite() else ():
            index.make_whole(name)
        holders.forget()
        for name in NAMED:  # all names first: the texts of any record may mention any other
            for documents, directory in stored_documents(RECORD_TYPES[name], _numbers(RECORD_TYPES[name])):
                numbers = [_number(RECORD_TYPES[name], document, directory) for document in documents]
                holders.keep([holders.Named(name, *one) for one in zip(numbers, documents, strict=True)])
        for record_type in RECORD_TYPES.values():
            index.remove_orphans(record_type.name, keys_sql(record_type.table))
            for documents, directory in stored_documents(record_type, _numbers(record_type)):
                everything = changes_of(
                    record_type, documents, directory, log.moment, outdated=lambda document, number: True
                )
                _replace(list(everything), directory, log)
        reference_counts.recount()
        _bound_quotations(attached_texts.with_texts(), None, log)


def _numbers(record_type: RecordType) -> set[int]:
    return {number for (number,) in tuples(record_type.table.select(record_type.table.number))}


def stored_documents(record_type: RecordType, numbers: Iterable[int]) -> Iterator[tuple[list[Document], Directory]]:
    """Stored documents as they were written, some at a time, each time with a directory to look around in."""
    for some in chunked(sorted(numbers), SOME):
        bodies = tuples(record_type.table.select(record_type.table.document).where(record_type.table.number.in_(some)))
        documents = [record_type.schema.load(orjson.loads(bytes(body))) for (body,) in bodies]
        yield documents, Directory({record_type.name: documents})


def _number(record_type: RecordType, document: Document, directory: Directory) -> int:
    number = directory.require(record_type.name, document["id"]).number
    assert number is not None
    return number


def make_findable(records: Iterable[tuple[RecordType, Document]], directory: Directory) -> None:
    """Make records findable by their texts and by the other names of whatever these mention."""
    for some in chunked(records, SOME):
        own = [searchable(record_type, document, directory) for record_type, document in some]
        held: dict[str, list[tuple[int, str]]] = {}
        for (record_type, document), expanded in zip(some, mentions.KnownNames().expanded(own), strict=True):
            key = key_in(record_type, document, _number(record_type, document, directory))
            written = index.written_tokens([tokens_of(text) for text in expanded])
            held.setdefault(record_type.name, []).append((key, written))
        for name, of_record_type in held.items():
            index.put_many(name, of_record_type)
