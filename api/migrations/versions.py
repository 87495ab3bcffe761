"""The version of a database: the migrations that were applied to it, against those that this program has."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from peewee import SqliteDatabase
from playhouse.migrations import Migration, Runner

from api.database.current import engine, use_database
from api.database.dialect import SQLITE, dialect
from api.database.outages import UNAVAILABLE
from api.database.statements import execute, insert, rows
from api.errors import DatabaseUnavailable, UnfitDatabase
from api.migrations.digests import digest_of

FOLDER = Path(__file__).parent

DIGESTS_SINCE = "0011_migration_digests"
"""The migration that made the table of digests."""

BESIDE = "_beside"
"""The end of the names of migrations beside which programs go on that do not know them yet, reading and writing: they only add
tables, indexes, and columns that may be empty or have a default. The name is all that such a program learns of a migration."""

MADE_OTHERWISE = (
    "use the program that made it, or export all records with that one and import them into a new database."
)

SQLITE_TABLES = """
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite#_%' ESCAPE '#'
"""
"""The tables of a SQLite database, without SQLite's own and those that the text indexes consist of."""

SQLITE_COLUMNS = """
SELECT t.name, c.name FROM pragma_table_list t, pragma_table_xinfo(t.name) c
 WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite#_%' ESCAPE '#'
"""
POSTGRESQL_COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
)
"""The tables, without the text indexes of SQLite, and the names of their columns."""


def require_current() -> None:
    """Raise UnfitDatabase, with what to do, unless the database is of this program's version, or one to serve beside."""
    refuse_unknown(_without_beside(names_applied()))
    if is_empty():
        raise UnfitDatabase("The database holds no tables: run 'tasrih migrate' first.")
    if missing := missing_from(names_applied()):
        raise UnfitDatabase(
            f"The database is of an older version (it lacks {', '.join(missing)}): run 'tasrih migrate' first."
        )
    refuse_edited("The database", recorded_digests(), dialect().name)


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
    return _lacking(names, _known())


def _lacking(names: Collection[str], known: Iterable[str]) -> list[str]:
    return [name for name in known if name not in names]


def refuse_newer() -> None:
    """Raise UnfitDatabase when the database is of a later version than this program."""
    refuse_unknown(names_applied())


def refuse_unknown(names: Collection[str]) -> None:
    """Raise UnfitDatabase when some of these migrations are of a later version than this program."""
    _refuse_besides(_known(), names)


def _refuse_besides(known: Collection[str], names: Collection[str]) -> None:
    if unknown := _lacking(known, names):
        raise UnfitDatabase(f"The database is of a newer version (it has {', '.join(unknown)}): use a newer Tasrih.")


def refuse_edited(subject: str, recorded: Mapping[str, str], engine: str) -> None:
    """Raise UnfitDatabase when the digests of some migrations are not those that this program's have for an engine."""
    known = digests_known(engine)
    if edited := [name for name in sorted(recorded) if recorded[name] != known.get(name, recorded[name])]:
        raise UnfitDatabase(
            f"{subject} was migrated by another program, whose {', '.join(edited)} is not this one's: {MADE_OTHERWISE}"
        )


def digests_known(engine: str) -> dict[str, str]:
    """The digest of each migration of this program, for an engine."""
    return {name: digest_of(FOLDER, name, engine) for name in _known()}


def recorded_digests() -> dict[str, str]:
    """The digests of the migrations as they were when they were applied; none in versions that recorded none."""
    if DIGESTS_SINCE not in names_applied():
        return {}
    return dict(rows("SELECT name, sha256 FROM migration_digest"))


def record_digests() -> None:
    """Record the digests of applied migrations that have none: those that were just applied, or before there were any."""
    applied = names_applied()
    if DIGESTS_SINCE not in applied:
        return
    known, recorded = digests_known(dialect().name), recorded_digests()
    insert("migration_digest", ("name", "sha256"), [(name, known[name]) for name in applied if name not in recorded])
    for name in recorded.keys() - set(applied):
        execute("DELETE FROM migration_digest WHERE name = ?", (name,))


def faults_of_digests() -> Iterator[str]:
    """What is wrong with the digests of this version's migrations, one sentence each."""
    applied, recorded, known = names_applied(), recorded_digests(), digests_known(dialect().name)
    for name in sorted({*applied, *recorded}):
        if name not in recorded:
            yield f"The migration {name} has no digest: run 'tasrih migrate'."
        elif name not in applied:
            yield f"There is a digest of {name}, a migration that was not applied: run 'tasrih migrate'."
        elif recorded[name] != known.get(name) and (name in known or not name.endswith(BESIDE)):
            yield f"The migration {name} has the digest of another script."


def refuse_newer_while_serving() -> None:
    """Raise UnfitDatabase, after a single statement, when the database was upgraded meanwhile, other than by what may be beside."""
    _refuse_besides(_known_while_serving(FOLDER), _without_beside(_names_while_serving()))


def require_current_while_serving() -> None:
    """Raise UnfitDatabase or DatabaseUnavailable, after a single statement, unless the database is of this version."""
    names, known = _names_while_serving(), _known_while_serving(FOLDER)
    _refuse_besides(known, _without_beside(names))
    if missing := _lacking(names, known):
        raise DatabaseUnavailable(f"it is of an older version: it lacks {', '.join(missing)}")


def _without_beside(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.endswith(BESIDE)]


def _names_while_serving() -> list[str]:
    return [name for (name,) in rows("SELECT name FROM schema_migration ORDER BY name")]


def tables_of_all_versions() -> frozenset[str]:
    """The names of the tables of every version, by which tables of other programs are recognised."""
    return _made_in_memory(tuple(digests_known(SQLITE.name).items())).tables


def columns_of_this_version() -> frozenset[tuple[str, str]]:
    """The names of all tables and their columns as SQLite makes them in memory, but for those of the text indexes."""
    return _made_in_memory(tuple(digests_known(SQLITE.name).items())).columns


class _Made(NamedTuple):
    """The tables of every version, and the columns of the tables of the last one."""

    tables: frozenset[str]
    columns: frozenset[tuple[str, str]]


@cache
def _made_in_memory(digests: tuple[tuple[str, str], ...]) -> _Made:
    """What the migrations with these names and digests make, one after the other.

    SQLite makes it in memory: its tables have the same names as PostgreSQL's. That takes half a second, and is the same
    for as long as the scripts are.
    """
    memory, names = SqliteDatabase(":memory:", pragmas={"foreign_keys": 0}), set[str]()
    with use_database(memory), memory.connection_context():
        for version, _ in digests:
            with memory.atomic():
                runner().up(version)
            names.update(name for (name,) in execute(SQLITE_TABLES))
        return _Made(frozenset(names), frozenset(rows(SQLITE_COLUMNS)))


def runner() -> Runner:
    """pwmigrate's runner of the scripts on the current database."""
    return Runner(engine(), str(FOLDER))


@cache
def _known_while_serving(folder: Path) -> tuple[str, ...]:
    """The migrations of the program that this process runs, whatever is put into its folder afterwards."""
    return tuple(_known_in(folder))


def _known() -> list[str]:
    return _known_in(FOLDER)


def _known_in(folder: Path) -> list[str]:
    return [step.name for step in Migration.load_directory(str(folder))]
