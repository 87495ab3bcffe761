"""The version of a database: the migrations that were applied to it, against those that this program has."""

from collections.abc import Collection
from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Migration, Runner

from api.database.current import engine, use_database
from api.database.outages import UNAVAILABLE
from api.database.statements import execute
from api.errors import DatabaseUnavailable, UnfitDatabase

FOLDER = Path(__file__).parent

SQLITE_TABLES = """
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite#_%' ESCAPE '#'
"""
"""The tables of a SQLite database, without SQLite's own and those that the text indexes consist of."""


def require_current() -> None:
    """Raise UnfitDatabase, with what to do, unless the database is of this program's version."""
    refuse_newer()
    if is_empty():
        raise UnfitDatabase("The database holds no tables: run 'tasrih migrate' first.")
    if missing := missing_from(names_applied()):
        raise UnfitDatabase(
            f"The database is of an older version (it lacks {', '.join(missing)}): run 'tasrih migrate' first."
        )


def is_empty() -> bool:
    """Whether no migration was ever applied; raise DatabaseUnavailable when the database can't be read."""
    return not names_applied()


def names_applied() -> list[str]:
    """The names of the migrations that were applied; none when there are no tables."""
    try:
        return sorted(runner().applied())
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(str(error).strip()) from error


def missing_from(names: Collection[str]) -> list[str]:
    """The migrations of this program that are not among these."""
    return [name for name in _known() if name not in names]


def refuse_newer() -> None:
    """Raise UnfitDatabase when the database is of a later version than this program."""
    refuse_unknown(names_applied())


def refuse_unknown(names: Collection[str]) -> None:
    """Raise UnfitDatabase when some of these migrations are of a later version than this program."""
    if unknown := [name for name in names if name not in _known()]:
        raise UnfitDatabase(f"The database is of a newer version (it has {', '.join(unknown)}): use a newer Tasrih.")


def tables_of_all_versions() -> set[str]:
    """The names of the tables of every version, by which tables of other programs are recognised.

    The versions are made one after the other in memory by SQLite: its tables have the same names as PostgreSQL's.
    """
    memory, names = SqliteDatabase(":memory:", pragmas={"foreign_keys": 0}), set[str]()
    with use_database(memory), memory.connection_context():
        for version in _known():
            with memory.atomic():
                runner().up(version)
            names.update(name for (name,) in execute(SQLITE_TABLES))
    return names


def runner() -> Runner:
    """pwmigrate's runner of the scripts on the current database."""
    return Runner(engine(), str(FOLDER))


def _known() -> list[str]:
    return [step.name for step in Migration.load_directory(str(FOLDER))]
