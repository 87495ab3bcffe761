"""Which figures: the filters on figures themselves, and through their statements all filters of statements."""

from typing import NamedTuple

from peewee import Field

from api.database.dialect import dialect
from api.models.statements import Figure
from api.queries import finding
from api.queries.days import first_day, in_range, last_day, updated
from api.queries.filters import Condition, holds
from api.queries.fragments import Fragment, all_of, fragment
from api.queries.query import Query
from api.queries.shapes import Shape, shape_of
from schemas.parameters.filters import NOT

_COLUMNS: dict[str, Field] = {
    "measure": Figure.measure,
    "unit": Figure.unit,
    "claimant": Figure.claimant,
    "party": Figure.party,
    "event": Figure.event,
}
"""The filters that hold for a figure itself. All others hold for its statement."""

_PERIOD = "period"
_OF_FIGURES = {*_COLUMNS, *(f"{NOT}{name}" for name in _COLUMNS), _PERIOD}


class Selection(NamedTuple):
    """What is selected from, and the condition on its rows, which are called `figure` and `statement`."""

    tables: str
    condition: Fragment


def selection(query: Query) -> Selection:
    """The figures that a query finds."""
    shape = shape_of("statements", query, dialect())
    of_figures = [each for each in shape.filters if each[0] in _OF_FIGURES]
    of_statements = shape._replace(filters=tuple(each for each in shape.filters if each[0] not in _OF_FIGURES))
    conditions = [*(_on_figure(name, count) for name, count in of_figures), *_on_statement(of_statements)]
    return Selection(
        "figure JOIN statement ON statement.number = figure.owner_id", all_of(conditions or [Fragment("1 = 1")])
    )


def _on_figure(name: str, count: int) -> Fragment:
    if name == _PERIOD:
        overlaps = "figure.period_earliest <= {} AND figure.period_latest >= {}"
        return fragment(overlaps, last_day(_PERIOD), first_day(_PERIOD))
    met = holds(Condition(Figure, _COLUMNS[name.removeprefix(NOT)], name, count), "figure")
    return met if count and not name.startswith(NOT) else fragment("({}) IS NOT TRUE", met)


def _on_statement(shape: Shape) -> list[Fragment]:
    on_lists = finding.is_on_all(shape, "figure.sort_key")
    return [*on_lists, *in_range(shape, "statement"), *updated(shape, "statement")]
