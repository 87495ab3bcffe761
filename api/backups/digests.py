"""The digest beside each copy, by which a damaged one is recognised: `FILE.sha256`, which `sha256sum -c` reads too."""

import hashlib
import re
from pathlib import Path

from api.backups.files import first_bytes, naming, new_file
from api.errors import UnusableBackup

_LINE = re.compile(rb"\\?([0-9a-fA-F]{64}) [ *][^\n]+\n?")
"""A line of GNU coreutils' sha256sum; a backslash before it says that the file's name is escaped."""

_LONGEST = 10_000  # bytes of a digest's file: far more than any file's name has


def file_beside(file: Path) -> Path:
    """The file that holds the digest of a copy."""
    return file.with_name(f"{file.name}.sha256")


def write_digest(partial: Path, file: Path) -> None:
    """Write the digest of a copy, which is about to be named so; raise UnusableBackup when that can't be done."""
    line = f"{_sha256(partial)}  ".encode() + _escaped(file.name)
    if b"\\" in line or b"\r" in line:
        line = b"\\" + line
    with new_file(file_beside(file)) as partial_digest:
        partial_digest.write_bytes(line + b"\n")


def verify_digest(file: Path, required: bool) -> None:
    """Raise UnusableBackup when a copy is not what its digest says, or has no digest although that is `required`."""
    beside = file_beside(file)
    if not beside.exists():
        if required:
            raise UnusableBackup(
                f"{beside} is missing, so nobody knows whether {file.name} is still the copy that was made:"
                " put it beside the copy, or give --unverified."
            )
        return
    if _read(beside) != _sha256(file):
        raise UnusableBackup(f"{file} is damaged, or another file: its SHA-256 is not the one in {beside.name}.")


def _read(beside: Path) -> str:
    line = _LINE.fullmatch(first_bytes(beside, _LONGEST))
    if line is None:
        raise UnusableBackup(f"{beside} holds no digest as 'tasrih backup' and sha256sum write it.")
    return line[1].decode().lower()


def _sha256(file: Path) -> str:
    with naming(file), file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _escaped(name: str) -> bytes:
    """A file's name as sha256sum writes it."""
    pairs = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
    return "".join(pairs.get(character, character) for character in name).encode("utf-8", "surrogateescape")
