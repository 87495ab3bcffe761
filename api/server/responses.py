"""The responses on their way: what a client's socket does not take at once is kept for the loop, so that no thread waits.

Only a response that is larger than the service is ready to keep in memory makes its thread wait for the client.
"""

import select
import struct
from collections import deque
from contextlib import suppress
from errno import ECONNRESET
from fcntl import ioctl
from itertools import islice
from socket import socket
from termios import TIOCOUTQ
from time import monotonic
from typing import Any

from api.server import limits

GATHERED = 4096
"""Bytes that wait for more before they are sent: a head goes out together with the beginning of its content."""

_PIECES = 64  # that one system call sends; Linux takes up to 1024


class ResponseWriter:
    """What gunicorn takes for the client's socket while a thread answers; afterwards the loop sends what is left."""

    def __init__(self, client: socket) -> None:
        self.pending = 0
        self._client = client
        self._pieces: deque[memoryview] = deque()
        self._sent, self._taken = 0, -1
        self._waited = 0.0

    def begin(self) -> None:
        """Another response is awaited."""
        self._waited = 0.0

    def sendall(self, data: Any) -> None:
        """Send some of a response, now or later; raise ConnectionResetError when its client does not take it."""
        if len(data):
            self._pieces.append(memoryview(data))
            self.pending += len(data)
        if self.pending > GATHERED:
            self.finish()

    def finish(self) -> None:
        """Send all that the socket takes; wait only while more is left than is kept for a client."""
        while not self.flush() and self.pending > limits.LONGEST_PENDING:
            self._wait()

    def flush(self) -> bool:
        """Send what the socket takes at once; whether nothing is left. Raise OSError when the client is gone."""
        while self._pieces:
            try:
                self._advance(self._client.sendmsg(islice(self._pieces, _PIECES)))
            except BlockingIOError:
                return False
        return True

    def _advance(self, sent: int) -> None:
        self._sent += sent
        self.pending -= sent
        while sent:
            piece = self._pieces.popleft()
            if len(piece) > sent:
                self._pieces.appendleft(piece[sent:])
            sent -= min(sent, len(piece))

    def _wait(self) -> None:
        began = monotonic()
        poll = select.poll()
        poll.register(self._client, select.POLLOUT)
        ready = poll.poll(1000 * limits.PATIENCE)
        self._waited += monotonic() - began
        if self._waited > limits.PATIENCE_IN_ALL or (not ready and not self.is_read()):
            raise ConnectionResetError(ECONNRESET, "The client does not read")

    def is_read(self) -> bool:
        """Whether the client's side has taken anything since this was last asked.

        Bytes that the socket took are no proof: Linux widens its buffers now and then.
        """
        before, self._taken = self._taken, self._sent - self._queued()
        return self._taken > before

    def _queued(self) -> int:
        """How many bytes were sent that the client's side has not taken; 0 where the system does not tell."""
        with suppress(OSError):
            [number] = struct.unpack("@i", ioctl(self._client, TIOCOUTQ, bytes(4)))
            return int(number)
        return 0

    # What follows is only for gunicorn.util.close_graceful, which gunicorn calls when the application fails in the middle
    # of a response. The loop closes the connection, and the client sees that the response is incomplete.

    def shutdown(self, how: int) -> None:
        """Do nothing."""

    def settimeout(self, seconds: float) -> None:
        """Do nothing."""

    def recv(self, size: int) -> bytes:
        """Nothing more is to come."""
        return b""

    def close(self) -> None:
        """Do nothing."""
