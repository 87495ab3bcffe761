"""Suggesting records while a name is being typed, and names near to what found nothing. One SQL statement each.

No letter that is typed sorts all that begin with it.
What has few matches is found by the beginnings of names and then sorted. What has many is found the other way round:
records are looked at from the most frequent on, until enough of them match.
"""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from api.database import AnyDatabase, is_sqlite, rows
from api.search.nearness import Names, near
from api.search.query import wanted_words
from api.search.text import words

FEW = 500  # beginnings: sorting them costs about a millisecond; with more, one in a few dozen records matches
_LAST = "\U0010ffff"  # sorts behind every beginning


class Suggestion(NamedTuple):
    """A record by noun and id, its label, the name that matched, and how many statements refer to it."""

    noun: str
    id: str
    name: dict[str, str]
    matched: str
    references: int


def beginning(typed: str) -> str:
    """What was typed as the beginnings of names are stored; empty when it has neither letters nor digits."""
    return " ".join(words(typed))


def suggestions(database: AnyDatabase, typed: str, nouns: Sequence[str], limit: int) -> list[Suggestion]:
    """The records one of whose names begins, at one of its words, with what was typed; the most referred to first."""
    start = beginning(typed)
    there = (start, start + _LAST)
    parameters = (*there, *nouns, limit, *there, *nouns, *there, limit)
    return [
        Suggestion(noun, record_id, orjson.loads(label), value, statements)
        for noun, record_id, label, value, statements in rows(database, _sql(database, len(nouns)), parameters)
    ]


def _sql(database: AnyDatabase, nouns: int) -> str:
    of_nouns = f"bearer.noun IN ({', '.join('?' * nouns)})" if nouns else "1 = 1"
    sql = _SQL.format(of_nouns=of_nouns, few=FEW)
    return sql if is_sqlite(database) else sql.replace("?", "%s")


_RANKED = "ORDER BY statements DESC, id, noun"
_SQL = f"""
WITH near AS MATERIALIZED (
    SELECT owner_id, position FROM name_start WHERE start >= ? AND start < ? LIMIT {{few}} + 1
), few AS (
    SELECT bearer.number, bearer.noun, bearer.id, bearer.label, bearer.statements, MIN(near.position) AS position
      FROM near JOIN bearer ON bearer.number = near.owner_id
     WHERE (SELECT COUNT(*) FROM near) <= {{few}} AND {{of_nouns}}
     GROUP BY bearer.number, bearer.noun, bearer.id, bearer.label, bearer.statements {_RANKED} LIMIT ?
), many AS (
    SELECT bearer.number, bearer.noun, bearer.id, bearer.label, bearer.statements, (
               SELECT MIN(name_start.position) FROM name_start
                WHERE name_start.owner_id = bearer.number AND name_start.start >= ? AND name_start.start < ?) AS position
      FROM bearer
     WHERE (SELECT COUNT(*) FROM near) > {{few}} AND {{of_nouns}} AND EXISTS (
               SELECT 1 FROM name_start
                WHERE name_start.owner_id = bearer.number AND name_start.start >= ? AND name_start.start < ?)
     {_RANKED} LIMIT ?
)
SELECT found.noun, found.id, found.label, name.value, found.statements
  FROM (SELECT * FROM few UNION ALL SELECT * FROM many) AS found
  JOIN name ON name.owner_id = found.number AND name.position = found.position
 {_RANKED}
"""


MOST_NEAR_NAMES = 5
_SEPARATOR = "\x1e"  # no text holds it: control characters are refused


class NearName(NamedTuple):
    """A name near to what was asked, and the record that bears it, by noun, id and label."""

    text: str
    noun: str
    id: str
    name: dict[str, str]


def near_names(database: AnyDatabase, q: str) -> list[NearName]:
    """Names near to the words of a query that found nothing, one for each record, the nearest first."""
    asked = wanted_words(q)
    ((bearers, *columns),) = rows(database, _ALL_NAMES.format(**_functions(database)))
    if not bearers:
        return []
    values, phrases, skeletons, owners = (column.split(_SEPARATOR) for column in columns)
    nearest: dict[str, str] = {}
    for one in near(asked, Names(phrases, skeletons)):
        nearest.setdefault(owners[one.position], values[one.position])
    shown = dict(list(nearest.items())[:MOST_NEAR_NAMES])
    about = {number: rest for number, *rest in (line.split(" ", 3) for line in bearers.split(_SEPARATOR))}
    return [
        NearName(text, about[bearer][0], about[bearer][1], orjson.loads(about[bearer][2]))
        for bearer, text in shown.items()
    ]


def _functions(database: AnyDatabase) -> dict[str, str]:
    sqlite = is_sqlite(database)
    return {"joined": "group_concat" if sqlite else "string_agg", "separator": "char(30)" if sqlite else "chr(30)"}


# Many rows in one: a driver makes a tuple of each row, which costs more than all the comparing.
_ALL_NAMES = """
SELECT * FROM (
    SELECT {joined}(number || ' ' || noun || ' ' || id || ' ' || label, {separator}) FROM bearer
) AS bearers, (
    SELECT {joined}(value, {separator}) AS value, {joined}(phrase, {separator}) AS phrase,
           {joined}(skeleton, {separator}) AS skeleton, {joined}(CAST(owner_id AS TEXT), {separator}) AS owner
      FROM name
) AS names
"""
