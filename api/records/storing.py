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

from api.database import is_sqlite
from api.failures import DocumentMistake, InvalidDocuments, VersionMismatch
from api.models import database
from api.models.base import key_of, keys_sql, tuples
from api.records import attached_texts, mentions, naming, reference_counts, referring
from api.records.checking import Batch, Sources, mistakes_of
from api.records.directory import Directory
from api.records.nouns import NOUNS, Document, Noun
from api.records.recording import COMMAND_LINE, CREATED, RENDERED, RENDERED_WHOLE, REPLACED, Log, Operation, recording
from api.records.referring import affected_by, merged, using_terms_of
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
"""The entity tags that some records, by noun and id, are known to have."""


@dataclass(frozen=True)
class Outcome:
    """How many records were new, changed, and already as they should be."""

    created: int
    changed: int
    unchanged: int


DEEP, SHALLOW, NONE = "deep", "shallow", "none"
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

    noun: Noun
    document: Document
    body: bytes
    number: int
    updated_at: str
    before: _Version
    operation: Operation | None
    reach: str = DEEP

    @property
    def is_new(self) -> bool:
        """Whether the record has only just been given a row."""
        return not self.before.etag


def store(batch: Batch, sources: Sources | None = None, author: str = COMMAND_LINE) -> Outcome:
    """Store validated documents by noun; raise InvalidDocuments, with every mistake, when they do not fit together.

    `sources` tells where each (noun, id) came from, for the messages; `author` who wrote them, for the log.
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
        refuse(mistakes_of(batch, directory, sources))
    last = last_numbers()
    created = sum(make_rows(NOUNS[noun], batch[noun], directory, log) for noun in NOUNS if noun in batch)
    changes = [
        change
        for noun, documents in batch.items()
        for change in changes_of(NOUNS[noun], documents, directory, log.moment, REPLACED)
    ]
    for change in changes:
        _require_version(change.noun, change.document["id"], change.before.etag, known)
    writing = Writing(log)
    writing.write(changes, directory)
    writing.finish(checked, last)
    return Outcome(created, len(changes) - created, sum(map(len, batch.values())) - len(changes))


def _require_version(noun: Noun, record_id: str, etag: str, known: Known) -> None:
    if known.get((noun.name, record_id), etag) != etag:
        raise VersionMismatch(f"{noun.name}/{record_id}")


def refuse(mistakes: list[DocumentMistake]) -> None:
    """Raise InvalidDocuments when there are any mistakes."""
    if mistakes:
        raise InvalidDocuments(mistakes)


def make_rows(noun: Noun, documents: Iterable[Document], directory: Directory, log: Log) -> int:
    """Make a row for each record that has none, so that all have numbers to be referred to by; give their count."""
    blank = {"document": b"", "etag": "", "created_at": log.moment, "updated_at": log.moment}
    new = [document for document in documents if directory.require(noun.name, document["id"]).number is None]
    for some in chunked(new, SOME):
        values = [{**record_columns(noun, one, directory), **blank, "id": one["id"]} for one in some]
        insert_rows(noun.table, values)
        numbers = noun.table.select(noun.table.id, noun.table.number)
        for record_id, number in tuples(numbers.where(noun.table.id.in_([one["id"] for one in some]))):
            directory.require(noun.name, record_id).number = number
    return len(new)


def changes_of(
    noun: Noun,
    documents: Iterable[Document],
    directory: Directory,
    now: str,
    operation: Operation = RENDERED_WHOLE,
    outdated: Callable[[Document, int], bool] = lambda document, number: False,
) -> Iterator[Change]:
    """Complete the documents, and give those whose representation is not the stored one or whose rows are outdated."""
    for some in chunked(documents, SOME):
        completed = _completed(noun, some, directory)
        stored = _rows_of(noun, [_number(noun, document, directory) for document in completed])
        for document in completed:
            number = _number(noun, document, directory)
            body, before = stored[number]
            after = render(noun, document, before.created_at, before.updated_at)
            if after != body:
                fresh = after if before.updated_at == now else render(noun, document, before.created_at, now)
                yield Change(
                    *(noun, document, fresh, number, now, before),
                    operation=_operation(noun, body, after, operation),
                    reach=_reach(noun, body, after),
                )
            elif outdated(document, number):
                yield Change(noun, document, after, number, before.updated_at, before, None)


def _reach(noun: Noun, before: bytes, after: bytes) -> str:
    """Whether others rest on what changed in a representation, or show it as a name, or are found by it."""
    if not before:
        return DEEP
    one, other = orjson.loads(before), orjson.loads(after)
    if any(one[key] != other[key] for key in referring.DEEP.get(noun.name, ())):
        return DEEP
    named = orjson.dumps(noun.label(one)) != orjson.dumps(noun.label(other))
    return SHALLOW if named or one.get("aliases") != other.get("aliases") else NONE


def _operation(noun: Noun, before: bytes, after: bytes, operation: Operation) -> Operation:
    """What happens to a record: one whose own content stays what it was is only shown otherwise."""
    if not before:
        return CREATED
    return (
        RENDERED_WHOLE if operation == REPLACED and own_content(noun, before) == own_content(noun, after) else operation
    )


def _rows_of(noun: Noun, numbers: Sequence[int]) -> dict[int, tuple[bytes, _Version]]:
    """The stored representation and version of records by number."""
    table: Any = noun.table
    key = table._meta.fields[key_of(table)]
    columns = (table.number, table.document, table.etag, table.created_at, table.updated_at, key)
    stored = tuples(table.select(*columns).where(table.number.in_(numbers)))
    return {number: (bytes(body), _Version(*more)) for number, body, *more in stored}


def _completed(noun: Noun, documents: Iterable[Document], directory: Directory) -> list[Document]:
    """Complete documents, whose articles' texts are looked up at once."""
    documents = list(documents)
    directory.find_texts({article for document in documents for article in articles_quoted(document)})
    return [complete(noun, document, directory) for document in documents]


