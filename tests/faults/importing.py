"""Clients that write one record at a time beside an import: how long they wait, and how often they are told to come back."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import orjson

from faults.clients import Answer, Client
from faults.engines import Engine
from faults.load import Document, Lost, article, person, statement
from faults.service import command, prepared, serving

CLIENTS = 8
PATIENCE = 600  # seconds for an import
LONGEST_READ = 1.0  # seconds; beside an import it takes some milliseconds, on a busy machine a few hundred


def run(engine: Engine, port: int, places: int = 1500, statements: int = 0) -> dict[str, Any]:
    """Import places and statements while clients write; raise Lost unless all that was acknowledged is there."""
    url = engine.new_database()
    token = prepared(url, "import")
    lines = b"".join(orjson.dumps(line) + b"\n" for line in _lines(places, statements))
    written = _Written()
    with serving(url, port) as service:
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            clients = [pool.submit(written.write, port, token, number) for number in range(CLIENTS)]
            reader = pool.submit(written.read, port)
            time.sleep(0.5)
            began = time.monotonic()
            imported = _import(port, token, lines)
            took = time.monotonic() - began
            written.over.set()
            for client in (*clients, reader):
                client.result()
        written.verify(port)
        said = service.said()
    if imported.status != 200:
        raise Lost(f"The import was answered {imported.status}: {imported.body[:500]!r}")
    if "Traceback" in said:
        raise Lost(f"The service failed unexpectedly: {said[:3000]}")
    command(url, "check")
    return {
        "records imported": places + statements,
        "seconds of the import": round(took, 1),
        "stored one by one meanwhile": len(written.stored),
        "longest wait of a writer": f"{max(written.waits):.1f} s",
        "refused with Retry-After": dict(written.refused),
        "longest read": f"{1000 * written.slowest_read:.0f} ms",
    }


def _lines(places: int, statements: int) -> Iterator[Document]:
    for number in range(places):
        document: Document = {"id": f"place-{number}", "kind": "region", "name": {"en": f"Town number {number}"}}
        yield {"type": "places", "document": document}
    if statements:
        yield {"type": "articles", "document": article()}
        yield {"type": "speakers", "document": person(0, id="witness")}
    for number in range(statements):
        yield {"type": "statements", "document": statement(number, "witness") | {"id": f"statement-{number}"}}


class _Written:
    """What clients have stored beside an import, how long each write and each refusal took, and the slowest read."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.stored: list[str] = []
        self.waits: list[float] = []
        self.refused: Counter[str] = Counter()
        self.slowest_read = 0.0

    def write(self, port: int, token: str, number: int) -> None:
        """Store one speaker after the other until the import is over."""
        with Client(port, token, timeout=90) as client:
            mark = 0
            while not self.over.is_set():
                mark += 1
                address = f"/v1/speakers/single-{number}-{mark}"
                began = time.monotonic()
                answer = client.ask("PUT", address, person(mark), If_None_Match="*")
                self.waits.append(time.monotonic() - began)
                if answer.status == 201:
                    self.stored.append(address)
                    time.sleep(0.02)
                else:
                    self._refuse(answer)

    def _refuse(self, answer: Answer) -> None:
        if answer.status != 503 or "retry-after" not in answer.headers:
            raise Lost(f"Beside an import a write was answered {answer.status}: {answer.body[:500]!r}")
        self.refused[f"503 after {answer.headers['retry-after']} s"] += 1
        self.over.wait(1)

    def read(self, port: int) -> None:
        """Read until the import is over."""
        with Client(port) as client:
            while not self.over.wait(0.05):
                began = time.monotonic()
                if (answer := client.ask("GET", "/v1/speakers?limit=1")).status != 200:
                    raise Lost(f"Reading was answered {answer.status}: {answer.body[:300]!r}")
                self.slowest_read = max(self.slowest_read, time.monotonic() - began)

    def verify(self, port: int) -> None:
        """Raise Lost unless every record is there that its client was told of."""
        with Client(port) as client:
            for address in self.stored:
                if client.ask("GET", address).status != 200:
                    raise Lost(f"{address} was acknowledged and is not there")


def _import(port: int, token: str, lines: bytes) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    connection.request("POST", "/v1/import", lines, headers)
    response = connection.getresponse()
    answer = Answer(response.status, {}, response.read())
    connection.close()
    return answer
