"""The rows that the statement of a page gives: reading them, and sorting them by what they are for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from api.database.deferred_reads import take_over
from api.database.statements import rows
from api.queries.fragments import Arguments, Fragment

Row = tuple[str, int, Any, bytes, str]
"""Which part of the result it belongs to, number, key, document, entity tag."""

_PART = itemgetter(0)


def rows_of(statement: Fragment, arguments: Arguments, shows_position: bool = False) -> list[Any]:
    """The rows of a statement. If it `shows_position`, as SELECTs of the state do, no other statement has to read that."""
    return rows_noting_position(statement.sql, statement.values(arguments), shows_position)


def rows_noting_position(sql: str, values: Sequence[Any], shows_position: bool) -> list[Any]:
    """The same for SQL and the values of its placeholders."""
    wanted = take_over() if shows_position else None
    fetched = rows(sql, values)
    if wanted is not None:
        is_last = fetched[-1][0] == "change"
        position = fetched.pop() if is_last else next(row for row in fetched if row[0] == "change")
        wanted.number = position[1] or 0
    return fetched


@dataclass
class Result:
    """The rows of a statement by what they are for."""

    page: list[Row]
    total: int | None = None
    has_owner: bool = False
    expansions: dict[str, dict[str, bytes]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    publishers: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed: list[tuple[int, str, str]] = field(default_factory=list)
    """The positions in the log at which records were removed, their ids, and when."""


def result_of(fetched: list[Any], expand: Sequence[str]) -> Result:
    """The rows of a statement, sorted into its parts."""
    if set(map(_PART, fetched)) == {"page"}:
        return Result(fetched, expansions={name: {} for name in expand})
    result = Result([row for row in fetched if row[0] == "page"], expansions={name: {} for name in expand})
    if len(result.page) < len(fetched):
        for part, number, key, document, more in fetched:
            match part:
                case "page" | "change" | "resumed" | "expired":
                    pass
                case "total":
                    result.total = number
                case "owner":
                    result.has_owner = True
                case "kind":
                    result.kinds[key] = more.rpartition("/")[2]
                case "publisher":
                    publisher, _, label = more.partition(" ")
                    result.publishers[key] = {"id": publisher, "name": orjson.loads(label)}
                case "removed":
                    result.removed.append((number, key, more))
                case record_type:
                    result.expansions[record_type][key] = document
    return result
