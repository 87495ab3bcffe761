"""What a client asks of a collection, validated: which records, in which order, and which page of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from typing import Any

import orjson

from schemas.parameters.collections import DEFAULT_LIMIT
from schemas.parameters.shapes import SUMMARY

Value = str | int | bool
Values = tuple[Value, ...] | Value
"""Alternatives where a parameter may be repeated, else the value."""


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a read, named as on the wire. What is none of these fields is a filter (`queries.filters`).

    Days are as written (YYYY, YYYY-MM or YYYY-MM-DD), moments in UTC with microseconds.
    """

    filters: Mapping[str, Values] = field(default_factory=dict)
    q: str | None = None
    since: str | None = None
    until: str | None = None
    date_match: str | None = None
    updated_since: str | None = None
    content_changed_since: str | None = None
    sort: str = "id"  # an order that every collection has
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    total: str | None = None
    fields: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    highlight: bool = False
    view: str = "full"
    lang: tuple[str, ...] = ()
    text: str | None = None
    as_of: str | None = None
    fallback_sort: str | None = None
    """The order if the records can't be sorted by relevance; only where the client gave no `sort`."""
    removals: bool = False
    """Whether to tell which records are gone since what is on the page changed."""
    written: Mapping[str, str] = field(default_factory=dict)
    """For filters that `q` gave by names: what it said. The ids of these names may change while pages are read."""
    successors: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """For a filter's name and an id in it: the id of the record that the record of that id was merged into."""

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Query":
        """The query that a schema of `schemas.parameters` has loaded; parameters of an operation of its own left out."""
        fields: dict[str, Any] = {}
        filters: dict[str, Values] = {}
        for name, value in parameters.items():
            (fields if name in _FIELDS else filters)[name] = tuple(value) if isinstance(value, list) else value
        return cls(filters=filters, **fields)

    @property
    def is_shaped(self) -> bool:
        """Whether records are to be sent otherwise than they are stored."""
        return bool(self.fields or self.expand or self.highlight or self.lang or self.text or self.view == SUMMARY)

    def values(self, name: str) -> tuple[Value, ...]:
        """The values of a filter."""
        values = self.filters[name]
        return values if isinstance(values, tuple) else (values,)

    def date(self, name: str) -> str:
        """The day, month or year that is the value of a parameter."""
        value = self.filters[name] if name in self.filters else getattr(self, name)
        assert isinstance(value, str)
        return value

    def cursor_scope(self, record_type: str) -> bytes:
        """What a cursor is bound to: the collection, which of its records, and their order."""
        bound = {name: value for name in _BOUND if (value := getattr(self, name)) is not None}
        return record_type.encode() + orjson.dumps(
            {**self.filters, **self.written, **bound}, option=orjson.OPT_SORT_KEYS
        )


_FIELDS = frozenset(each.name for each in fields_of(Query)) - {"filters", "removals", "successors"}
_BOUND = ("q", "since", "until", "date_match", "updated_since", "content_changed_since", "sort", "as_of")
