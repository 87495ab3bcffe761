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
from peewee import chunked

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
from api.records.renaming import show_names
from api.records.rendering import articles_quoted, complete, etag, own_content, render, searchable
from api.records.rows import delete_parts, differing_parts, insert_parts, key_in, record_columns
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
class _Change:
    """A record to be written; `operation` is None when only its rows are to change, not what is shown of it."""

    noun: Noun
    document: Document
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
        _refuse(mistakes_of(batch, directory, sources))
    created = sum(_insert(NOUNS[noun], batch[noun], directory, log.moment) for noun in NOUNS if noun in batch)
    changes = [
        change
        for noun, documents in batch.items()
        for change in _changes(NOUNS[noun], documents, directory, log.moment, REPLACED)
    ]
    for change in changes:
        _require_version(change.noun, change.document["id"], change.before.etag, known)
    quoted = attached_texts.quoted_in(_statements(changes))
    _follow_up(changes, _replace(changes, directory, log), log, checked)
    _bound_quotations(quoted | attached_texts.quoted_in(_statements(changes)), None, log)
    return Outcome(created, len(changes) - created, sum(map(len, batch.values())) - len(changes))


def _require_version(noun: Noun, record_id: str, etag: str, known: Known) -> None:
    if known.get((noun.name, record_id), etag) != etag:
        raise VersionMismatch(f"{noun.name}/{record_id}")


def _refuse(mistakes: list[DocumentMistake]) -> None:
    if mistakes:
        raise InvalidDocuments(mistakes)


def _insert(noun: Noun, documents: Iterable[Document], directory: Directory, now: str) -> int:
    """Make a row for each record that has none, so that all have numbers to be referred to by; give their count."""
    blank = {"document": b"", "etag": "", "created_at": now, "updated_at": now}
    new = [document for document in documents if directory.require(noun.name, document["id"]).number is None]
    for some in chunked(new, SOME):
        values = [{**record_columns(noun, one, directory), **blank, "id": one["id"]} for one in some]
        noun.table.insert_many(values).execute()
        numbers = noun.table.select(noun.table.id, noun.table.number)
        for record_id, number in tuples(numbers.where(noun.table.id.in_([one["id"] for one in some]))):
            directory.require(noun.name, record_id).number = number
    return len(new)


def _changes(
    noun: Noun,
    documents: Iterable[Document],
    directory: Directory,
    now: str,
    operation: Operation = RENDERED_WHOLE,
    outdated: Callable[[Document, int], bool] = lambda document, number: False,
) -> Iterator[_Change]:
    """Complete the documents, and give those whose representation is not the stored one or whose rows are outdated."""
    for some in chunked(documents, SOME):
        completed = _completed(noun, some, directory)
        stored = _rows_of(noun, [_number(noun, document, directory) for document in completed])
        for document in completed:
            number = _number(noun, document, directory)
            body, before = stored[number]
            after = render(noun, document, before.created_at, before.updated_at)
            if after != body:
                yield _Change(
                    *(noun, document, number, now, before),
                    operation=_operation(noun, body, after, operation),
                    reach=_reach(noun, body, after),
                )
            elif outdated(document, number):
                yield _Change(noun, document, number, before.updated_at, before, None)


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


def _replace(changes: Sequence[_Change], directory: Directory, log: Log) -> set[str]:
    """Write rows, parts, names and search texts; give all names, old and new, of records whose names changed.

    All old parts go first: what one record gives up another may take.
    """
    statements = [change for change in changes if change.noun.name == "statements"]
    before = reference_counts.of_statements(change.number for change in statements if not change.is_new)
    for change in changes:
        _write_row(change, directory)
        delete_parts(change.noun.parts, [change.number])
        if change.operation is not None:
            log.note(change.noun.name, change.number, change.operation)
    for change in changes:
        key = key_in(change.noun, change.document, change.number)
        if change.before.key not in (None, key):
            index.remove(database, change.noun.name, change.before.key)
        insert_parts(change.noun.parts, change.number, key, change.document, directory)
    renamed = naming.keep([_named(change) for change in changes if change.noun.name in NAMED])
    more = reference_counts.of_statements(change.number for change in statements)
    more.subtract(before)
    reference_counts.add(more)
    make_findable([(change.noun, change.document) for change in changes], directory)
    return renamed


def _write_row(change: _Change, directory: Directory) -> None:
    """Write a record's own row in the place of the one that was read; raise VersionMismatch when that has gone."""
    table: Any = change.noun.table
    body = render(change.noun, change.document, change.before.created_at, change.updated_at)
    values = record_columns(change.noun, change.document, directory, change.number)
    written = table.update(**values, document=body, etag=etag(body), updated_at=change.updated_at)
    if not written.where((table.number == change.number) & (table.etag == change.before.etag)).execute():
        raise VersionMismatch(f"{change.noun.name}/{change.document['id']}")


def _named(change: _Change) -> naming.Named:
    return naming.Named(change.noun.name, change.number, change.document)


def _follow_up(changes: Iterable[_Change], renamed: set[str], log: Log, checked: bool) -> None:
    """Bring the records that the changes affect up to date; refuse when one of them no longer fits.

    Those that refer to a changed record are rendered again. Those that only mention one in their texts are indexed again
    when its names changed, and so are those that use a term of a changed vocabulary.
    """
    changed: dict[str, set[int]] = {}
    reached: dict[str, dict[str, set[int]]] = {DEEP: {}, SHALLOW: {}, NONE: {}}
    labels: dict[tuple[str, str], dict[str, str]] = {}
    for change in changes:
        changed.setdefault(change.noun.name, set()).add(change.number)
        reached[change.reach].setdefault(change.noun.name, set()).add(change.number)
        labels[change.noun.name, change.document["id"]] = change.noun.label(change.document)
    affected = {noun: numbers - changed.get(noun, set()) for noun, numbers in affected_by(reached[DEEP]).items()}
    operation = RENDERED_WHOLE if "articles" in changed else RENDERED  # a text may no longer be that of its article
    for name, numbers in affected.items():
        for documents, directory in stored_documents(NOUNS[name], numbers):
            if checked and mistakes_of({name: documents}, directory, {}):
                require_fit(affected)  # tells those of all the others too
            outdated = _rows_differ(NOUNS[name], directory)
            rendered_anew = list(_changes(NOUNS[name], documents, directory, log.moment, operation, outdated))
            _replace(rendered_anew, directory, log)
            indexed = {change.number for change in rendered_anew}
            # Variants of a name are searched for without being shown: what looks the same may be found otherwise.
            rest = [document for document in documents if _number(NOUNS[name], document, directory) not in indexed]
            make_findable([(NOUNS[name], document) for document in rest], directory)
    done = merged(changed, affected)
    naming_only = referring.referring_to_any(reached[SHALLOW])
    for name, numbers in naming_only.items():
        show_names(NOUNS[name], numbers - done.get(name, set()), labels, log)
    done = merged(done, naming_only)
    using = using_terms_of(changed.get("vocabularies", set()))
    left = merged(mentions.mentioning(renamed, besides=done), using)
    _index_anew({name: numbers - done.get(name, set()) for name, numbers in left.items()})


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
    _refuse(mistakes)


def _statements(changes: Iterable[_Change]) -> list[int]:
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
        _replace(list(_changes(NOUNS[noun], documents, directory, log.moment)), directory, log)


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
                everything = _changes(noun, documents, directory, log.moment, outdated=lambda document, number: True)
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
        for (noun, document), expanded in zip(some, mentions.KnownNames().expanded(own), strict=True):
            key = key_in(noun, document, _number(noun, document, directory))
            index.put(database, noun.name, key, expanded)
