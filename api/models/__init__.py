"""The tables: one module per record type, and `base` for what they share.

Knows columns and constraints, but no rule and no query; nothing but `database` is imported here.
"""

from api.models import (
    access,
    agreements,
    articles,
    changes,
    communiques,
    events,
    holders,
    log_cuts,
    migrations,
    mirrors,
    places,
    speakers,
    statements,
    vocabularies,
)
from api.models.base import Table

__all__ = ["TABLES", "Table"]

_OF_RECORDS = (vocabularies, speakers, places, events, agreements, communiques, articles, statements, holders)
_MODULES = (*_OF_RECORDS, changes, log_cuts, mirrors, access, migrations)

TABLES: list[type[Table]] = [
    table
    for module in _MODULES
    for table in vars(module).values()
    if isinstance(table, type) and issubclass(table, Table) and table.__module__ == module.__name__
]
