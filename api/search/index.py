"""The text index of the records: one table per record type, `<record type>_text`, with the tokens that `search.text` makes.

A record stands in it under its `sort_key`, if its type has one, else under its number. Its texts are kept apart: no
phrase matches across two of them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from api.database.dialect import POSTGRESQL, SQLITE, Dialect, dialect
from api.database.statements import chunked, execute
from api.search.limits import within_limits
from api.search.text import tokens
from api.search.text_indexes import FTS5, TextIndex, TSVector

_TEXT_INDEXES: dict[Dialect, TextIndex] = {SQLITE: FTS5(), POSTGRESQL: TSVector()}

MOST_PARTS = 100  # of a compound SELECT: SQLite takes 500


def text_index(words: Dialect | None = None) -> TextIndex:
    """The text index of the engine with this dialect, or of the current database."""
    return _TEXT_INDEXES[words or dialect()]


def table_of(record_type: str) -> str:
    """The name of a record type's text table."""
    return f"{record_type}_text"


def put(record_type: str, key: int, texts: Iterable[str]) -> None:
    """Replace the searchable texts of a record."""
    put_many(record_type, [(key, contents(texts))])


def put_many(record_type: str, rows: Sequence[tuple[int, str]]) -> None:
    """Replace the contents of records, as `written_tokens` gives them, by their keys.

    In the order of the keys: FTS5 writes out what it holds in memory whenever a key is not greater than the one before.
    """
    text_index().replace(table_of(record_type), sorted(rows))


@contextmanager
def filling(record_types: Collection[str]) -> Iterator[None]:
    """Prepare the index for many new records of these types, within a transaction, until they are put into it."""
    for record_type in record_types:
        text_index().begin_filling(table_of(record_type))
    yield
    for record_type in record_types:
        text_index().end_filling(table_of(record_type))


def remove(record_type: str, key: int) -> None:
    """Remove the texts of a record, if there are any."""
    text_index().remove(table_of(record_type), "?", (key,))


def holding(record_type: str, entries: Sequence[tuple[int, str]]) -> set[int]:
    """The keys of those of these records for which the index has exactly these contents, as `written_tokens` gives them."""
    engine, keys = text_index(), set[int]()
    same = f'SELECT key FROM "{engine.contents_of(table_of(record_type))}" WHERE {engine.has_contents}'
    for batch in chunked(entries, MOST_PARTS):
        statement = " UNION ALL ".join([same] * len(batch))
        keys.update(key for (key,) in execute(statement, [value for entry in batch for value in entry]).fetchall())
    return keys


def is_whole(record_type: str) -> bool:
    """Whether every record in the index matches its words."""
    return text_index().is_whole(table_of(record_type))


def make_whole(record_type: str) -> None:
    """Let every record in the index match its words again."""
    text_index().make_whole(table_of(record_type))


def orphans(record_type: str, keys: str) -> list[int]:
    """The keys in the index that are not among `keys`, a SELECT of those of all records."""
    return [key for (key,) in execute(_of_no_record(record_type, keys)).fetchall()]


def remove_orphans(record_type: str, keys: str) -> None:
    """Remove from the index all that belongs to no record; `keys` is a SELECT of those of all records."""
    text_index().remove(table_of(record_type), _of_no_record(record_type, keys))


def _of_no_record(record_type: str, keys: str) -> str:
    return f'SELECT key FROM "{text_index().contents_of(table_of(record_type))}" WHERE key NOT IN ({keys})'


def contents(texts: Iterable[str]) -> str:
    """What the index holds for the texts of a record."""
    return written_tokens([tokens(text) for text in texts])


def written_tokens(texts: list[list[str]], marks: Sequence[str] = (), engine: TextIndex | None = None) -> str:
    """What the index holds for the texts of a record, each a list of tokens, and the marks of where these stand.

    `engine` is given by a process that has no database.
    """
    return (engine or text_index()).contents(within_limits(texts), marks)
