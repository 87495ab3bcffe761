"""Clients of other kinds than those that write and read records of their own, each with a promise that it depends on."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
from faults.clients import Answer, Client, PromiseBroken
from faults.load import Document, Lost, person, rows_of, statement
from faults.service import COMMAND, Service, command

from clustering.promises import Background, Steady, asked_for_good

FIXED = 12
"""Records of each kind that nobody changes, so that whoever pages through all must meet each of them once."""

PLACES = 5  # of an import


def store_fixed(port: int, token: str) -> None:
    """Store records that nobody changes."""
    with Client(port, token) as client:
        for number in range(FIXED):
            speaker = f"fixed-{number}"
            for address, document in (
                (f"/v1/speakers/{speaker}", person(number)),
                (f"/v1/statements/{speaker}", statement(number, speaker)),
            ):
                answer, _ = client.persist("PUT", address, document, If_None_Match="*")
                if answer.status not in (201, 412):
                    raise Lost(f"{address} can't be stored: {answer.status} {answer.body[:300]!r}")


class Pager(Background):
    """A client that pages through a collection again and again, by the addresses that the pages give."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(Client(port))
        self._path, self.walks = path, 0

    def work(self) -> None:
        """Page through all; raise PromiseBroken unless each record that nobody changes was met once."""
        met = Counter(record["id"] for record in self._records())
        fixed = {f"fixed-{number}": met[f"fixed-{number}"] for number in range(FIXED)}
        if set(fixed.values()) != {1} and not self.is_ending:
            raise PromiseBroken(f"Whoever pages through {self._path} meets {fixed}")
        self.walks += 1

    def _records(self) -> Iterator[Document]:
        path: str | None = self._path
        while path is not None and not self.is_ending:
            page = asked_for_good(self._client, path).document
            yield from page["data"]
            path = page["page"]["next"] and _path_of(page["page"]["next"])


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


