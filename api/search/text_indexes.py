"""The two text indexes, SQLite's FTS5 and PostgreSQL's `tsvector`, behind a common interface.

Both are given finished tokens and add no linguistics of their own.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from peewee import DatabaseError

from api.database.compression import compressed_tokens
from api.database.statements import execute, execute_many
from api.database.transactions import not_waiting
from api.search.limits import BOUNDARY, MOST_POSITIONS
from api.search.query import Clause, TextQuery

MOST_BETWEEN = 2  # tokens between two words that stand near each other: "ready for *all* talks", not the next sentence


COMMON = 0.02
"""Share of the records from which on a word is common. Of a million, gathering the matches of a rarer word takes less time
than walking backwards until a page is full, which reads the tokens of every record on the way."""


def words(query: TextQuery) -> str:
    """The words that must match, as a JSON array of arrays: of each, the tokens one of which every match holds."""
    found: list[list[str]] = []
    for clause in query.required:
        if not any(each.prefix for each in clause.alternatives):
            tokens = [token for each in clause.alternatives for token in each.terms]
            found += [tokens] if clause.others else [[token] for token in tokens]
    return json.dumps(found)


class TextIndex(ABC):
    """The text index of an engine, in SQL. A `table` is the name of a text table."""

    key: ClassVar[str]
    """The column that holds the keys of records."""
    is_sorted: ClassVar[bool]
    """Whether the matches of a query come in the order of their keys without being sorted."""
    looks_up_prefixes: ClassVar[bool]
    """Whether a single record can be looked up for `word*` without reading all that begins so."""
    has_contents: ClassVar[str]
    """The condition that a row of `contents_of` has a key and holds these contents."""

    @abstractmethod
    def expression(self, query: TextQuery) -> str:
        """The query in the language of the engine."""

    @abstractmethod
    def contents(self, texts: list[list[str]], marks: Sequence[str] = ()) -> str:
        """What the column `tokens` holds for the texts of a record, each a list of tokens, and for its marks."""

    @abstractmethod
    def matches(self, table: str) -> str:
        """The condition that a row matches, with a placeholder for the expression."""

    def is_rare(self, table: str) -> str | None:
        """The condition that rows which match are few, with a placeholder for `words`; None where that makes no difference."""
        return None

    def prepare_counting(self, table: str) -> None:  # noqa: B027 - by default there is nothing to do
        """Let `is_exceeded` be worked out on this connection."""

    @abstractmethod
    def is_exceeded(self, table: str, records: str) -> str:
        """The condition that words with some beginnings occur more often than so many times, each counted once in a record.

        The placeholders are for a JSON array of the beginnings and for the number. `records` is SQL for how many records there are.
        """

    @abstractmethod
    def either(self, expressions: Sequence[str]) -> str:
        """The expression for records that match any of these."""

    @abstractmethod
    def both(self, first: str, second: str) -> str:
        """The expression for records that match two others."""

    @abstractmethod
    def without(self, expression: str, unwanted: Sequence[str]) -> str:
        """The expression for records that match one, and none of these."""

    @abstractmethod
    def near(self, first: str, second: str) -> str:
        """The expression for two tokens with at most `MOST_BETWEEN` others between them, in either order."""

    @abstractmethod
    def quoted(self, token: str) -> str:
        """SQL for the expression of a token that is itself given in SQL."""

    @abstractmethod
    def each_mark(self, row: str, sign: str) -> str:
        """In FROM, beside a row of a text table: its tokens with this sign, as `token.value`, and maybe others."""

    @abstractmethod
    def contents_of(self, table: str) -> str:
        """The table that holds, by `key`, what a text table finds."""

    @abstractmethod
    def replace(self, table: str, rows: Sequence[tuple[int, str]]) -> None:
        """Replace the contents of records by their keys."""

    @abstractmethod
    def remove(self, table: str, keys: str, values: Sequence[int] = ()) -> None:
        """Remove the contents of records, if there are any; `keys` is SQL for a list of their keys, with placeholders for `values`."""

    def begin_filling(self, table: str) -> None:  # noqa: B027 - by default there is nothing to do
        """Prepare for many records in this transaction."""

    def end_filling(self, table: str) -> None:  # noqa: B027 - by default there is nothing to do
        """Be as before `begin_filling`."""

    def is_whole(self, table: str) -> bool:
        """Whether every row of the table matches its words: always, where the engine itself guarantees it."""
        return True

    def make_whole(self, table: str) -> None:  # noqa: B027 - by default there is nothing to do
        """Let every row of the table match its words again."""


class FTS5(TextIndex):
    """SQLite's full-text index (https://sqlite.org/fts5.html).

    It finds the rows of an external content table (4.4.3), which is a view of `contents_of`: of the tokens as compressed frames.
    FTS5 reads them where it forgets a record, so they are written after that and before the new ones are indexed.
    """

    key = "rowid"
    is_sorted = True
    looks_up_prefixes = False
    has_contents = "key = ? AND plain_tokens(tokens) = ?"

    HASH_SIZE, FILLING_HASH_SIZE = 1 << 20, 1 << 24
    """Bytes of new entries that are held in memory before they are written as a segment, which is merged with others again and
    again: FTS5's own default, and enough for some thousand records at once."""

    def expression(self, query: TextQuery) -> str:
        """The query; its tokens are quoted, so that none of them is taken for an operator."""
        wanted = " AND ".join(self._clause(clause) for clause in query.required)
        excluded = "".join(f" NOT {self._clause(clause)}" for clause in query.excluded)
        return f"({wanted}){excluded}"

    def _clause(self, clause: Clause) -> str:
        if clause.others:
            return self.either([self._clause(each) for each in clause.alternatives])
        return f'"{" ".join(clause.terms)}"' + (" *" if clause.prefix else "")

    def either(self, expressions: Sequence[str]) -> str:
        """By OR."""
        return f"({' OR '.join(expressions)})"

    def both(self, first: str, second: str) -> str:
        """By AND."""
        return f"({first}) AND ({second})"

    def without(self, expression: str, unwanted: Sequence[str]) -> str:
        """By NOT, which takes two operands."""
        return f"({expression}) NOT {self.either(unwanted)}"

    def contents(self, texts: list[list[str]], marks: Sequence[str] = ()) -> str:
        """Tokens separated by spaces, with a boundary between two texts, so that no phrase runs across it."""
        return f" {BOUNDARY} ".join(" ".join(tokens) for tokens in [*texts, *([list(marks)] if marks else [])])

    def matches(self, table: str) -> str:
        """By the hidden column that is called like the table."""
        return f'"{table}" MATCH ?'

    def prepare_counting(self, table: str) -> None:
        """A view of the terms of the index, which belongs to the connection (https://sqlite.org/fts5.html, 6)."""
        execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.\"{table}_terms\" USING fts5vocab('main', '{table}', 'row')")

    def is_exceeded(self, table: str, records: str) -> str:
        """By a sum that grows from term to term, until it is too great: the entries of a term are counted by reading them."""
        return (
            "EXISTS (SELECT 1 FROM (SELECT SUM(term.doc) OVER (ROWS UNBOUNDED PRECEDING) AS total FROM json_each(?) AS beginning"
            f' CROSS JOIN temp."{table}_terms" AS term'
            " WHERE term.term >= beginning.value AND term.term < beginning.value || char(1114111)) WHERE total > ?)"
        )

    def near(self, first: str, second: str) -> str:
        """By NEAR."""
        return f'NEAR("{first}" "{second}", {MOST_BETWEEN})'

    def quoted(self, token: str) -> str:
        """In quotation marks."""
        return f"""'"' || {token} || '"'"""

    def each_mark(self, row: str, sign: str) -> str:
        """From the first of them on, as the items of an array in JSON: no token has a character that JSON would escape."""
        marks = f"substr({row}.tokens, instr({row}.tokens, '{sign}'))"
        return f"""json_each('["' || replace({marks}, ' ', '","') || '"]') AS token"""

    def contents_of(self, table: str) -> str:
        """Under the name of what FTS5 would hold by itself, so that SQLite counts it among the tables of the index."""
        return f"{table}_content"

    def replace(self, table: str, rows: Sequence[tuple[int, str]]) -> None:
        """FTS5 knows no upsert."""
        frames = [(key, compressed_tokens(tokens)) for key, tokens in rows]
        execute_many(f'DELETE FROM "{table}" WHERE rowid = ?', [(key,) for key, _ in rows])
        execute_many(f'INSERT OR REPLACE INTO "{self.contents_of(table)}" (key, tokens) VALUES (?, ?)', frames)
        execute_many(f'INSERT INTO "{table}" (rowid, tokens) VALUES (?, ?)', rows)

    def remove(self, table: str, keys: str, values: Sequence[int] = ()) -> None:
        """From the index first, which reads of the contents what to forget."""
        execute(f'DELETE FROM "{table}" WHERE rowid IN ({keys})', values)
        execute(f'DELETE FROM "{self.contents_of(table)}" WHERE key IN ({keys})', values)

    def begin_filling(self, table: str) -> None:
        """Let FTS5 hold more in memory. It keeps that setting in the table, so a rollback takes it back for every connection."""
        self._set_hash_size(table, self.FILLING_HASH_SIZE)

    def end_filling(self, table: str) -> None:
        """Let FTS5 hold as much as it does by itself."""
        self._set_hash_size(table, self.HASH_SIZE)

    def _set_hash_size(self, table: str, size: int) -> None:
        execute(f'INSERT INTO "{table}" ("{table}", rank) VALUES (\'hashsize\', {size})')

    def is_whole(self, table: str) -> bool:
        """What FTS5 says of itself and of the contents, as far as that can be known.

        It takes the write lock for it: where another program has the lock, or the file is read-only, the answer is yes.
        """
        try:
            with not_waiting():
                execute(f'INSERT INTO "{table}" ("{table}", rank) VALUES (\'integrity-check\', 1)')
        except DatabaseError as error:
            if "malformed" in str(error):
                return False
            if "locked" not in str(error) and "readonly" not in str(error):
                raise
        return True

    def make_whole(self, table: str) -> None:
        """Let FTS5 build its index anew from the contents."""
        execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'rebuild\')')


