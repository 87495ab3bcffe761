"""Tables of other programs in the same database, which are never touched."""

from collections.abc import Collection

from api.errors import UnusableBackup
from api.migrations.versions import tables_of_all_versions

VERSIONS = "schema_migration"
"""The table in which a database keeps the names of the migrations that made it."""


def refuse_foreign(tables: Collection[str]) -> None:
    """Raise UnusableBackup, with their names, when some tables of a database are of no version of Tasrih.

    Without a table of migrations all tables are foreign: other programs may have tables of the same names.
    """
    ours = tables_of_all_versions() if VERSIONS in tables else set()
    if foreign := sorted(set(tables) - ours):
        raise UnusableBackup(f"The database has tables that are not Tasrih's ({', '.join(foreign)}): it is left alone.")
