"""The last position that any process of a node has written, known to all of them before the client is answered.

The memory is shared by the processes that are forked from the one that imported this module, such as the workers of
`tasrih serve`. Each process writes into a slot of its own, so that nobody waits for a lock of a process that was killed.
"""

import mmap
import os
import struct
import threading

_SLOTS = 512  # as many as there may be workers; two processes whose ids differ by a multiple of it would share one
_NUMBER = struct.Struct("q")  # eight bytes at a multiple of eight are written at once
_shared = mmap.mmap(-1, _SLOTS * _NUMBER.size)
_lock = threading.Lock()
_seen: tuple[bytes, int] = (bytes(_SLOTS * _NUMBER.size), 0)


def note_written(position: int) -> None:
    """Let all processes know that somebody was told of a change at this position."""
    place = os.getpid() % _SLOTS * _NUMBER.size
    with _lock:
        if position > _NUMBER.unpack_from(_shared, place)[0]:
            _NUMBER.pack_into(_shared, place, position)


def last_written() -> int:
    """The last position that a client was told of by a process of this node; 0 when none was."""
    global _seen
    slots, last = _seen
    now = _shared[:]
    if now != slots:
        last = max(struct.unpack(f"{_SLOTS}q", now))
        _seen = now, last
    return last
