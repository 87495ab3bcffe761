"""The text index: one table per record type, `<table>_text`, holding the tokens that `search.text` makes.

SQLite keeps them in FTS5, PostgreSQL in a `tsvector`; both are fed finished tokens and add no linguistics of their own,
so that a query finds the same records on either. Texts of one record are kept apart: no phrase matches across two.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from peewee import DatabaseError

from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import execute, execute_many
from api.search.query import Clause, Query
from api.search.text import tokens

BOUNDARY = "\ue000"
"""Stands between two texts in FTS5. A private-use character is a token to FTS5 and never one of ours."""
LAST_POSITION = 16383  # of a PostgreSQL tsvector, which gives it to all that stands further behind
MOST_POSITIONS = 16_000  # from which phrases are found, on both engines
MOST_OCCURRENCES = 255  # of one token, likewise: a tsvector remembers one more


def put(record_type: str, key: int, texts: Iterable[str]) -> None:
    """Replace the searchable texts of one record. `key` is its `sort_key` where records have one, else its number."""
    table, held = table_of(record_type), written(texts)
    if is_sqlite():
        execute(f'DELETE FROM "{table}" WHERE rowid = ?', (key,))
        execute(f'INSERT INTO "{table}" (rowid, tokens) VALUES (?, ?)', (key, held))
    else:
        upsert = "ON CONFLICT (key) DO UPDATE SET tokens = EXCLUDED.tokens"
        execute(f'INSERT INTO "{table}" (key, tokens) VALUES (%s, %s::tsvector) {upsert}', (key, held))


def put_many(record_type: str, held: Sequence[tuple[int, str]]) -> None:
    """Replace what the index holds for some records by what `written_tokens` gave, by key."""
    table = table_of(record_type)
    if is_sqlite():
        execute_many(f'DELETE FROM "{table}" WHERE rowid = ?', [(key,) for key, _ in held])
        execute_many(f'INSERT INTO "{table}" (rowid, tokens) VALUES (?, ?)', held)
    else:
        upsert = "ON CONFLICT (key) DO UPDATE SET tokens = EXCLUDED.tokens"
        execute_many(f'INSERT INTO "{table}" (key, tokens) VALUES (%s, %s::tsvector) {upsert}', held)


def remove(record_type: str, key: int) -> None:
    """Remove what is under a key, if anything."""
    sqlite = is_sqlite()
    execute(with_placeholders(f'DELETE FROM "{table_of(record_type)}" WHERE {key_of(sqlite)} = ?', sqlite), (key,))


def holds(record_type: str, key: int, texts: Iterable[str]) -> bool:
    """Whether the index has exactly these texts of a record."""
    table, held = table_of(record_type), written(texts)
    if is_sqlite():
        same = f'SELECT 1 FROM "{table}" WHERE rowid = ? AND tokens = ?'
    else:
        same = f'SELECT 1 FROM "{table}" WHERE key = %s AND tokens = %s::tsvector'
    return bool(execute(same, (key, held)).fetchall())


def is_whole(record_type: str) -> bool:
    """Whether FTS5 finds everything that it holds by its words, as far as can be told. For SQLite only.

    FTS5 takes the write lock to look: who can't have it now, or may not write, is told that it does.
    """
    table = table_of(record_type)
    [[patience]] = execute("PRAGMA busy_timeout").fetchall()
    execute("PRAGMA busy_timeout = 0")
    try:
        execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'integrity-check\')')
    except DatabaseError as error:
        if "malformed" in str(error):
            return False
        if "locked" not in str(error) and "readonly" not in str(error):
            raise
    finally:
        execute(f"PRAGMA busy_timeout = {patience}")
    return True


def make_whole(record_type: str) -> None:
    """Let FTS5 find everything that it holds by its words again. For SQLite only."""
    table = table_of(record_type)
    execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'rebuild\')')


def orphans(record_type: str, keys: str) -> list[int]:
    """The keys in the index that are not among `keys`, a SELECT of those of all records."""
    key, of_no_record = _orphaned(record_type, keys)
    return [number for (number,) in execute(f"SELECT {key} {of_no_record}").fetchall()]


def remove_orphans(record_type: str, keys: str) -> None:
    """Remove from the index what no record has."""
    _, of_no_record = _orphaned(record_type, keys)
    execute(f"DELETE {of_no_record}")


def _orphaned(record_type: str, keys: str) -> tuple[str, str]:
    key = key_of(is_sqlite())
    return key, f'FROM "{table_of(record_type)}" WHERE {key} NOT IN ({keys})'


def written(texts: Iterable[str]) -> str:
    """What the index of an engine holds for some texts."""
    return written_tokens([tokens(text) for text in texts])


def written_tokens(token_lists: list[list[str]]) -> str:
    """What the index of an engine holds for the tokens of some texts."""
    token_lists = _within_bounds(token_lists)
    if is_sqlite():
        return f" {BOUNDARY} ".join(" ".join(some) for some in token_lists)
    return _tsvector(token_lists)


def key_of(sqlite: bool) -> str:
    """The column of a text table that holds the keys."""
    return "rowid" if sqlite else "key"


def matches(record_type: str, sqlite: bool) -> str:
    """The condition that a row of a record type's text table is found, with one mark for the `expression` sought."""
    table = table_of(record_type)
    return f'"{table}" MATCH ?' if sqlite else f'"{table}".tokens @@ CAST(? AS tsquery)'


