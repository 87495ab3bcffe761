"""PgBouncer before a PostgreSQL server, in transaction mode: each transaction gets whatever server connection is free."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from ports import free_port
from programs import ini, path_of, running


class Pooled:
    """A PostgreSQL server like the one that it stands for, but that its URLs lead through a pooler."""

    def __init__(self, server: Any, port: int) -> None:
        self._server, self._port = server, port

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def get_uri(self, database: str = "postgres") -> str:
        """The URL of a database. The pooler sends every client on as the superuser."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"


@contextmanager
def pooled(server: Any, folder: Path, connections: int) -> Iterator[Pooled]:
    """A server behind a pooler that opens at most so many connections to each database."""
    port, direct = free_port(), psycopg.conninfo.conninfo_to_dict(str(server.get_uri()))
    configuration: dict[str, dict[str, object]] = {
        "databases": {"*": f"host={direct['host']} user={direct['user']}"},
        "pgbouncer": {
            "listen_addr": "127.0.0.1",
            "listen_port": port,
            "unix_socket_dir": "",
            "auth_type": "any",
            "admin_users": "postgres",
            "pool_mode": "transaction",
            "default_pool_size": connections,
            "max_client_conn": 1000,
            "server_idle_timeout": 10,
        },
    }
    file = folder / "pgbouncer.ini"
    file.write_text(ini(configuration))
    user = ["-u", "pgserver"] if os.geteuid() == 0 else []  # it refuses to run as root; this user may use the socket
    with running([path_of("pgbouncer"), *user, str(file)], port, folder / "log"):
        yield Pooled(server, port)


def is_pooled(url: str) -> bool:
    """Whether a URL leads through a pooler, as far as these tests are concerned."""
    return urlsplit(url).port is not None
