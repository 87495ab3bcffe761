"""A queue of the writers of all processes, kept by locks on a file beside the database: first come, first served.

SQLite lets whoever happens to look when its lock is free have it, so under load a process may wait for seconds. Here each
writer draws a number and locks the byte of the file that has this number, until it has written; a writer's turn has come
when no byte with a lower number is locked. Whoever has the database's own lock shows that by a second byte, far behind. The
kernel keeps the locks and releases those of a process that ends, however it ends, so nobody waits for the dead. The queue
only orders writers: what they write is guarded by SQLite's own lock.

Locks belong to the open file where there are such (Linux), otherwise to the process (POSIX).
"""

import errno
import fcntl
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

SUFFIX = "-queue"
"""After the name of the database: the name of the file."""

_SET = getattr(fcntl, "F_OFD_SETLK", fcntl.F_SETLK)
_GET = getattr(fcntl, "F_OFD_GETLK", fcntl.F_GETLK)
_LINUX = sys.platform == "linux"
_FLOCK = struct.Struct("hhqqi" if _LINUX else "qqihh")
"""`struct flock`: type, origin, start, length and process; in the BSDs and on macOS the first two come last."""

_DRAWING = 0
"""The byte that is locked while a number is drawn. The first eight bytes hold the next number, from 1."""

_LATEST = 8
"""Where the file holds the number of the writer that got the database's own lock last."""

_HAS_LOCK = 1 << 62
"""What is added to a writer's number: the byte that is locked while it has the database's own lock."""

_TO_THE_END = 0
"""As a length: all bytes from the start on."""

_MOST_DRAWING = 0.1  # seconds; it takes microseconds, unless somebody was stopped at it


class FileQueue:
    """The places of this process in the queue at a database; None in place of a number: the queue can't be used.

    That is so where the file can't be written. The file is open only while this process has a place.
    """

    def __init__(self, database: Path) -> None:
        self._database = database.absolute()
        self._file: int | None = None
        self._places: set[int] = set()
        self._passed = 0

    def join(self) -> int | None:
        """Draw a number; those of a process must not draw at the same time."""
        try:
            if self._file is None:
                self._file = _opened(self._database)
            with _drawing(self._file):
                place = max(1, int.from_bytes(os.pread(self._file, 8, 0), "big"))
                _set(self._file, fcntl.F_WRLCK, place)
                os.pwrite(self._file, (place + 1).to_bytes(8, "big"), 0)
        except (OSError, OverflowError, struct.error):
            self._close_unless_needed()
            return None
        self._places.add(place)
        return place

    def leave(self, place: int | None) -> None:
        """Let those behind this place come forward."""
        if place is None or self._file is None:
            return
        self._places.discard(place)
        with suppress(OSError):
            _set(self._file, fcntl.F_UNLCK, place)
            _set(self._file, fcntl.F_UNLCK, _HAS_LOCK + place)
        self._close_unless_needed()

    def note_lock(self, place: int | None) -> None:
        """Show the other processes that this writer has the database's own lock, which only its work can end."""
        if place is not None and self._file is not None:
            with suppress(OSError):
                _set(self._file, fcntl.F_WRLCK, _HAS_LOCK + place)
                os.pwrite(self._file, place.to_bytes(8, "big"), _LATEST)

    def latest_lock(self) -> int:
        """The place of the writer that got the database's own lock last, of whichever process; 0 when nobody is known."""
        return 0 if self._file is None else int.from_bytes(os.pread(self._file, 8, _LATEST), "big")

    def is_lock_held(self) -> bool:
        """Whether a writer of another process has the database's own lock, wherever in the queue it is."""
        return self._file is not None and _locked(self._file, _HAS_LOCK, _TO_THE_END) is not None

    def first_ahead(self, place: int) -> int | None:
        """The first place of another process before this one; None when it is this one's turn."""
        ahead = None
        while (found := self._held(ahead or place)) is not None:
            ahead = found
        return ahead

    def pass_by(self, place: int) -> None:
        """Never wait again for those before this place: one of them was stopped, or writes for long."""
        self._passed = place

    def _held(self, before: int) -> int | None:
        """A place that another process holds before a number, and that nobody passed by."""
        first = max(1, self._passed)
        if self._file is None or first >= before:
            return None
        start = _locked(self._file, first, before - first)
        return None if start is None else max(first, start)

    def _close_unless_needed(self) -> None:
        if self._file is not None and not self._places:
            os.close(self._file)
            self._file = None


def _opened(database: Path) -> int:
    """The file of the queue, for the same users as the database, as SQLite makes its own beside it."""
    database = database.resolve(strict=True)
    path = database.with_name(database.name + SUFFIX)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        if os.fstat(file).st_size == 0:
            _share(file, database.stat())
    except OSError:
        os.close(file)
        raise
    return file


def _share(file: int, like: os.stat_result) -> None:
    """Give the file the mode of the database, and its owner where the superuser makes it."""
    os.fchmod(file, like.st_mode & 0o666)
    if os.geteuid() == 0:
        os.fchown(file, like.st_uid, like.st_gid)


@contextmanager
def _drawing(file: int) -> Iterator[None]:
    """Be the only one that draws a number; raise OSError when somebody else does so for too long."""
    end = monotonic() + _MOST_DRAWING
    while True:
        try:
            _set(file, fcntl.F_WRLCK, _DRAWING)
            break
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES) or monotonic() > end:
                raise
            sleep(0.0005)
    try:
        yield
    finally:
        _set(file, fcntl.F_UNLCK, _DRAWING)


def _set(file: int, kind: int, byte: int) -> None:
    """Lock or unlock a byte; raise OSError when another process has locked it."""
    fcntl.fcntl(file, _SET, _packed(kind, byte, 1))


def _locked(file: int, start: int, length: int) -> int | None:
    """The start of a lock that other processes hold on some of these bytes."""
    answer = _FLOCK.unpack(fcntl.fcntl(file, _GET, _packed(fcntl.F_WRLCK, start, length)))
    kind, first = (answer[0], answer[2]) if _LINUX else (answer[3], answer[0])
    return None if kind == fcntl.F_UNLCK else first


def _packed(kind: int, start: int, length: int) -> bytes:
    fields = (kind, os.SEEK_SET, start, length, 0) if _LINUX else (start, length, 0, kind, os.SEEK_SET)
    return _FLOCK.pack(*fields)
