"""Running the migrations: those that a database lacks, all of them in one transaction."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic

from peewee import OperationalError, ProgrammingError

from api.database.current import engine
from api.database.dialect import dialect, is_sqlite
from api.database.statements import execute, rows
from api.database.transactions import writing
from api.errors import UnfitDatabase, WaitedInVain
from api.migrations.versions import (
    MADE_OTHERWISE,
    POSTGRESQL_COLUMNS,
    SQLITE_COLUMNS,
    columns_of_this_version,
    names_applied,
    record_digests,
    recorded_digests,
    refuse_edited,
    refuse_newer,
    runner,
)

PATIENCE = 600
"""Seconds that an upgrade waits for its turn, where a request would have been refused: most likely another node is upgrading, and
when it is done nothing is left to do."""


def migrate() -> list[str]:
    """Apply the missing migrations, all of them or none; return their names."""
    with upgrading():
        return apply_missing()


def apply_missing() -> list[str]:
    """Apply the missing migrations, within `upgrading`; return their names."""
    refuse_newer()
    refuse_edited("The database", recorded_digests(), dialect().name)
    applied = _up()
    if applied:
        _require_columns()
    return applied


def bring_up_to(names: Collection[str]) -> None:
    """Make the tables of an earlier version in an empty database; raise UnfitDatabase when there was no such version."""
    _up(max(names))
    if names_applied() != sorted(names):
        raise UnfitDatabase(f"There was no version of Tasrih with {', '.join(names)} and no other migrations.")


def _up(target: str | None = None) -> list[str]:
    """Apply the missing migrations up to one, or all, and record their digests; return their names."""
    try:
        applied = list(runner().up(target))
    except (OperationalError, ProgrammingError) as error:
        if not any(words in str(error) for words in _OTHER_TABLES):
            raise
        sentence = f"Nothing was changed, for a migration does not fit the tables ({' '.join(str(error).split())}): "
        raise UnfitDatabase(sentence + MADE_OTHERWISE) from error
    record_digests()
    return applied


_OTHER_TABLES = ("no such ", "does not exist", "already exists", "duplicate column")
"""What the engines say of tables, columns and indexes that a script does not find, or finds already."""


def _require_columns() -> None:
    """Raise UnfitDatabase when some columns are missing: scripts that were edited since have made the tables."""
    made = set(rows(SQLITE_COLUMNS if is_sqlite() else POSTGRESQL_COLUMNS))
    if missing := sorted(f"{table}.{column}" for table, column in columns_of_this_version() - made):
        raise UnfitDatabase(f"Nothing was changed, for the database would lack {', '.join(missing)}: {MADE_OTHERWISE}")


@contextmanager
def upgrading() -> Iterator[None]:
    """A write transaction in which tables that others refer to may be made anew.

    It can't be part of another transaction, for SQLite turns foreign keys on and off only between transactions. Raise
    UnfitDatabase when references lead nowhere in the end, and WaitedInVain when others wrote for PATIENCE seconds.
    """
    if engine().in_transaction():
        raise RuntimeError("upgrading within a transaction")
    with _foreign_keys_checked_at_the_end(), _writing_after_others():
        yield
        if is_sqlite():
            _require_no_dangling()


@contextmanager
def _writing_after_others() -> Iterator[None]:
    """A write transaction for which others are waited for, however often the queue of writers gives up."""
    until = monotonic() + PATIENCE
    with ExitStack() as transaction:
        while True:
            try:
                transaction.enter_context(writing())
                break
            except WaitedInVain:
                if monotonic() > until:
                    raise
        yield


@contextmanager
def _foreign_keys_checked_at_the_end() -> Iterator[None]:
    """Turn foreign keys off for a while, as SQLite demands (Making Other Kinds Of Table Schema Changes)."""
    if not is_sqlite():
        yield
        return
    execute("PRAGMA foreign_keys = 0")
    try:
        yield
    finally:
        execute("PRAGMA foreign_keys = 1")


def _require_no_dangling() -> None:
    dangling = execute("PRAGMA foreign_key_check").fetchall()
    if dangling:
        pairs = ", ".join(sorted({f"{table} to {target}" for table, _, target, _ in dangling}))
        raise UnfitDatabase(f"Nothing was changed, for {len(dangling)} references would lead nowhere: from {pairs}.")


def run_script(migration: str) -> None:
    """Run the SQL script beside the file of a migration, in the dialect of the engine, statement by statement.

    A `;` at the end of a line ends a statement.
    """
    script = Path(migration).with_suffix(f".{dialect().name}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n"):
        if statement.strip():
            execute(statement)
