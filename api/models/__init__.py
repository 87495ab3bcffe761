"""The tables. One module per noun; `base` holds what they share."""

from api.models import (
    agreements,
    articles,
    changes,
    communiques,
    events,
    expiries,
    naming,
    places,
    speakers,
    statements,
    vocabularies,
)
from api.models.base import Table, database

__all__ = ["TABLES", "Table", "database"]

_MODULES = (vocabularies, speakers, places, events, agreements, communiques, articles, statements, naming, changes, expiries)

TABLES: list[type[Table]] = [
    table
    for module in _MODULES
    for table in vars(module).values()
    if isinstance(table, type) and issubclass(table, Table) and table.__module__ == module.__name__
]