def relevance(record_type: str, sqlite: bool) -> str:
    """How much of a record's text the words sought make up: a whole number, more is better.

    It depends on that record alone, unlike bm25, so that walking the pages is exact also while records are added. On
    PostgreSQL it has a mark of its own for the `expression`.
    """
    table = table_of(record_type)
    if not sqlite:
        return f'CAST(1000000 * ts_rank("{table}".tokens, CAST(? AS tsquery), 2) AS BIGINT)'  # 2: by its length
    # Each match is marked by one character; FTS5 has no other way to count them in SQL.
    marked = f"length(highlight(\"{table}\", 0, char(57345), '')) - length(tokens)"
    return f"1000000 * ({marked}) / (length(tokens) + 1)"


def expression(query: Query, sqlite: bool) -> str:
    """The query in the language of the engine."""
    return fts5_expression(query) if sqlite else tsquery_expression(query)


def table_of(record_type: str) -> str:
    """The name of a record type's text table."""
    return f"{record_type}_text"


def _within_bounds(token_lists: list[list[str]]) -> list[list[str]]:
    """The same texts as both engines can hold them alike.

    A token that occurred often enough gives way to a boundary. Behind the last position each token that was not met
    before stands once and by itself: a word finds it, a phrase doesn't.
    """
    positions = sum(map(len, token_lists)) + len(token_lists)
    if positions <= MOST_POSITIONS and _most_occurrences(token_lists) <= MOST_OCCURRENCES:
        return token_lists
    times: Counter[str] = Counter()
    beyond: dict[str, None] = {}
    left, bounded = MOST_POSITIONS, []
    for some in token_lists:
        within = some[: max(left, 0)]
        bounded.append([_unless_too_often(token, times) for token in within])
        beyond |= dict.fromkeys(some[len(within) :])
        left -= len(within) + 1
    return [*bounded, *([token] for token in beyond if token not in times)]


def _most_occurrences(token_lists: list[list[str]]) -> int:
    return max(Counter(chain.from_iterable(token_lists)).values(), default=0)


def _unless_too_often(token: str, times: Counter[str]) -> str:
    times[token] += 1
    return token if times[token] <= MOST_OCCURRENCES else BOUNDARY


def _tsvector(token_lists: list[list[str]]) -> str:
    positions: dict[str, list[int]] = {}
    position = 0
    for some in token_lists:
        for token in some:
            position += 1
            if token != BOUNDARY:
                positions.setdefault(token, []).append(position if position <= MOST_POSITIONS else LAST_POSITION)
        position += 1  # a gap, so that no phrase runs across two texts
    return " ".join(f"'{token}':{','.join(map(str, where))}" for token, where in positions.items())


def fts5_expression(query: Query) -> str:
    """The query in FTS5's language. Tokens are quoted, so nothing in them is taken for an operator."""
    wanted = " AND ".join(_fts5_clause(clause) for clause in query.clauses if not clause.excluded)
    unwanted = "".join(f" NOT {_fts5_clause(clause)}" for clause in query.clauses if clause.excluded)
    return f"({wanted}){unwanted}"


def _fts5_clause(clause: Clause) -> str:
    return f'"{" ".join(clause.terms)}"' + (" *" if clause.prefix else "")


def tsquery_expression(query: Query) -> str:
    """The query in PostgreSQL's language."""
    return " & ".join(("!" if clause.excluded else "") + _tsquery_clause(clause) for clause in query.clauses)


def _tsquery_clause(clause: Clause) -> str:
    *first, last = [f"'{term}'" for term in clause.terms]
    return "(" + " <-> ".join([*first, last + (":*" if clause.prefix else "")]) + ")"
