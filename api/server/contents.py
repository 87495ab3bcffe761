"""The contents of requests, gathered as they arrive: a thread is to read them without ever waiting for a client."""

import re
from collections.abc import Callable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NoReturn, cast

from gunicorn.http.body import CHUNK_EXT_RE, ChunkedReader
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, LimitRequestHeaders
from gunicorn.http.message import Request

from api.server import limits

LONGEST_LINE = 8190  # bytes of a chunk's size with its extensions, or of a trailer field
LONGEST_TRAILERS = 65_536  # bytes
LONGEST_EXTENSIONS = 65_536
"""Bytes of the extensions of all chunks (RFC 9112, 7.1.1): else one byte of content would let 8 kB be sent, and a small one 512 MB."""

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:" + CHUNK_EXT_RE.pattern + rb")")


class ContentWanted(BaseException):
    """The application asks for a content that was not received yet.

    Not an Exception, so that nobody takes it for a failure on its way out of the application.
    """


class AbsentContent:
    """What the application has as its input while it is not known whether it wants any."""

    def read(self, *_: Any) -> NoReturn:
        """Raise ContentWanted, as every way of reading does."""
        raise ContentWanted

    readline = readlines = __iter__ = read


class Content:
    """The content of a request: what of it was received, and whether that is all."""

    def __init__(self) -> None:
        self.file = cast(IO[bytes], SpooledTemporaryFile(limits.SMALL_CONTENT))  # noqa: SIM115
        self.received = 0
        self.complete = False

    @property
    def is_large(self) -> bool:
        """Whether it is more than what every client may keep in memory."""
        return self.received > limits.SMALL_CONTENT

    @property
    def is_ready(self) -> bool:
        """Whether the application can read it: all of it, or as much as lets it see that it is too long."""
        return self.complete

    def feed(self, buffer: bytearray) -> None:
        """Take what belongs to it off the buffer; raise ParseException, or OSError when there is no room to keep it."""
        raise NotImplementedError

    def _take(self, buffer: bytearray, most: int) -> int:
        """Keep at most so many bytes of the buffer; give how many there were."""
        taken = min(most, len(buffer))
        self.file.write(buffer[:taken])
        del buffer[:taken]
        self.received += taken
        return taken


class NoContent(Content):
    """Nothing, as with most requests."""

    def __init__(self) -> None:
        self.file, self.received, self.complete = BytesIO(), 0, True

    def feed(self, buffer: bytearray) -> None:
        """Take nothing."""


class SizedContent(Content):
    """A content whose length the head tells."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self._length = length

    @property
    def is_large(self) -> bool:
        """Whether it is more than what every client may keep in memory."""
        return self._length > limits.SMALL_CONTENT

    def feed(self, buffer: bytearray) -> None:
        """Take what belongs to it off the buffer."""
        self._take(buffer, self._length - self.received)
        self.complete = self.received == self._length


class ChunkedContent(Content):
    """A content in chunks, decoded as they arrive (RFC 9112, 7.1)."""

    def __init__(self, request: Request, longest: int) -> None:
        super().__init__()
        self._request, self._longest = request, longest
        self._left = 0
        self._trailers: list[bytes] = []
        self._length_of_trailers = self._length_of_extensions = 0
        self._step: Callable[[bytearray], bool] = self._size

    @property
    def is_ready(self) -> bool:
        """Whether the application can read it, or would refuse it anyhow."""
        return self.complete or self.received > self._longest

    def feed(self, buffer: bytearray) -> None:
        """Take what belongs to it off the buffer; raise ParseException as soon as it is malformed."""
        while not self.is_ready and self._step(buffer):
            pass

    def _size(self, buffer: bytearray) -> bool:
        line = _line(buffer)
        if line is None:
            return False
        size = _SIZE.fullmatch(line)
        if size is None:
            raise InvalidChunkSize(line[:20])
        self._length_of_extensions += len(line) - len(size[1])
        if self._length_of_extensions > LONGEST_EXTENSIONS:
            raise InvalidChunkSize(b"extensions")
        self._left = int(size[1], 16)
        self._step = self._data if self._left else self._trailer
        return True

    def _data(self, buffer: bytearray) -> bool:
        self._left -= self._take(buffer, self._left)
        if not self._left:
            self._step = self._end_of_data
        return not self._left

    def _end_of_data(self, buffer: bytearray) -> bool:
        if not b"\r\n".startswith(buffer[:2]):
            raise ChunkMissingTerminator(bytes(buffer[:2]))
        if len(buffer) < 2:
            return False
        del buffer[:2]
        self._step = self._size
        return True

    def _trailer(self, buffer: bytearray) -> bool:
        line = _line(buffer)
        if line is None:
            return False
        if line:
            self._trailers.append(line)
            self._length_of_trailers += len(line)  # not summed anew at each line: a client can send very many
            if self._length_of_trailers > LONGEST_TRAILERS:
                raise LimitRequestHeaders("trailers")
        else:
            self._end()
        return True

    def _end(self) -> None:
        if self._trailers:  # parsed only to refuse those that must not be there: nothing here uses trailers
            self._request.parse_headers(b"\r\n".join(self._trailers), from_trailer=True)
        self.complete = True


def _line(buffer: bytearray) -> bytes | None:
    """Take a line off the buffer, without its end; None while it is incomplete."""
    end = buffer.find(b"\n")
    if (end < 0 and len(buffer) > LONGEST_LINE) or end > LONGEST_LINE:
        raise InvalidChunkSize(b"a line without an end")
    if end < 0:
        return None
    if buffer[end - 1 : end] != b"\r":
        raise InvalidChunkSize(b"bare LF")
    line = bytes(buffer[: end - 1])
    del buffer[: end + 1]
    return line


def content_of(request: Request, longest: int) -> Content:
    """What is to come after a head, by gunicorn's own reading of it; in chunks, hardly more than `longest` bytes."""
    reader = request.body.reader
    if isinstance(reader, ChunkedReader):
        return ChunkedContent(request, longest)
    return SizedContent(reader.length) if reader.length else NoContent()
