"""A client that changes one statement after the other, so many times a second, at the server that is read from."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle
from threading import Event, Thread
from uuid import uuid4

import orjson

from api.access import tokens
from api.database.connections import connect
from api.database.current import use_database
from bench.load.wrk import LoadFailed

BASES = ("stated", "dateline")  # of dates: what the writer changes to and fro


class Writer:
    """Changes statements over HTTP at a steady pace, each by a PATCH that the next one undoes."""

    def __init__(self, token: str, statements: list[str], per_second: float) -> None:
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/merge-patch+json"}
        self._statements = cycle(statements)
        self._bases = cycle(BASES)
        self._pause = 1 / per_second
        self._written = 0
        self._seconds = 0.0

    @property
    def rate(self) -> float:
        """The changes a second that it came to while it wrote."""
        return self._written / self._seconds if self._seconds else 0.0

    @contextmanager
    def at(self, base: str) -> Iterator[None]:
        """Write at a server in here; raise LoadFailed afterwards when a change was refused."""
        stop, failed, begun = Event(), list[LoadFailed](), time.monotonic()
        thread = Thread(target=self._write_until, args=(stop, base, failed))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self._seconds += time.monotonic() - begun
        if failed:
            raise failed[0]

    def _write_until(self, stop: Event, base: str, failed: list[LoadFailed]) -> None:
        due = time.monotonic()
        while not stop.is_set():
            try:
                self._write(base, next(self._statements), next(self._bases))
            except LoadFailed as failure:
                failed.append(failure)
                return
            due = max(due + self._pause, time.monotonic() - 1)
            stop.wait(max(0, due - time.monotonic()))

    def _write(self, base: str, statement: str, basis: str) -> None:
        connection = HTTPConnection(base.removeprefix("http://"))
        address = f"/v1/statements/{statement}"
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        headers = {**self._headers, "If-Match": answer.headers["ETag"]}
        connection.request("PATCH", address, orjson.dumps({"date_basis": basis}), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise LoadFailed(f"PATCH {address} was answered with {answer.status}: {answer.read()[:300]!r}")
        self._written += 1
        connection.close()


def new_token(url: str) -> str:
    """A token with which the writer may write."""
    opened = connect(url)
    try:
        with use_database(opened):
            return tokens.create(f"bench {uuid4().hex}", ("write",), None)
    finally:
        opened.close_all()  # type: ignore[no-untyped-call]
