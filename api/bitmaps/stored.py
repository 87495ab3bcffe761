"""Bitmaps as the database keeps them, so that a start does not build them; built and brought up to date."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import NamedTuple

from pyroaring import BitMap

from api.bitmaps.changes import Outdated, TooFarBehind, outdated_since
from api.bitmaps.codes import Value
from api.bitmaps.columns import COLUMNS, OF_ONE_VALUE
from api.bitmaps.values import Values
from api.changelog.positions import State, current_state
from api.database.current import engine
from api.database.dialect import dialect
from api.database.statements import batches, execute, rows
from api.database.time_limits import without_time_limits
from api.database.transactions import at_one_moment, writing

FEW_STATEMENTS = 20_000
"""Of so many statements a column is built in a tenth of a second, which takes no keeping."""

MOST_TO_APPLY = 100_000
"""Changes; to build the bitmaps of a million statements takes no longer than to apply so many."""

_ROWS = 10_000  # fetched at a time
_LENGTHS = (1, 8, 64, 500)
"""Of lists in SQL, the rest filled up: drivers keep prepared statements, and these shall not push all others out."""


class Followed(NamedTuple):
    """The values of a column as they were in a state of the records."""

    values: Values
    state: State


def stored(column: str, now: State) -> Followed | None:
    """A column as the database keeps it, if it does."""
    for sequence, body in rows("SELECT sequence, body FROM stored_bitmaps WHERE name = ?", (column,)):
        return Followed(Values.from_bytes(bytes(body), column in OF_ONE_VALUE), now._replace(change=sequence))
    return None


def are_few(few: int | None = None) -> bool:
    """Whether there are so few statements that their bitmaps are built when they are wanted."""
    [(most,)] = rows("SELECT COALESCE(MAX(number), 0) FROM statement")
    return int(most) <= (FEW_STATEMENTS if few is None else few)


def built(column: str) -> Values:
    """A column built from the tables."""
    values = Values(has_one=column in OF_ONE_VALUE)
    for batch in batches(COLUMNS[column].of_all, (), _ROWS):
        values.add(batch)
    return values


def apply(column: str, values: Values, outdated: Outdated) -> None:
    """Take over what changed."""
    if outdated.statements:
        values.remove(BitMap(outdated.statements))
        values.add(_current(column, sorted(outdated.statements)))


def _current(column: str, numbers: list[int]) -> Iterator[tuple[Value, int]]:
    for first in range(0, len(numbers), _LENGTHS[-1]):
        some = numbers[first : first + _LENGTHS[-1]]
        length = next(length for length in _LENGTHS if length >= len(some))
        some += [some[0]] * (length - len(some))
        found = rows(COLUMNS[column].of_some.format(", ".join("?" * length)), some)
        yield from ((value, number) for value, number in found if value is not None)


def refresh(columns: Iterable[str] = tuple(COLUMNS), few: int | None = None) -> None:
    """Bring the stored columns up to date, one by one; build those that are missing. Nothing is stored of few statements."""
    if are_few(few):
        return
    for column in columns:
        now, values = latest(column)
        body = None if values is None else values.as_bytes()
        if body is not None:
            with writing():
                execute("DELETE FROM stored_bitmaps WHERE name = ?", (column,))
                insert = "INSERT INTO stored_bitmaps (name, sequence, body) VALUES (?, ?, ?)"
                execute(insert, (column, now.position, body))


def latest(column: str) -> tuple[State, Values | None]:
    """The state of the records, and a column brought up to it or built, however long that takes; None when what is stored is."""
    with at_one_moment(), without_time_limits():
        _without_limit()
        now = current_state()
        return now, _up_to(column, now)


def _up_to(column: str, now: State) -> Values | None:
    """A column as it is now; None when what is stored is."""
    kept = stored(column, now)
    if kept is None:
        return built(column)
    if kept.state.change == now.position:
        return None
    try:
        apply(column, kept.values, outdated_since(kept.state, now, MOST_TO_APPLY))
    except TooFarBehind:
        return built(column)
    return kept.values


def faults_of_stored_bitmaps() -> list[str]:
    """What is wrong with the stored columns, as they are at one moment."""
    with nullcontext() if engine().in_transaction() else at_one_moment():
        now = current_state()
        return [fault for column in COLUMNS if (fault := _fault(column, now))]


def _fault(column: str, now: State) -> str | None:
    try:
        kept = stored(column, now)
    except ValueError:
        return f"The bitmaps of '{column}' can't be read."
    if kept is None or _is_sound(column, kept, now):
        return None
    return f"The bitmaps of '{column}' are not those of the statements."


def _is_sound(column: str, kept: Followed, now: State) -> bool:
    """Whether a column is what is built from the tables; what is not brought up to date any more is never used."""
    if kept.state.position > now.position:
        return False
    try:
        apply(column, kept.values, outdated_since(kept.state, now, MOST_TO_APPLY))
    except TooFarBehind:
        return True
    return kept.values.bitmaps == built(column).bitmaps


def _without_limit() -> None:
    if dialect().keeps_time_limits:
        execute("SET LOCAL statement_timeout = 0")
