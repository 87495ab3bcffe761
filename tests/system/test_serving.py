"""The servers that are measured: started for it, answering, and gone afterwards, whatever happens in between."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest
from ports import free_port

from bench.load.serving import NotServing, Under, hello
from bench.load.works import fetch

UNDER = Under(workers=1, threads=2)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def bodies(tmp_path: Path) -> Path:
    file = tmp_path / "bodies.json"
    file.write_bytes(orjson.dumps({"/10/W1": {"size": 300, "headers": {"ETag": '"some"'}}}))
    return file


def listening(port: int) -> bool:
    with closing(socket.socket()) as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("worker_class", [None, "sync"])
def test_the_hello_world_answers_as_much_as_it_is_told_with_the_same_header(
    bodies: Path, port: int, worker_class: str | None
) -> None:
    with hello(bodies, port, Under(1, 2, worker_class)) as base:
        connection = HTTPConnection(urlsplit(base).netloc)
        connection.request("GET", "/10/W1")
        answer = connection.getresponse()
        assert (answer.status, len(answer.read()), answer.getheader("ETag")) == (200, 300, '"some"')
        connection.close()


def test_a_server_is_gone_after_its_measurement_failed(bodies: Path, port: int) -> None:
    def fail() -> None:
        with hello(bodies, port, UNDER) as base:
            assert fetch(base, "/10/W1")[0] == 200
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not listening(port)


def test_a_port_that_is_taken_is_refused_before_the_wrong_server_is_measured(bodies: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        taken = other.getsockname()[1]
        with pytest.raises(NotServing, match=f"Port {taken} can't be listened on"), hello(bodies, taken, UNDER):
            pass


def test_a_server_that_does_not_start_tells_why(bodies: Path, port: int) -> None:
    with pytest.raises(NotServing, match="nonsense"), hello(bodies, port, Under(1, 2, "nonsense")):
        pass


def test_an_interrupted_measurement_leaves_no_server_behind(bodies: Path, port: int) -> None:
    program = (
        "import signal, time; from pathlib import Path; from bench.load.serving import Under, hello\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background would be deaf to it
        f"with hello(Path({str(bodies)!r}), {port}, Under(1, 2)): time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not listening(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert listening(port)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    assert not listening(port)
