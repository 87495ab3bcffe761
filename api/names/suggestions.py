"""Suggesting records while a name is being typed, and names near to words that matched nothing. One SQL statement each.

Few matches are found by the beginnings of names and then sorted. Many matches are found the other way round: records are
looked at from the most frequent on, until enough of them match. So no letter makes the database sort all names that begin
with it.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

import orjson

from api.database.dialect import Dialect, dialect
from api.database.statements import rows
from api.search.nearness import Names, Near, comparable, near
from api.search.text import words
from schemas.answers.suggestions import NAMED

FEW = 500  # beginnings: to sort them takes about a millisecond; with more, a record in a few dozen matches
_AFTER_ALL = "\U0010ffff"  # sorts after every letter


class Suggestion(NamedTuple):
    """A record by its type and id, its label, the name that matched, and how many statements refer to it."""

    type: str
    id: str
    name: dict[str, str]
    matched: str
    references: int


def beginning(typed: str) -> str:
    """The typed text in the form in which beginnings of names are stored; empty without letters and digits."""
    return " ".join(words(typed))


def suggestions(typed: str, record_types: Sequence[str], limit: int) -> list[Suggestion]:
    """The records with a name that begins, at any of its words, with what was typed; the most referred to first.

    `record_types` may be empty: then records of all types are suggested.
    """
    start = beginning(typed)
    bounds = (start, start + _AFTER_ALL)
    parameters = (*bounds, *record_types, limit, *bounds, *record_types, *bounds, limit)
    return [
        Suggestion(record_type, record_id, orjson.loads(label), value, statements)
        for record_type, record_id, label, value, statements in rows(_sql(len(record_types)), parameters)
    ]


def _sql(record_types: int) -> str:
    of_record_types = f"named.record_type IN ({', '.join('?' * record_types)})" if record_types else "1 = 1"
    return _SQL.format(of_record_types=of_record_types, few=FEW)


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
    """A name near to the words of a query, and the record that has it, by its type, id and label.

    `meant` is what to write for words of the query, as in `search.nearness.Near`.
    """

    text: str
    type: str
    id: str
    name: dict[str, str]
    meant: Mapping[str, str]


def near_names(
    words: Sequence[str], record_types: Sequence[str] = NAMED, missing: Collection[str] | None = None
) -> list[NearName]:
    """Names near to folded words that matched nothing: for each record its nearest name, the nearest first.

    If only those `missing` matched nothing, only names near to these.
    """
    wanted = comparable(words)
    if not wanted:
        return []
    known = all_names()
    nearest: dict[int, Near] = {}
    for candidate in near(wanted, known.names, missing):
        nearest.setdefault(known.holders[candidate.position], candidate)
    shown = (
        NearName(known.values[candidate.position], *_record(known.records[holder]), candidate.meant)
        for holder, candidate in nearest.items()
    )
    return list(islice((name for name in shown if name.type in record_types), MOST_NEAR_NAMES))


def _record(joined: str) -> tuple[str, str, dict[str, str]]:
    record_type, record_id, label = joined.split(" ", 2)
    return record_type, record_id, orjson.loads(label)


class AllNames(NamedTuple):
    """All names of an edition, the numbers of their holders, and the records of these by number."""

    edition: str
    names: Names
    values: list[str]
    holders: list[int]
    records: dict[int, str]


_NO_NAMES = AllNames("", Names((), ()), [], [], {})
_latest = _NO_NAMES


def all_names() -> AllNames:
    """All names there are, read again only when their edition is another than that which this process read last."""
    global _latest
    cached = _latest  # another thread may put another edition in its place
    for edition, records, names in rows(_all_names_sql(dialect()), (cached.edition, cached.edition)):
        if edition != cached.edition:
            cached = _latest = _parse(edition, records, names)
        return cached
    return _NO_NAMES


def _parse(edition: str, records: str | None, names: str | None) -> AllNames:
    if records is None or names is None:  # what joining no rows gives
        return _NO_NAMES._replace(edition=edition)
    lines = [line.split(_UNIT) for line in names.split(_RECORD)]
    values, phrases, skeletons, holders = (list(column) for column in zip(*lines, strict=True))
    numbered = (line.split(" ", 1) for line in records.split(_RECORD))
    return AllNames(
        edition,
        Names(phrases, skeletons),
        values,
        list(map(int, holders)),
        {int(number): record for number, record in numbered},
    )


_UNIT, _RECORD = "\x1f", "\x1e"  # no text holds them: control characters are refused


@cache
def _all_names_sql(words: Dialect) -> str:
    """Many rows joined into a string: a driver makes a tuple of each row, which costs more than all the comparing."""
    joined, character = words.concatenated, words.character
    return f"""
SELECT stamp,
       CASE WHEN stamp <> ? THEN (
           SELECT {joined}(number || ' ' || record_type || ' ' || id || ' ' || label, {character}(30)) FROM named_record) END,
       CASE WHEN stamp <> ? THEN (
           SELECT {joined}(value || {character}(31) || phrase || {character}(31) || skeleton || {character}(31) || owner_id, {character}(30))
             FROM name) END
  FROM name_edition
"""