def _replace(changes: Sequence[Change], directory: Directory, log: Log) -> set[str]:
    """Write rows, parts, names and search texts; give all names, old and new, of records whose names changed.

    All old parts go first: what one record gives up another may take.
    """
    statements = _statements(changes)
    replaced = [change for change in changes if not change.is_new]
    before = reference_counts.of_statements(_statements(replaced))
    for noun, some in _by_noun(changes):
        _write_rows(noun, some, directory)
    for noun, some in _by_noun(replaced):
        delete_parts(noun.parts, [change.number for change in some])
    for noun, some in _by_noun(changes):
        owners = [Owner(one.number, key_in(noun, one.document, one.number), one.document) for one in some]
        for change, owner in zip(some, owners, strict=True):
            if change.operation is not None:
                log.note(noun.name, change.number, change.operation)
            if change.before.key not in (None, owner.key):
                index.remove(database, noun.name, change.before.key)
        insert_parts(noun.parts, owners, directory)
    renamed = naming.keep([_named(change) for change in changes if change.noun.name in NAMED])
    more = reference_counts.of_statements(statements)
    more.subtract(before)
    reference_counts.add(more)
    make_findable([(change.noun, change.document) for change in changes], directory)
    return renamed


def _by_noun(changes: Iterable[Change]) -> Iterator[tuple[Noun, list[Change]]]:
    """Changes of one noun at a time, and not too many."""
    of_noun: dict[str, list[Change]] = {}
    for change in changes:
        of_noun.setdefault(change.noun.name, []).append(change)
    for noun, alike in of_noun.items():
        yield from ((NOUNS[noun], some) for some in chunked(alike, SOME))


def _write_rows(noun: Noun, changes: Sequence[Change], directory: Directory) -> None:
    """Write records' own rows in the place of those that were read; raise VersionMismatch when one of those has gone."""
    fresh = [
        (
            {
                **record_columns(noun, change.document, directory, change.number),
                **{"document": change.body, "etag": etag(change.body), "updated_at": change.updated_at},
            },
            change.number,
            change.before.etag,
        )
        for change in changes
    ]
    if update_rows(noun.table, fresh) != len(fresh):
        raise VersionMismatch(", ".join(f"{noun.name}/{change.document['id']}" for change in changes[:3]))


def _named(change: Change) -> naming.Named:
    return naming.Named(change.noun.name, change.number, change.document)


