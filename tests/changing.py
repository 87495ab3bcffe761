"""Changing records over HTTP the way a client does, and looking at what else changed with them."""

from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any

from applications import bearer
from builders import world
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.checks.consistency import inconsistencies
from api.database.current import database
from api.models.base import tuples
from api.models.changes import Change

Document = dict[str, Any]
CHANGEABLE = ("statements", "speakers", "agreements", "communiques", "events", "places", "articles", "readings")
SAMPLES = {record_type: next(iter(documents)) for record_type, documents in world().items()}
"""A record of each record type in the small world."""


class Writer:
    """A client with a token, on a service of its own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers = bearer("write", name="the desk")
        database.close()  # a service has as many connections as threads, and none for us

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request; `if_match` and the like become headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"json": body}
        return self.client.open(address, method=method, headers={**self.headers, **named}, **content)

    def get(self, address: str) -> Any:
        """The record at an address."""
        answer = self.client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.text[:500]}"
        return answer.get_json()

    def etag(self, address: str) -> str:
        """The entity tag of what is at an address."""
        return self.client.get(address).headers["ETag"]

    def put(self, address: str, body: Any) -> TestResponse:
        """Replace what is there, whatever it is, or create it; it must be accepted."""
        there = self.client.get(address)
        known = {"if_match": there.headers["ETag"]} if there.status_code == 200 else {}
        return accepted(self.send("PUT", address, body, **known))

    def patch(self, address: str, body: Mapping[str, Any]) -> TestResponse:
        """Change some keys of what is there; it must be accepted."""
        return accepted(self.send("PATCH", address, body, if_match=self.etag(address)))

    def delete(self, address: str) -> TestResponse:
        """Delete what is there; it must be accepted."""
        return accepted(self.send("DELETE", address, if_match=self.etag(address)))

    def merge(self, source: str, target: str) -> TestResponse:
        """Merge a speaker into another; it must be accepted."""
        address = f"/v1/speakers/{source}"
        return accepted(self.send("POST", f"{address}/merge", {"into": target}, if_match=self.etag(address)))


def accepted(answer: TestResponse) -> TestResponse:
    assert 200 <= answer.status_code < 300, answer.text[:1000]
    return answer


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether a condition comes true within some seconds, however busy the machine is."""
    until = monotonic() + seconds
    while not condition() and monotonic() < until:
        sleep(0.01)
    return condition()


def log() -> list[tuple[Any, ...]]:
    """Who did what to which record, in order, since the records of the small world were loaded."""
    columns = (Change.record_type, Change.record_id, Change.revision, Change.operation, Change.recorded_by)
    written = Change.select(*columns).where(Change.recorded_by != "command line").order_by(Change.sequence)
    return [(f"{record_type}/{record_id}", *more) for record_type, record_id, *more in tuples(written)]


def operations() -> dict[str, str]:
    """What was last done to each record that was changed over HTTP."""
    return {record: operation for record, _, operation, _ in log()}


def faults() -> list[str]:
    """What in the database does not agree."""
    return list(inconsistencies())
