"""A whole cluster on 127.0.0.1: etcd, two PostgreSQL servers under Patroni, two nodes of the service, and HAProxy before them.

`python -m clustering` starts it and stops it by Ctrl-C; with `--kills 5` clients write meanwhile, the primary is killed as often,
and what was acknowledged must be there. Takes Debian's packages etcd-server, patroni, postgresql and haproxy.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import click
import psutil  # type: ignore[import-untyped]
from faults.load import Lost, verify, writing
from faults.service import command, prepared, serving
from replicating import until
from served import free_port

USER = "postgres" if os.geteuid() == 0 else None
"""The owner of the databases: PostgreSQL does not run as root."""

SHORTEST_TTL = 20
"""Seconds after which a member that is silent has lost the leadership: the shortest that Patroni takes."""

_DCS = {
    "ttl": SHORTEST_TTL,
    "loop_wait": 2,
    "retry_timeout": 5,
    "primary_start_timeout": 0,  # a primary that was killed is not started again where another can take over
    "synchronous_mode": True,
    "postgresql": {"use_pg_rewind": True, "parameters": {"hot_standby_feedback": "on", "wal_log_hints": "on"}},
}

_HAPROXY = """
defaults
    mode http
    timeout connect 2s
    timeout client 75s
    timeout server 75s
    retries 2
    option redispatch
listen tasrih
    bind 127.0.0.1:{port}
    option httpchk GET /readyz
    {servers}
