"""Suggesting records while a name is being typed, and names near to what found nothing. One SQL statement each.

No letter that is typed sorts all that begin with it.
What has few matches is found by the beginnings of names and then sorted. What has many is found the other way round:
records are looked at from the most frequent on, until enough of them match.
"""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import rows
from api.search.nearness import Names, comparable, near
from api.search.query import wanted_words
from api.search.text import words

FEW = 500  # beginnings: sorting them costs about a millisecond; with more, one in a few dozen records matches
_LAST = "\U0010ffff"  # sorts behind every beginning


class Suggestion(NamedTuple):
    """A record by record type and id, its label, the name that matched, and how many statements refer to it."""

    type: str
    id: str
    name: dict[str, str]
    matched: str
    references: int


def beginning(typed: str) -> str:
    """What was typed as the beginnings of names are stored; empty when it has neither letters nor digits."""
    return " ".join(words(typed))


def suggestions(typed: str, record_types: Sequence[str], limit: int) -> list[Suggestion]:
    """The records one of whose names begins, at one of its words, with what was typed; the most referred to first."""
    start = beginning(typed)
    there = (start, start + _LAST)
    parameters = (*there, *record_types, limit, *there, *record_types, *there, limit)
    return [
        Suggestion(record_type, record_id, orjson.loads(label), value, statements)
        for record_type, record_id, label, value, statements in rows(_sql(len(record_types)), parameters)
    ]


def _sql(record_types: int) -> str:
    of_record_types = f"named.record_type IN ({', '.join('?' * record_types)})" if record_types else "1 = 1"
    return with_placeholders(_SQL.format(of_record_types=of_record_types, few=FEW), is_sqlite())


_RANKED = "ORDER BY statements DESC, id, record_type"
_SQL = f"""
WITH near AS MATERIALIZED (
    SELECT owner_id, position FROM name_start WHERE start >= ? AND start < ? LIMIT {{few}} + 1
), few AS (
    SELECT named.number, named.record_type, named.id, named.label, named.statements, MIN(near.position) AS position
      FROM near JOIN named_record AS named ON named.number = near.owner_id
     WHERE (SELECT COUNT(*) FROM near) <= {{few}} AND {{of_record_types}}
     GROUP BY named.number, named.record_type, named.id, named.label, named.statements {_RANKED} LIMIT ?
), many AS (
    SELECT named.number, named.record_type, named.id, named.label, named.statements, (
               SELECT MIN(name_start.position) FROM name_start
                WHERE name_start.owner_id = named.number AND name_start.start >= ? AND name_start.start < ?) AS position
      FROM named_record AS named
     WHERE (SELECT COUNT(*) FROM near) > {{few}} AND {{of_record_types}} AND EXISTS (
               SELECT 1 FROM name_start
                WHERE name_start.owner_id = named.number AND name_start.start >= ? AND name_start.start < ?)
     {_RANKED} LIMIT ?
)
SELECT found.record_type, found.id, found.label, name.value, found.statements
  FROM (SELECT * FROM few UNION ALL SELECT * FROM many) AS found
  JOIN name ON name.owner_id = found.number AND name.position = found.position
 {_RANKED}
"""


MOST_NEAR_NAMES = 5


class NearName(NamedTuple):
    """A name near to what was asked, and the record that bears it, by record type, id and label."""

    text: str
    type: str
    id: str
    name: dict[str, str]


def near_names(q: str) -> list[NearName]:
    """Names near to the words of a query that found nothing, one for each record, the nearest first."""
    asked = comparable(wanted_words(q))
    if not asked:
        return []
    known = _known()
    nearest: dict[int, str] = {}
    for one in near(asked, known.names):
        nearest.setdefault(known.owners[one.position], known.values[one.position])
    shown = list(nearest.items())[:MOST_NEAR_NAMES]
    return [NearName(text, *_record(known.records[owner])) for owner, text in shown]


def _record(joined: str) -> tuple[str, str, dict[str, str]]:
    record_type, record_id, label = joined.split(" ", 2)
    return record_type, record_id, orjson.loads(label)


class _Known(NamedTuple):
    """All names as they were in one edition, their owners, and these by number."""

    edition: str
    names: Names
    values: list[str]
    owners: list[int]
    records: dict[int, str]


_NOBODY = _Known("", Names((), ()), [], [], {})
_latest = _NOBODY


def _known() -> _Known:
    """All names there are, read anew only when they are of another edition than those this process read last."""
    global _latest
    kept = _latest  # another thread may put another edition in its place
    for edition, records, names in rows(_ALL_NAMES[is_sqlite()], (kept.edition, kept.edition)):
        if edition != kept.edition:
            kept = _latest = _read(edition, records, names)
        return kept
    return _NOBODY


def _read(edition: str, records: str | None, names: str | None) -> _Known:
    if records is None or names is None:  # what no rows make when they are joined
        return _NOBODY._replace(edition=edition)
    lines = [line.split(_UNIT) for line in names.split(_RECORD)]
    values, phrases, skeletons, owners = (list(column) for column in zip(*lines, strict=True))
    numbered = (line.split(" ", 1) for line in records.split(_RECORD))
    return _Known(
        edition, Names(phrases, skeletons), values, list(map(int, owners)), {int(number): b for number, b in numbered}
    )


_UNIT, _RECORD = "\x1f", "\x1e"  # no text holds them: control characters are refused
# Many rows in one: a driver makes a tuple of each row, which costs more than all the comparing.
_JOINED = """
SELECT stamp,
       CASE WHEN stamp <> ? THEN (
           SELECT group_concat(number || ' ' || record_type || ' ' || id || ' ' || label, char(30)) FROM named_record) END,
       CASE WHEN stamp <> ? THEN (
           SELECT group_concat(value || char(31) || phrase || char(31) || skeleton || char(31) || owner_id, char(30))
             FROM name) END
  FROM name_edition
"""
_ALL_NAMES = {
    True: _JOINED,
    False: with_placeholders(_JOINED, sqlite=False).replace("group_concat", "string_agg").replace("char(", "chr("),
}
