"""The client: a collection for each record type, imports, exports, and the feed of changes."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from urllib.parse import quote
from uuid import uuid4

from tasrih_client import records
from tasrih_client.transport import Answer, Transport, Value, retry_after

R = TypeVar("R")

ANY = object()
"""As the `etag` of a PUT: the record may be in any state. It is read first, so one that changes meanwhile is not overwritten."""


@dataclass(frozen=True)
class Stored(Generic[R]):
    """A record with its entity tag, by which a write says which version it means to change."""

    document: R
    etag: str


@dataclass(frozen=True)
class Page(Generic[R]):
    """A page of a collection: its records, and the whole answer, with `page`, `did_you_mean` and what else there is."""

    records: list[R]
    answer: dict[str, Any]

    @property
    def next(self) -> str | None:
        """The address of the next page."""
        return cast(str | None, self.answer["page"]["next"])


class Collection(Generic[R]):
    """The records of a type."""

    def __init__(self, transport: Transport, path: str) -> None:
        self._transport, self._path = transport, path

    def list(self, **filters: Value) -> Iterator[R]:
        """All records that these parameters of the collection find; further pages are read when they are needed."""
        for page in self.pages(**filters):
            yield from page.records

    def pages(self, **filters: Value) -> Iterator[Page[R]]:
        """The pages of a query. Without `limit` they have 200 records, the most there can be."""
        answer = self._transport.send("GET", self._path, {"limit": 200, **filters}).json
        yield (page := Page[R](answer["data"], answer))
        while page.next is not None:
            answer = self._transport.send("GET", _on(page.next, self._path)).json
            yield (page := Page[R](answer["data"], answer))

    def get(self, record_id: str, **parameters: Value) -> Stored[R]:
        """A record; raise NotFound or Gone. One that was merged is followed to the record that stands for it."""
        return _stored(self._transport.send("GET", self._address(record_id), parameters))

    def create(self, document: Mapping[str, Any], key: str | None = None) -> Stored[R]:
        """Store a new record under the id in the document, or one that the service makes.

        `key` is an `Idempotency-Key` to be used when the program itself may be repeated; otherwise one is made up.
        """
        headers = {"Idempotency-Key": f'"{key or uuid4()}"', **_JSON}
        return _stored(self._transport.send("POST", self._path, body=_body(document), headers=headers))

    def put(self, record_id: str, document: Mapping[str, Any], etag: Any = None) -> Stored[R]:
        """Replace the version with this entity tag; without one, create the record. Raise PreconditionFailed."""
        if etag is ANY:
            etag = self.get(record_id).etag
        condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        headers = {**condition, **_JSON}
        return _stored(self._transport.send("PUT", self._address(record_id), body=_body(document), headers=headers))

    def patch(self, record_id: str, changes: Mapping[str, Any], etag: str) -> Stored[R]:
        """Change some keys (RFC 7396: null removes one) of the version with this entity tag."""
        headers = {"If-Match": etag, "Content-Type": "application/merge-patch+json"}
        return _stored(self._transport.send("PATCH", self._address(record_id), body=_body(changes), headers=headers))

    def delete(self, record_id: str, etag: str) -> None:
        """Delete the version with this entity tag."""
        self._transport.send("DELETE", self._address(record_id), headers={"If-Match": etag})

    def _address(self, record_id: str) -> str:
        return f"{self._path}/{quote(record_id, safe='')}"


class Tasrih:
    """A service at an address, such as `https://example.org`; with a token to write, or where reads are closed."""

    def __init__(self, url: str, token: str | None = None, retries: int = 3, timeout: float = 60) -> None:
        self._transport = Transport(url, token, retries, timeout)
        self.statements: Collection[records.Statement] = Collection(self._transport, "/v1/statements")
        self.speakers: Collection[records.Speaker] = Collection(self._transport, "/v1/speakers")
        self.agreements: Collection[records.Agreement] = Collection(self._transport, "/v1/agreements")
        self.communiques: Collection[records.Communique] = Collection(self._transport, "/v1/communiques")
        self.events: Collection[records.Event] = Collection(self._transport, "/v1/events")
        self.places: Collection[records.Place] = Collection(self._transport, "/v1/places")
        self.articles: Collection[records.Article] = Collection(self._transport, "/v1/articles")
        self.readings: Collection[records.Reading] = Collection(self._transport, "/v1/readings")
        self.vocabularies: Collection[records.Vocabulary] = Collection(self._transport, "/v1/vocabularies")

    def get(self, path: str, **parameters: Value) -> Any:
        """The JSON at any other address, such as `/v1/statements/facets`."""
        return self._transport.send("GET", path, parameters).json

    def import_records(self, lines: Iterable[tuple[str, Mapping[str, Any]]], key: str | None = None) -> dict[str, int]:
        """Store documents, each with its record type, all or none; return how many were created, changed, unchanged."""
        body = b"".join(_body({"type": record_type, "document": document}) + b"\n" for record_type, document in lines)
        headers = {"Idempotency-Key": f'"{key or uuid4()}"', "Content-Type": "application/x-ndjson"}
        return cast(dict[str, int], self._transport.send("POST", "/v1/import", body=body, headers=headers).json)

    def export_statements(self, **filters: Value) -> Iterator[records.Statement]:
        """All statements that the filters find, as they were at one moment."""
        body = self._transport.send("GET", "/v1/statements/export", {**filters, "format": "ndjson"}).body
        return (json.loads(line)["document"] for line in body.splitlines())

    def changes(self, since: int = 0, wait: int = 0, **parameters: Value) -> Iterator[records.Feed]:
        """Pages of the feed of changes after a position, until its end.

        Raise Gone when the service does not know the position. With `wait` the end never comes: the service holds back an
        answer for so many seconds, at most 30, until something changes.
        """
        answer = self._transport.send("GET", "/v1/changes", {"since": since, "limit": 200, "wait": wait, **parameters})
        while True:
            page = cast(records.Feed, answer.json)
            yield page
            if not (page["page"]["more"] or wait):
                return
            time.sleep(retry_after(answer.headers.get("retry-after")))
            answer = self._transport.send("GET", _on(page["page"]["next"], "/v1/changes"))


_JSON = {"Content-Type": "application/json"}


def _on(address: str, path: str) -> str:
    """The path and query of a link to a page. The token goes to no other place than this service."""
    return path + address[address.index("?") :]


def _body(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _stored(answer: Answer) -> Stored[Any]:
    return Stored(answer.json, answer.headers["etag"])
