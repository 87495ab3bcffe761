"""Compressing what is kept beside the records and rarely read: Zstandard (RFC 8878) with dictionaries of ours.

A statement shares most of its bytes with any other: keys, terms, names of agencies; and its words in the text index with those of
others. The dictionaries hold them, so a document shrinks to a sixth without any other beside it. `python -m bench.corpora.dictionary` has
made them from the five-article corpus. A frame names its dictionary by id, and stored frames stay as they are. So these files never
change; a new dictionary would be a further file.
"""

from functools import cache
from pathlib import Path
from threading import local

from zstandard import DICT_TYPE_FULLDICT, ZstdCompressionDict, ZstdCompressor, ZstdDecompressor, ZstdError
from zstandard import frame_content_size as content_size

DICTIONARY = Path(__file__).with_name("documents.zdict")
TOKENS = Path(__file__).with_name("tokens.zdict")
LEVEL = 3  # Zstandard's default: 17 us for a document of 3 kB; level 9 takes 5 % off its size, for 3 times as long
LONGEST = 1 << 28
"""Bytes that a document may have: the length that a damaged frame declares must not fill the memory."""

_FRAME = b"\x28\xb5\x2f\xfd"
"""What a frame begins with, and neither JSON nor tokens ever do: 0xB5 is no UTF-8 after 0x28."""


class _Codecs(local):
    """The compressor and the decompressor of a thread: Zstandard's are made for one thread at a time, and cost more than a document."""

    def __init__(self, dictionary: Path) -> None:
        self.compressor = ZstdCompressor(level=LEVEL, dict_data=_dictionary(dictionary))
        self.decompressor = ZstdDecompressor(dict_data=_dictionary(dictionary))


_codecs = cache(_Codecs)


@cache
def _dictionary(file: Path) -> ZstdCompressionDict:
    return ZstdCompressionDict(file.read_bytes(), dict_type=DICT_TYPE_FULLDICT)


def compressed(document: bytes) -> bytes:
    """A document as a frame, which a frame already is."""
    if document.startswith(_FRAME):
        return document
    return _codecs(DICTIONARY).compressor.compress(document)


def decompressed(stored: bytes | memoryview) -> bytes:
    """The document of a frame, or a document that was stored as it is; raise ValueError for a damaged frame."""
    return _content(stored, DICTIONARY)


def compressed_tokens(tokens: str) -> bytes:
    """What a text index holds of a record as a frame."""
    return _codecs(TOKENS).compressor.compress(tokens.encode())


def plain_tokens(stored: bytes | None) -> str | None:
    """What a text index holds of a record; None for none and for a damaged frame, as an SQL function that must not fail."""
    try:
        return None if stored is None else _content(stored, TOKENS).decode()
    except (ValueError, TypeError):  # TypeError: a text where SQLite should have bytes
        return None


def _content(stored: bytes | memoryview, dictionary: Path) -> bytes:
    content = bytes(stored)
    if not content.startswith(_FRAME):
        return content
    try:
        if content_size(content) > LONGEST:
            raise ValueError(f"a compressed document of {content_size(content):,} bytes")
        return _codecs(dictionary).decompressor.decompress(content, allow_extra_data=False)
    except ZstdError as error:
        raise ValueError(f"a damaged compressed document ({error})") from error
