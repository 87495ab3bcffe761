"""Telling Tasrih's tables from those of somebody else, which nothing here may take away."""

from collections.abc import Collection

from api.errors import UnusableBackup
from api.migrations import tables_of_all_versions

VERSIONS = "schema_migration"
"""The table in which a database keeps the names of the migrations that made it."""


def refuse_foreign(tables: Collection[str]) -> None:
    """Raise UnusableBackup, with their names, when some tables of a database are of no version of Tasrih.

    All of them are where none tells a version: others may have a table of the same name.
    """
    ours = tables_of_all_versions() if VERSIONS in tables else set()
    if foreign := sorted(set(tables) - ours):
        raise UnusableBackup(f"The database has tables that are not Tasrih's ({', '.join(foreign)}): it is left alone.")
