"""A rolling upgrade: two nodes behind nginx are replaced one after the other by a later version, while clients read and write.

The later version is this program with one migration more, of those beside which the version before may go on. First it migrates the
database, then both versions serve, then the later one alone. No request may be refused, or go without an answer.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from ports import free_port
from programs import nginx

import api
from faults.engines import Engine
from faults.load import Lost, verify, writing
from faults.service import begun, prepared, serving
from faults.switching_over import figures_of, reading

MIGRATION = "0099_later_beside"
SCRIPT = """
def up(migrator, db):
    db.execute_sql("CREATE TABLE later (number INTEGER PRIMARY KEY)")
    db.execute_sql("ALTER TABLE statement ADD COLUMN later INTEGER")
    db.execute_sql("CREATE INDEX statement_later ON statement (later)")
"""
SETTINGS = {"TASRIH_THREADS": "8"}
"""Enough for all clients on one node: with fewer threads some writers would be asked to come back later."""
_SERVED = """
upstream nodes {{ {servers} }}
server {{
  listen 127.0.0.1:{port};
  location / {{ proxy_pass http://nodes; proxy_set_header Host $http_host; }}
}}
"""


def later_version(folder: Path) -> str:
    """A copy of this program with one migration more; the PYTHONPATH by which it is run."""
    for package in ("api", "schemas", "fixtures"):
        source = Path(str(api.__file__)).parents[1] / package
        shutil.copytree(source, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "api" / "migrations" / f"{MIGRATION}.py").write_text(SCRIPT)
    return str(folder)


@contextmanager
def balanced(folder: Path, nodes: list[int]) -> Iterator[int]:
    """nginx before some nodes, of which none counts as gone after one that did not listen; its port."""
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{node} max_fails=0;" for node in nodes)
    with nginx(folder, _SERVED.format(port=port, servers=servers), port):
        yield port


def run(engine: Engine, port: int, writes: int = 600, clients: int = 6, seed: int = 1) -> dict[str, Any]:
    """Let clients work through an upgrade; raise Lost when a request was refused or came to nothing."""
    url, nodes = engine.new_database(), [port, free_port()]
    token = prepared(url)
    with tempfile.TemporaryDirectory(prefix="faults-") as name, ExitStack() as stack:
        folder = Path(name)
        later = later_version(folder / "later")
        older = [stack.enter_context(serving(url, node, **SETTINGS)) for node in nodes]
        front = stack.enter_context(balanced(folder, nodes))
        with (
            writing(front, token, writes, clients, seed) as load,
            reading(front, clients // 2) as readers,
            load.kept_up(),
        ):
            load.wait_for(writes // 4)
            began = time.monotonic()
            _migrate(url, later)
            seconds = time.monotonic() - began
            beside = [load.acknowledged]
            load.wait_for(load.acknowledged + writes // 4)
            for node, service in zip(nodes, older, strict=True):
                _require_ready(node)
                service.end()
                stack.enter_context(serving(url, node, PYTHONPATH=later, **SETTINGS))
                load.wait_for(load.acknowledged + writes // 4)
                beside.append(load.acknowledged)
        verify(load, url, front)
        _check(url, later)
    figures = figures_of(readers)
    refused = sum(load.refused.values()) + figures["reads refused with Retry-After"]
    if refused or load.unanswered or figures["reads without an answer"]:
        raise Lost(f"{refused} requests were refused, {load.unanswered} changes without an answer; {figures}")
    return {
        "writes": load.acknowledged,
        "of these by the older version beside the migrated database, and by both": beside[1] - beside[0],
        "seconds of the migration": round(seconds, 1),
        "requests refused or without an answer": 0,
        **figures,
    }


def _migrate(url: str, path: str) -> None:
    printed = _by(path, url, "migrate")
    if MIGRATION not in printed:
        raise Lost(f"The later version has not migrated: {printed}")


def _check(url: str, path: str) -> None:
    if "sound" not in (printed := _by(path, url, "check")):
        raise Lost(printed)


def _by(path: str, url: str, *arguments: str) -> str:
    """What a command of the version at a path prints."""
    printed, errors = begun(url, *arguments, PYTHONPATH=path).communicate(timeout=120)
    return printed + errors


def _require_ready(port: int) -> None:
    """The older version must still be one that gets requests."""
    with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        if answer.status != 200:
            raise Lost(f"A node is not ready beside the migration: {answer.status}")
