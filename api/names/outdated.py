"""Records that may not show, or be found by, all names as they are now: too many for whoever changed a name to render them.

They are listed in the database, so that they are rendered (`api.records.renaming`) by any process of any node when the one
that outdated them ends. Until then a record shows an old name, by the entity tag and the row of the log that belong to it.
It can be changed, deleted and outdated again as ever: nothing of that has to know of the list.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from api.changelog.recording import Log
from api.database.dialect import dialect
from api.database.statements import execute, rows

Numbers = Mapping[str, set[int]]
"""Records by record type and number."""

MOST_AT_ONCE = 200
"""Records that are rendered in the transaction that outdates them: others may wait about a second for a writer, and rendering
a record takes 3 ms, on a busy machine 8."""

IN_A_TURN = 50
"""Records that are rendered in each transaction after it."""


class Outdated(NamedTuple):
    """A record by its type and number, and who changed a name."""

    record_type: str
    number: int
    recorded_by: str


def are_many(records: Numbers) -> bool:
    """Whether these are too many records to be rendered while others wait."""
    return sum(map(len, records.values())) > MOST_AT_ONCE


def add(records: Numbers, log: Log) -> None:
    """List records, in the transaction of a log, which is not all there is to do then."""
    for record_type, numbers in records.items():
        execute(_ADD.format(dialect().numbers_in_json), (record_type, log.author, json.dumps(sorted(numbers))))
    log.is_unfinished = True


_ADD = (
    "INSERT INTO outdated (record_type, record, recorded_by)"
    " SELECT CAST(? AS TEXT), listed.number, CAST(? AS TEXT) FROM ({}) AS listed WHERE 1 = 1"
    " ON CONFLICT (record_type, record) DO UPDATE SET recorded_by = excluded.recorded_by"
)


def is_any() -> bool:
    """Whether any record is outdated."""
    return bool(rows("SELECT 1 FROM outdated LIMIT 1"))


def count() -> int:
    """How many records are outdated."""
    [(number,)] = rows("SELECT COUNT(*) FROM outdated")
    return int(number)


def among(record_type: str, numbers: list[int]) -> set[int]:
    """Those of the records of a type, given by number, that are outdated."""
    return {number for (number,) in rows(_AMONG.format(dialect().numbers_in_json), (record_type, json.dumps(numbers)))}


_AMONG = "SELECT record FROM outdated WHERE record_type = ? AND record IN ({})"


def latest() -> list[Outdated]:
    """The records of the next turn: the latest, statements before others; where several have changed names, those of one."""
    fetched = [Outdated(*row) for row in execute(_LATEST, (IN_A_TURN,)).fetchall()]
    return [each for each in fetched if each.recorded_by == fetched[0].recorded_by]


_LATEST = "SELECT record_type, record, recorded_by FROM outdated ORDER BY record_type DESC, record DESC LIMIT ?"


def remove(record_type: str, numbers: list[int]) -> None:
    """Take records off the list."""
    sql = f"DELETE FROM outdated WHERE record_type = ? AND record IN ({dialect().numbers_in_json})"
    execute(sql, (record_type, json.dumps(numbers)))


def forget() -> None:
    """Take all records off the list."""
    execute("DELETE FROM outdated")
