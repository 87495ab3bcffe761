"""The service as an operator runs it: its commands, and a server whose processes can be found, signalled and killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

PATIENCE = 60  # seconds for a server to start or stop
COMMAND = Path(sys.executable).with_name("tasrih")


class NotServing(Exception):
    """The server did not start or stop; says what it wrote."""


class CommandFailed(Exception):
    """A command ended otherwise than it should; says what it wrote."""


def command(url: str, *arguments: str) -> str:
    """Run one of the commands on a database, and give what it printed; raise CommandFailed when it says no."""
    ended = begun(url, *arguments)
    printed, said = ended.communicate(timeout=600)
    if ended.returncode != 0:
        raise CommandFailed(f"tasrih {' '.join(arguments)}: {said.strip()[:2000]}")
    return printed


def begun(url: str, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
    """One of the commands, running on a database."""
    environment = _environment(DATABASE_URL=url, **settings)
    return subprocess.Popen([COMMAND, *arguments], env=environment, stdout=-1, stderr=-1, text=True, cwd="/tmp")


def prepared(url: str, *scopes: str) -> str:
    """Make the tables of a database, and give a token that may write, and has these scopes besides."""
    command(url, "migrate")
    return token_of(url, "faults", "write", *scopes)


def token_of(url: str, name: str, *scopes: str) -> str:
    """A new token of a name, which the log of changes shows."""
    named = [part for scope in scopes for part in ("--scope", scope)]
    printed = command(url, "token", "create", "--name", name, *named)
    found = re.search(r"tasrih_[0-9a-f]{16}_[0-9a-f]{64}", printed)
    assert found is not None, printed
    return found[0]


def _environment(**settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, **settings}


class Service:
    """`tasrih serve` on a database, started again as often as it is stopped."""

    def __init__(self, url: str, port: int, **settings: str) -> None:
        self.url, self.port = url, port
        self._settings = {"WEB_CONCURRENCY": "2", "TASRIH_THREADS": "4", **settings}
        self.log = Path(tempfile.mkstemp(prefix="faults-log-")[1])
        self.starts = 1
        """How often it was started, counted before what runs is ended."""
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        """Start it; after the first time as often as a supervisor does, since none starts while no database takes writes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            process = self._begun()
            while time.monotonic() < deadline and process.poll() is None:
                if self._serves(process):
                    return process
                time.sleep(0.05)
            if self.starts == 1:
                break
        raise NotServing(f"No server came up on port {self.port}: {self.said()[-5000:]}")

    def _begun(self) -> "subprocess.Popen[bytes]":
        with self.log.open("a") as log:
            return subprocess.Popen(
                [COMMAND, "serve"],
                env=_environment(DATABASE_URL=self.url, PORT=str(self.port), **self._settings),
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/tmp",
                start_new_session=True,  # so that all of it can be killed at once
            )

    def _serves(self, process: "subprocess.Popen[bytes]") -> bool:
        """Whether its own workers are there, whoever else may still listen."""
        with closing(socket.socket()) as trial:
            return bool(_children(process.pid)) and trial.connect_ex(("127.0.0.1", self.port)) == 0

    def said(self) -> str:
        """What it wrote to its log."""
        return self.log.read_text(errors="replace").strip()

    def workers(self) -> list[int]:
        """The processes that answer."""
        return _children(self.process.pid)

    def kill_worker(self, which: int) -> None:
        """Kill one of the workers, which the arbiter replaces."""
        workers = self.workers()
        if workers:
            _signal(workers[which % len(workers)], signal.SIGKILL)

    def kill_and_start(self) -> None:
        """Kill the arbiter and all workers at once, and start again."""
        self.starts += 1
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = self._start()

    def kill_arbiter_and_start(self) -> None:
        """Kill the arbiter, whose workers are to notice, and start again at once."""
        self.starts += 1
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def hang_up(self) -> None:
        """Ask for new workers."""
        self.process.send_signal(signal.SIGHUP)

    def end(self) -> int:
        """Stop it as an operator does, and give its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=PATIENCE + 10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise NotServing(f"The server does not stop: {self.said()}") from None


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@contextmanager
def serving(url: str, port: int, **settings: str) -> Iterator[Service]:
    """The service on a database, for a while."""
    service = Service(url, port, **settings)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.end()
        service.log.unlink()
