"""Showing changed names wherever they stand: only the names in the finished documents are exchanged.

What else records hold of others (offices, sides, publishers, points of agreements) does not follow from a name, so
nothing is validated, completed or written to the tables of parts. A hundred thousand statements are done in chunks.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from peewee import chunked

from api.database import execute_many, is_sqlite, with_marks
from api.failures import VersionMismatch
from api.models import database
from api.models.base import key_of, tuples
from api.records import mentions
from api.records.directory import Directory
from api.records.nouns import Document, Noun
from api.records.recording import RENDERED, Log
from api.records.rendering import NOT_NAMES, etag, searchable
from api.search import index
from api.search.text import tokens
from schemas.fields import Reference
from schemas.walking import walk

SOME = 500  # records at a time
MANY = 5_000  # records after which what was looked up for them is forgotten

Labels = Mapping[tuple[str, str], dict[str, str]]
"""What references to some records, by noun and id, show from now on."""


class _Row(NamedTuple):
    number: int
    etag: str
    key: int
    body: bytes


def show_names(noun: Noun, numbers: Iterable[int], labels: Labels, log: Log) -> None:
    """Show changed names in records that refer to their bearers, and make them findable by what these are called now."""
    for many in chunked(sorted(numbers), MANY):
        directory, known = Directory({}), mentions.KnownNames()
        for some in chunked(many, SOME):
            stored = [_Row(number, tag, key, bytes(body)) for number, tag, key, body in _stored(noun, some)]
            documents = [orjson.loads(row.body) for row in stored]
            references = [_references(noun, document) for document in documents]
            directory.find({(name, to["id"]) for some in references for name, to in some if name not in NOT_NAMES})
            changed = [_exchange(some, labels) for some in references]
            pairs = zip(stored, documents, strict=True)
            _write(noun, [pair for pair, is_changed in zip(pairs, changed, strict=True) if is_changed], log)
            _index(noun, stored, documents, directory, known)


def _stored(noun: Noun, numbers: Sequence[int]) -> Any:
    table: Any = noun.table
    key = table._meta.fields[key_of(table)]
    return tuples(table.select(table.number, table.etag, key, table.document).where(table.number.in_(numbers)))


def _references(noun: Noun, document: Document) -> list[tuple[str, dict[str, Any]]]:
    """Every reference of a document, with the noun it leads to."""
    visits = walk(noun.schema, document, owned=True)
    return [(visit.field.noun, visit.value) for visit in visits if isinstance(visit.field, Reference)]


def _exchange(references: Iterable[tuple[str, dict[str, Any]]], labels: Labels) -> bool:
    """Let references show what their records are called now; whether one showed something else."""
    changed = False
    for noun, shown in references:
        label = labels.get((noun, shown["id"]))
        if label is not None and list(label.items()) != list(shown["name"].items()):
            shown["name"] = label
            changed = True
    return changed


def _write(noun: Noun, changed: Sequence[tuple[_Row, Document]], log: Log) -> None:
    """Write documents over the versions that were read; raise VersionMismatch when one has gone."""
    fresh = []
    for row, document in changed:
        document["updated_at"] = log.moment
        body = orjson.dumps(document)
        fresh.append((body, etag(body), log.moment, row.number, row.etag))
        log.note(noun.name, row.number, RENDERED)
    table = noun.table._meta.table_name
    update = f'UPDATE "{table}" SET document = ?, etag = ?, updated_at = ? WHERE number = ? AND etag = ?'
    if execute_many(database, with_marks(update, is_sqlite(database)), fresh) != len(fresh):
        raise VersionMismatch(noun.name)


def _index(
    noun: Noun,
    stored: Sequence[_Row],
    documents: Sequence[Document],
    directory: Directory,
    known: mentions.KnownNames,
) -> None:
    expanded = known.expanded([searchable(noun, document, directory) for document in documents])
    held = [
        (row.key, index.written_tokens(database, [tokens_of(text) for text in texts]))
        for row, texts in zip(stored, expanded, strict=True)
    ]
    index.put_many(database, noun.name, held)


@lru_cache(maxsize=10_000)
def tokens_of(text: str) -> list[str]:
    """The tokens of a text; names and labels come again and again."""
    return tokens(text)
