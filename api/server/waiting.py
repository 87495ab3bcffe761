"""The connections that the loop waits for: what each is to do next, until when, and which of them can be spared."""

from collections.abc import Callable, Iterator
from functools import partial
from selectors import BaseSelector
from time import monotonic

from api.server.connections import Connection

Step = Callable[[Connection], None]


class Waiting:
    """The connections that no thread has, those that wait the longest first.

    Each is registered with the poller, which calls `wake`. `held` is the number of bytes of incomplete requests in memory.
    """

    def __init__(self, poller: BaseSelector, wake: Callable[[Connection, object], None]) -> None:
        self.held = 0
        self._poller, self._wake = poller, wake
        self._connections: dict[Connection, None] = {}

    def add(self, connection: Connection, events: int, step: Step, seconds: float) -> None:
        """Let a step be taken when a connection is ready, which it has to be in so many seconds."""
        connection.step = step
        self._register(connection, events)
        self._connections[connection] = None
        self.renew(connection, seconds)

    def renew(self, connection: Connection, seconds: float) -> None:
        """Wait so many seconds from now, unless that is longer than the connection may take in all."""
        connection.deadline = min(monotonic() + seconds, connection.last_deadline)

    def prolong(self, connection: Connection, seconds: float) -> None:
        """Wait so many seconds longer than was granted before."""
        connection.deadline = min(connection.deadline + seconds, connection.last_deadline)

    def hold(self, connection: Connection, length: int) -> None:
        """Count bytes that are kept for a connection until it is released."""
        connection.held += length
        self.held += length

    def release(self, connection: Connection) -> None:
        """Leave a connection to a thread; it stays registered, because most clients send nothing before they are answered."""
        connection.step = self._mute
        self._forget(connection)

    def remove(self, connection: Connection) -> None:
        """Wait for a connection no more."""
        connection.step = _do_nothing  # the poller may have found it ready already
        self._register(connection, 0)
        self._forget(connection)

    def expired(self) -> list[Connection]:
        """The connections that were not ready in time."""
        now = monotonic()
        return [connection for connection in self._connections if connection.deadline < now]

    def idle(self) -> Iterator[Connection]:
        """The connections over which nothing of a request has come, and nothing of a response is to be sent."""
        return (connection for connection in self._connections if connection.is_idle)

    def oldest(self) -> Connection | None:
        """The connection that has waited the longest, of those whose request the application has not seen."""
        return next((connection for connection in self._connections if connection.is_spare), None)

    def largest(self) -> Connection:
        """The connection over which the most of a response is still to be sent."""
        return max(self._connections, key=lambda connection: connection.sock.pending)

    def _forget(self, connection: Connection) -> None:
        self._connections.pop(connection, None)
        self.held -= connection.held
        connection.held = 0

    def _mute(self, connection: Connection) -> None:
        self._register(connection, 0)

    def _register(self, connection: Connection, events: int) -> None:
        before, connection.events = connection.events, events
        if before and not events:
            self._poller.unregister(connection.socket)
        elif before != events:
            change = self._poller.modify if before else self._poller.register
            change(connection.socket, events, partial(self._wake, connection))


def _do_nothing(_: Connection) -> None:
    pass
