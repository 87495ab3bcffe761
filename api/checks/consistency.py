"""Whether what is stored twice agrees: foreign keys, representations, entity tags, parts, names, the text index and the log.

Everything is read some records at a time, so that memory does not grow with the database.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

import orjson
from marshmallow import ValidationError

from api.access.stored_responses import faults_of_kept_answers
from api.bitmaps.stored import faults_of_stored_bitmaps
from api.checks.changelog import Head, faults_of_head, faults_of_log, heads_of
from api.checks.constraints import broken_constraints
from api.checks.rows_of_parts import differing_tables, rows_of_parts
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.evidence.texts import digest
from api.lookups.references import look_up_again
from api.migrations.versions import faults_of_digests
from api.models.articles import Article, ArticleText
from api.models.base import DAY_FACTOR, keys_sql, tuples
from api.names import holders, outdated, reference_counts
from api.names.mentions import KnownNames
from api.records import attached_texts
from api.records.indexing import entries_of, searchable
from api.records.rendering import complete, etag, render
from api.records.rows import Owner, key_in, record_columns
from api.search import index
from api.search.fields import Field
from schemas.answers.suggestions import NAMED
from schemas.loading import load

BATCH_SIZE = 500  # records looked at together

Row = dict[str, Any]
"""A record's own row, by column."""
T = TypeVar("T")

UNUSABLE = (ValidationError, ValueError, TypeError, AttributeError, LookupError)
"""What reading a damaged document may raise."""


def inconsistencies(logged: bool = True) -> Iterator[str]:
    """Everything that does not agree, one sentence each; without `logged` the log of changes is left out."""
    yield from broken_constraints()
    names = KnownNames()
    for record_type in RECORD_TYPES.values():
        yield from _records(record_type, names, logged)
        for key in index.orphans(record_type.name, keys_sql(record_type.table)):
            yield f"The text index of {record_type.name} has words for record number {key % DAY_FACTOR}, which does not exist there."
    for name, number in holders.orphans():
        yield f"Names are kept for number {number} of {name}, which does not exist."
    yield from _texts()
    if logged:
        yield from faults_of_stored_bitmaps()
        yield from faults_of_digests()
        yield from faults_of_log()
        yield from faults_of_kept_answers()


def index_faults() -> Iterator[str]:
    """What of the text index can't be found by its words, where SQLite keeps it; waits for the other writers."""
    for record_type in RECORD_TYPES:
        if not index.is_whole(record_type):
            yield f"The text index of {record_type} is damaged: what it holds is not found by all of its words."


def _texts() -> Iterator[str]:
    """What is wrong with the attached texts themselves."""
    for article in attached_texts.with_texts():
        with_digest = Article.select(Article.id, Article.sha256, ArticleText.text).where(Article.number == article)
        for name, sha256, text in tuples(with_digest.join(ArticleText, on=(ArticleText.article == Article.number))):
            if digest(text) != sha256:
                yield f"articles/{name} has a text attached that is not its own: attach the right one, or detach it."
            stored, should = attached_texts.lengths(article)
            if stored != should:
                yield f"articles/{name} is quoted at other lengths than its spans allow."


def _records(record_type: RecordType, names: KnownNames, logged: bool) -> Iterator[str]:
    for batch in _chunks(record_type):
        names = names if names.is_small() else KnownNames()
        around = _Around(record_type, batch, names)
        heads = heads_of(record_type.name, [row["id"] for row in batch]) if logged else {}
        for row in batch:
            name = f"{record_type.name}/{row['id']}"
            try:
                yield from (f"{name} {fault}" for fault in around.faults(row))
                if logged:
                    yield from (
                        f"{name} {fault}" for fault in faults_of_head(record_type, row, heads.get(row["id"], Head()))
                    )
            except UNUSABLE as error:
                yield f"{name}, or a record it refers to, holds an unusable document: {error}."


def _chunks(record_type: RecordType) -> Iterator[list[Row]]:
    """All rows of a table of records, some at a time."""
    table: Any = record_type.table
    last = -1
    while batch := list(table.select().where(table.number > last).order_by(table.number).limit(BATCH_SIZE).dicts()):
        yield batch
        last = batch[-1]["number"]


