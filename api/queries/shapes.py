"""The shape of a query: everything that decides what its SQL looks like, and nothing that only fills its marks."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from api.search.query import parse

_ONLY_FILLS_MARKS = {"limit", "cursor", "fields", "highlight", "facet_limit", "interval", "as_of"}
_DECIDES_BY_VALUE = {"sort", "date_match", "expand", "facet"}


Made = TypeVar("Made")

BEGINNINGS = "beginnings"
"""What stands for a `q` with a `word*`, which a text index can't look up for one record without reading all it finds."""

_MOST_VALUES = 20


class Shape(NamedTuple):
    """What is asked, without what for: the parameters with how many values each has, or with those that matter."""

    record_type: str
    parameters: tuple[tuple[str, Any], ...]
    sqlite: bool
    backwards: bool | None = None
    owner: str | None = None

    @property
    def values(self) -> int:
        """How many values fill its marks, about."""
        return sum(times for _, times in self.parameters if isinstance(times, int))

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters by name."""
        return dict(self.parameters)


def shape_of(
    record_type: str, query: Mapping[str, Any], sqlite: bool, backwards: bool | None = None, owner: str | None = None
) -> Shape:
    """The shape of a validated query; `backwards` tells the way from its cursor, None when it has none."""
    parameters = tuple(
        (name, _decisive(name, value))
        for name, value in query.items()
        if name not in _ONLY_FILLS_MARKS and value not in (None, [])
    )
    return Shape(record_type, parameters, sqlite, backwards, owner)


def _decisive(name: str, value: Any) -> Any:
    if name == "q":
        return BEGINNINGS if any(clause.prefix for clause in parse(value).clauses) else 1
    if name in _DECIDES_BY_VALUE:
        return tuple(value) if isinstance(value, list) else value
    return len(value) if isinstance(value, list) else 1


def remembered(make: Callable[[Shape], Made]) -> Callable[[Shape], Made]:
    """Make something once for each shape; but anew where there are many values: those don't come back, and are long."""
    known = lru_cache(maxsize=256)(make)
    return lambda shape: known(shape) if shape.values <= _MOST_VALUES else make(shape)
