"""Statements as the rows that the service would write, made by the service's own declarations without storing them.

Made many at a time and in several processes, because storing one after the other takes a day for a million.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson

from api.documents.record_types import RECORD_TYPES, Document, Part
from api.lookups.known import Known
from api.models.base import DocumentField, Record, Table, TermField, owner_of
from api.records.indexing import searchable
from api.records.rendering import complete, etag
from api.records.rows import key_in, part_rows, record_columns
from api.search import index
from api.search.fields import marks
from api.search.text import tokens
from bench.corpora.corpus import MOST_REPORTS, Corpus
from bench.corpora.dumping import dumper
from schemas.values import dates

STATEMENTS = RECORD_TYPES["statements"]
_dump = dumper(STATEMENTS.schema)
FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

Columns = tuple[str, ...]
Row = tuple[Any, ...]


@dataclass
class Rows:
    """Rows by table and the columns they give, and the entries of the text index."""

    tables: dict[tuple[str, Columns], list[Row]] = field(default_factory=lambda: defaultdict(list))
    texts: list[tuple[int, str]] = field(default_factory=list)

    def add(self, table: type[Table], values: dict[str, Any]) -> None:
        """Add one row, given as values by field."""
        columns, writers = _columns(table, tuple(values))
        written = tuple(write(value) if write else value for write, value in zip(writers, values.values(), strict=True))
        self.tables[table._meta.table_name, columns].append(written)


@cache
def _columns(table: type[Table], names: tuple[str, ...]) -> tuple[Columns, list[Any]]:
    """The columns of some fields, and for each a function that makes a column's value, or None."""
    fields = [table._meta.fields[name] for name in names]
    writers = [some.db_value if isinstance(some, TermField | DocumentField) else None for some in fields]
    return tuple(some.column_name for some in fields), writers


def rows_of(corpus: Corpus, known: Known, first: int, last: int) -> Rows:
    """Everything to be written for the statements of these numbers."""
    found = Rows()
    for number, document in enumerate(corpus.statements(first, last), first):
        complete(STATEMENTS, document, known)
        key = key_in(STATEMENTS, document, number)
        _add_statement(found, number, document, known)
        _add_parts(found, STATEMENTS.parts, number, key, document, known)
        texts = searchable(STATEMENTS, document, known)
        tokens_by_text = {text: remembered_tokens(text) for text in texts}
        found.texts.append((key, index.written_tokens(list(tokens_by_text.values()), marks(texts, tokens_by_text))))
    return found


def _add_statement(found: Rows, number: int, document: Document, known: Known) -> None:
    moment = dates.moment(FIRST_MOMENT + timedelta(milliseconds=number))
    body = orjson.dumps(_dump({**document, "created_at": moment, "updated_at": moment}))
    own = {"document": body, "etag": etag(body), "created_at": moment, "updated_at": moment}
    columns = record_columns(STATEMENTS, document, known, number)
    found.add(STATEMENTS.table, {"number": number, "id": document["id"], **columns, **own})


def _add_parts(found: Rows, parts: Iterable[Part], owner: int, key: int, document: Document, known: Known) -> None:
    for part in parts:
        own = owner_of(part.table)
        assert own is not None, part.table
        for position, row in enumerate(part_rows(part, key, document, known)):
            if part.parts:
                number = owner * MOST_REPORTS + position  # known before it is written, so that parts can name it
                found.add(part.table, {**row, own.name: owner, "number": number})
                _add_parts(found, part.parts, number, key, document[part.key][position], known)
            else:
                found.add(part.table, {**row, own.name: owner})


_LONGEST_NAME = 90  # characters; what is shorter is met again and again, what is longer is a summary


def remembered_tokens(text: str) -> list[str]:
    """What `api.search.text.tokens` gives, each name and each word of a summary worked out once.

    No token reaches across a blank.
    """
    if len(text) <= _LONGEST_NAME:
        return _remembered(text)
    return [token for word in text.split(" ") for token in _remembered(word)]


_remembered = cache(tokens)


def remember(corpus: Corpus) -> None:
    """Work out the words beforehand, so that processes started from now on need not."""
    for words in corpus.words.values():
        for word in words.items:
            _remembered(word)


def tables_written() -> list[type[Record] | type[Table]]:
    """The tables that `rows_of` gives rows for: that of statements, and those of their parts."""
    return [STATEMENTS.table, *_tables(STATEMENTS.parts)]


def _tables(parts: Iterable[Part]) -> Iterator[type[Table]]:
    for part in parts:
        yield part.table
        yield from _tables(part.parts)
