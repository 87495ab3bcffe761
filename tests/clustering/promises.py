"""Clients that look at nothing but what the service promises them, while somebody kills parts of it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self, TypeVar

from faults.clients import Answer, Client, PromiseBroken, Unanswered
from faults.load import Lost, mark_of, person
from faults.service import Service

PAUSE = 0.2  # seconds before a client that was refused, or got no answer, tries again


class Background:
    """A client at work in a thread of its own; `end` raises what it met."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.failure: Exception | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    @property
    def is_ending(self) -> bool:
        """Whether it was told to stop, so that what it does may be left half done."""
        return self._ended.is_set()

    def start(self) -> Self:
        """Begin to work."""
        self._thread.start()
        return self

    def _run(self) -> None:
        try:
            with self._client:
                while not self._ended.is_set():
                    self.work()
        except Exception as failure:
            self.failure = failure

    def work(self) -> None:
        """One request or a few, again and again."""
        raise NotImplementedError

    def end(self) -> None:
        """Stop, and raise what it met."""
        self._ended.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure


def asked_for_good(client: Client, path: str, **headers: str) -> Answer:
    """The answer to a read, however often it has to be sent; raise Lost when it is no success."""
    answer, _ = client.persist("GET", path, **headers)
    if answer.status != 200:
        raise Lost(f"GET {path}: {answer.status} {answer.body[:300]!r}")
    return answer


Worker = TypeVar("Worker", bound=Background)


class Entry(NamedTuple):
    """An entry of the feed, without what a later change of the record alters in it."""

    sequence: int
    record_type: str
    record_id: str
    operation: str
    revision: int


class Follower(Background):
    """A client that reads the feed as it grows."""

    WAIT = 0
    """Seconds for which the service may hold back an answer without entries."""

    def __init__(self, port: int) -> None:
        super().__init__(Client(port))
        self.entries = list[Entry]()
        self._since = "0"

    def work(self) -> None:
        """Read one page."""
        if not self._read(f"&wait={self.WAIT}" if self.WAIT else ""):
            time.sleep(0.1)

    def _read(self, more: str = "") -> bool:
        """Read one page, and say whether there is more."""
        page = asked_for_good(self._client, f"/v1/changes?since={self._since}&limit=100{more}").document
        for entry in page["data"]:
            self._note(Entry(*(entry[name] for name in ("sequence", "type", "id", "operation", "revision"))))
        self._since = str(page["page"]["position"])
        return bool(page["page"]["more"])

    def _note(self, entry: Entry) -> None:
        if self.entries and entry.sequence <= self.entries[-1].sequence:
            raise Lost(f"The feed went back: {entry} after {self.entries[-1]}")
        self.entries.append(entry)

    def read_to_the_end(self) -> None:
        """Read what is left, when nobody writes any more."""
        with self._client:
            while self._read():
                pass


class LongPoller(Follower):
    """A client that reads the feed as it grows, and lets the service hold back an answer until something changes."""

    WAIT = 5


def require_one_feed(port: int, followers: Sequence[Follower]) -> dict[str, int]:
    """Raise Lost unless those who followed the feed have seen exactly what whoever reads all of it afterwards does.

    Positions may be left out, as PostgreSQL's sequences do at a crash; changes may not.
    """
    whole = Follower(port)
    whole.read_to_the_end()
    for follower in followers:
        follower.read_to_the_end()
        if missed := set(whole.entries) ^ set(follower.entries):
            raise Lost(f"The feed was another while it was followed: {sorted(missed)[:3]}")
    return {
        "changes in the feed": len(whole.entries),
        "changes that a follower of the feed missed, or that vanished": 0,
    }


class Steady(Background):
    """A client of one node that writes a name and reads it, without any header by which it could require to see that.

    It may count on it as long as the node is not started anew.
    """

    def __init__(self, node: Service, number: int, token: str) -> None:
        super().__init__(Client(node.port, token, requires_position=False))
        self._node = node
        self._address, self._mark = f"/v1/speakers/steady-{number}", 1_000_000 * (number + 100)
        self.reads, self.writes = 0, 0
        self._exists = False

    def work(self) -> None:
        """Write once, and read that a few times."""
        starts, self._mark = self._node.starts, self._mark + 1
        condition = {"If_Match": "*"} if self._exists else {"If_None_Match": "*"}
        written = self._ask("PUT", person(self._mark), **condition)
        if written is None:
            return
        self._exists = True
        if written.status == 412:  # made before, by a request whose answer was lost
            return
        self.writes += 1
        for _ in range(5):
            self._require_seen(int(written.headers["tasrih-position"]), starts)

    def _require_seen(self, position: int, starts: int) -> None:
        answer = self._ask("GET")
        if answer is None:
            return
        self.reads += 1
        shown, mark = int(answer.headers["tasrih-position"]), mark_of(answer.document)
        if starts == self._node.starts and (shown < position or mark != self._mark):
            raise PromiseBroken(f"{self._address} shows {mark} at {shown}, and {self._mark} was written at {position}")

    def _ask(self, method: str, body: Any = None, **headers: str) -> Answer | None:
        """The answer to one request; None, after a pause, when there is none yet."""
        try:
            answer = self._client.ask(method, self._address, body, **headers)
        except (Unanswered, OSError):
            answer = None
        if answer is None or answer.status == 503:
            time.sleep(PAUSE)
            return None
        if answer.status not in (200, 201, 412):
            raise Lost(f"{method} {self._address}: {answer.status} {answer.body[:300]!r}")
        return answer


@contextmanager
def at_work(workers: Sequence[Worker]) -> Iterator[Sequence[Worker]]:
    """Let clients work in the background; raises what any of them met."""
    for worker in workers:
        worker.start()
    try:
        yield workers
    finally:
        for worker in workers:
            worker.end()
