"""Where the log of changes goes on after a restoration: where no log that may have been lost has ever been."""

import time

APART = 1_000_000_000
"""Places that lie between a copy and what follows it, at the least; `0009_restorations` knows gaps by it."""


def resumed_after(*given: int) -> int:
    """The next place of a log, when these were given already, and others that nobody knows of.

    It is the microsecond of the clock: no log grows faster, so that what was lost lies before it, also when the same copy
    is put back twice. Until the year 2255 that is below 2**53, which every JSON parser reads exactly.
    """
    return max(time.time_ns() // 1000, max(given) + APART)
