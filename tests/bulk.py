"""Records as lines: what imports take and exports give."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from builders import world

Document = dict[str, Any]


def line(record_type: str, document: Mapping[str, Any]) -> str:
    return json.dumps({"type": record_type, "document": document}, ensure_ascii=False)


def written(lines: Iterable[str]) -> bytes:
    return "".join(f"{one}\n" for one in lines).encode()


def lines_of(records: Mapping[str, Mapping[str, Document]]) -> list[str]:
    """Records as lines, those that others need last."""
    return [
        line(record_type, one)
        for record_type in reversed(list(records))
        for one in reversed(list(records[record_type].values()))
    ]


def many_statements(count: int) -> Iterable[str]:
    """The small world, after many more statements in it."""
    records = world()
    statement = next(iter(records["statements"].values()))
    for number in range(count):
        yield line("statements", {**statement, "id": f"more-{number}", "summary": {"en": f"The summary of {number}"}})
    yield from lines_of(records)