class Writing:
    """Changes as they are written, some at a time, and at the end what follows from them for other records.

    Nothing follows from a new record but what its names do: whoever refers to it was written along with it.
    """

    def __init__(self, log: Log) -> None:
        self.renamed: set[str] = set()
        self._log = log
        self._quoted: set[int] = set()
        self._changed: dict[str, set[int]] = {}
        self._reached: dict[str, dict[str, set[int]]] = {DEEP: {}, SHALLOW: {}, NONE: {}}
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
        self._changed.setdefault(change.noun.name, set()).add(change.number)
        self._reached[change.reach].setdefault(change.noun.name, set()).add(change.number)
        if change.reach == SHALLOW:
            self._labels[change.noun.name, change.document["id"]] = change.noun.label(change.document)

    def finish(self, checked: bool, last: Mapping[str, int]) -> None:
        """Bring the records that the changes affect up to date; refuse when one of them no longer fits.

        Those that refer to a changed record are rendered again. Those that only mention one in their texts are indexed
        again when its names changed, and so are those that use a term of a changed vocabulary. `last` are the highest
        numbers that records had before: those beyond were indexed when all names were known.
        """
        affected = self._rerender_affected(checked)
        done = merged(self._changed, affected)
        naming_only = referring.referring_to_any(self._reached[SHALLOW])
        for name, numbers in naming_only.items():
            show_names(NOUNS[name], numbers - done.get(name, set()), self._labels, self._log)
        done = merged(done, naming_only)
        using = using_terms_of(self._changed.get("vocabularies", set()))
        mentioned = mentions.mentioning(self.renamed, done, [noun for noun in NOUNS if last.get(noun)])
        left = merged(mentioned, using)
        _index_anew(
            {
                name: {number for number in numbers - done.get(name, set()) if number <= last.get(name, 0)}
                for name, numbers in left.items()
            }
        )
        _bound_quotations(self._quoted, None, self._log)

    def _rerender_affected(self, checked: bool) -> dict[str, set[int]]:
        found = affected_by(self._reached[DEEP])
        affected = {noun: numbers - self._changed.get(noun, set()) for noun, numbers in found.items()}
        # A text may no longer be that of its article.
        operation = RENDERED_WHOLE if "articles" in self._changed else RENDERED
        for name, numbers in affected.items():
            for documents, directory in stored_documents(NOUNS[name], numbers):
                if checked and mistakes_of({name: documents}, directory, {}):
                    require_fit(affected)  # tells those of all the others too
                outdated = _rows_differ(NOUNS[name], directory)
                rendered_anew = list(
                    changes_of(NOUNS[name], documents, directory, self._log.moment, operation, outdated)
                )
                _replace(rendered_anew, directory, self._log)
                indexed = {change.number for change in rendered_anew}
                # Variants of a name are searched for without being shown: what looks the same may be found otherwise.
                rest = [document for document in documents if _number(NOUNS[name], document, directory) not in indexed]
                make_findable([(NOUNS[name], document) for document in rest], directory)
        return affected


def last_numbers() -> dict[str, int]:
    """The highest number of a record of each noun."""
    highest = ((noun.name, tuples(noun.table.select(fn.MAX(noun.table.number)))) for noun in NOUNS.values())
    return {name: next(found)[0] or 0 for name, found in highest}


def _index_anew(records: Mapping[str, set[int]]) -> None:
    for name, numbers in records.items():
        for documents, directory in stored_documents(NOUNS[name], numbers):
            completed = _completed(NOUNS[name], documents, directory)
            make_findable([(NOUNS[name], document) for document in completed], directory)


def require_fit(records: Mapping[str, set[int]]) -> None:
    """Raise InvalidDocuments, with every mistake, unless these records fit to those they refer to."""
    mistakes: list[DocumentMistake] = []
    for name, numbers in records.items():
        for documents, directory in stored_documents(NOUNS[name], numbers):
            mistakes += mistakes_of({name: documents}, directory, {})
    refuse(mistakes)


def _statements(changes: Iterable[Change]) -> list[int]:
    return [change.number for change in changes if change.noun.name == "statements"]


def remove(noun: Noun, number: int, version: str, log: Log) -> set[str]:
    """Remove a record that nothing refers to, with all that follows from it; give the names it had.

    `version` is its entity tag; raise VersionMismatch when it has another.
    """
    [(_, before)] = _rows_of(noun, [number]).values()
    is_statement = noun.name == "statements"
    quoted = attached_texts.quoted_in([number] if is_statement else [])
    reference_counts.add(dict.fromkeys(reference_counts.of_statements([number] if is_statement else []), -1))
    names = naming.remove(noun.name, number) if noun.name in NAMED else set()
    if noun.name == "articles":
        attached_texts.remove(number)
    delete_parts(noun.parts, [number])
    index.remove(database, noun.name, before.key)
    table: Any = noun.table
    if not table.delete().where((table.number == number) & (table.etag == version)).execute():
        raise VersionMismatch(f"{noun.name} number {number}")
    _bound_quotations(quoted, None, log)
    return names


