"""Where the log of changes goes on after a restoration: at a position that no lost log ever reached."""

import time

APART = 1_000_000_000
"""Positions between a copy and what follows it, at least. The migration `0009_restorations` recognises gaps by it."""


def resumed_after(*used: int) -> int:
    """The next position of a log, when these are used already, and others that nobody knows of.

    It is the microsecond of the clock: no log grows faster, so that all lost positions lie before it, even when the same
    copy is restored twice. Until the year 2255 that is below 2**53, which every JSON parser reads exactly.
    """
    return max(time.time_ns() // 1000, max(used) + APART)
