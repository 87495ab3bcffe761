"""A POST that is sent again with its Idempotency-Key is done once, whichever process answers, and whichever is killed."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import orjson
import pytest
from applications import bearer
from conftest import NewDatabase, fill
from served import Server, serving

from api.access.idempotency_keys import ABANDONED
from api.database.current import database

PAUSE = 0.1  # seconds
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def several(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A service of two processes, and a token for it."""
    url, held = new_database(), database.obj
    opened = fill(url)
    token = bearer("write")["Authorization"]
    opened.close_all()  # type: ignore[no-untyped-call]
    database.initialize(held)
    settings = {"DATABASE_URL": url, "WEB_CONCURRENCY": "2", "TASRIH_THREADS": "4", "PYTHONPATH": str(ROOT)}
    with serving(tmp_path_factory.mktemp("several"), **settings) as server:
        yield server, token


def send(server: Server, token: str, key: str, name: str) -> tuple[int, bytes]:
    """Send a new speaker until it is not under way any more."""
    headers = {"Authorization": token, "Idempotency-Key": f'"{key}"', "Content-Type": "application/json"}
    body = orjson.dumps({"kind": "person", "name": {"en": name}})
    for _ in range(round(3 * ABANDONED.total_seconds() / PAUSE)):
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
            connection.request("POST", "/v1/speakers", body, headers)
            response = connection.getresponse()
            told = response.status, response.read()
        if told[0] != 409:
            return told
        time.sleep(PAUSE)
    raise AssertionError("It is under way for ever.")


def found(server: Server, name: str) -> int:
    return len(orjson.loads(server.get(f"/v1/speakers?q={name}&limit=200").body)["data"])


def test_eight_at_once_make_one_record_over_several_processes(several: tuple[Server, str]) -> None:
    for round_ in range(5):
        name = f"zubaydat{'abcde'[round_]}"
        with ThreadPoolExecutor(8) as threads:
            answers = set(threads.map(lambda _, name=name: send(*several, name, name), range(8)))
        [(status, _)] = answers
        assert status == 201
        assert found(several[0], name) == 1


def kill_processes(server: Server) -> None:
    """Kill the processes that answer; the one that started them starts others."""
    master = server.process.pid
    for child in Path(f"/proc/{master}/task/{master}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


def test_killed_processes_make_nothing_twice_and_lose_nothing(several: tuple[Server, str]) -> None:
    server = several[0]
    names = [f"fallen{first}{second}" for first in "abcdef" for second in "abcdef"]
    acknowledged: dict[str, bytes] = {}

    def insist(name: str) -> None:
        for _ in range(200):
            try:
                status, acknowledged[name] = send(*several, name, name)
                if status == 201:
                    return
                assert status == 503, acknowledged[name]
            except (OSError, HTTPException):  # the process was killed while it answered
                time.sleep(PAUSE)
        raise AssertionError("It never answers.")

    with ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(insist, name) for name in names]
        for _ in range(6):
            time.sleep(0.15)
            kill_processes(server)
        for one in sent:
            one.result()
    assert {name: found(server, name) for name in names} == dict.fromkeys(names, 1)
    for name in names:
        assert send(*several, name, name) == (201, acknowledged[name])