def index_again_what_mentions(names: Collection[str]) -> None:
    """Index the records anew whose texts mention any of these names, which have changed hands or gone."""
    _index_anew(mentions.mentioning(names, besides={}))


def rerender(noun: str, numbers: Iterable[int]) -> None:
    """Render stored records anew, writing those whose representation changes; for use within `writing`."""
    with recording() as log:
        _rerender(noun, numbers, log)


def _rerender(noun: str, numbers: Iterable[int], log: Log) -> None:
    for documents, directory in stored_documents(NOUNS[noun], numbers):
        _replace(list(changes_of(NOUNS[noun], documents, directory, log.moment)), directory, log)


def bound_quotations(articles: Iterable[int], longest_quotation: int | None = None) -> None:
    """Bring what is quoted of attached texts in line with their spans now, and with a new setting; within `writing`."""
    with recording() as log:
        _bound_quotations(articles, longest_quotation, log)


def _bound_quotations(articles: Iterable[int], longest_quotation: int | None, log: Log) -> None:
    changed = [number for number in articles if attached_texts.bound(number, longest_quotation)]
    _rerender("statements", attached_texts.statements_of(changed), log)


def _rows_differ(noun: Noun, directory: Directory) -> Callable[[Document, int], bool]:
    """Whether rows hold something of another record (the publisher of an article) that is not shown."""
    return lambda document, number: bool(
        differing_parts(noun.parts, number, key_in(noun, document, number), document, directory)
    )


def mend() -> None:
    """Write everything anew from the stored documents: columns, parts, representations, names and search texts."""
    with recording() as log:
        for name in NOUNS if is_sqlite(database) else ():
            index.make_whole(database, name)
        naming.forget()
        for name in NAMED:  # all names first: the texts of any record may mention any other
            for documents, directory in stored_documents(NOUNS[name], _numbers(NOUNS[name])):
                numbers = [_number(NOUNS[name], document, directory) for document in documents]
                naming.keep([naming.Named(name, *one) for one in zip(numbers, documents, strict=True)])
        for noun in NOUNS.values():
            index.remove_orphans(database, noun.name, keys_sql(noun.table))
            for documents, directory in stored_documents(noun, _numbers(noun)):
                everything = changes_of(noun, documents, directory, log.moment, outdated=lambda document, number: True)
                _replace(list(everything), directory, log)
        reference_counts.recount()
        _bound_quotations(attached_texts.with_texts(), None, log)


def _numbers(noun: Noun) -> set[int]:
    return {number for (number,) in tuples(noun.table.select(noun.table.number))}


def stored_documents(noun: Noun, numbers: Iterable[int]) -> Iterator[tuple[list[Document], Directory]]:
    """Stored documents as they were written, some at a time, each time with a directory to look around in."""
    for some in chunked(sorted(numbers), SOME):
        bodies = tuples(noun.table.select(noun.table.document).where(noun.table.number.in_(some)))
        documents = [noun.schema.load(orjson.loads(bytes(body))) for (body,) in bodies]
        yield documents, Directory({noun.name: documents})


def _number(noun: Noun, document: Document, directory: Directory) -> int:
    number = directory.require(noun.name, document["id"]).number
    assert number is not None
    return number


def make_findable(records: Iterable[tuple[Noun, Document]], directory: Directory) -> None:
    """Make records findable by their texts and by the other names of whatever these mention."""
    for some in chunked(records, SOME):
        own = [searchable(noun, document, directory) for noun, document in some]
        held: dict[str, list[tuple[int, str]]] = {}
        for (noun, document), expanded in zip(some, mentions.KnownNames().expanded(own), strict=True):
            key = key_in(noun, document, _number(noun, document, directory))
            written = index.written_tokens(database, [tokens_of(text) for text in expanded])
            held.setdefault(noun.name, []).append((key, written))
        for name, of_noun in held.items():
            index.put_many(database, name, of_noun)
