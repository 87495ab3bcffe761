"""A client's connection: what it has sent, the request under way, and what it is still to be sent."""

from collections.abc import Callable
from io import SEEK_END
from math import inf
from socket import SHUT_WR, socket
from typing import Any

from gunicorn.http.message import Request

from api.server.contents import AbsentContent, Content, NoContent, content_of
from api.server.heads import read_head
from api.server.responses import ResponseWriter

RECEIVED = 65_536  # bytes that are received at once


class Connection:
    """What the worker knows of a client. Either the loop has it or a thread, never both.

    `sock`, `client` and `server` are what gunicorn's `handle_request` wants to find. The loop takes `step` when the socket
    is ready for `events`, unless that is after `deadline`, which is never later than `last_deadline` (seconds of the
    monotonic clock). `held` and `counted` are the bytes of its request and of its response in the loop's sums. Of a content
    without a length hardly more than `longest` bytes are received.
    """

    def __init__(self, accepted: socket, client: Any, server: Any, config: Any, longest: int):
        accepted.setblocking(False)
        self.socket, self.client, self.server = accepted, client, server
        self.sock = ResponseWriter(accepted)
        self.buffer = bytearray()
        self.request: Request | None = None
        self.content: Content = NoContent()
        self.expects = self.invited = False
        self.step: Callable[[Connection], None]
        self.deadline = self.last_deadline = inf
        self.events = self.held = self.counted = self.discarded = 0
        self._config, self._longest = config, longest

    def receive(self) -> bytes | None:
        """What has come, b"" at the end of all; None when nothing has. Raise OSError when the client is gone."""
        try:
            return self.socket.recv(RECEIVED)
        except BlockingIOError:
            return None

    @property
    def is_idle(self) -> bool:
        """Whether nothing of a request has come, and nothing of a response is to be sent."""
        return self.request is None and not self.buffer and not self.sock.pending

    @property
    def is_spare(self) -> bool:
        """Whether the application has not seen the request that is awaited."""
        return not self.invited and not self.sock.pending

    def advance(self) -> bool:
        """Make as much of a request as there is in the buffer; whether it is the application's turn.

        That is when the request is complete, or has a content that is only received if the application wants it.
        Raise ParseException, or OSError when there is no room for the content.
        """
        if self.request is None:
            self.request = read_head(self.buffer, self._config, self.client)
            if self.request is None:
                return False
            self._expect_content(self.request)
        self.content.feed(self.buffer)
        return self.content.is_ready or (not self.invited and (self.expects or self.content.is_large))

    def _expect_content(self, request: Request) -> None:
        self.content = content_of(request, self._longest)
        # gunicorn would send 100 Continue before the application has looked at the token.
        self.expects, request._expected_100_continue = request._expected_100_continue, False

    def offer(self) -> Request:
        """The request for the application, with its content as input, or with one that tells when it is wanted."""
        request, content = self.request, self.content
        assert request is not None
        request.must_close = not content.complete  # where the next request would begin is not known
        content.file.seek(0)
        request.body = content.file if content.is_ready else AbsentContent()
        return request

    def invite(self) -> None:
        """Ask for the content, which the application wants (RFC 9110, 10.1.1)."""
        self.invited = True
        self.content.file.seek(0, SEEK_END)
        if self.expects:
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.sock.flush()

    def forget_request(self) -> None:
        """Let go of the request that was answered."""
        self.content.file.close()
        self.request, self.content = None, NoContent()
        self.expects = self.invited = False
        self.sock.begin()

    def end(self) -> None:
        """Say that no more will be sent."""
        self.socket.shutdown(SHUT_WR)

    def close(self) -> None:
        """Let go of everything."""
        self.content.file.close()
        self.socket.close()