class Importer(Background):
    """A client that imports new places under a key, as often as it must, and then once more under the same key."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(Client(port, token))
        self.imports = 0

    def work(self) -> None:
        """Import once; raise PromiseBroken when the answer says anything but that all was new."""
        lines = b"".join(orjson.dumps({"type": "places", "document": place}) + b"\n" for place in self._places())
        key = f'"{uuid4()}"'
        answers = [self._import(lines, key) for _ in range(2)]
        counted = {"created": PLACES, "changed": 0, "unchanged": 0}
        if [answer.document for answer in answers] != [counted] * 2:
            raise PromiseBroken(f"An import of {PLACES} new places was answered {[answer.body for answer in answers]}")
        self.imports += 1

    def _places(self) -> Iterator[Document]:
        for number in range(PLACES):
            name = f"imported-{self.imports}-{number}"
            yield {"id": name, "kind": "region", "name": {"en": f"Town {name}"}}

    def _import(self, lines: bytes, key: str) -> Answer:
        headers = {"Content_Type": "application/x-ndjson", "Idempotency_Key": key}
        answer, _ = self._client.persist("POST", "/v1/import", lines, **headers)
        if answer.status != 200:
            raise Lost(f"An import was answered {answer.status}: {answer.body[:300]!r}")
        return answer

    def verify(self, url: str) -> None:
        """Raise Lost unless each place of an acknowledged import was written once."""
        written = dict(rows_of(url, "SELECT record_id, COUNT(*) FROM change WHERE record_type = 'places' GROUP BY 1"))
        expected = {f"imported-{made}-{number}": 1 for made in range(self.imports) for number in range(PLACES)}
        if wrong := written.items() ^ expected.items():
            raise Lost(f"Imported places that were not written once: {sorted(wrong)[:5]}")


class Crossing(Background):
    """A client that writes a name at one node and reads it at the others, from the position that the write was answered with."""

    def __init__(self, nodes: list[Service], number: int, token: str) -> None:
        super().__init__(Client(nodes[number].port, token))
        self._others = [Client(node.port, requires_position=False) for node in nodes if node is not nodes[number]]
        self._address, self._mark = f"/v1/speakers/crossing-{number}", 1_000_000 * (number + 200)
        self.reads = self.writes = 0

    def work(self) -> None:
        """Write once, and read that at each of the other nodes."""
        self._mark += 1
        condition = {"If_Match": "*"} if self.writes else {"If_None_Match": "*"}
        written, again = self._client.persist("PUT", self._address, person(self._mark), **condition)
        if written.status not in (200, 201) and not (written.status == 412 and again):
            raise Lost(f"{self._address}: {written.status} {written.body[:300]!r}")
        self.writes += 1
        position = written.headers["tasrih-position"]
        for other in self._others:
            self._require_seen(other, position)

    def _require_seen(self, other: Client, position: str) -> None:
        answer = asked_for_good(other, self._address, Tasrih_At_Least=position)
        self.reads += 1
        shown, name = int(answer.headers["tasrih-position"]), answer.document["name"]["en"]
        if shown < int(position) or name != person(self._mark)["name"]["en"]:
            raise PromiseBroken(f"{self._address} shows {name} at {shown}, and {self._mark} was written at {position}")


class Mirror:
    """A database of its own, kept up by `tasrih follow` through the proxy."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url, self._source = f"sqlite:///{folder}/mirror.db", f"http://127.0.0.1:{port}"
        self._log = folder / "log"
        with self._log.open("wb") as log:
            environment = {**os.environ, "DATABASE_URL": self.url}
            self.process = subprocess.Popen(
                [COMMAND, "follow", self._source], env=environment, stdout=log, stderr=log, cwd="/"
            )

    def verify(self, url: str) -> int:
        """Raise Lost unless it kept on until it is killed here, and then goes on to an exact copy; return how many records it has."""
        if self.process.poll() is not None:
            raise Lost(f"'tasrih follow' has ended: {self._log.read_text()[-2000:]}")
        self.kill()
        command(self.url, "follow", self._source, "--once")
        copies = [command(each, "export") for each in (url, self.url)]
        if copies[0] != copies[1]:
            apart = set(copies[0].splitlines()) ^ set(copies[1].splitlines())
            raise Lost(f"A mirror is no exact copy; apart are {sorted(apart)[:2]}")
        command(self.url, "check")
        return len(copies[1].splitlines())

    def kill(self) -> None:
        """Kill it, wherever it is."""
        self.process.kill()
        self.process.wait()


@contextmanager
def mirrored_by_command(port: int) -> Iterator[Mirror]:
    """A mirror that `tasrih follow` keeps up meanwhile."""
    with TemporaryDirectory(prefix="tasrih-mirror-") as name:
        mirror = Mirror(Path(name), port)
        try:
            yield mirror
        finally:
            mirror.kill()


@dataclass
class Onlookers:
    """All of them, at work on one cluster."""

    steady: list[Steady]
    crossing: list[Crossing]
    pagers: list[Pager]
    importer: Importer

    @classmethod
    def of(cls, port: int, nodes: list[Service], token: str) -> Self:
        """Clients that write with a token, two of each kind but one that imports."""
        store_fixed(port, token)
        return cls(
            [Steady(node, number, token) for number, node in enumerate(nodes)],
            [Crossing(nodes, number, token) for number in range(len(nodes))],
            [Pager(port, "/v1/speakers?limit=5&fields=id"), Pager(port, "/v1/statements?limit=100&fields=id")],
            Importer(port, token),
        )

    @property
    def all(self) -> list[Background]:
        """Each of them."""
        return [*self.steady, *self.crossing, *self.pagers, self.importer]

    def figures(self) -> dict[str, int]:
        """What they have done."""
        return {
            "changes of clients that send no position": sum(client.writes for client in self.steady),
            "their reads of what they had written": sum(client.reads for client in self.steady),
            "reads at the position of a change that another node answered": sum(each.reads for each in self.crossing),
            "walks through all speakers and all statements": sum(pager.walks for pager in self.pagers),
            "imports, each sent twice under its key": self.importer.imports,
        }
