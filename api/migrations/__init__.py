"""The versions of the database: numbered scripts run once each by peewee's `pwmigrate`, which keeps the record."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Migration, Runner

from api.database.current import engine, use_database
from api.database.dialect import is_sqlite
from api.database.outages import UNAVAILABLE
from api.database.statements import execute
from api.database.transactions import writing
from api.errors import DatabaseUnavailable, UnfitDatabase

FOLDER = Path(__file__).parent


def migrate() -> list[str]:
    """Apply what is missing, all of it or nothing; give the names of what was applied."""
    with upgrading():
        return apply_missing()


def apply_missing() -> list[str]:
    """Apply what is missing, within `upgrading`; give the names of what was applied."""
    _refuse_newer()
    return list(_runner().up())


@contextmanager
def upgrading() -> Iterator[None]:
    """A transaction of one writer in which tables that others refer to may be made anew.

    Never within another one: SQLite minds whether foreign keys are looked at only between transactions. Raise
    UnfitDatabase when references lead nowhere in the end.
    """
    if engine().in_transaction():
        raise RuntimeError("upgrading within a transaction")
    with _foreign_keys_at_the_end(), writing():
        yield
        if is_sqlite():
            _require_no_dangling()


@contextmanager
def _foreign_keys_at_the_end() -> Iterator[None]:
    """Don't look at foreign keys for a while, as SQLite asks for (Making Other Kinds Of Table Schema Changes)."""
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
    """Run the SQL that stands beside the file of a migration, in the dialect of the engine, one statement after another.

    A `;` at the end of a line ends a statement.
    """
    dialect = "sqlite" if is_sqlite() else "postgresql"
    script = Path(migration).with_suffix(f".{dialect}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n"):
        if statement.strip():
            execute(statement)


def require_current() -> None:
    """Raise UnfitDatabase, with the way out, unless the database is of this program's version."""
    _refuse_newer()
    if is_empty():
        raise UnfitDatabase("The database holds no tables: run 'tasrih migrate' first.")
    if missing := missing_from(names_applied()):
        raise UnfitDatabase(
            f"The database is of an older version (it lacks {', '.join(missing)}): run 'tasrih migrate' first."
        )


def names_applied() -> list[str]:
    """The names of the migrations that made a database; none when it holds no tables."""
    try:
        return sorted(_runner().applied())
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(str(error).strip()) from error


def missing_from(names: Collection[str]) -> list[str]:
    """The migrations that this program has and a database with these has not."""
    return [name for name in _known() if name not in names]


def refuse_unknown(names: Collection[str]) -> None:
    """Raise UnfitDatabase when a newer program made a database with these migrations."""
    if unknown := [name for name in names if name not in _known()]:
        raise UnfitDatabase(f"The database is of a newer version (it has {', '.join(unknown)}): use a newer Tasrih.")


def bring_up_to(names: Collection[str]) -> None:
    """Make the tables of an older version in an empty database; raise UnfitDatabase when there was no such version."""
    _runner().up(max(names))
    if names_applied() != sorted(names):
        raise UnfitDatabase(f"There was no version of Tasrih with {', '.join(names)} and no other migrations.")


def tables_of_all_versions() -> set[str]:
    """The names of the tables of every version, from which a table of somebody else is told.

    The versions are made one after the other in memory, for which SQLite does: its tables have the names of PostgreSQL's.
    """
    made, names = SqliteDatabase(":memory:", pragmas={"foreign_keys": 0}), set[str]()
    with use_database(made), made.connection_context():
        for name in _known():
            with made.atomic():
                _runner().up(name)
            names.update(name for (name,) in execute(SQLITE_TABLES))
    return names


SQLITE_TABLES = """
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite#_%' ESCAPE '#'
"""
"""The tables of a SQLite database, but for its own and those in which the text indexes keep what they hold."""


def is_empty() -> bool:
    """Whether no migration was ever applied; raise DatabaseUnavailable when that can't be found out."""
    return not names_applied()


def _refuse_newer() -> None:
    refuse_unknown(names_applied())


def _known() -> list[str]:
    return [step.name for step in Migration.load_directory(str(FOLDER))]


def _runner() -> Runner:
    return Runner(engine(), str(FOLDER))
