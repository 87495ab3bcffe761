"""What fails around the service and comes back: sessions of the database, room for what is put aside."""

import subprocess
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import orjson
import psycopg
import pytest
from conftest import NewDatabase, fill
from faults.outages import small_disk
from served import COMMAND, serving

from api.application import create_app
from api.database.current import database
from api.settings import Settings

THREADS = 4
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_no_connection_is_lost_for_good_when_sessions_end_again_and_again(
    new_database: NewDatabase,
) -> None:
    url = new_database()
    fill(url)
    app = create_app(Settings(database_url=url, threads=THREADS, response_cache_megabytes=0))
    enough = threading.Event()

    def read() -> None:
        client = app.test_client()
        while not enough.is_set():
            assert client.get("/v1/places/sochi").status_code in (200, 503)

    readers = [threading.Thread(target=read) for _ in range(THREADS)]
    for reader in readers:
        reader.start()
    with psycopg.connect(url, autocommit=True) as killer:
        for _ in range(300):
            killer.execute(END_OTHERS)
            time.sleep(0.005)
    enough.set()
    for reader in readers:
        reader.join()
    held = database.obj._in_use  # none is, so that all may be taken
    assert app.test_client().get("/health").status_code == 200
    assert len(held) <= 1
    database.obj.close_all()


def test_an_import_that_finds_no_room_to_be_put_aside_is_told_so(tmp_path: Path) -> None:
    with small_disk(8) as disk:
        if disk is None:
            pytest.skip("a small file system can't be mounted here")
        with serving(tmp_path, TMPDIR=str(disk)) as server:
            token = _token(f"sqlite:///{server.database}")
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
            with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
                connection.request("POST", "/v1/import", b"{}\n" * 3_000_000, headers)
                answer = connection.getresponse()
                told = orjson.loads(answer.read())
            assert (answer.status, told["type"]) == (507, "urn:tasrih:problem:storage-full")
            assert answer.getheader("Retry-After")
            assert server.get("/health").status == 200


def _token(url: str) -> str:
    made = subprocess.run(
        [COMMAND, "token", "create", "--name", "desk", "--scope", "import"],
        env={"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()
