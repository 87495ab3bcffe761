"""How often Python looks for garbage in cycles: rarely, because requests and imports leave hardly any."""

import gc

RARELY = (50_000, 10, 10)
"""The thresholds of `gc`. Looking whenever there are 700 more objects takes an import a fifth of all processor time, and the restoring
of earlier moments three eighths."""


def look_rarely() -> None:
    """Never look at what there is by now, which lives as long as the process, and rarely at what comes later."""
    gc.freeze()
    gc.set_threshold(*RARELY)
