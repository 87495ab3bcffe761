"""The shape of a query: all of it that decides how its SQL is written, without the values that are bound to placeholders."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from api.database.dialect import Dialect
from api.queries.query import Query
from api.search.query import parse
from api.search.ranking import Form, Ranking

WORDS, PREFIXES = "words", "prefixes"
"""Kinds of `q`. Those with a `word*` are apart: not every text index can look such a word up for a single record."""

_MOST_REMEMBERED_VALUES = 20

Made = TypeVar("Made")


class Shape(NamedTuple):
    """A query without its values: of filters, how many values each has."""

    record_type: str
    dialect: Dialect
    filters: tuple[tuple[str, int], ...] = ()
    text: str | None = None
    """WORDS or PREFIXES; None without `q`."""
    since: bool = False
    until: bool = False
    certain: bool = False
    """Whether vague dates must surely lie in the range of days."""
    updated_since: bool = False
    content_changed_since: bool = False
    sort: str = "id"
    total: bool = False
    expand: tuple[str, ...] = ()
    view: str = "full"
    facets: tuple[str, ...] = ()
    backwards: bool | None = None
    """The direction of the cursor; None without a cursor."""
    owner: str | None = None
    """The record type of the owner of a sub-collection."""
    ranking: Form | None = None
    """The form of the ranking; None in other orders."""
    removals: bool = False
    """Whether the page tells which records are gone."""
    by_version: bool = False
    """Whether records are read without their documents, which are looked up by version (`api.database.document_cache`)."""
    with_position: bool = False
    """Whether the position up to which the log is shown is read as well."""
    among: str | None = None
    """IN or NOT IN if the records are read of a layer (`api.queries.layers`), by their numbers."""

    @property
    def selects_all(self) -> bool:
        """Whether every record of the type matches."""
        return not (self.filters or self.text or self.since or self.until or self.is_by_change or self.among)

    @property
    def is_by_change(self) -> bool:
        """Whether only records match that changed lately."""
        return self.updated_since or self.content_changed_since


def shape_of(
    record_type: str,
    query: Query,
    dialect: Dialect,
    *,
    facets: Sequence[str] = (),
    backwards: bool | None = None,
    owner: str | None = None,
    ranking: Ranking | None = None,
    among: str | None = None,
) -> Shape:
    """The shape of a query, in the SQL of an engine."""
    filters = ((name, len(values) if isinstance(values, tuple) else 1) for name, values in query.filters.items())
    return Shape(
        record_type,
        dialect,
        tuple(filters),
        text=None if query.q is None else _kind_of_text(query.q),
        since=query.since is not None,
        until=query.until is not None,
        certain=query.date_match == "certain",
        updated_since=query.updated_since is not None,
        content_changed_since=query.content_changed_since is not None,
        sort=query.sort,
        total=query.total is not None,
        expand=query.expand,
        view=query.view,
        removals=query.removals,
        facets=tuple(facets),
        backwards=backwards,
        owner=owner,
        ranking=None if ranking is None else ranking.form,
        among=among,
    )


def _kind_of_text(q: str) -> str:
    return PREFIXES if any(each.prefix for clause in parse(q).clauses for each in clause.alternatives) else WORDS


def remembered(make: Callable[[Shape], Made]) -> Callable[[Shape], Made]:
    """Cache what is made of each shape. Shapes of many values are left out, since they are long and do not come back."""
    cached = lru_cache(maxsize=256)(make)

    def make_once(shape: Shape) -> Made:
        values = sum(count for _, count in shape.filters)
        return cached(shape) if values <= _MOST_REMEMBERED_VALUES else make(shape)

    return make_once
