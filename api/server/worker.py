"""The gunicorn worker: one loop that waits for all clients, and threads that answer the requests that are there.

gunicorn's threaded worker gives a thread to every connection that it accepts, and to every request whose first byte has
come. So a few clients that send or read slowly hold all threads. Here a connection belongs to the loop until its request
is complete (`Connection.advance`), and again as soon as the response is made.

Of ThreadWorker this keeps the threads, the poller, the queue through which threads call the loop, the registration of
listening sockets, and `handle_request`, which runs the application. `run`, `accept`, `handle` and `finish_request` are
overridden because they are where gunicorn waits for clients; `set_accept_enabled` because it lets connections fall.
"""

from concurrent.futures import Future
from enum import Enum, auto
from errno import EMFILE, ENFILE
from http import HTTPStatus
from math import inf
from selectors import EVENT_READ, EVENT_WRITE
from time import monotonic
from typing import Any

from gunicorn.http.errors import InvalidRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from api.server import limits
from api.server.connections import Connection
from api.server.contents import ContentWanted
from api.server.refusals import refusal, status_of
from api.server.waiting import Step, Waiting

TURN = 0.25  # seconds between two looks at who has waited too long


class Outcome(Enum):
    """What a thread has done with a request."""

    KEEP = auto()  # answered; another may follow
    CLOSE = auto()  # answered, for the last time
    INVITE = auto()  # not answered: the application wants its content first
    LOST = auto()  # the client is gone, or the response broke off


