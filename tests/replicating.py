"""A PostgreSQL server and the standbys that follow it, and what can happen to each."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg

OPTIONS = ("-h", "", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=60")
"""Nodes are reached by their sockets only; no power cut is tried here."""


class Node:
    """A PostgreSQL server in a folder of its own, where its socket is too."""

    def __init__(self, folder: Path, programs: Path, user: str | None) -> None:
        self.folder, self.data, self._programs, self._user = folder, folder / "data", programs, user
        folder.mkdir(mode=0o700)
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser, and return its rows."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return [] if cursor.description is None else cursor.fetchall()

    def program(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the owner of the folder."""
        ended = subprocess.run(
            [str(self._programs / name), *arguments],
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # pg_ctl leaves it open to the server
            stderr=subprocess.DEVNULL,
            cwd="/",
            timeout=60,
        )
        assert ended.returncode == 0, f"{name} {arguments}: {(self.folder / 'log').read_text()}"

    def make(self) -> None:
        """Make an empty server, and start it."""
        self.program("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def copy(self, primary: "Node") -> None:
        """Copy another server, and follow it from now on."""
        options = ("--no-sync", "-U", "postgres", "-R", "-X", "stream", "-c", "fast")
        self.program("pg_basebackup", "-h", str(primary.folder), "-D", str(self.data), *options)
        self.start()

    def follow(self, primary: "Node") -> None:
        """Forget everything, after it was killed, and follow another server."""
        shutil.rmtree(self.data)
        self.copy(primary)

    def set(self, name: str, value: str) -> None:
        """Change a setting, on a standby too."""
        self.run(f"ALTER SYSTEM SET {name} = '{value}'")
        self.run("SELECT pg_reload_conf()")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = " ".join(f'"{option}"' for option in (*OPTIONS, "-k", str(self.folder)))
        place = ("-D", str(self.data), "-l", str(self.folder / "log"))
        self.program("pg_ctl", "-w", *place, "-o", options, "start")

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if (self.data / "postmaster.pid").exists():
            self.program("pg_ctl", "-w", "-D", str(self.data), "-m", "immediate", "stop")

    def step_down(self) -> None:
        """Stop as for maintenance: nothing new is begun, what runs is rolled back, and standbys have everything in the end."""
        self.program("pg_ctl", "-w", "-D", str(self.data), "-m", "fast", "stop")

    def come_back(self, primary: "Node") -> None:
        """Start again after it stepped down, as the standby of the server that took over."""
        signal_file, settings = self.data / "standby.signal", self.data / "postgresql.auto.conf"
        signal_file.touch()
        os.chown(signal_file, settings.stat().st_uid, settings.stat().st_gid)
        with settings.open("a") as file:
            file.write(f"primary_conninfo = 'user=postgres host={primary.folder}'\n")
        self.start()

    def promote(self) -> None:
        """Let it follow nobody any more, and be written to."""
        self.program("pg_ctl", "-w", "-D", str(self.data), "promote")

    def kill(self) -> None:
        """Kill all its processes at once."""
        processes = self._processes()
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=30)
        (self.data / "postmaster.pid").unlink()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes, as if the machine hung: connections stay open, and nobody answers."""
        processes = self._processes()
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGCONT)

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """Let a standby receive what the primary writes, and show none of it."""
        self.run("SELECT pg_wal_replay_pause()")  # only asks for it
        try:
            until(lambda: self.run("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])
            yield
        finally:
            self.run("SELECT pg_wal_replay_resume()")

    def _processes(self) -> list[Any]:
        server = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        return [server, *server.children()]


@contextmanager
def node(folder: Path, server: Any, primary: Node | None = None) -> Iterator[Node]:
    """A new server of the programs and the user of another: an empty one, or one that follows a primary. Removed in the end."""
    made = Node(folder, server.bin_path, server.system_user)
    try:
        if primary is None:
            made.make()
        else:
            made.copy(primary)
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def until(condition: Callable[[], object], seconds: float = 15) -> float:
    """Wait until a condition holds, and return how many seconds that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, "it took too long"
        time.sleep(0.02)
    return time.monotonic() - began


def has_caught_up(primary: Node, standby: Node) -> bool:
    """Whether a standby shows everything that its primary has written."""
    [(end,)] = primary.run("SELECT pg_current_wal_flush_lsn()")
    [(is_shown,)] = standby.run(f"SELECT pg_last_wal_replay_lsn() >= '{end}'")
    return bool(is_shown)
