"""Many clients that write at once, each records of its own, and remember everything that was acknowledged."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from api.database.connections import connect
from api.database.current import use_database
from api.database.statements import rows
from faults.clients import Answer, Client

Document = dict[str, Any]
ARTICLE = "faults-page"


class Lost(Exception):
    """Something acknowledged is not there, or something is there twice or half."""


def require_foreseen(said: str) -> None:
    """Raise Lost when a service has logged a failure that it knows no name for."""
    if "Unforeseen" in said:
        raise Lost(f"The service failed unexpectedly: {said[:3000]}")


def article() -> Document:
    """The page that all statements of a run stand on."""
    return {
        "id": ARTICLE,
        "title": "A page for faults",
        "published": "2021-01-01",
        "date_basis": "stated",
        "language": "en",
        "rights": "Nobody's: it is made up.",
        "sha256": "f" * 64,
        "length": 100,
    }


def person(number: int, **more: Any) -> Document:
    """Somebody whose name tells which write he is of."""
    return {"kind": "person", "name": {"en": f"Witness number {number}"}, **more}


def statement(number: int, speaker: str) -> Document:
    """A statement whose summary tells which write it is of."""
    report = {
        "article": {"id": ARTICLE},
        "chain": [{"agent": {"id": speaker}, "role": "spoke"}],
        "mode": "direct",
        "evidence": [{"start": 0, "end": 1, "sha256": "0" * 64}],
    }
    return {
        "speakers": [{"speaker": {"id": speaker}, "capacity": "author"}],
        "act": "assert",
        "summary": {"en": f"Witness number {number} speaks"},
        "date": "2021-01-01",
        "date_basis": "stated",
        "reports": [report],
    }


@dataclass
class Acknowledged:
    """What one client was told: of each record the mark of its last write (None: deleted), and every entity tag."""

    last: dict[str, int | None] = field(default_factory=dict)
    tags: list[tuple[str, str]] = field(default_factory=list)
    created: int = 0
    moments: list[float] = field(default_factory=list)
    """When each write was seen through."""

    @property
    def writes(self) -> int:
        """How many writes were seen through."""
        return len(self.moments)


class Writer:
    """A client that creates, replaces, patches and deletes speakers and statements of its own."""

    def __init__(self, number: int, port: int, token: str, seed: int) -> None:
        self.client = Client(port, token)
        self.told = Acknowledged()
        self._random = random.Random(f"{seed}/{number}")
        self._mark = 1_000_000 * (number + 1)
        self._speaker = f"/v1/speakers/witness-{number}-of-{seed}"
        self._statements: list[str] = []

    def write(self) -> None:
        """Make one change, and see it through."""
        self._mark += 1
        if not self.told.last:
            self._put_new(self._speaker, person(self._mark))
        elif not self._statements:
            self._post()
        else:
            self._random.choices((self._post, self._put, self._patch, self._rename, self._delete), (5, 4, 4, 1, 2))[0]()
        self.told.moments.append(time.monotonic())

    def _post(self) -> None:
        """Create a statement under a key, however often it has to be sent."""
        body = statement(self._mark, self._speaker.rsplit("/", 1)[1])
        answer, _ = self.client.persist("POST", "/v1/statements", body, Idempotency_Key=f'"{uuid4()}"')
        self._expect(answer, 201)
        address = urlsplit(answer.headers["location"]).path
        self._note(address, answer)
        self._statements.append(address)
        self.told.created += 1

    def _put_new(self, address: str, body: Document) -> None:
        answer, again = self.client.persist("PUT", address, body, If_None_Match="*")
        if answer.status == 412 and again:
            answer = self._standing(address)
        else:
            self._expect(answer, 201)
        self._note(address, answer)
        self.told.created += 1

    def _put(self) -> None:
        address = self._random.choice(self._statements)
        self._change("PUT", address, statement(self._mark, self._speaker.rsplit("/", 1)[1]))

    def _patch(self) -> None:
        self._change(
            "PATCH", self._random.choice(self._statements), {"summary": {"en": f"Witness number {self._mark} adds"}}
        )

    def _rename(self) -> None:
        """Let all statements of this client's speaker show another name."""
        self._change("PATCH", self._speaker, {"name": {"en": f"Witness number {self._mark}"}})

    def _change(self, method: str, address: str, body: Document) -> None:
        tag = self._tag(address)
        answer, again = self.client.persist(method, address, body, If_Match=tag)
        if answer.status == 412 and again:  # it was done before the answer was lost
            answer = self._standing(address)
        else:
            self._expect(answer, 200)
        self._note(address, answer)

    def _delete(self) -> None:
        address = self._statements.pop(self._random.randrange(len(self._statements)))
        answer, again = self.client.persist("DELETE", address, If_Match=self._tag(address))
        if not (again and answer.status == 410):
            self._expect(answer, 204)
        self.told.last[address] = None

    def _tag(self, address: str) -> str:
        answer, _ = self.client.persist("GET", address)
        self._expect(answer, 200)
        return answer.headers["etag"]

    def _standing(self, address: str) -> Answer:
        """The record as it is, which must be as this write left it."""
        answer, _ = self.client.persist("GET", address)
        if answer.status != 200 or mark_of(answer.document) != self._mark:
            raise Lost(f"{address}: refused as changed, but not by this client: {answer.status} {answer.body[:300]!r}")
        return answer

    def _note(self, address: str, answer: Answer) -> None:
        self.told.last[address] = self._mark
        self.told.tags.append((address, answer.headers["etag"]))

    def _expect(self, answer: Answer, status: int) -> None:
        if answer.status != status:
            raise Lost(f"answered {answer.status} and not {status}: {answer.body[:500]!r}")


