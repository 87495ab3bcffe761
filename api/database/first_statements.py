"""What is to be read before the first statement of a request, unless that statement reads it as well.

A statement that can bring along what is wanted takes it over (`take_over`). So what nearly every request needs costs most of
them no statement of its own, and no other reader has to know of it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Wanted:
    """A number that is wanted of the database as the first statement finds it, and how it is read by itself."""

    read: Callable[[], int | None]
    number: int | None = None


_wanted: ContextVar[Wanted | None] = ContextVar("wanted", default=None)


def want_first(read: Callable[[], int | None]) -> Wanted:
    """Let a number be read before the next statement of this thread."""
    wanted = Wanted(read)
    _wanted.set(wanted)
    return wanted


def is_wanted() -> bool:
    """Whether the next statement should bring a number along."""
    return _wanted.get() is not None


def take_over() -> Wanted | None:
    """What the next statement is to bring along, since nothing reads it before; None where nothing is wanted."""
    wanted = _wanted.get()
    if wanted is not None:
        _wanted.set(None)
    return wanted


def read_first() -> None:
    """Read what is wanted, before the next statement."""
    wanted = take_over()
    if wanted is not None:
        wanted.number = wanted.read()
