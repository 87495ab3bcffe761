"""Running the migrations: those that a database lacks, all of them in one transaction."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from api.database.current import engine
from api.database.dialect import dialect, is_sqlite
from api.database.statements import execute
from api.database.transactions import writing
from api.errors import UnfitDatabase
from api.migrations.versions import names_applied, refuse_newer, runner


def migrate() -> list[str]:
    """Apply the missing migrations, all of them or none; return their names."""
    with upgrading():
        return apply_missing()


def apply_missing() -> list[str]:
    """Apply the missing migrations, within `upgrading`; return their names."""
    refuse_newer()
    return list(runner().up())


def bring_up_to(names: Collection[str]) -> None:
    """Make the tables of an earlier version in an empty database; raise UnfitDatabase when there was no such version."""
    runner().up(max(names))
    if names_applied() != sorted(names):
        raise UnfitDatabase(f"There was no version of Tasrih with {', '.join(names)} and no other migrations.")


@contextmanager
def upgrading() -> Iterator[None]:
    """A write transaction in which tables that others refer to may be made anew.

    It can't be part of another transaction, for SQLite turns foreign keys on and off only between transactions. Raise
    UnfitDatabase when references lead nowhere in the end.
    """
    if engine().in_transaction():
        raise RuntimeError("upgrading within a transaction")
    with _foreign_keys_checked_at_the_end(), writing():
        yield
        if is_sqlite():
            _require_no_dangling()


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
