"""The parts of a cluster on 127.0.0.1: etcd, two PostgreSQL servers under Patroni, two nodes of the service, and HAProxy before them.

Takes Debian's packages etcd-server, patroni, postgresql, haproxy, and pgbouncer where poolers are wanted.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import click
import psutil  # type: ignore[import-untyped]
import psycopg
from faults.service import Service, prepared, serving
from ports import free_port
from programs import ini
from replicating import until

USER = "postgres" if os.geteuid() == 0 else None
"""The owner of the databases: PostgreSQL does not run as root."""

NAME = "tasrih"
"""Of the cluster, in etcd and for `patronictl`."""

SHORTEST_TTL = 20
"""Seconds after which a member that is silent has lost the leadership: the shortest that Patroni takes."""

PATIENCE = 120
"""Seconds for what takes a few on an idle machine: an election, a copy of an empty database."""

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
    http-error status 503 content-type "application/problem+json" string "{problem}" hdr Retry-After 1
listen tasrih
    bind 127.0.0.1:{port}
    option httpchk GET /readyz
    {servers}
"""

_PROBLEM = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "No node is ready."}
"""What HAProxy says while no node is, in place of a page that says nothing of when to come back."""

POOLER = {
    "listen_addr": "127.0.0.1",
    "unix_socket_dir": "",
    "auth_type": "any",
    "pool_mode": "transaction",
    "default_pool_size": 20,
    "max_client_conn": 500,
    "query_wait_timeout": 5,
    "server_connect_timeout": 2,
    "server_login_retry": 1,  # the default, 15 seconds, is how long a server that has come back would be left alone
}
"""What differs from PgBouncer's defaults."""


