"""Running wrk: so many connections, kept alive, each asking for the next path as soon as it has its answer."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import orjson

SCRIPT = Path(__file__).with_name("rotate.lua")
PATIENCE = 30  # seconds for one answer: slow ones are to be measured, not cut off
MISSING = "wrk is not installed: on Debian and Ubuntu 'apt install wrk', on macOS 'brew install wrk'."


class LoadFailed(Exception):
    """A measurement that is worth nothing; says why."""


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests per second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


def require() -> None:
    """Raise LoadFailed, with the way out, unless wrk is there."""
    if shutil.which("wrk") is None:
        raise LoadFailed(MISSING)


def run(url: str, paths: Path, start: float, seconds: float, connections: int) -> Load:
    """Load a server with the paths of a file, beginning at a fraction of them; raise LoadFailed on any failed request."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        f"--timeout={PATIENCE}s",
        "-s",
        str(SCRIPT),
    ]
    done = subprocess.run(
        [*command, url, "--", str(paths), str(start)], capture_output=True, text=True, check=False, timeout=seconds + 60
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines or not lines[-1].startswith("{"):
        raise LoadFailed(f"wrk failed on {url}: {(done.stderr or done.stdout).strip()}")
    seen = orjson.loads(lines[-1])
    if seen["refused"] or seen["broken"] or not seen["requests"]:
        raise LoadFailed(
            f"{url} ({paths.name}): of {seen['requests']} requests {seen['refused']} got an error status "
            f"and {seen['broken']} no answer."
        )
    return Load(seen["requests"] / seen["microseconds"] * 1e6, seen["p50"] / 1000, seen["p99"] / 1000)


def together(loads: Sequence[Load]) -> Load:
    """Several loads of the same server, equally long, as one."""
    return Load(*(fmean(getattr(load, what) for load in loads) for what in ("rate", "p50", "p99")))
