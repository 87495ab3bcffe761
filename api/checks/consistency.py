"""Whether what is stored twice agrees: foreign keys, representations, entity tags, parts, names, the text index and the log.

Everything is read some records at a time, so that memory does not grow with the database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
from marshmallow import ValidationError

from api.access.stored_responses import faults_of_kept_answers
from api.bitmaps.stored import faults_of_stored_bitmaps
from api.checks.changelog import Head, faults_of_head, faults_of_log, heads_of
from api.checks.constraints import broken_constraints
from api.documents.record_types import RECORD_TYPES, Document, Part, RecordType
from api.evidence.texts import digest
from api.lookups.known import Known
from api.lookups.references import look_up_again
from api.migrations.versions import faults_of_digests
from api.models.articles import Article, ArticleText
from api.models.base import DAY_FACTOR, keys_sql, owner_of, tuples
from api.names import holders, reference_counts
from api.names.mentions import KnownNames
from api.records import attached_texts
from api.records.indexing import entries_of, searchable
from api.records.rendering import complete, etag, render
from api.records.rows import Owner, key_in, part_rows, record_columns
from api.search import index
from schemas.answers.suggestions import NAMED

BATCH_SIZE = 500  # records looked at together

UNUSABLE = (ValidationError, ValueError, TypeError, AttributeError, LookupError)
"""What reading a damaged document may raise."""


def inconsistencies(logged: bool = True) -> Iterator[str]:
    """Everything that does not agree, one sentence each; without `logged` the log of changes is left out."""
    yield from broken_constraints()
    for record_type in RECORD_TYPES.values():
        yield from _records(record_type, logged)
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


def _records(record_type: RecordType, logged: bool) -> Iterator[str]:
    for batch in _chunks(record_type):
        around = _Around(record_type, batch)
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


def _chunks(record_type: RecordType) -> Iterator[list[dict[str, Any]]]:
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


class _Around:
    """What some records of a record type are compared with."""

    def __init__(self, record_type: RecordType, rows: Sequence[dict[str, Any]]) -> None:
        self.record_type = record_type
        self.known, self.names = _known_to(record_type, rows), KnownNames()
        numbers = [row["number"] for row in rows]
        self.counted = reference_counts.of_records(record_type.name, numbers) if record_type.name in NAMED else {}

    def faults(self, row: dict[str, Any]) -> Iterator[str]:
        """What does not agree with the document of one record."""
        body = bytes(row["document"])
        if etag(body) != row["etag"]:
            yield "has an entity tag that is not its document's."
        stored = orjson.loads(body)
        if stored.get("id") != row["id"]:
            yield "holds the document of another record."
        written = self.record_type.schema.load(stored)
        document = complete(self.record_type, self.record_type.schema.load(stored), self.known)
        if _evidence(stored) != _evidence(document):
            yield "shows other evidence, by status or quotation, than the attached texts give."
        if render(self.record_type, document, row["created_at"], row["updated_at"]) != body:
            yield "is stored otherwise than it would be written now."
        yield from self._rows(row, document)
        if self.record_type.name in NAMED:
            named = holders.Named(self.record_type.name, row["number"], written)
            yield from holders.differences(named, self.counted.get((self.record_type.name, row["number"]), 0))

    def _rows(self, row: dict[str, Any], document: Document) -> Iterator[str]:
        expected = record_columns(self.record_type, document, self.known, row["number"])
        if differing := [column for column, value in expected.items() if row[column] != value]:
            yield f"has other values in {', '.join(differing)} than its document says."
        owner = Owner(row["number"], key_in(self.record_type, document, row["number"]), document)
        for table in _differing_tables(self.record_type.parts, owner, self.known):
            yield f"has other rows in {table} than its document says."
        [entry] = entries_of([searchable(self.record_type, document, self.known)], self.names)
        if not index.holds(self.record_type.name, owner.key, entry):
            yield "can't be searched for as it should: the text index has other words for it, or none."


def _known_to(record_type: RecordType, rows: Iterable[Mapping[str, Any]]) -> Known:
    """What must be known to work out the representations and rows of those records whose documents can be read."""
    documents: dict[str, Document] = {}
    for row in rows:
        with suppress(*UNUSABLE):
            documents[row["id"]] = record_type.schema.load(orjson.loads(bytes(row["document"])))
    return look_up_again({record_type.name: list(documents.values())})


def _differing_tables(parts: Iterable[Part], owner: Owner, known: Known) -> Iterator[str]:
    """The names of the tables whose rows are not those of a document."""
    for part in parts:
        expected = part_rows(part, owner.key, owner.document, known)
        stored = _stored_rows(part, owner.number, list(expected[0]) if expected else [])
        if [row[1:] for row in stored] != [tuple(row.values()) for row in expected]:
            yield str(part.table._meta.table_name)
        elif part.parts:
            for item, (number, *_) in zip(owner.document[part.key], stored, strict=True):
                yield from _differing_tables(part.parts, Owner(number, owner.key, item), known)


def _stored_rows(part: Part, owner: int, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """The number of each row of a part that belongs to an owner, and its values in the fields of these names."""
    table: Any = part.table
    columns = [table._meta.primary_key, *(table._meta.fields[name] for name in names)]
    order = table._meta.fields.get("position") or table.number
    return list(tuples(table.select(*columns).where(owner_of(table) == owner).order_by(order)))
