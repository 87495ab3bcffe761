"""The text index: one table per noun, `<table>_text`, holding the tokens that `search.text` makes.

SQLite keeps them in FTS5, PostgreSQL in a `tsvector`; both are fed finished tokens and add no linguistics of their own,
so that a query finds the same records on either. Texts of one record are kept apart: no phrase matches across two.
"""

from collections.abc import Iterable

from peewee import SQL

from api.database import AnyDatabase, execute, is_sqlite
from api.search.query import Clause, Query
from api.search.text import tokens

BOUNDARY = "\ue000"
"""Stands between two texts in FTS5. A private-use character is a token to FTS5 and never one of ours."""
LAST_POSITION = 16383  # of a PostgreSQL tsvector


def put(database: AnyDatabase, noun: str, number: int, texts: Iterable[str]) -> None:
    """Replace the searchable texts of one record."""
    table, written = table_of(noun), _written(database, texts)
    if is_sqlite(database):
        execute(database, f'DELETE FROM "{table}" WHERE rowid = ?', (number,))
        execute(database, f'INSERT INTO "{table}" (rowid, tokens) VALUES (?, ?)', (number, written))
    else:
        upsert = "ON CONFLICT (number) DO UPDATE SET tokens = EXCLUDED.tokens"
        execute(
            database, f'INSERT INTO "{table}" (number, tokens) VALUES (%s, %s::tsvector) {upsert}', (number, written)
        )


def holds(database: AnyDatabase, noun: str, number: int, texts: Iterable[str]) -> bool:
    """Whether the index has exactly these texts of a record."""
    table, written = table_of(noun), _written(database, texts)
    if is_sqlite(database):
        same = f'SELECT 1 FROM "{table}" WHERE rowid = ? AND tokens = ?'
    else:
        same = f'SELECT 1 FROM "{table}" WHERE number = %s AND tokens = %s::tsvector'
    return bool(execute(database, same, (number, written)).fetchall())


def orphans(database: AnyDatabase, noun: str, record_table: str) -> list[int]:
    """The numbers in the index that no record has."""
    key, of_no_record = _orphaned(database, noun, record_table)
    return [number for (number,) in execute(database, f"SELECT {key} {of_no_record}").fetchall()]


def remove_orphans(database: AnyDatabase, noun: str, record_table: str) -> None:
    """Remove from the index what no record has."""
    _, of_no_record = _orphaned(database, noun, record_table)
    execute(database, f"DELETE {of_no_record}")


def _orphaned(database: AnyDatabase, noun: str, record_table: str) -> tuple[str, str]:
    key = "rowid" if is_sqlite(database) else "number"
    return key, f'FROM "{table_of(noun)}" WHERE {key} NOT IN (SELECT number FROM "{record_table}")'


def _written(database: AnyDatabase, texts: Iterable[str]) -> str:
    token_lists = [tokens(text) for text in texts]
    if is_sqlite(database):
        return f" {BOUNDARY} ".join(" ".join(some) for some in token_lists)
    return _tsvector(token_lists)


def matching(database: AnyDatabase, noun: str, query: Query, ranked: bool) -> SQL:
    """A subquery giving `number` and, if ranked, `relevance` (a whole number, more is better) of the matching records.

    Relevance is how much of a record's text the words sought make up. It depends on that record alone, unlike bm25, so
    that walking the pages is exact also while records are added.
    """
    table = table_of(noun)
    if is_sqlite(database):
        relevance = f", {_SQLITE_RELEVANCE.format(table=table)} AS relevance" if ranked else ""
        sql = f'(SELECT rowid AS number{relevance} FROM "{table}" WHERE "{table}" MATCH ?)'
        return SQL(sql, (fts5_expression(query),))
    relevance = f", {_POSTGRESQL_RELEVANCE} AS relevance" if ranked else ""
    sought = "CAST(%s AS tsquery) AS sought"
    return SQL(
        f'(SELECT number{relevance} FROM "{table}", {sought} WHERE tokens @@ sought)', (tsquery_expression(query),)
    )


# Each match is marked by one character; FTS5 has no other way to count them in SQL.
_SQLITE_RELEVANCE = (
    "1000000 * (length(highlight(\"{table}\", 0, char(57345), '')) - length(tokens)) / (length(tokens) + 1)"
)
_POSTGRESQL_RELEVANCE = "CAST(1000000 * ts_rank(tokens, sought, 2) AS BIGINT)"  # 2: divided by the length


def table_of(noun: str) -> str:
    """The name of a noun's text table."""
    return f"{noun}_text"


def _tsvector(token_lists: list[list[str]]) -> str:
    positions: dict[str, list[int]] = {}
    position = 0
    for some in token_lists:
        for token in some:
            position += 1
            positions.setdefault(token, []).append(min(position, LAST_POSITION))
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
