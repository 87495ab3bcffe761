"""The shape of a query: everything that decides what its SQL looks like, and nothing that only fills its marks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_ONLY_FILLS_MARKS = {"limit", "cursor", "fields", "highlight", "facet_limit"}
_DECIDES_BY_VALUE = {"sort", "date_match", "expand", "facet", "interval"}


class Shape(NamedTuple):
    """What is asked, without what for: the parameters with how many values each has, or with those that matter."""

    noun: str
    parameters: tuple[tuple[str, Any], ...]
    sqlite: bool
    backwards: bool | None = None
    owner: str | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters by name."""
        return dict(self.parameters)


def shape_of(
    noun: str, query: Mapping[str, Any], sqlite: bool, backwards: bool | None = None, owner: str | None = None
) -> Shape:
    """The shape of a validated query; `backwards` tells the way from its cursor, None when it has none."""
    parameters = tuple(
        (name, _decisive(name, value))
        for name, value in query.items()
        if name not in _ONLY_FILLS_MARKS and value not in (None, [])
    )
    return Shape(noun, parameters, sqlite, backwards, owner)


def _decisive(name: str, value: Any) -> Any:
    if name in _DECIDES_BY_VALUE:
        return tuple(value) if isinstance(value, list) else value
    return len(value) if isinstance(value, list) else 1
