"""The files that commands write: each appears under its name when it is complete, and nothing is lost when it can't be."""

import errno
import os
import re
import signal
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO
from uuid import uuid4

from api.database import file_queue
from api.errors import UnusableBackup, UnwritableFile

PRIVATE = 0o600
"""The mode of copies: they hold all texts, and the digests of all tokens."""

_BESIDE_SQLITE = ("-journal", "-wal", "-shm", file_queue.SUFFIX)
"""What stands beside a SQLite database, and is left there when it can't be written any more."""

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
"""How file systems without hard links refuse one."""

_LONGEST_PREFIX = 40  # characters, 160 bytes at most: a file's name has 255
_DESCRIPTORS = re.compile(r"/proc/(self|thread-self)/fd|/dev/fd")
_STOPPING = (signal.SIGTERM, signal.SIGHUP)
_KINDS = {stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a block device", stat.S_IFDIR: "a folder"}


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """A partial file beside the new file, which gets its name when it is complete and on the disk.

    Only its owner may read it. Raise UnusableBackup when it can't be written, or there is something of its name.
    """
    with naming(file), removed_when_stopped():
        refuse_existing(file)
        partial = _beside(file, "partial")
        os.close(_created(partial, PRIVATE))
        try:
            yield partial
            _to_disk(partial)
            _name(partial, file)
            _to_disk(file.parent)
        finally:
            remove_database(partial)


@contextmanager
def output_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes the place of the one at a path, with its mode, when all of it is written.

    Symbolic links are followed. What is no file (a pipe, /dev/stdout, /dev/null) is written to directly. Raise
    UnwritableFile when that can't be done: then nothing of an existing file is lost.
    """
    try:
        if _is_stream(path):
            with _stream(path) as stream:
                yield stream
        else:
            with _replacing(Path(os.path.realpath(path))) as file:
                yield file
    except OSError as error:
        raise UnwritableFile(f"{path} can't be written: {error.strerror or error}.") from error


@contextmanager
def extended_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to read and to add to, made if there is none. What is no file is written to, and can't be read.

    Raise UnwritableFile when that can't be done.
    """
    try:
        with _stream(path) if _is_stream(path) else open(path, "a+b") as file:
            yield file
    except OSError as error:
        raise UnwritableFile(f"{path} can't be written: {error.strerror or error}.") from error


def _is_stream(path: Path) -> bool:
    if _descriptor(path) is not None:
        return True
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    if kind := _KINDS.get(stat.S_IFMT(mode)):
        raise UnwritableFile(f"{path} is {kind}: name a file, or a pipe.")
    return not stat.S_ISREG(mode)


@contextmanager
def _stream(path: Path) -> Iterator[IO[bytes]]:
    descriptor = _descriptor(path)
    with open(path if descriptor is None else os.dup(descriptor), "wb") as stream:
        yield stream


def _descriptor(path: Path) -> int | None:
    """The number of the open file that a path such as /dev/stdout stands for; None when it is another path.

    Writing to it goes on where the shell has opened it, which `>> file` has at the end: its file must not be replaced.
    """
    for _ in range(40):  # as many links as Linux follows
        if _DESCRIPTORS.fullmatch(str(path.parent)) and path.name.isdigit():
            return int(path.name)
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


@contextmanager
def _replacing(file: Path) -> Iterator[IO[bytes]]:
    """A partial file that takes the place of a file, or becomes a new one with the mode that the umask leaves."""
    present = os.stat(file) if file.exists() else None
    if present is not None and not os.access(file, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    partial = _beside(file, "part")
    with removed_when_stopped():
        descriptor = _created(partial, 0o666 if present is None else PRIVATE)
        try:
            with open(descriptor, "wb") as written:
                if present is not None:
                    _give_owner_and_mode(descriptor, present)
                yield written
                written.flush()
                os.fsync(descriptor)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)


def _give_owner_and_mode(descriptor: int, present: os.stat_result) -> None:
    with suppress(PermissionError):  # only root may give a file away
        os.fchown(descriptor, present.st_uid, present.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(present.st_mode))


def _beside(file: Path, suffix: str) -> Path:
    """A hidden name that nothing has, in the same folder: only within a file system can a file be renamed."""
    return file.with_name(f".{file.name[:_LONGEST_PREFIX]}.{uuid4().hex[:8]}.{suffix}")


def _created(file: Path, mode: int) -> int:
    return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)


def _name(partial: Path, file: Path) -> None:
    """Give a file its name, unless another has come by it meanwhile: a link never replaces anything, renaming does."""
    try:
        os.link(partial, file)
    except FileExistsError:
        refuse_existing(file)
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        refuse_existing(file)
        partial.rename(file)


@contextmanager
def removed_when_stopped() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the program as Ctrl-C does, through every `finally`, so that no partial file stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for number in _STOPPING if signal.getsignal(number) == signal.SIG_DFL]  # nohup ignores SIGHUP
    for number in numbers:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)  # as a shell reports a signal


def remove_database(file: Path) -> None:
    """Remove a SQLite database that was not finished, and what SQLite keeps beside it."""
    for suffix in ("", *_BESIDE_SQLITE):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def first_bytes(file: Path, count: int) -> bytes:
    """The first bytes of a file; raise UnusableBackup when it can't be read, or is no file."""
    with naming(file):
        if not file.is_file():
            raise UnusableBackup(f"{file} is no file.")
        with file.open("rb") as content:
            return content.read(count)


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Raise UnusableBackup, with the file, when it can't be read or written."""
    try:
        yield
    except OSError as error:
        raise UnusableBackup(f"{file} can't be used: {error.strerror or error}.") from error


def refuse_existing(file: Path) -> None:
    """Raise UnusableBackup when there is anything of this name."""
    if file.exists() or file.is_symlink():
        raise UnusableBackup(f"There is something at {file} already: name a new file, or take that one away.")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
