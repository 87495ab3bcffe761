"""The digest of a migration, by which a script is recognised that was edited after a database was migrated by it."""

import hashlib
from pathlib import Path


def digest_of(folder: Path, name: str, engine: str) -> str:
    """The SHA-256, in hexadecimal, of a migration's Python file and its SQL script for an engine.

    Line ends are those of Unix, whatever a checkout made of them.
    """
    digest = hashlib.sha256(_content(folder / f"{name}.py"))
    script = folder / f"{name}.{engine}.sql"
    if script.exists():
        digest.update(b"\0" + _content(script))
    return digest.hexdigest()


def _content(file: Path) -> bytes:
    return file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
