"""A client that keeps its connection, and knows of every request whether it was answered."""

import time
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

import orjson

PATIENCE = 90  # seconds for the service to come back


class Unanswered(Exception):
    """A request was sent, or perhaps sent, and no answer came."""


class NotComingBack(Exception):
    """The service kept refusing for longer than any fault here lasts."""


class PromiseBroken(Exception):
    """An answer says what the service promised never to say."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The JSON of its body."""
        return orjson.loads(self.body)


class Client:
    """One who writes with a token, over a connection that is kept as long as it lasts.

    Whoever answers, the answers are from no earlier state than those before; it requires that, unless told not to.
    """

    def __init__(self, port: int, token: str = "", timeout: float = 30, requires_position: bool = True) -> None:
        self._requires_position = requires_position
        self._port, self._token, self._timeout = port, token, timeout
        self._connection: HTTPConnection | None = None
        self.refused: dict[int, int] = {}
        self.waited_in_vain = 0
        self.unanswered = 0
        self.slowest = 0.0
        self._position = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send one request; raise ConnectionRefusedError when nobody listens, Unanswered when nothing comes back."""
        if self._connection is None:
            connection = HTTPConnection("127.0.0.1", self._port, timeout=self._timeout)
            connection.connect()
            self._connection = connection
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._requires_position:
            sent["Tasrih-At-Least"] = str(self._position)
        if self._token and method != "GET":
            sent["Authorization"] = f"Bearer {self._token}"
        content = orjson.dumps(body) if body is not None and not isinstance(body, bytes) else body
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        began = time.monotonic()
        try:
            self._connection.request(method, path, content, sent)
            response = self._connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, told, response.read())
            self._note_position(method, path, answer)
        except (HTTPException, OSError) as error:
            self.close()
            raise Unanswered(f"{method} {path}: {type(error).__name__} {error}") from error
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    def _note_position(self, method: str, path: str, answer: Answer) -> None:
        """Keep the position of an answer; raise PromiseBroken when it is before the one that was required."""
        position = int(answer.headers.get("tasrih-position", self._position))
        if self._requires_position and answer.status < 400 and position < self._position:
            raise PromiseBroken(f"{method} {path} shows position {position}, and {self._position} was required")
        self._position = max(self._position, position)

    def persist(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[Answer, bool]:
        """Send a request until it is answered for good; and whether it may have been done before.

        A refusal that says when to come back (Retry-After) and a connection that fails are no last word.
        """
        deadline, again = time.monotonic() + PATIENCE, False
        while time.monotonic() < deadline:
            try:
                answer = self.ask(method, path, body, **headers)
            except ConnectionRefusedError:
                time.sleep(0.1)
                continue
            except (Unanswered, OSError):
                self.unanswered += 1
                again = True
                time.sleep(0.1)
                continue
            if answer.status in (502, 504):  # by a proxy whose server was killed, or did not answer in time
                self.unanswered += 1
                again = True
                time.sleep(0.1)
                continue
            if answer.status in (503, 507) or "retry-after" in answer.headers:
                self._refused(answer)
                again = again or b"urn:tasrih:problem:outcome-unknown" in answer.body
                time.sleep(0.2)
                continue
            return answer, again
        raise NotComingBack(f"{method} {path}: refused as {self.refused}, unanswered {self.unanswered} times")

    def _refused(self, answer: Answer) -> None:
        self.refused[answer.status] = self.refused.get(answer.status, 0) + 1
        self.waited_in_vain += b"Another writer has the database" in answer.body
        if answer.headers.get("content-type") != "application/problem+json" or "retry-after" not in answer.headers:
            raise NotComingBack(f"refused without saying when to come back: {answer.status} {answer.body[:500]!r}")

    def close(self) -> None:
        """Give up the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
