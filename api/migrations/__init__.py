"""The versions of the database: numbered scripts run once each by peewee's `pwmigrate`, which keeps the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from api.database import UNAVAILABLE, AnyDatabase, engine_of, execute, is_sqlite, writing
from api.failures import DatabaseUnavailable, UnfitDatabase

FOLDER = Path(__file__).parent


def migrate(database: AnyDatabase) -> list[str]:
    """Apply what is missing, all of it or nothing; give the names of what was applied."""
    with _foreign_keys_at_the_end(database), writing(database):
        _refuse_newer(database)
        return list(_runner(database).up())


@contextmanager
def _foreign_keys_at_the_end(database: AnyDatabase) -> Iterator[None]:
    """Let tables be made anew that others refer to: SQLite asks for this way (Making Other Kinds Of Table Schema Changes)."""
    if not is_sqlite(database):
        yield
        return
    execute(database, "PRAGMA foreign_keys = 0")
    try:
        yield
    finally:
        execute(database, "PRAGMA foreign_keys = 1")


def run_script(migration: str, database: AnyDatabase) -> None:
    """Run the SQL that stands beside the file of a migration, in the dialect of the engine, one statement after another.

    A `;` at the end of a line ends a statement.
    """
    dialect = "sqlite" if is_sqlite(database) else "postgresql"
    script = Path(migration).with_suffix(f".{dialect}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n"):
        if statement.strip():
            execute(database, statement)


def require_current(database: AnyDatabase) -> None:
    """Raise UnfitDatabase, with the way out, unless the database is of this program's version."""
    _refuse_newer(database)
    if is_empty(database):
        raise UnfitDatabase("The database holds no tables: run 'tasrih migrate' first.")
    missing = [step.name for step in _runner(database).status() if step.applied is None]
    if missing:
        raise UnfitDatabase(
            f"The database is of an older version (it lacks {', '.join(missing)}): run 'tasrih migrate' first."
        )


def is_empty(database: AnyDatabase) -> bool:
    """Whether no migration was ever applied; raise DatabaseUnavailable when that can't be found out."""
    try:
        return not _runner(database).applied()
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(str(error).strip()) from error


def _refuse_newer(database: AnyDatabase) -> None:
    try:
        unknown = [step.name for step in _runner(database).status() if step.path is None]
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(str(error).strip()) from error
    if unknown:
        raise UnfitDatabase(f"The database is of a newer version (it has {', '.join(unknown)}): use a newer Tasrih.")


def _runner(database: AnyDatabase) -> Runner:
    return Runner(engine_of(database), str(FOLDER))
