"""Storing documents: all of them in one transaction, or none.

A record is written when its representation changes and left alone when it does not, so storing the same documents again
changes nothing. Records that show something of a changed one (its name, an office's title, whose side it is on) are
rendered again in the same transaction, and a change that they no longer fit to is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from peewee import chunked

from api.database import writing
from api.failures import DocumentMistake, InvalidDocuments
from api.models import database
from api.models.base import key_of, keys_sql, tuples
from api.records import attached_texts, mentions, naming, reference_counts
from api.records.checking import Batch, Sources, mistakes_of
from api.records.directory import Directory
from api.records.nouns import NOUNS, Document, Noun
from api.records.referring import affected_by, merged, using_terms_of
from api.records.rendering import articles_quoted, complete, etag, render, searchable
from api.records.rows import delete_parts, differing_parts, insert_parts, key_in, record_columns
from api.search import index
from schemas import dates
from schemas.suggestions import NAMED


@dataclass(frozen=True)
class Outcome:
    """How many records were new, changed, and already as they should be."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class _Change:
    noun: Noun
    document: Document
    number: int
    created_at: str
    updated_at: str
    key_before: int
    is_new: bool


def store(batch: Batch, sources: Sources | None = None) -> Outcome:
    """Store validated documents by noun; raise InvalidDocuments, with every mistake, when they do not fit together.

    `sources` tells where each (noun, id) came from, for the messages.
    """
    with writing(database):
        directory = Directory(batch)
        _refuse(mistakes_of(batch, directory, sources or {}))
        now = dates.moment(datetime.now(UTC))
        created = sum(_insert(NOUNS[noun], batch[noun], directory, now) for noun in NOUNS if noun in batch)
        changes = [
            change for noun, documents in batch.items() for change in _changes(NOUNS[noun], documents, directory, now)
        ]
        quoted = attached_texts.quoted_in(_statements(changes))
        _follow_up(changes, _replace(changes, directory), now)
        bound_quotations(quoted | attached_texts.quoted_in(_statements(changes)))
    return Outcome(created, len(changes) - created, sum(map(len, batch.values())) - len(changes))


def _refuse(mistakes: list[DocumentMistake]) -> None:
    if mistakes:
        raise InvalidDocuments(mistakes)


def _insert(noun: Noun, documents: Iterable[Document], directory: Directory, now: str) -> int:
    """Make a row for each record that has none, so that all have numbers to be referred to by; give their count."""
    count = 0
    for document in documents:
        entry = directory.require(noun.name, document["id"])
        if entry.number is None:
            blank = {"document": b"", "etag": "", "created_at": now, "updated_at": now}
            values = record_columns(noun, document, directory)
            entry.number = noun.table.insert(**values, **blank, id=document["id"]).execute()
            count += 1
    return count


def _changes(
    noun: Noun,
    documents: Iterable[Document],
    directory: Directory,
    now: str,
    outdated: Callable[[Document, int], bool] = lambda document, number: False,
) -> list[_Change]:
    """Complete the documents, and give those whose representation is not the stored one or whose rows are outdated."""
    changes = []
    for document in _completed(noun, documents, directory):
        number = _number(noun, document, directory)
        key = noun.table._meta.fields[key_of(noun.table)]
        stored = noun.table.select(noun.table.document, noun.table.created_at, noun.table.updated_at, key)
        before, created_at, updated_at, key_before = next(tuples(stored.where(noun.table.number == number)))
        differs = render(noun, document, created_at, updated_at) != bytes(before)
        if differs or outdated(document, number):
            moment = now if differs else updated_at
            changes.append(_Change(noun, document, number, created_at, moment, key_before, is_new=not before))
    return changes


def _completed(noun: Noun, documents: Iterable[Document], directory: Directory) -> list[Document]:
    """Complete documents, whose articles' texts are looked up at once."""
    documents = list(documents)
    directory.find_texts({article for document in documents for article in articles_quoted(document)})
    return [complete(noun, document, directory) for document in documents]


def _replace(changes: Sequence[_Change], directory: Directory) -> set[str]:
    """Write rows, parts, names and search texts; give all names, old and new, of records whose names changed.

    All old parts go first: what one record gives up another may take.
    """
    statements = [change for change in changes if change.noun.name == "statements"]
    before = reference_counts.of_statements(change.number for change in statements if not change.is_new)
    for change in changes:
        noun, document = change.noun, change.document
        body = render(noun, document, change.created_at, change.updated_at)
        values = record_columns(noun, document, directory)
        fresh = {"document": body, "etag": etag(body), "updated_at": change.updated_at}
        noun.table.update(**values, **fresh).where(noun.table.number == change.number).execute()
        delete_parts(noun.parts, [change.number])
    for change in changes:
        key = key_in(change.noun, change.document, change.number)
        if key != change.key_before:
            index.remove(database, change.noun.name, change.key_before)
        insert_parts(change.noun.parts, change.number, key, change.document, directory)
    renamed = naming.keep([_named(change) for change in changes if change.noun.name in NAMED])
    more = reference_counts.of_statements(change.number for change in statements)
    more.subtract(before)
    reference_counts.add(more)
    _index([(change.noun, change.document) for change in changes], directory)
    return renamed


