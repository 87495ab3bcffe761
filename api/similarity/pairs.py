"""Pairs of statements worth a look, for a person to decide whether to link them. Nothing is stored.

Nobody looks at all pairs. The statements are walked from the latest said to the earliest, and each is held against its
nearest predecessors in time with the same agreement, event or target, or with a figure of the same measure. The work for a
statement is bounded, whatever their number, and the walk ends with whoever reads it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from heapq import nlargest

import orjson

from api.database.compression import decompressed
from api.database.dialect import Dialect, dialect
from api.database.statements import rows
from api.models.base import NUMBER, Table, sort_key
from api.models.statements import AgreementReference, EventReference, Figure, Target
from api.similarity.reasons import Facts, Reason, facts_of, reasons

PREDECESSORS = 50  # in time, with the same agreement, event, target or measure: in the news, answers come within days
BATCH = 100  # statements walked at a time: few SQL statements, and few documents at once
MOST_KEPT = 10_000
"""Facts of statements that the walk has yet to come to, of some 8 kB each: taking words apart is what costs."""

_SHARED: tuple[tuple[type[Table], str], ...] = (
    (AgreementReference, "agreement_id"),
    (EventReference, "event_id"),
    (Target, "speaker_id"),
    (Figure, "measure"),
)
"""Tables of parts with the column by which two statements are held against each other; each pair is an index with `sort_key`."""


@dataclass(frozen=True)
class Pair:
    """Two statements that are not linked, the later one first, and why they are worth a look."""

    later: Facts
    earlier: Facts
    reasons: list[Reason]


def pairs(since: date, until: date, kinds: Sequence[str]) -> Iterator[Pair]:
    """Pairs with a reason of these kinds whose later statement is filed under a day from `since` to `until`, the latest first.

    Those of one later statement are in order of how many reasons they have.
    """
    least, beyond = sort_key(since.isoformat(), 0), sort_key(until.isoformat(), NUMBER) + 1
    known: dict[int, Facts] = {}
    while batch := rows(_WALK, (least, beyond)):
        first, last = batch[-1][0], batch[0][0]
        candidates = _candidates(first, last)
        known |= _facts({key for pair in candidates for key in pair if key not in known})
        yield from _of_batch(candidates, known, kinds)
        known = _needed_later(known, first)
        beyond = first


_WALK = f"SELECT sort_key FROM statement WHERE sort_key >= ? AND sort_key < ? ORDER BY sort_key DESC LIMIT {BATCH}"


def _candidates(first: int, last: int) -> list[tuple[int, int]]:
    """The sort keys of the pairs to look at whose later statement lies between two: by the later, both the latest first."""
    found = rows(_statement(dialect()), (first, last) * len(_SHARED))
    return sorted(((later, earlier) for later, earlier in found), reverse=True)


@lru_cache
def _statement(dialect: Dialect) -> str:
    return " UNION ".join(_sharing(dialect, table._meta.table_name, column) for table, column in _SHARED)


def _sharing(dialect: Dialect, table: str, column: str) -> str:
    """(sort_key, sort_key) of statements and their nearest predecessors with the same in a column."""
    nearest = (
        f'SELECT DISTINCT part.sort_key AS value FROM "{table}" AS part WHERE part.{column} = own.{column}'
        f" AND part.sort_key < own.sort_key ORDER BY part.sort_key DESC LIMIT {PREDECESSORS}"
    )
    return (
        f'SELECT own.sort_key, listed.value FROM statement JOIN "{table}" AS own ON own.owner_id = statement.number,'
        f" {dialect.each_value.format(nearest)} WHERE statement.sort_key BETWEEN ? AND ?"
    )


def _facts(keys: set[int]) -> dict[int, Facts]:
    """The facts of the statements of these sort keys."""
    by_number = {key & NUMBER: key for key in keys}
    missing = orjson.dumps(sorted(by_number)).decode()
    read = rows(f"SELECT number, body FROM statement WHERE number IN ({dialect().numbers_in_json})", (missing,))
    return {by_number[number]: facts_of(orjson.loads(decompressed(body))) for number, body in read}


def _needed_later(known: dict[int, Facts], reached: int) -> dict[int, Facts]:
    """Those facts that the rest of the walk may need: of earlier statements, of which the latest come first."""
    earlier = [key for key in known if key < reached]
    return {key: known[key] for key in (nlargest(MOST_KEPT, earlier) if len(earlier) > MOST_KEPT else earlier)}


def _of_batch(candidates: list[tuple[int, int]], facts: dict[int, Facts], kinds: Sequence[str]) -> Iterator[Pair]:
    of_later: dict[int, list[Pair]] = {}
    for key, other in candidates:
        later, earlier = facts[key], facts[other]
        given = [] if _are_linked(later, earlier) else [each for each in reasons(later, earlier) if each.kind in kinds]
        if given:
            of_later.setdefault(key, []).append(Pair(later, earlier, given))
    for found in of_later.values():
        yield from sorted(found, key=lambda pair: -len(pair.reasons))


def _are_linked(later: Facts, earlier: Facts) -> bool:
    return earlier.id in later.linked or later.id in earlier.linked
