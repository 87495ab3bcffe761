"""Whether what is stored twice agrees: foreign keys, representations, entity tags, parts and the text index."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from marshmallow import ValidationError

from api.database import AnyDatabase, is_sqlite, rows
from api.evidence.texts import digest
from api.models.articles import Article, ArticleText
from api.models.base import DAY, keys_sql, tuples
from api.records import attached_texts, mentions, naming, reference_counts
from api.records.directory import Directory
from api.records.nouns import NOUNS, Noun
from api.records.rendering import complete, etag, render, searchable
from api.records.rows import differing_parts, key_in, record_columns
from api.search import index
from schemas.suggestions import NAMED


def inconsistencies(database: AnyDatabase) -> Iterator[str]:
    """Everything that does not agree, one sentence each."""
    if is_sqlite(database):
        for (line,) in rows(database, "PRAGMA integrity_check", ()):
            if line != "ok":
                yield f"The file is damaged: {line}."
        for table, number, target, _ in rows(database, "PRAGMA foreign_key_check", ()):
            yield f"Row {number} of {table} refers to a row of {target} that does not exist."
    counted = reference_counts.of_all_statements()
    for noun in NOUNS.values():
        yield from _records(database, noun, counted)
        for key in index.orphans(database, noun.name, keys_sql(noun.table)):
            yield f"The text index of {noun.name} has words for record number {key % DAY}, which does not exist there."
    for name, number in naming.orphans():
        yield f"Names are kept for number {number} of {name}, which does not exist."
    yield from _texts()


def _texts() -> Iterator[str]:
    """What is wrong with the attached texts themselves."""
    for article in attached_texts.with_texts():
        found = Article.select(Article.id, Article.sha256, ArticleText.text).where(Article.number == article)
        for name, sha256, text in tuples(found.join(ArticleText, on=(ArticleText.article == Article.number))):
            if digest(text) != sha256:
                yield f"articles/{name} has a text attached that is not its own: attach the right one, or detach it."
            stored, should = attached_texts.lengths(article)
            if stored != should:
                yield f"articles/{name} is quoted at other lengths than its spans allow."


def _records(database: AnyDatabase, noun: Noun, counted: Mapping[naming.Key, int]) -> Iterator[str]:
    directory, known = Directory({}), mentions.KnownNames()
    stored: Any = noun.table.select().order_by(noun.table.id).dicts()
    for row in list(stored):
        name = f"{noun.name}/{row['id']}"
        try:
            yield from (f"{name} {fault}" for fault in _faults(database, noun, row, directory, known))
            if noun.name in NAMED:
                named = naming.Named(noun.name, row["number"], noun.schema.load(orjson.loads(bytes(row["document"]))))
                differing = naming.differences(named, counted.get((noun.name, row["number"]), 0))
                yield from (f"{name} {fault}" for fault in differing)
        except (ValidationError, ValueError, TypeError, AttributeError, LookupError) as error:
            yield f"{name}, or a record it refers to, holds an unusable document: {error}."


def _evidence(document: dict[str, Any]) -> list[Any]:
    """What a document shows of each of its spans."""
    spans = (span for report in document.get("reports", ()) for span in report["evidence"])
    return [(span.get("status"), span.get("quotation"), span.get("truncated")) for span in spans]


def _faults(
    database: AnyDatabase, noun: Noun, row: dict[str, Any], directory: Directory, known: mentions.KnownNames
) -> Iterator[str]:
    body = bytes(row["document"])
    if etag(body) != row["etag"]:
        yield "has an entity tag that is not its document's."
    stored = orjson.loads(body)
    document = complete(noun, noun.schema.load(stored), directory)
    if _evidence(stored) != _evidence(document):
        yield "shows other evidence, by status or quotation, than the attached texts give."
    if render(noun, document, row["created_at"], row["updated_at"]) != body:
        yield "is stored otherwise than it would be written now."
    expected = record_columns(noun, document, directory, row["number"])
    if differing := [column for column, value in expected.items() if row[column] != value]:
        yield f"has other values in {', '.join(differing)} than its document says."
    key = key_in(noun, document, row["number"])
    for table in differing_parts(noun.parts, row["number"], key, document, directory):
        yield f"has other rows in {table} than its document says."
    [expanded] = known.expanded([searchable(noun, document, directory)])
    if not index.holds(database, noun.name, key, expanded):
        yield "can't be searched for as it should: the text index has other words for it, or none."
