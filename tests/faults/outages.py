"""The database fails under the service while clients write: full, read-only, locked, restarted. Then it is back."""

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from faults.clients import Answer, Client
from faults.engines import Engine, PostgreSQL, SQLite
from faults.load import Load, Lost, person, verify, writing
from faults.service import Service, command, prepared, serving

Outage = Callable[[Service], AbstractContextManager[None]]
MEGABYTES = 96
PATIENCE = 4  # seconds for a read; a writer waits for 5
FEWEST_READS = 3  # during an outage


def full(engine: Engine, port: int, writes: int = 300, seconds: float = 5) -> dict[str, Any]:
    """The disk is full for a while: a small file system where one may be mounted, else a limit on the size of files."""
    with small_disk() as disk:
        if disk is None:
            if not isinstance(engine, SQLite):
                return {"left out": "a small file system can't be mounted here"}
            url = engine.new_database()
            path = Path(url.removeprefix("sqlite:///"))
            return {
                "by": "a limit on file sizes",
                **_through(engine, url, port, writes, seconds, _limited(path), (503, 507)),
            }
        if isinstance(engine, PostgreSQL) and engine.system_user:
            shutil.chown(disk, engine.system_user)
        url = engine.new_database(disk)
        try:
            figures = _through(engine, url, port, writes, seconds, lambda _: _ballast(disk), (507,))
        finally:
            if isinstance(engine, PostgreSQL):
                engine.drop(url)
        return {"by": f"a file system of {MEGABYTES} MB", **figures}


def locked(engine: Engine, port: int, writes: int = 300, seconds: float = 10) -> dict[str, Any]:
    """Another process holds the writers' lock for a while; reading goes on."""
    url = engine.new_database()
    return _through(engine, url, port, writes, seconds, lambda _: engine.holding_writers(url), (503,))


def restarted(engine: PostgreSQL, port: int, writes: int = 600, seconds: float = 1) -> dict[str, Any]:
    """PostgreSQL is restarted while clients write: as one does, as after a crash of a session, and after a kill -9."""

    @contextmanager
    def restart(_: Service) -> Iterator[None]:
        engine.restart("fast")
        yield
        engine.restart("immediate")
        engine.kill()

    return _through(engine, engine.new_database(), port, writes, seconds, restart, ())


def read_only(engine: Engine, port: int, writes: int = 300, seconds: float = 3) -> dict[str, Any]:
    """Nobody may write for a while; SQLite's file is served as one that can only be read from the start."""
    url = engine.new_database()
    if isinstance(engine, PostgreSQL):
        return _through(engine, url, port, writes, seconds, lambda _: engine.read_only(), (503,))
    token = prepared(url)
    with serving(f"{url}?mode=ro", port), Client(port, token) as client:
        refused = client.ask("PUT", "/v1/speakers/nobody", person(0))
        _require_told(refused, (503,))
        _require_quick([_read(port) for _ in range(FEWEST_READS)])
    command(url, "check")
    return {"refused with Retry-After": {str(refused.status): 1}}


def _through(
    engine: Engine, url: str, port: int, writes: int, seconds: float, outage: Outage, statuses: tuple[int, ...]
) -> dict[str, Any]:
    """Write through an outage without restarting the service, and prove that nothing is lost.

    With `statuses`, clients must have been told one of these and nothing else, and reading must have gone on.
    """
    token = prepared(url)
    with serving(url, port) as service:
        with writing(port, token, writes, clients=8, seed=1) as load:
            load.wait_for(writes // 4)
            with load.kept_up(), outage(service):
                _during(load, port, seconds, bool(statuses))
            back = _recovery(load)
        verify(load, url, port)
    command(url, "check")
    # 409: the key of a POST is claimed until it can be given back, or its time is up
    if statuses and (not set(statuses) & set(load.refused) or set(load.refused) - {*statuses, 409}):
        raise Lost(f"Clients should have been told {statuses}, and were told {load.refused}")
    return {
        "writes": writes,
        "seconds of outage": seconds,
        "refused with Retry-After": {str(status): times for status, times in sorted(load.refused.items())},
        "requests without an answer": load.unanswered,
        "seconds until a write was accepted again": round(back, 1),
    }


def _during(load: Load, port: int, seconds: float, reading: bool) -> None:
    """Let an outage last, and read meanwhile.

    Raise Lost when most reads took longer than PATIENCE: a busy machine delays one, and a lock that readers wait for all.
    """
    until, took = time.monotonic() + seconds, list[float]()
    while time.monotonic() < until or (reading and len(took) < FEWEST_READS):
        if reading:
            took.append(_read(port))
        time.sleep(0.2)
    if reading:
        _require_quick(took)


def _require_quick(took: list[float]) -> None:
    if median(took) > PATIENCE:
        raise Lost(f"Reading took {median(took):.1f} s, as if readers waited for the writers.")


def _recovery(load: Load) -> float:
    """How many seconds it takes until something is written again."""
    began, before = time.monotonic(), load.acknowledged
    load.wait_for(before + 1)
    return time.monotonic() - began


def _read(port: int) -> float:
    """How many seconds a read takes; raise Lost when it is not answered as it should."""
    began = time.monotonic()
    with Client(port) as client:
        answer = client.ask("GET", "/v1/speakers?limit=1")
    if answer.status != 200:
        raise Lost(f"Reading was answered {answer.status}: {answer.body[:300]!r}")
    return time.monotonic() - began


def _require_told(answer: Answer, statuses: tuple[int, ...]) -> None:
    told = answer.headers.get("content-type"), "retry-after" in answer.headers
    if answer.status not in statuses or told != ("application/problem+json", True):
        raise Lost(f"Refused as {answer.status} with {answer.headers}: {answer.body[:300]!r}")


@contextmanager
def small_disk(megabytes: int = MEGABYTES) -> Iterator[Path | None]:
    """A small file system; None where mounting is not allowed."""
    with tempfile.TemporaryDirectory(prefix="faults-disk-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
        if not shutil.which("mount") or subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@contextmanager
def _ballast(disk: Path) -> Iterator[None]:
    """Take all the room that is left, and give it back."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 12))
            except OSError:
                pass
        yield
    finally:
        ballast.unlink(missing_ok=True)


def _limited(path: Path) -> Outage:
    """Let the workers write no file beyond the size that the write-ahead log has."""

    @contextmanager
    def limited(service: Service) -> Iterator[None]:
        limit = path.with_name(f"{path.name}-wal").stat().st_size
        for pid in service.workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (min(limit, 4096), resource.RLIM_INFINITY))
        try:
            yield
        finally:
            for pid in service.workers():
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    return limited
