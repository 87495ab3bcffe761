"""Programs of Debian that tests of the real thing start: poolers, proxies, Prometheus."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest


def path_of(name: str) -> str:
    """Where a program is. In CI it must be installed; elsewhere the test is skipped without it."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if path is None:
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain(f"{name} is missing: 'make system-packages' installs it.")
    return path


@contextmanager
def running(command: Sequence[str], port: int, log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program in the foreground, from when it listens on its port until it has stopped."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"], **environment}
        )
    try:
        _await(process, port, log)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + 20
    while True:
        with closing(socket.socket()) as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < until, log.read_text(errors="replace")
        time.sleep(0.05)


def ini(sections: Mapping[str, Mapping[str, object]]) -> str:
    """A configuration file of named sections."""
    blocks = (
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in section.items())
        for name, section in sections.items()
    )
    return "\n".join(blocks)
