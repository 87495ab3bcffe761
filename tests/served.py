"""The real server, for tests of what only shows over the wire."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from ports import free_port

COMMAND = str(Path(sys.executable).with_name("tasrih"))


class Answer(NamedTuple):
    """What came back over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem it tells of."""
        assert self.headers["content-type"] == "application/problem+json"
        told: dict[str, Any] = orjson.loads(self.body)
        assert told["status"] == self.status
        return told


def exchange(
    port: int, method: str, path: str, body: bytes | None, headers: dict[str, str], source: str = "127.0.0.1"
) -> Answer:
    """The answer to one request to a port of this machine, from an address of it."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))) as connection:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


class Server:
    """`tasrih serve` on a port of its own, or whatever else `command` starts."""

    def __init__(self, folder: Path, command: Sequence[str] = (COMMAND, "serve"), **settings: str) -> None:
        self.port = int(settings.get("PORT") or free_port())
        self.database = folder / "served.db"
        self.log = folder / "log"
        environment = {"PATH": os.environ["PATH"], "PORT": str(self.port), "DATABASE_URL": f"sqlite:///{self.database}"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**environment, "WEB_CONCURRENCY": "1", "TASRIH_THREADS": "2", **settings},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        self.printed = [self.process.stdout.readline().strip()]
        while "/docs" not in self.printed[-1]:  # the last that is said before it serves
            assert self.process.poll() is None, self.log.read_text()
            self.printed.append(self.process.stdout.readline().strip())

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, **headers)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        return exchange(self.port, method, path, body, headers)

    def send(self, request: bytes) -> Answer:
        """The answer to these very bytes, after which the server is to close the connection."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=30)) as connection:
            connection.sendall(request)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        assert int(headers["content-length"]) == len(body)
        return Answer(int(status.split()[1]), headers, body)

    def token(self, *scopes: str) -> str:
        """A new token with these scopes, or with that in which records can be written."""
        asked = [word for scope in scopes or ("write",) for word in ("--scope", scope)]
        return self.tasrih("token", "create", "--name", uuid4().hex, *asked).strip()

    def tasrih(self, *arguments: str, given: bytes = b"", url: str | None = None) -> str:
        """What the command prints, run on the server's database."""
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url or f"sqlite:///{self.database}"}
        ended = subprocess.run([COMMAND, *arguments], env=environment, input=given, capture_output=True, check=True)
        return ended.stdout.decode()

    def kill(self) -> None:
        """Kill the arbiter alone: it can't tell its workers."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stdout is not None
        with self.process.stdout as rest:
            self.printed += [line.strip() for line in rest]
        return self.process.wait(timeout=30)


@contextmanager
def serving(folder: Path, command: Sequence[str] = (COMMAND, "serve"), **settings: str) -> Iterator[Server]:
    server = Server(folder, command, **settings)
    try:
        yield server
    finally:
        if server.process.returncode is None:
            server.stop()