"""


class Member:
    """A PostgreSQL server under Patroni."""

    def __init__(self, name: str, folder: Path, etcd: int) -> None:
        self.name, self.port, self.rest = name, free_port(), free_port()
        self._file, self.log = folder / f"{name}.json", folder / f"{name}.log"
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        users = {kind: {"username": kind, "password": "cluster"} for kind in ("superuser", "replication", "rewind")}
        configuration = {
            "scope": "tasrih",
            "name": name,
            "restapi": {"listen": f"127.0.0.1:{self.rest}", "connect_address": f"127.0.0.1:{self.rest}"},
            "etcd3": {"host": f"127.0.0.1:{etcd}"},
            "bootstrap": {"dcs": _DCS, "initdb": [{"encoding": "UTF8"}, "no-sync"]},
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(folder / name),
                "bin_dir": str(programs),
                "pgpass": str(folder / f"{name}.pgpass"),
                "authentication": users,
                "parameters": {"unix_socket_directories": str(folder)},
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
            },
        }
        self._file.write_text(json.dumps(configuration))  # which is YAML too
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(["patroni", str(self._file)], user=USER, stdout=log, stderr=log, cwd="/")

    @property
    def role(self) -> str:
        """`master`, `replica`, or what else Patroni says of it."""
        with suppress(OSError, ValueError), urlopen(f"http://127.0.0.1:{self.rest}/patroni", timeout=2) as answer:
            return str(json.load(answer).get("role"))
        return "unknown"

    @property
    def is_synchronous(self) -> bool:
        """Whether it has every change before it is acknowledged."""
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.rest}/synchronous", timeout=2):
            return True
        return False

    def kill_database(self) -> None:
        """Kill PostgreSQL, which its Patroni notices."""
        for server in psutil.process_iter(["name", "cmdline"]):
            if server.info["name"] == "postgres" and str(self._file.with_suffix("")) in (server.info["cmdline"] or ()):
                for each in (server, *server.children()):
                    with suppress(psutil.NoSuchProcess):
                        each.kill()

    def kill_machine(self) -> None:
        """Kill PostgreSQL and its Patroni, as if the machine had lost its power."""
        self.process.kill()
        self.process.wait()
        self.kill_database()

    def start(self) -> None:
        """Start its Patroni again."""
        self.process = self._start()

    def stop(self) -> None:
        """Stop Patroni, and PostgreSQL with it."""
        self.process.terminate()
        self.process.wait(60)


@contextmanager
def running(arguments: list[str], log: Path, user: str | None = None) -> Iterator[None]:
    """A program in the background, for a while."""
    with log.open("ab") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, user=user, cwd="/")
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def members(folder: Path) -> Iterator[list[Member]]:
    """etcd, and two PostgreSQL servers, the first of which is the primary and the other its synchronous standby."""
    client, peer = free_port(), free_port()
    urls = {"client": f"http://127.0.0.1:{client}", "peer": f"http://127.0.0.1:{peer}"}
    etcd = ["etcd", "--data-dir", str(folder / "etcd"), "--initial-cluster", f"default={urls['peer']}"]
    etcd += ["--listen-client-urls", urls["client"], "--advertise-client-urls", urls["client"]]
    etcd += ["--listen-peer-urls", urls["peer"], "--initial-advertise-peer-urls", urls["peer"]]
    with ExitStack() as stack:
        stack.enter_context(running(etcd, folder / "etcd.log", USER))
        made = [Member("a", folder, client)]
        stack.callback(made[0].stop)
        until(lambda: made[0].role in ("master", "primary"), 60)
        made.append(Member("b", folder, client))
        stack.callback(made[1].stop)
        until(lambda: made[1].is_synchronous, 60)
        yield made


def url_of(made: list[Member]) -> str:
    """The URL of whichever server can be written to."""
    hosts = ",".join(f"127.0.0.1:{member.port}" for member in made)
    return f"postgresql://superuser:cluster@{hosts}/postgres?target_session_attrs=read-write"


@contextmanager
def cluster() -> Iterator[tuple[int, str, str, list[Member]]]:
    """The port of the whole, a token, the URL of the database, and the two servers."""
    for program in ("etcd", "patroni", "haproxy"):
        if shutil.which(program) is None:
            raise click.ClickException(
                f"{program} is not installed: apt install etcd-server patroni postgresql haproxy"
            )
    with tempfile.TemporaryDirectory(prefix="tasrih-cluster-") as name, ExitStack() as stack:
        folder = Path(name)
        if USER is not None:
            os.chown(folder, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
        made = stack.enter_context(members(folder))
        url = url_of(made)
        token = prepared(url)
        standbys = " ".join(f"postgresql://superuser:cluster@127.0.0.1:{member.port}/postgres" for member in made)
        nodes = [free_port(), free_port()]
        for node in nodes:
            stack.enter_context(serving(url, node, DATABASE_REPLICA_URLS=standbys, TASRIH_THREADS="8"))
        port = free_port()
        checks = "\n    ".join(f"server node{node} 127.0.0.1:{node} check inter 500ms" for node in nodes)
        (folder / "haproxy.cfg").write_text(_HAPROXY.format(port=port, servers=checks))
        stack.enter_context(running(["haproxy", "-f", str(folder / "haproxy.cfg")], folder / "haproxy.log"))
        yield port, token, url, made


def fail_over(kills: int, writes: int, whole: bool) -> dict[str, Any]:
    """Kill the primary while clients write; raise Lost unless everything acknowledged is there, once."""
    seconds = list[float]()
    with cluster() as (port, token, url, made):
        with writing(port, token, writes, 8, 1) as load:
            for number in range(kills):
                load.wait_for((number + 1) * writes // (kills + 1))
                with load.kept_up():
                    [primary] = [member for member in made if member.role in ("master", "primary")]
                    began = time.monotonic()
                    (primary.kill_machine if whole else primary.kill_database)()
                    load.wait_for(load.acknowledged + 1)
                    seconds.append(round(time.monotonic() - began, 1))
                    if whole:
                        primary.start()
                    until(partial(_is_synchronous, primary), 120)
        verify(load, url, port)
        command(url, "check")
    if len(seconds) < kills:
        raise Lost(f"only {len(seconds)} of {kills} failovers happened")
    return {
        "kills": kills,
        "writes": load.acknowledged,
        "requests without an answer": load.unanswered,
        "refused with Retry-After": load.refused,
        "seconds until a write was accepted again": sorted(seconds),
    }


def _is_synchronous(member: Member) -> bool:
    return member.is_synchronous


@click.command()
@click.option("--kills", type=int, default=0, help="Kill the primary so often while clients write, instead of serving.")
@click.option("--writes", type=int, default=1000, show_default=True)
@click.option("--whole", is_flag=True, help="Kill the primary's Patroni too, as if its machine were gone.")
def main(kills: int, writes: int, whole: bool) -> None:
    """Start a cluster, or prove it."""
    if kills:
        click.echo(json.dumps(fail_over(kills, writes, whole), indent=2))
        return
    with cluster() as (port, token, _, made), suppress(KeyboardInterrupt):
        click.echo(f"http://127.0.0.1:{port}/ with the token {token}")
        click.echo("; ".join(f"{member.name}: port {member.port}, {member.role}" for member in made))
        signal.pause()


if __name__ == "__main__":
    main()
