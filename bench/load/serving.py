"""Starting the service and the hello-world under the same gunicorn, and stopping them again.

As a program it is one such server: `python -m bench.load.serving service|hello`, with the service's own settings in the
environment and the worker class in BENCH_WORKER_CLASS.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.load.hello import BODIES

WORKER_CLASS = "BENCH_WORKER_CLASS"
PATIENCE = 60  # seconds for a server to start or stop


class NotServing(Exception):
    """A server did not start; says what it wrote instead."""


@dataclass(frozen=True)
class Under:
    """What all servers of a run share: gunicorn's settings, and how much the service remembers. None: its own."""

    workers: int
    threads: int
    worker_class: str | None = None
    response_cache_megabytes: int | None = None
    document_cache_megabytes: int | None = None

    def with_response_cache(self, cached: bool) -> "Under":
        """The same with the service's response cache, or without it."""
        return self if cached else replace(self, response_cache_megabytes=0)

    def environment(self) -> dict[str, str]:
        """The settings as environment variables."""
        chosen = {
            WORKER_CLASS: self.worker_class,
            "TASRIH_RESPONSE_CACHE_MEGABYTES": self.response_cache_megabytes,
            "TASRIH_DOCUMENT_CACHE_MEGABYTES": self.document_cache_megabytes,
        }
        given = {name: str(value) for name, value in chosen.items() if value is not None}
        return {"WEB_CONCURRENCY": str(self.workers), "TASRIH_THREADS": str(self.threads), **given}


@contextmanager
def service(database_url: str, port: int, under: Under) -> Iterator[str]:
    """The service on a database; gives its base URL."""
    with _serving("service", port, {"DATABASE_URL": database_url, **under.environment()}) as url:
        yield url


@contextmanager
def hello(bodies: Path, port: int, under: Under) -> Iterator[str]:
    """The hello-world that answers what a file says; gives its base URL."""
    with _serving("hello", port, {BODIES: str(bodies), **under.environment()}) as url:
        yield url


@contextmanager
def _serving(which: str, port: int, settings: Mapping[str, str]) -> Iterator[str]:
    with program([sys.executable, "-m", __name__, which], port, settings) as url:
        yield url


@contextmanager
def program(command: Sequence[str], port: int, settings: Mapping[str, str]) -> Iterator[str]:
    """A server that a command starts, with these variables in its environment; gives its base URL and stops it afterwards."""
    _require_free(port)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    process = subprocess.Popen(
        command,
        env={**kept, "PORT": str(port), **settings},
        cwd=Path(__file__).parent.parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us: we stop it
    )
    try:
        _await(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(process)


def _require_free(port: int) -> None:
    """Raise NotServing when somebody listens there already: it would be him that is measured."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise NotServing(
                f"Port {port} can't be listened on ({error.strerror}): choose others with --port."
            ) from None


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    process.kill()
    _, said = process.communicate()
    raise NotServing(f"No server came up on port {port}: {said.decode(errors='replace').strip() or 'it said nothing'}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def main(which: str) -> None:
    """Be one server until told to stop."""
    from api.application import create_app  # gunicorn reads WEB_CONCURRENCY when it is imported
    from api.server.serving import Server
    from api.settings import from_environment
    from bench.load.hello import create

    worker_class = os.environ.get(WORKER_CLASS)

    class Measured(Server):
        """The service's own gunicorn, but for the worker class and the announcement."""

        def load_config(self) -> None:
            """Set what gunicorn is to do."""
            super().load_config()
            self.cfg.set("when_ready", lambda _: None)
            if which == "hello":
                self.cfg.set("post_worker_init", lambda _: None)
            if worker_class:
                self.cfg.set("worker_class", worker_class)

    Measured(from_environment(), create_app if which == "service" else create).run()


if __name__ == "__main__":
    main(sys.argv[1])