def _evidence(document: dict[str, Any]) -> list[Any]:
    """What a document shows of each of its spans."""
    spans = (span for report in document.get("reports", ()) for span in report["evidence"])
    return [(span.get("status"), span.get("quotation"), span.get("truncated")) for span in spans]


class _Completed(NamedTuple):
    """What a record's document says: completed, its key in the text index, and the texts by which it is found."""

    document: Document
    key: int
    texts: dict[str, Field]


class _Around:
    """What some records of a record type are compared with, read for all of them at once."""

    def __init__(self, record_type: RecordType, rows: Sequence[Row], names: KnownNames) -> None:
        self.record_type = record_type
        written = {row["number"]: document for row in rows for document in _readable(lambda: self._load(row))}  # noqa: B023
        self.known = look_up_again({record_type.name: list(written.values())})
        self.completed = {
            number: completed
            for number, document in written.items()
            for completed in _readable(lambda: self._complete(number, document))  # noqa: B023
        }
        self.indexed = self._indexed(names)
        numbers = [row["number"] for row in rows]
        self.outdated = outdated.among(record_type.name, numbers)
        self.rows = rows_of_parts(record_type.parts, numbers)
        is_named = record_type.name in NAMED
        self.counted = reference_counts.of_records(record_type.name, numbers) if is_named else {}
        self.kept_names = holders.kept(record_type.name, numbers) if is_named else {}

    def _load(self, row: Row) -> Document:
        return load(self.record_type.schema, orjson.loads(bytes(row["document"])))

    def _complete(self, number: int, written: Document) -> _Completed:
        document = complete(self.record_type, written, self.known)
        key = key_in(self.record_type, document, number)
        return _Completed(document, key, searchable(self.record_type, document, self.known))

    def _indexed(self, names: KnownNames) -> set[int]:
        """The keys of the records for which the text index holds what it should."""
        completed = self.completed.values()
        entries = entries_of([each.texts for each in completed], names)
        keys = [each.key for each in completed]
        return index.holding(self.record_type.name, list(zip(keys, entries, strict=True)))

    def faults(self, row: Row) -> Iterator[str]:
        """What does not agree with the document of one record."""
        body, number = bytes(row["document"]), row["number"]
        if etag(body) != row["etag"]:
            yield "has an entity tag that is not its document's."
        stored = orjson.loads(body)
        if stored.get("id") != row["id"]:
            yield "holds the document of another record."
        completed = self.completed.get(number) or self._complete(number, self._load(row))
        if _evidence(stored) != _evidence(completed.document):
            yield "shows other evidence, by status or quotation, than the attached texts give."
        if number not in self.outdated and self._rendered(row, completed) != body:
            yield "is stored otherwise than it would be written now."
        yield from self._faults_of_rows(row, completed)
        if self.record_type.name in NAMED:
            named = holders.Named(self.record_type.name, number, completed.document)
            statements = self.counted.get((self.record_type.name, number), 0)
            yield from holders.differences(named, self.kept_names.get(number), statements)

    def _rendered(self, row: Row, completed: _Completed) -> bytes:
        return render(self.record_type, completed.document, row["created_at"], row["updated_at"])

    def _faults_of_rows(self, row: Row, completed: _Completed) -> Iterator[str]:
        expected = record_columns(self.record_type, completed.document, self.known, row["number"])
        if differing := [column for column, value in expected.items() if row[column] != value]:
            yield f"has other values in {', '.join(differing)} than its document says."
        owner = Owner(row["number"], completed.key, completed.document)
        for table in differing_tables(self.record_type.parts, owner, self.rows, self.known):
            yield f"has other rows in {table} than its document says."
        if completed.key not in self.indexed and row["number"] not in self.outdated:
            yield "can't be searched for as it should: the text index has other words for it, or none."


def _readable(read: Callable[[], T]) -> Iterator[T]:
    """What can be read of a document, if it is not damaged."""
    with suppress(*UNUSABLE):
        yield read()
