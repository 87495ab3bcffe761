"""Making ids for records whose writers chose none."""

import secrets
import time
from uuid import UUID


def new_id() -> str:
    """A UUID of version 7 (RFC 9562, 5.7): milliseconds since 1970 in 48 bits, then 74 random ones between the marks.

    Ids made later sort behind, to the millisecond; written out they are ids as the schemas want them.
    """
    at, random = time.time_ns() // 1_000_000, secrets.randbits(74)
    return str(UUID(int=at << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1))
