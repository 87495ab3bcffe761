"""The cache of documents: those that this process has read and decompressed, by version, until memory is short.

A version is a record's number together with its entity tag, which is a digest of the document. So a write invalidates
nothing: readers learn the new tag from the row, and ask for another version.
"""

from collections.abc import Mapping
from threading import Lock

Version = tuple[str, int, str]
"""The table of a record, its number and its entity tag."""

_OVERHEAD = 300  # bytes that the objects of an entry take besides the document, about


class DocumentCache:
    """Documents of the versions read last, of at most `size` bytes in all.

    They are kept in two generations of half that size. What is used moves to the younger one; when that is full, it
    becomes the older one, and what was not used for as long is gone. A look-up so takes a tenth of the time that a list in
    order of use takes, and needs no lock.
    """

    def __init__(self, size: int = 0) -> None:
        self._younger: dict[Version, bytes] = {}
        self._older: dict[Version, bytes] = {}
        self._taken = 0
        self._lock = Lock()
        self._half = size // 2

    @property
    def has_room(self) -> bool:
        """Whether there is room for any."""
        return self._half > 0

    def resize(self, size: int) -> None:
        """Drop everything, and keep at most `size` bytes from now on."""
        with self._lock:
            self._younger, self._older, self._taken, self._half = {}, {}, 0, size // 2

    def used_last(self) -> Mapping[Version, bytes]:
        """Those that `get` gives without moving them: for loops in which a call for each would take most of the time."""
        return self._younger

    def get(self, version: Version) -> bytes | None:
        """The document of a version; None when it is not kept."""
        document = self._younger.get(version)
        if document is None and (document := self._older.get(version)) is not None:
            self.keep(version, document)
        return document

    def keep(self, version: Version, document: bytes) -> None:
        """Keep the document of a version."""
        with self._lock:
            if version in self._younger:
                return
            self._taken += len(document) + _OVERHEAD
            if self._taken > self._half:
                self._younger, self._older, self._taken = {}, self._younger, len(document) + _OVERHEAD
            self._younger[version] = document


document_cache = DocumentCache()
"""That of this process; nothing is kept until `resize` gives it room."""
