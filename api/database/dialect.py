"""The dialects: everything in which the SQL written for SQLite differs from that for PostgreSQL.

Whoever writes SQL takes the words from `dialect()` instead of asking which engine it is. What the text indexes differ in
is in `api.search.text_indexes`.
"""

from dataclasses import dataclass
from functools import lru_cache

from peewee import SqliteDatabase

from api.database.current import engine
from api.database.time_limits import LOCK_TIMEOUT, milliseconds

WRITERS_LOCK = 7246738  # any number, the same in every process


@dataclass(frozen=True, eq=False)  # there are only two, and they are parts of many cache keys: compared by identity
class Dialect:
    """The words of an engine's SQL; empty where the engine needs none."""

    name: str
    """As the files of migrations are named by."""
    placeholder: str
    """What the driver reads where our SQL has `?`."""
    least: str
    greatest: str
    """The functions that give the least and the greatest of their arguments."""
    no_limit: str
    """What LIMIT takes for no limit."""
    no_index: str
    """Before a column: it is not to be looked up in an index."""
    numbers_in_json: str
    """A SELECT of the numbers in a JSON array: so a statement is the same for any number of them."""
    concatenated: str
    """The aggregate that joins strings by a separator."""
    character: str
    """The function that gives the character of a code point."""
    position_in: str
    """The function that gives where in a string another one begins, from 1; 0 when it does not occur."""
    each_value: str
    """In FROM, with a correlated SELECT of a column `value` in the place of {}: its rows, as `listed.value`."""
    never_reused: str
    """After the definition of a numbering primary key: no number is given a second time."""
    snapshot_mode: tuple[str, ...]
    """How peewee begins a transaction that only reads."""
    within_snapshot: tuple[str, ...]
    """What is run first in such a transaction, so that it reads the database as it is at one moment."""
    begin_snapshot: str
    """Begins such a transaction on a connection of its own."""
    within_write: tuple[str, ...]
    """What is run first in a transaction that writes, within another or without a queue of writers."""
    has_writers_lock: bool
    """Whether writers exclude each other by a lock of our own, which `api.database.postgresql` takes."""
    do_not_wait: tuple[str, ...]
    wait_again: tuple[str, ...]
    """What is run before and after a statement that is not to wait for another writer."""
    keeps_time_limits: bool
    """Whether the engine itself ends statements that take too long; see `limited_to`."""
    has_server: bool
    """Whether a server sends what is read: then it takes less to find a document in this process than to have it sent."""
    has_named_cursors: bool
    """Whether rows of a long result are fetched by a cursor that is declared in SQL."""
    has_copy: bool
    """Whether rows are sent in a stream (COPY) faster than as the parameters of a statement."""

    def with_placeholders(self, sql: str) -> str:
        """SQL as the driver reads it."""
        return sql if self.placeholder == "?" else _with_placeholders(sql, self.placeholder)

    def limited_to(self, seconds: float | None) -> tuple[str, ...]:
        """What is run in a transaction so that each of its statements may take so long."""
        if seconds is None or not self.keeps_time_limits:
            return ()
        return (f"SET LOCAL statement_timeout = {milliseconds(seconds)}",)


@lru_cache(maxsize=1000)  # the same string for the same statement, so that the driver need not hash it again either
def _with_placeholders(sql: str, placeholder: str) -> str:
    return sql.replace("?", placeholder)


SQLITE = Dialect(
    name="sqlite",
    placeholder="?",
    least="MIN",
    greatest="MAX",
    no_limit="-1",
    no_index="+",
    numbers_in_json="SELECT value AS number FROM json_each(?)",
    concatenated="group_concat",
    character="char",
    position_in="instr",
    each_value="json_each((SELECT json_group_array(value) FROM ({}))) AS listed",
    never_reused="AUTOINCREMENT",
    snapshot_mode=("DEFERRED",),
    within_snapshot=(),
    begin_snapshot="BEGIN DEFERRED",
    within_write=(),  # `lock_type` takes the only lock there is
    has_writers_lock=False,
    do_not_wait=("PRAGMA busy_timeout = 0",),
    wait_again=(f"PRAGMA busy_timeout = {1000 * LOCK_TIMEOUT}",),
    keeps_time_limits=False,
    has_server=False,
    has_named_cursors=False,
    has_copy=False,
)

POSTGRESQL = Dialect(
    name="postgresql",
    placeholder="%s",
    least="LEAST",
    greatest="GREATEST",
    no_limit="NULL",
    no_index="",  # its planner knows how many rows a condition meets
    numbers_in_json="SELECT CAST(value AS INTEGER) AS number FROM json_array_elements_text(CAST(? AS JSON))",
    concatenated="string_agg",
    character="chr",
    position_in="strpos",
    each_value="unnest(ARRAY({})) AS listed(value)",
    never_reused="",  # a sequence never goes back
    snapshot_mode=(),
    within_snapshot=("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",),
    begin_snapshot="BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    within_write=(
        f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s'; SET LOCAL statement_timeout = 0",
        f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})",
    ),
    has_writers_lock=True,
    do_not_wait=(),  # writers of other rows don't wait for each other
    wait_again=(),
    keeps_time_limits=True,
    has_server=True,
    has_named_cursors=True,
    has_copy=True,
)


def dialect() -> Dialect:
    """The dialect of the current database."""
    return SQLITE if is_sqlite() else POSTGRESQL


def is_sqlite() -> bool:
    """Whether the engine is SQLite. Only for what is no matter of SQL: files, catalogues, repairs."""
    return isinstance(engine(), SqliteDatabase)
