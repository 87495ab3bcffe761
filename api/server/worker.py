"""The gunicorn worker, which lets no request fall that somebody is already sending when it is told to stop, and no client
keep a thread that neither sends nor reads."""

import struct
from collections.abc import Callable
from contextlib import suppress
from errno import ECONNRESET
from fcntl import ioctl
from socket import SHUT_RDWR, SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET, socket
from termios import TIOCOUTQ
from time import monotonic
from typing import Any, TypeVar

from gunicorn.workers.gthread import ThreadWorker

PATIENCE = 30
"""Seconds in which a client has to send or take something: as long as a request under way is given after SIGTERM."""

PATIENCE_IN_ALL = 600
"""Seconds a request may wait for its client altogether: a reader of drops holds a thread, and an export the moment it shows."""

Outcome = TypeVar("Outcome")


class Connection(socket):
    """A client's connection, which counts as lost when the client lets the service wait too long.

    The system itself ends each wait. gunicorn sets Python's timeouts as it goes, and the one of `sendall` would be for all
    of a large piece, however steadily it is taken.
    """

    def __init__(self, accepted: socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        patience = struct.pack("@ll", PATIENCE, 0)
        self.setsockopt(SOL_SOCKET, SO_RCVTIMEO, patience)
        self.setsockopt(SOL_SOCKET, SO_SNDTIMEO, patience)
        self._waited = 0.0

    def begin(self) -> None:
        """Another request is awaited."""
        self._waited = 0.0

    def recv(self, *arguments: int) -> bytes:
        """Receive some of a request; raise ConnectionResetError when none of it comes."""
        return self._awaited(super().recv, *arguments)

    def sendall(self, data: Any, *flags: int) -> None:
        """Send some of an answer; raise ConnectionResetError when it is not taken."""
        rest, queued = memoryview(data), None
        while rest:
            sent = self._awaited(super().send, rest, *flags)
            rest = rest[sent:]
            if rest:  # the time was up with no room for it
                before, queued = queued, self._queued()
                if before is not None and before + sent <= queued:
                    raise self._lost()  # Linux widens its buffer now and then: what was sent only went there

    def _queued(self) -> int:
        """How many bytes were sent that the client's side has not taken; 0 where the system does not tell."""
        with suppress(OSError):
            [number] = struct.unpack("@i", ioctl(self, TIOCOUTQ, bytes(4)))
            return int(number)
        return 0

    def _awaited(self, exchange: Callable[..., Outcome], *arguments: Any) -> Outcome:
        if self._waited > PATIENCE_IN_ALL:
            raise self._lost()
        began = monotonic()
        try:
            return exchange(*arguments)
        except BlockingIOError:
            if self.gettimeout() is not None:  # gunicorn asked not to wait
                raise
            raise self._lost() from None
        finally:
            self._waited += monotonic() - began

    def _lost(self) -> ConnectionResetError:
        with suppress(OSError):  # the client may have gone meanwhile
            self.shutdown(SHUT_RDWR)  # so that nothing more is awaited of it, not even that it closes its end
        return ConnectionResetError(ECONNRESET, "The client neither sends nor reads")


class Worker(ThreadWorker):
    """gunicorn's threaded worker, but for how it ends and how long it waits for clients.

    gunicorn's own leaves connections waiting that are established and not yet accepted: when the last listening socket
    is closed the system resets them. This one accepts all that wait, closes the socket at once, and answers them.
    """

    sockets: list[Any]
    alive: bool

    def enqueue_req(self, conn: Any) -> None:
        """Let a thread handle the next request of a connection."""
        if not isinstance(conn.sock, Connection):
            conn.sock = Connection(conn.sock)
        conn.sock.begin()
        super().enqueue_req(conn)

    def is_parent_alive(self) -> bool:
        """Whether the arbiter is still there; without it the worker ends as if told to, waits and kept connections too."""
        there = bool(super().is_parent_alive())
        self.alive = self.alive and there
        return there

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to accept connections; at the end, accept those that wait and close the door."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._accept_all(listener)
                listener.close()
            self.sockets = []

    def _accept_all(self, listener: Any) -> None:
        before = -1
        while before != self.nr_conns:
            before = self.nr_conns
            self.accept(listener)
