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


_NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e;
  include {folder}/served.conf;
}}
"""


@contextmanager
def nginx(folder: Path, served: str, port: int) -> Iterator[None]:
    """nginx with all that it writes in a folder; `served` is what stands in its `http`, and listens on the port."""
    (folder / "served.conf").write_text(served, encoding="utf-8")
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder))
    with running([path_of("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)], port, folder / "log"):
        yield


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
