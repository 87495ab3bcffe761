"""A number that a request needs, read together with its first SQL statement where that can select it too.

`want_first` asks for it. A statement that can select the number beside its own rows does so (`take_over`); before any other
statement it is read by itself (`read_first`). So what nearly every request needs seldom costs a statement of its own.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Wanted:
    """A number that must be as the first statement finds it, and how to read it by itself."""

    read: Callable[[], int | None]
    number: int | None = None


_wanted: ContextVar[Wanted | None] = ContextVar("wanted", default=None)


def want_first(read: Callable[[], int | None]) -> Wanted:
    """Let a number be read before the next statement of this thread."""
    wanted = Wanted(read)
    _wanted.set(wanted)
    return wanted


def is_wanted() -> bool:
    """Whether the next statement should select a number as well."""
    return _wanted.get() is not None


def take_over() -> Wanted | None:
    """What the next statement has to select as well, since nothing reads it before; None where nothing is wanted."""
    wanted = _wanted.get()
    if wanted is not None:
        _wanted.set(None)
    return wanted


def read_first() -> None:
    """Read what is wanted, before the next statement."""
    wanted = take_over()
    if wanted is not None:
        wanted.number = wanted.read()
