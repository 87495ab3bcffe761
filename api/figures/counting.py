"""Counting figures by their values, in exactly one SQL statement."""

from typing import Any

import orjson
from peewee import Field

from api.database.statements import rows
from api.figures.selecting import selection
from api.models.base import DAY_FACTOR, TermField
from api.models.statements import Figure
from api.queries.counting import Count, Counts
from api.queries.fragments import Arguments, fragment
from api.queries.query import Query

FACETS: dict[str, Field | int] = {
    "measure": Figure.measure,
    "unit": Figure.unit,
    "bound": Figure.bound,
    "claimant": Figure.claimant,
    "party": Figure.party,
    "event": Figure.event,
    "year": 10000 * DAY_FACTOR,
}
"""What figures can be counted by: a column, or the length of a year in `sort_key`."""


def facets(query: Query, names: list[str], limit: int) -> dict[str, Counts]:
    """The counts of each facet, with at most `limit` values: the most frequent first, ties by value."""
    selected = selection(query)
    columns = ", ".join(f"figure.{_column(name)}" for name in FACETS if name != "year")
    counts = " UNION ALL ".join(_facet_sql(name) for name in names)
    statement = fragment(
        f"WITH found AS MATERIALIZED (SELECT figure.sort_key, {columns} FROM {selected.tables} WHERE {{}}) {counts}",
        selected.condition,
    )
    counted = {name: Counts() for name in names}
    for name, value, label, count in rows(statement.sql, statement.values(Arguments(query))):
        if value is None:
            counted[name].missing = count
        else:
            of_term = isinstance(FACETS[name], TermField)
            written = value.rpartition("/")[2] if of_term else value.zfill(4) if name == "year" else value
            counted[name].values.append(Count(written, orjson.loads(label) if label else None, count))
    for each in counted.values():
        each.keep_most_frequent(limit)
    return counted


def _facet_sql(name: str) -> str:
    facet: Any = FACETS[name]
    if isinstance(facet, int):
        return f"SELECT '{name}', CAST(sort_key / {facet} AS TEXT), CAST(NULL AS TEXT), COUNT(*) FROM found GROUP BY 2"
    table, key, value = (
        ("term", "key", "key") if isinstance(facet, TermField) else (facet.rel_model._meta.table_name, "number", "id")
    )
    counted = f"SELECT {_column(name)} AS value, COUNT(*) AS count FROM found GROUP BY 1"
    return (
        f"SELECT '{name}', labels.{value}, labels.label, counted.count FROM ({counted}) AS counted"
        f' LEFT JOIN "{table}" AS labels ON labels.{key} = counted.value'
    )


def _column(name: str) -> str:
    facet: Any = FACETS[name]
    return str(facet.column_name)