class Worker(ThreadWorker):
    """gunicorn's threaded worker, whose threads serve requests instead of clients."""

    sockets: list[Any]
    alive: bool

    def init_process(self) -> None:
        """Get ready after the fork, and run."""
        self.pending = 0
        self._next_look = 0.0
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop or left alone by the arbiter; then answer what is under way."""
        self.waiting = Waiting(self.poller, self._wake)
        self.poller.register(self.method_queue.fileno(), EVENT_READ, self.method_queue.run_callbacks)
        while self.alive:
            self.set_accept_enabled(self.nr_conns <= self.worker_connections)
            self._turn()
            if not self.is_parent_alive():
                self.alive = False
        self._answer_the_last()
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()

    def _answer_the_last(self) -> None:
        self.set_accept_enabled(False)
        until = monotonic() + self.cfg.graceful_timeout
        for connection in self.waiting.idle():
            self.waiting.renew(connection, limits.STOPPING)
        while self.nr_conns and monotonic() < until:
            self._turn()

    def _turn(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(timeout=TURN)
        if monotonic() >= self._next_look:
            self._next_look = monotonic() + TURN
            for connection in self.waiting.expired():
                self._expire(connection)

    def _wake(self, connection: Connection, _: object) -> None:
        """Take a connection's next step, whatever happens to it."""
        try:
            connection.step(connection)
        except OSError:  # the client is gone
            self._close(connection)
        except Exception:
            self.log.exception("Error serving a connection")
            self._close(connection)

    def _expire(self, connection: Connection) -> None:
        in_time = monotonic() < connection.last_deadline
        if in_time and connection.sock.pending and connection.sock.is_read():
            self.waiting.prolong(connection, limits.PATIENCE)
        else:
            self._close(connection)

    def _close(self, connection: Connection) -> None:
        self.waiting.remove(connection)
        connection.close()
        self._count_pending(connection, 0)
        self.nr_conns -= 1

    # --- accepting ---------------------------------------------------------------------------------------------------

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to accept connections; at the end, accept those that wait and close the door.

        gunicorn's own leaves them waiting: when the last listening socket is closed the system resets them.
        """
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while self.accept(listener):
                    pass
                listener.close()
            self.sockets = []

    def accept(self, listener: Any) -> bool:
        """Accept a connection and await its first request; whether there was one.

        When there are too many connections, those go first that have waited the longest without a request.
        """
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (EMFILE, ENFILE):
                self._give_up_oldest()
            return False
        longest = self.app.settings.longest_import
        connection = Connection(client, address, listener.getsockname(), self.cfg, longest)
        self.nr_conns += 1
        if self.nr_conns > self.worker_connections:
            self._give_up_oldest()
        self._await_request(connection, limits.PATIENCE)
        return True

    def _give_up_oldest(self) -> None:
        oldest = self.waiting.oldest()
        if oldest is not None:
            self._close(oldest)

    # --- reading a request -------------------------------------------------------------------------------------------

    def _await_request(self, connection: Connection, seconds: float) -> None:
        """Wait so long for a request to begin, if it has not come already."""
        connection.last_deadline = inf
        self.waiting.add(connection, EVENT_READ, self._read, self._shortened(seconds))
        if connection.buffer:
            self._begin(connection)
            self._advance(connection)

    def _shortened(self, seconds: float) -> float:
        return seconds if self.alive else min(seconds, limits.STOPPING)

    def _begin(self, connection: Connection) -> None:
        connection.last_deadline = monotonic() + limits.PATIENCE_IN_ALL

    def _read(self, connection: Connection) -> None:
        data = connection.receive()
        if data is None:
            return
        if connection.is_idle:
            self._begin(connection)
        if data:
            self._take(connection, data)
        elif connection.request is None:
            self._close(connection)
        else:
            self._refuse(connection, InvalidRequestLine("incomplete content"))

    def _take(self, connection: Connection, data: bytes) -> None:
        connection.buffer += data
        if not connection.invited:  # else it goes to a file
            self.waiting.hold(connection, len(data))
        self._advance(connection)
        if self.waiting.held > limits.MOST_HELD:
            self._give_up_oldest()

    def _advance(self, connection: Connection) -> None:
        """Go on with a request as far as it has come."""
        try:
            ready = connection.advance()
        except (ParseException, OSError) as error:
            return self._refuse(connection, error)
        if ready:
            self.waiting.release(connection)
            self.enqueue_req(connection)
        else:
            self.waiting.renew(connection, limits.PATIENCE)

    def _refuse(self, connection: Connection, error: Exception) -> None:
        """Answer what can't become a request. The log repeats nothing of it: there may be a token in it."""
        status = status_of(error)
        self.log.warning("Refused a request of %s with %d: %s", connection.client[0], status, type(error).__name__)
        connection.buffer.clear()
        connection.sock.sendall(refusal(status))
        self._respond(connection, self._send_and_part)

    # --- answering it ------------------------------------------------------------------------------------------------

    def handle(self, connection: Connection) -> Outcome:
        """Answer a request, in a thread."""
        try:
            keep = self.handle_request(connection.offer(), connection)
            connection.sock.finish()
        except ContentWanted:
            return Outcome.INVITE
        except (ConnectionError, StopIteration):  # gunicorn has logged why a response broke off
            return Outcome.LOST
        except OSError:  # in the middle of a response
            self.log.exception("Error sending a response")
            return Outcome.LOST
        except Exception:  # before the response began; the address is not logged, because there may be a token in it
            self.log.exception("Error handling a request")
            connection.sock.sendall(refusal(HTTPStatus.INTERNAL_SERVER_ERROR))
            return Outcome.CLOSE
        return Outcome.KEEP if keep else Outcome.CLOSE

    def finish_request(self, connection: Connection, future: "Future[Outcome]") -> None:
        """Go on, in the loop, with a connection whose request a thread has handled."""
        failed = future.cancelled() or future.exception() is not None
        match Outcome.LOST if failed else future.result():
            case Outcome.KEEP:
                self._respond(connection, self._send_and_keep)
            case Outcome.CLOSE:
                self._respond(connection, self._send_and_part)
            case Outcome.INVITE:
                connection.step = self._invite
                self._wake(connection, None)
            case Outcome.LOST:
                self._close(connection)

    def _invite(self, connection: Connection) -> None:
        connection.invite()
        self.waiting.add(connection, EVENT_READ, self._read, limits.PATIENCE)
        self._advance(connection)

    # --- sending the response ----------------------------------------------------------------------------------------

    def _respond(self, connection: Connection, step: Step) -> None:
        connection.forget_request()
        self._begin(connection)
        connection.step = step
        self._wake(connection, None)

    def _send_and_keep(self, connection: Connection) -> None:
        """Send the rest of a response, and await another request."""
        if self._send(connection):
            self._await_request(connection, self.cfg.keepalive)

    def _send_and_part(self, connection: Connection) -> None:
        """Send the rest of a response, and listen on for a while: whoever still sends could not read it otherwise.

        RFC 9112, 9.6: closing a connection with unread bytes resets it, and the client loses the response.
        """
        if self._send(connection):
            connection.end()
            connection.last_deadline = monotonic() + limits.LINGER_IN_ALL
            self.waiting.add(connection, EVENT_READ, self._discard, self._shortened(limits.LINGER))

    def _send(self, connection: Connection) -> bool:
        """Send what the socket takes; whether that was all. If not, the same step is taken when it takes more."""
        done = connection.sock.flush()
        self._count_pending(connection, connection.sock.pending)
        if not done:
            self.waiting.add(connection, EVENT_WRITE, connection.step, limits.PATIENCE)
            if self.pending > limits.MOST_PENDING:
                self._close(self.waiting.largest())
        return done

    def _discard(self, connection: Connection) -> None:
        data = connection.receive()
        if data is None:
            return
        connection.discarded += len(data)
        if not data or connection.discarded > limits.MOST_DISCARDED:
            self._close(connection)
        else:
            self.waiting.renew(connection, self._shortened(limits.LINGER))

    def _count_pending(self, connection: Connection, pending: int) -> None:
        self.pending += pending - connection.counted
        connection.counted = pending