def mark_of(document: Document) -> int:
    """The number of the write that a document is of."""
    said = document.get("summary") or document["name"]
    return int(said["en"].split()[2])


@dataclass
class Load:
    """Clients at work in the background."""

    writers: list[Writer]
    writes: int
    done: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    seconds: float = 0
    failure: Exception | None = None
    """What the first writer met that can't go on."""

    @contextmanager
    def kept_up(self) -> Iterator[None]:
        """Let no client stop meanwhile, even if it has made all its changes: a fast machine makes them before a fault is there."""
        self.held.set()
        try:
            yield
        finally:
            self.held.clear()

    @property
    def acknowledged(self) -> int:
        """How many writes were seen through so far."""
        return sum(writer.told.writes for writer in self.writers)

    def longest_pause(self, since: float) -> float:
        """The most seconds, from a moment until the last write, in which no write was seen through."""
        moments = sorted(moment for writer in self.writers for moment in writer.told.moments if moment > since)
        return max(
            (later - earlier for earlier, later in pairwise([since, *moments])), default=time.monotonic() - since
        )

    @property
    def refused(self) -> dict[int, int]:
        """How many refusals of each status there were, each with Retry-After."""
        total: dict[int, int] = {}
        for writer in self.writers:
            for status, times in writer.client.refused.items():
                total[status] = total.get(status, 0) + times
        return total

    @property
    def waited_in_vain(self) -> int:
        """How many of the refusals say that another writer has the database."""
        return sum(writer.client.waited_in_vain for writer in self.writers)

    @property
    def unanswered(self) -> int:
        """How many requests no answer came to."""
        return sum(writer.client.unanswered for writer in self.writers)

    def wait_for(self, writes: int) -> None:
        """Return when so many writes have been acknowledged, or all."""
        while self.acknowledged < writes and not self.done.is_set() and self.failure is None:
            time.sleep(0.02)


@contextmanager
def writing(port: int, token: str, writes: int, clients: int, seed: int) -> Iterator[Load]:
    """Let clients make at least so many changes between them; leaves when all are done, and raises what any of them met."""
    with Client(port, token) as first:
        answer, _ = first.persist("PUT", f"/v1/articles/{ARTICLE}", article(), If_None_Match="*")
    if answer.status not in (201, 412):
        raise Lost(f"The page can't be stored: {answer.body[:500]!r}")
    load = Load([Writer(number, port, token, seed) for number in range(clients)], writes)
    shares = [writes // clients + (number < writes % clients) for number in range(clients)]

    def work(writer: Writer, share: int) -> None:
        try:
            with writer.client:
                while writer.told.writes < share or load.held.is_set():
                    writer.write()
        except Exception as failure:
            load.failure = load.failure or failure
            raise

    def end() -> None:
        wait(working)
        load.seconds = time.monotonic() - began
        load.done.set()

    with ThreadPoolExecutor(clients) as pool:
        began = time.monotonic()
        working = [pool.submit(work, writer, share) for writer, share in zip(load.writers, shares, strict=True)]
        ending = threading.Thread(target=end)
        ending.start()
        yield load
        ending.join()
        for one in working:
            one.result()


def verify(load: Load, url: str, port: int) -> None:
    """Raise Lost unless every acknowledged write is there once, and a mirror made of the feed alone is what is served."""
    mirror, logged = mirrored(port), _logged(url)
    with Client(port) as reader:
        for writer in load.writers:
            _verify_records(writer.told, reader, mirror)
            if missing := [tag for tag in writer.told.tags if tag not in logged]:
                raise Lost(f"The log does not know {len(missing)} acknowledged writes, such as {missing[0]}")
    created, seen = sum(writer.told.created for writer in load.writers), _created(url)
    if created != seen:
        raise Lost(f"{created} records were created, and {seen} are in the log")


def _verify_records(told: Acknowledged, reader: Client, mirror: dict[str, Document]) -> None:
    for address, mark in told.last.items():
        answer, _ = reader.persist("GET", address)
        if (answer.status != 410) if mark is None else (answer.status != 200 or mark_of(answer.document) != mark):
            raise Lost(f"{address} should show write {mark}: {answer.status} {answer.body[:300]!r}")
        if mirror.get(address) != (None if mark is None else orjson.loads(answer.body)):
            raise Lost(f"{address} is another in a mirror of the feed")


def _logged(url: str) -> set[tuple[str, str]]:
    return {
        (f"/v1/{record_type}/{record}", tag)
        for record_type, record, tag in rows_of(url, "SELECT record_type, record_id, etag FROM change")
    }


def _created(url: str) -> int:
    """How many records the log says were created with the token of these clients, but for the page."""
    created = "operation = 'created' AND recorded_by = 'faults'"
    [(count,)] = rows_of(url, f"SELECT COUNT(*) FROM change WHERE {created} AND record_type <> 'articles'")
    return int(count)


def rows_of(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What a statement finds in a database."""
    opened: Any = connect(url)
    try:
        with use_database(opened):
            return rows(sql)
    finally:
        opened.close_all()


def mirrored(port: int) -> dict[str, Document]:
    """All records as somebody has them who only follows the feed."""
    mirror: dict[str, Document] = {}
    since, more = "0", True
    with Client(port) as client:
        while more:
            answer, _ = client.persist("GET", f"/v1/changes?since={since}&limit=100")
            if answer.status != 200:
                raise Lost(f"The feed can't be read: {answer.status} {answer.body[:300]!r}")
            page = answer.document
            for entry in page["data"]:
                _follow(mirror, f"/v1/{entry['type']}/{entry['id']}", entry["document"])
            since, more = page["page"]["position"], page["page"]["more"]
    return mirror


def _follow(mirror: dict[str, Document], address: str, document: Document | None) -> None:
    if document is None:
        mirror.pop(address, None)
    else:
        mirror[address] = document