def _named(change: _Change) -> naming.Named:
    return naming.Named(change.noun.name, change.number, change.document)


def _follow_up(changes: Iterable[_Change], renamed: set[str], now: str) -> None:
    """Bring the records that the changes affect up to date; refuse when one of them no longer fits.

    Those that refer to a changed record are rendered again. Those that only mention one in their texts are indexed again
    when its names changed, and so are those that use a term of a changed vocabulary.
    """
    changed: dict[str, set[int]] = {}
    for change in changes:
        changed.setdefault(change.noun.name, set()).add(change.number)
    affected = affected_by(changed)
    for name, numbers in affected.items():
        for documents, directory in _stored(NOUNS[name], numbers):
            _refuse(mistakes_of({name: documents}, directory, {}))
            rendered_anew = _changes(NOUNS[name], documents, directory, now, _rows_differ(NOUNS[name], directory))
            _replace(rendered_anew, directory)
            indexed = {change.number for change in rendered_anew}
            # Variants of a name are searched for without being shown: what looks the same may be found otherwise.
            rest = [document for document in documents if _number(NOUNS[name], document, directory) not in indexed]
            _index([(NOUNS[name], document) for document in rest], directory)
    done = merged(changed, affected)
    using = using_terms_of(changed.get("vocabularies", set()))
    for name, numbers in merged(mentions.mentioning(renamed, besides=done), using).items():
        for documents, directory in _stored(NOUNS[name], numbers - done.get(name, set())):
            completed = _completed(NOUNS[name], documents, directory)
            _index([(NOUNS[name], document) for document in completed], directory)


def _statements(changes: Iterable[_Change]) -> list[int]:
    return [change.number for change in changes if change.noun.name == "statements"]


def rerender(noun: str, numbers: Iterable[int]) -> None:
    """Render stored records anew, writing those whose representation changes; for use within `writing`."""
    now = dates.moment(datetime.now(UTC))
    for documents, directory in _stored(NOUNS[noun], numbers):
        _replace(_changes(NOUNS[noun], documents, directory, now), directory)


def bound_quotations(articles: Iterable[int], longest_quotation: int | None = None) -> None:
    """Bring what is quoted of attached texts in line with their spans now, and with a new setting; within `writing`."""
    changed = [number for number in articles if attached_texts.bound(number, longest_quotation)]
    rerender("statements", attached_texts.statements_of(changed))


def _rows_differ(noun: Noun, directory: Directory) -> Callable[[Document, int], bool]:
    """Whether rows hold something of another record (the publisher of an article) that is not shown."""
    return lambda document, number: bool(
        differing_parts(noun.parts, number, key_in(noun, document, number), document, directory)
    )


def mend() -> None:
    """Write everything anew from the stored documents: columns, parts, representations, names and search texts."""
    with writing(database):
        now = dates.moment(datetime.now(UTC))
        naming.forget()
        for name in NAMED:  # all names first: the texts of any record may mention any other
            for documents, directory in _stored(NOUNS[name], _numbers(NOUNS[name])):
                numbers = [_number(NOUNS[name], document, directory) for document in documents]
                naming.keep([naming.Named(name, *one) for one in zip(numbers, documents, strict=True)])
        for noun in NOUNS.values():
            index.remove_orphans(database, noun.name, keys_sql(noun.table))
            for documents, directory in _stored(noun, _numbers(noun)):
                everything = _changes(noun, documents, directory, now, lambda document, number: True)
                _replace(everything, directory)
        reference_counts.recount()
        bound_quotations(attached_texts.with_texts())


def _numbers(noun: Noun) -> set[int]:
    return {number for (number,) in tuples(noun.table.select(noun.table.number))}


def _stored(noun: Noun, numbers: Iterable[int]) -> Iterator[tuple[list[Document], Directory]]:
    """Stored documents as they were written, some at a time, each time with a directory to look around in."""
    for some in chunked(sorted(numbers), 500):
        bodies = tuples(noun.table.select(noun.table.document).where(noun.table.number.in_(some)))
        documents = [noun.schema.load(orjson.loads(bytes(body))) for (body,) in bodies]
        yield documents, Directory({noun.name: documents})


def _number(noun: Noun, document: Document, directory: Directory) -> int:
    number = directory.require(noun.name, document["id"]).number
    assert number is not None
    return number


def _index(records: Iterable[tuple[Noun, Document]], directory: Directory) -> None:
    """Make records findable by their texts and by the other names of whatever these mention."""
    for some in chunked(records, 500):
        own = [searchable(noun, document, directory) for noun, document in some]
        for (noun, document), expanded in zip(some, mentions.KnownNames().expanded(own), strict=True):
            key = key_in(noun, document, _number(noun, document, directory))
            index.put(database, noun.name, key, expanded)