class TSVector(TextIndex):
    """PostgreSQL's full-text index (https://www.postgresql.org/docs/current/datatype-textsearch.html)."""

    key = "key"
    is_sorted = False  # GIN keeps no order: all that a query matches would be sorted
    looks_up_prefixes = True
    has_contents = "key = ? AND tokens = ?::tsvector"

    LAST_POSITION = 16383  # is given to every token that stands further behind

    def expression(self, query: TextQuery) -> str:
        """The query as a `tsquery`."""
        wanted = [self._clause(clause) for clause in query.required]
        return " & ".join([*wanted, *("!" + self._clause(clause) for clause in query.excluded)])

    def either(self, expressions: Sequence[str]) -> str:
        """By `|`."""
        return f"({' | '.join(expressions)})"

    def both(self, first: str, second: str) -> str:
        """By `&`."""
        return f"({first}) & ({second})"

    def without(self, expression: str, unwanted: Sequence[str]) -> str:
        """By `!`."""
        return f"({expression}) & !{self.either(unwanted)}"

    def _clause(self, clause: Clause) -> str:
        if clause.others:
            return self.either([self._clause(each) for each in clause.alternatives])
        *first, last = [f"'{term}'" for term in clause.terms]
        return "(" + " <-> ".join([*first, last + (":*" if clause.prefix else "")]) + ")"

    def contents(self, texts: list[list[str]], marks: Sequence[str] = ()) -> str:
        """Tokens with their positions, a gap between two texts, so that no phrase runs across it. Marks have none."""
        positions: dict[str, list[int]] = {}
        position = 0
        for tokens in texts:
            for token in tokens:
                position += 1
                if token != BOUNDARY:
                    place = position if position <= MOST_POSITIONS else self.LAST_POSITION
                    positions.setdefault(token, []).append(place)
            position += 1
        written = [f"'{token}':{','.join(map(str, places))}" for token, places in positions.items()]
        return " ".join([*written, *(f"'{mark}'" for mark in marks)])

    def matches(self, table: str) -> str:
        """By the index on the column `tokens`."""
        return f'"{table}".tokens @@ CAST(? AS tsquery)'

    def is_rare(self, table: str) -> str:
        """By the most common elements that ANALYZE found in the column: those of some word of the query are not among them."""
        return (
            "EXISTS (SELECT 1 FROM json_array_elements(CAST(? AS JSON)) AS word(tokens) WHERE NOT EXISTS ("
            " SELECT 1 FROM pg_stats, unnest(CAST(CAST(most_common_elems AS TEXT) AS TEXT[]), most_common_elem_freqs)"
            " AS common(token, share) WHERE schemaname = current_schema() AND attname = 'tokens'"
            f" AND tablename = '{table}' AND share > {COMMON}"
            " AND token IN (SELECT json_array_elements_text(word.tokens))))"
        )

    def is_exceeded(self, table: str, records: str) -> str:
        """By the most common elements that ANALYZE found in the column."""
        return (
            "(SELECT COALESCE(SUM(share), 0) FROM json_array_elements_text(CAST(? AS JSON)) AS beginning(token), pg_stats,"
            " unnest(CAST(CAST(most_common_elems AS TEXT) AS TEXT[]), most_common_elem_freqs) AS common(token, share)"
            f" WHERE schemaname = current_schema() AND attname = 'tokens' AND tablename = '{table}'"
            f" AND starts_with(common.token, beginning.token)) * {records} > ?"
        )

    def near(self, first: str, second: str) -> str:
        """By every distance and both orders."""
        pairs = ((first, second), (second, first))
        return " | ".join(f"'{a}' <{gap}> '{b}'" for a, b in pairs for gap in range(1, MOST_BETWEEN + 2))

    def quoted(self, token: str) -> str:
        """In apostrophes."""
        return f"'''' || {token} || ''''"

    def each_mark(self, row: str, sign: str) -> str:
        """Among all, without their positions."""
        return f"unnest(tsvector_to_array({row}.tokens)) AS token(value)"

    def contents_of(self, table: str) -> str:
        """The table itself."""
        return table

    def remove(self, table: str, keys: str, values: Sequence[int] = ()) -> None:
        """From the table, and so from its index."""
        execute(f'DELETE FROM "{table}" WHERE key IN ({keys})', values)

    def replace(self, table: str, rows: Sequence[tuple[int, str]]) -> None:
        """By an upsert."""
        upsert = "ON CONFLICT (key) DO UPDATE SET tokens = EXCLUDED.tokens"
        execute_many(f'INSERT INTO "{table}" (key, tokens) VALUES (?, ?::tsvector) {upsert}', rows)
