"""The texts of articles: as files hold them, and in the normal form that positions and digests refer to."""

import hashlib
import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from pathlib import Path
from typing import BinaryIO

from api.errors import TasrihError
from schemas.values.normal_form import LONGEST_RUN, NotStreamSafe, nfc

LARGEST_FILE = 10_000_000  # bytes; an article has thousands, and a folder may hold any file
_WITH_NUL_BYTES = (BOM_UTF16_LE, BOM_UTF16_BE, BOM_UTF32_BE)  # UTF-32-LE's begins with UTF-16-LE's
_BEGINNING = 8192  # bytes that show whether a file is text at all


class UnreadableText(TasrihError):
    """A file can't be read as text, but may be an article."""


class NotText(TasrihError):
    """A file is not an article."""


def normalised(text: str) -> str:
    """The text in which positions are counted: NFC, LF line ends, no byte order mark. No-break spaces are kept as text.

    Raise NotStreamSafe for what has too many combining marks in a row.
    """
    return nfc(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in lowercase hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> str:
    """The normalised text of a file in UTF-8, or in UTF-16 with a byte order mark; raise NotText or UnreadableText."""
    try:
        with path.open("rb") as file:
            return normalised(decoded(_bytes(file)))
    except NotStreamSafe:
        raise NotText(f"is no article: it has more than {LONGEST_RUN} combining marks in a row") from None
    except OSError as error:
        raise UnreadableText(f"can't be read: {error.strerror or error}") from None


def _bytes(file: BinaryIO) -> bytes:
    """The whole file; raise NotText when its size or its beginning shows that it is no article."""
    if os.fstat(file.fileno()).st_size > LARGEST_FILE:
        raise NotText(f"has more than {LARGEST_FILE:,} bytes, which no article has")
    beginning = file.read(_BEGINNING)
    if b"\0" in beginning and not beginning.startswith(_WITH_NUL_BYTES):
        raise NotText("is not text: it holds NUL bytes")
    rest = file.read(LARGEST_FILE)  # never more, even of a file that grows
    return beginning + rest


def decoded(raw: bytes) -> str:
    """The text of these bytes; raise NotText when they are none, UnreadableText when they are in another encoding."""
    if raw.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):
        raise UnreadableText("is in UTF-32: save it as UTF-8")
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _decoded(raw, "utf-16", "UTF-16, as its byte order mark says")
    if b"\0" in raw:
        raise NotText("is not text: it holds NUL bytes")
    return _decoded(raw, "utf-8", "UTF-8: save it as such")


def _decoded(raw: bytes, encoding: str, expected: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableText(f"is not text in {expected} (byte {error.start})") from None
    if "\0" in text:
        raise NotText("is not text: it holds NUL characters")
    return text