class Program:
    """A program in the background, which may be killed and started again."""

    def __init__(self, command: Sequence[str], log: Path, user: str | None = None) -> None:
        self._command, self.log, self._user = command, log, user
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(self._command, user=self._user, stdout=log, stderr=log, cwd="/")

    def start(self) -> None:
        """Start it again."""
        self.process = self._start()

    def kill(self) -> None:
        """Kill it and the processes that it has started."""
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Let it end as it likes to; raise TimeoutExpired when it does not."""
        self.process.terminate()
        self.process.wait(60)


class Member:
    """A PostgreSQL server under Patroni."""

    def __init__(self, name: str, folder: Path, etcd: int) -> None:
        self.name, self.port, self.rest = name, free_port(), free_port()
        self.file, self._data = folder / f"{name}.json", folder / name
        self.file.write_text(json.dumps(self._configuration(folder, etcd)))  # which is YAML too
        self.patroni = Program(["patroni", str(self.file)], folder / f"{name}.log", USER)

    def _configuration(self, folder: Path, etcd: int) -> dict[str, object]:
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        users = {kind: {"username": kind, "password": "cluster"} for kind in ("superuser", "replication", "rewind")}
        return {
            "scope": NAME,
            "name": self.name,
            "restapi": {"listen": f"127.0.0.1:{self.rest}", "connect_address": f"127.0.0.1:{self.rest}"},
            "etcd3": {"host": f"127.0.0.1:{etcd}"},
            "bootstrap": {"dcs": _DCS, "initdb": [{"encoding": "UTF8"}, "no-sync"]},
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(self._data),
                "bin_dir": str(programs),
                "pgpass": str(folder / f"{self.name}.pgpass"),
                "authentication": users,
                "parameters": {"unix_socket_directories": str(folder)},
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
            },
        }

    @property
    def role(self) -> str:
        """`master`, `replica`, or what else Patroni says of it."""
        with suppress(OSError, ValueError), urlopen(f"http://127.0.0.1:{self.rest}/patroni", timeout=2) as answer:
            return str(json.load(answer).get("role"))
        return "unknown"

    @property
    def is_primary(self) -> bool:
        """Whether it takes writes; Patroni 4 no longer says `master`."""
        return self.role in ("master", "primary")

    @property
    def is_synchronous(self) -> bool:
        """Whether it is a standby that has every change before it is acknowledged."""
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.rest}/synchronous", timeout=2):
            return True
        return False

    def _processes(self) -> Iterator[psutil.Process]:
        """Those of PostgreSQL."""
        for server in psutil.process_iter(["name", "cmdline"]):
            if server.info["name"] == "postgres" and str(self._data) in (server.info["cmdline"] or ()):
                yield from (server, *server.children())

    def _signal(self, number: int) -> None:
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def kill_database(self) -> None:
        """Kill PostgreSQL, which its Patroni notices."""
        self._signal(signal.SIGKILL)

    def hang(self, seconds: float) -> None:
        """Stop PostgreSQL for so long, with its connections open."""
        self._signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._signal(signal.SIGCONT)

    def lag(self, seconds: float) -> None:
        """Let a standby receive what the primary writes, and show none of it for so long."""
        url = f"postgresql://superuser:cluster@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            time.sleep(seconds)
            connection.execute("SELECT pg_wal_replay_resume()")

    def kill_machine(self) -> None:
        """Kill PostgreSQL and its Patroni, as if the machine had lost its power."""
        self.patroni.kill()
        self.kill_database()


@dataclass
class Cluster:
    """What is at work, and how it is reached: through HAProxy at `port`."""

    port: int
    token: str
    url: str
    members: list[Member]
    nodes: list[Service]
    poolers: list[Program]
    proxy: Program

    @property
    def primary(self) -> Member:
        """The server that takes writes, as soon as there is one."""
        until(lambda: any(member.is_primary for member in self.members), PATIENCE)
        return next(member for member in self.members if member.is_primary)

    @property
    def is_in_order(self) -> bool:
        """Whether either server can be lost without a loss: one takes writes, and the other has them all."""
        return sorted((member.is_primary, member.is_synchronous) for member in self.members) == [
            (False, True),
            (True, False),
        ]

    def await_order(self) -> None:
        """Return when either server can be lost without a loss."""
        until(lambda: self.is_in_order, PATIENCE)

    def switch_over(self) -> None:
        """Let the standby become the primary, by the command of whoever maintains the cluster."""
        primary = self.primary
        [standby] = [member for member in self.members if member is not primary]
        names = ["--master", primary.name, "--candidate", standby.name]
        command = ["patronictl", "-c", str(primary.file), "switchover", NAME, *names, "--force"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if "Successfully switched over" not in ended.stdout:
            raise click.ClickException(f"{' '.join(command)}: {ended.stdout} {ended.stderr}")
        until(lambda: standby.is_primary, PATIENCE)


@contextmanager
def _etcd(folder: Path) -> Iterator[int]:
    """The port of an etcd of one."""
    client, peer = free_port(), free_port()
    urls = {"client": f"http://127.0.0.1:{client}", "peer": f"http://127.0.0.1:{peer}"}
    command = ["etcd", "--data-dir", str(folder / "etcd"), "--initial-cluster", f"default={urls['peer']}"]
    command += ["--listen-client-urls", urls["client"], "--advertise-client-urls", urls["client"]]
    command += ["--listen-peer-urls", urls["peer"], "--initial-advertise-peer-urls", urls["peer"]]
    program = Program(command, folder / "etcd.log", USER)
    try:
        yield client
    finally:
        program.stop()


@contextmanager
def _members(folder: Path, etcd: int) -> Iterator[list[Member]]:
    """Two PostgreSQL servers, the first of which is the primary and the other its synchronous standby."""
    with ExitStack() as stack:
        made = [Member("a", folder, etcd)]
        stack.callback(made[0].patroni.stop)
        until(lambda: made[0].is_primary, PATIENCE)
        made.append(Member("b", folder, etcd))
        stack.callback(made[1].patroni.stop)
        until(lambda: made[1].is_synchronous, PATIENCE)
        yield made


def _pooler(member: Member, folder: Path) -> tuple[int, Program]:
    """A PgBouncer before a server, in transaction mode, and its port."""
    port, file = free_port(), folder / f"pooler-{member.name}.ini"
    server = f"host=127.0.0.1 port={member.port} user=superuser password=cluster"
    file.write_text(ini({"databases": {"*": server}, "pgbouncer": {**POOLER, "listen_port": port}}))
    return port, Program(["pgbouncer", str(file)], folder / f"pooler-{member.name}.log", USER)


def _require_installed(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            message = f"{program} is not installed: apt install etcd-server patroni postgresql haproxy pgbouncer"
            raise click.ClickException(message)


@contextmanager
def cluster(is_pooled: bool = False) -> Iterator[Cluster]:
    """The whole, with a pooler before each server if wanted. It is removed in the end."""
    _require_installed("etcd", "patroni", "patronictl", "haproxy", *(["pgbouncer"] if is_pooled else []))
    with tempfile.TemporaryDirectory(prefix="tasrih-cluster-") as name, ExitStack() as stack:
        folder = Path(name)
        if USER is not None:
            os.chown(folder, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
        members = stack.enter_context(_members(folder, stack.enter_context(_etcd(folder))))
        ports, poolers = [member.port for member in members], list[Program]()
        if is_pooled:
            pairs = [_pooler(member, folder) for member in members]
            ports, poolers = [port for port, _ in pairs], [pooler for _, pooler in pairs]
            for pooler in poolers:
                stack.callback(pooler.stop)
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        url = f"postgresql://superuser:cluster@{hosts}/postgres?target_session_attrs=read-write"
        _await_connections(ports)
        token = prepared(url)
        each = " ".join(f"postgresql://superuser:cluster@127.0.0.1:{port}/postgres" for port in ports)
        nodes = [
            stack.enter_context(serving(url, free_port(), DATABASE_REPLICA_URLS=each, TASRIH_THREADS="8"))
            for _ in range(2)
        ]
        port, proxy = _proxy(nodes, folder)
        stack.callback(proxy.stop)
        yield Cluster(port, token, url, members, nodes, poolers, proxy)


def _proxy(nodes: list[Service], folder: Path) -> tuple[int, Program]:
    """HAProxy before the nodes, and its port."""
    port, file = free_port(), folder / "haproxy.cfg"
    problem = json.dumps(_PROBLEM).replace('"', '\\"')
    servers = "\n    ".join(f"server node{node.port} 127.0.0.1:{node.port} check inter 500ms" for node in nodes)
    file.write_text(_HAPROXY.format(port=port, servers=servers, problem=problem))
    proxy = Program(["haproxy", "-f", str(file)], folder / "haproxy.log")
    _await_connections([port])
    return port, proxy


def _await_connections(ports: list[int]) -> None:
    """Return when somebody listens on each of these ports."""
    for port in ports:
        until(partial(_listens, port), PATIENCE)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
