"""Compressing documents that are kept beside the records and rarely read: Zstandard (RFC 8878) with a dictionary of ours.

A statement shares most of its bytes with any other: keys, terms, names of agencies. The dictionary holds them, so a document
shrinks to a sixth without any other beside it. `python -m bench.dictionary` has made it from the five-article corpus. Frames name
their dictionary by its id, and stored frames stay: another dictionary would be a file more, never another content of this one.
"""

from functools import cache
from pathlib import Path
from threading import local

from zstandard import DICT_TYPE_FULLDICT, ZstdCompressionDict, ZstdCompressor, ZstdDecompressor, ZstdError
from zstandard import frame_content_size as content_size

DICTIONARY = Path(__file__).with_name("documents.zdict")
LEVEL = 3  # Zstandard's default: 17 us for a document of 3 kB; level 9 takes 5 % off its size, for 3 times as long
LONGEST = 1 << 28
"""Bytes that a document may have: the length that a damaged frame declares must not fill the memory."""

_FRAME = b"\x28\xb5\x2f\xfd"
"""What a frame begins with, and JSON never does."""


class _Codecs(local):
    """The compressor and the decompressor of a thread: Zstandard's are made for one thread at a time, and cost more than a document."""

    def __init__(self) -> None:
        self.compressor = ZstdCompressor(level=LEVEL, dict_data=_dictionary())
        self.decompressor = ZstdDecompressor(dict_data=_dictionary())


_codecs = cache(_Codecs)


@cache
def _dictionary() -> ZstdCompressionDict:
    return ZstdCompressionDict(DICTIONARY.read_bytes(), dict_type=DICT_TYPE_FULLDICT)


def compressed(document: bytes | None) -> bytes | None:
    """A document as a frame, which a frame already is; None for none, as SQL functions do."""
    if document is None or document.startswith(_FRAME):
        return document
    return _codecs().compressor.compress(document)


def decompressed(stored: bytes | memoryview) -> bytes:
    """The document of a frame, or a document that was stored as it is; raise ValueError for a damaged frame."""
    content = bytes(stored)
    if not content.startswith(_FRAME):
        return content
    try:
        if content_size(content) > LONGEST:
            raise ValueError(f"a compressed document of {content_size(content):,} bytes")
        return _codecs().decompressor.decompress(content, allow_extra_data=False)
    except ZstdError as error:
        raise ValueError(f"a damaged compressed document ({error})") from error
