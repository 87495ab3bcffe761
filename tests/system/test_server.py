"""The real server: what it says when it starts and ends, what it answers before the application is asked, and when the
database fails under it."""

import gzip
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import orjson
import pytest
from ports import free_port
from served import COMMAND, Answer, Server, serving

from api.database.compression import decompressed

LIST = "/v1/statements?limit=1&fields=id"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as started:
        yield started


def test_the_last_line_printed_is_where_the_reference_is(server: Server) -> None:
    assert server.printed[-1] == f"http://127.0.0.1:{server.port}/docs"
    assert server.get("/docs").status == 200


def test_an_empty_folder_is_enough_to_read_the_corpus(server: Server) -> None:
    answer = server.get("/v1/speakers/antonio-guterres")
    assert answer.status == 200
    assert orjson.loads(answer.body)["name"]["ar"] == "أنطونيو غوتيريش"


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/assets/swagger-ui-bundle.js", "/openapi.yaml", "/health", "/v1/statements?limit=200", LIST, "/nowhere", "/v1/places?limit=0"])  # fmt: skip
def test_the_length_is_that_of_the_bytes_sent(server: Server, path: str) -> None:
    plain = server.get(path)
    answer = server.get(path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert int(answer.headers["content-length"]) == len(answer.body) > 0
    assert "content-encoding" not in plain.headers
    is_compressed = answer.headers.get("content-encoding") == "gzip"
    assert is_compressed == (plain.status == 200 and len(plain.body) >= 1000)
    assert (gzip.decompress(answer.body) if is_compressed else answer.body) == plain.body


@pytest.mark.parametrize("header", ["X-Forwarded-Proto: https", "X-Forwarded-Ssl: on", "SCRIPT_NAME: /evil"])
def test_no_client_can_pose_as_a_proxy_that_is_not_trusted(server: Server, header: str) -> None:
    request = f"GET /v1/statements?limit=1 HTTP/1.1\r\nHost: me\r\n{header}\r\nConnection: close\r\n\r\n"
    answer = server.send(request.encode())
    assert answer.status == 200
    assert b'"next":"http://me/v1/statements?' in answer.body


def test_links_name_the_host_the_client_asked(server: Server) -> None:
    page = orjson.loads(server.get(LIST, Host="statements.example:8080").body)["page"]
    assert page["next"].startswith("http://statements.example:8080/v1/statements?")
    forwarded = {"Host": "inside", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert b"evil.example" not in server.get(LIST, **forwarded).body


GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status", "kind"),
    [
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri-too-long"),
        (b"GET /v1/statements?q=" + b"a" * 8050 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 414, "uri-too-long"),
        ("GET /v1/statements?q=لافروف HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400, "bad-request"),
        ("GET /لافروف HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400, "bad-request"),
        (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400, "bad-request"),
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad-request"),
        (b"nonsense\r\n\r\n", 400, "bad-request"),
        (GET + b"Content-Length: abc\r\n\r\n", 400, "bad-request"),
        (GET + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n", 431, "headers-too-large"),
        (GET + b"".join(b"X-%d: a\r\n" % number for number in range(200)) + b"\r\n", 431, "headers-too-large"),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404, "not-found"),
        (b"POST /v1/vocabularies HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 405, "method-not-allowed"),
        (b"POST /v1/vocabularies HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000, 405, "method-not-allowed"),
        (b"POST /v1/vocabularies HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "bad-request"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else str(value),
)  # fmt: skip
def test_what_never_reaches_the_application_is_a_problem_too(
    server: Server, request_bytes: bytes, status: int, kind: str
) -> None:
    answer = server.send(request_bytes)
    assert (answer.status, answer.problem["type"]) == (status, f"urn:tasrih:problem:{kind}")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("surplus", [b" ", b"garbage".rjust(100_000)], ids=len)
def test_a_chunked_body_that_is_too_long_is_refused_and_not_cut(server: Server, surplus: bytes) -> None:
    body = b'{"kind": "person", "name": {"en": "Cut"}}'.ljust(1_048_576) + surplus
    head = (
        "PUT /v1/speakers/cut HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {server.token()}\r\n\r\n"
    )
    answer = server.send(head.encode() + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
    assert (answer.status, answer.problem["type"]) == (413, "urn:tasrih:problem:body-too-large")
    assert server.get("/v1/speakers/cut").status == 404


@pytest.mark.parametrize("request_line", [b"GET /v1/places/sochi HTTP/1.0\r\n\r\n", b"GET http://elsewhere.example/v1/places/sochi HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])  # fmt: skip
def test_old_clients_and_proxies_are_answered(server: Server, request_line: bytes) -> None:
    answer = server.send(request_line)
    assert (answer.status, orjson.loads(answer.body)["id"]) == (200, "sochi")


def test_one_connection_serves_many_requests_whatever_goes_wrong_between(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        statuses = []
        for method, path in (("GET", LIST), ("HEAD", LIST), ("GET", "/nowhere"), ("GET", LIST + "&x=1"), ("GET", LIST)):
            connection.request(method, path)
            response = connection.getresponse()
            assert response.read() or method == "HEAD"
            statuses.append(response.status)
    assert statuses == [200, 200, 404, 422, 200]


def test_not_modified_has_no_body_on_the_wire(server: Server) -> None:
    tag = server.get(LIST).headers["etag"]
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        for _ in range(2):  # a body left behind would spoil the second answer
            connection.request("GET", LIST, headers={"If-None-Match": tag})
            response = connection.getresponse()
            assert (response.status, response.read(), response.headers["ETag"]) == (304, b"", tag)


# --- when the database fails -----------------------------------------------------------------------------------------


def assert_unavailable(answer: Answer) -> None:
    assert (answer.status, answer.problem["type"]) == (503, "urn:tasrih:problem:database-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert b"sqlite" not in answer.body.lower(), "the reader is spared the details"


def test_a_database_that_disappears_and_comes_back(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        away = server.database.rename(tmp_path / "away")
        assert server.get("/").status == 200
        assert_unavailable(server.get(LIST))
        assert_unavailable(server.get("/health"))
        assert not server.database.exists()
        away.rename(server.database)
        assert server.get("/health").status == 200
        assert server.get(LIST).status == 200


def test_a_database_that_somebody_else_holds_alone(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with closing(sqlite3.connect(server.database, isolation_level=None)) as holder:
            holder.execute("PRAGMA locking_mode = exclusive")
            holder.execute("BEGIN EXCLUSIVE")
            assert_unavailable(server.get(LIST))
            holder.execute("ROLLBACK")
        assert server.get(LIST).status == 200


def test_a_database_that_is_overwritten_in_use_and_restored(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        before = server.get(LIST)
        copy = shutil.copyfile(server.database, tmp_path / "copy")
        for damage in (b"garbage!" * (copy.stat().st_size // 8), b""):
            server.database.write_bytes(damage)
            assert_unavailable(server.get(LIST))
            assert_unavailable(server.get("/health"))
            server.database.write_bytes(copy.read_bytes())
            assert server.get("/health").status == 200
            assert server.get(LIST) == before._replace(headers=server.get(LIST).headers)
        assert server.stop() == 0


def test_empty_variables_count_as_unset(tmp_path: Path) -> None:
    empty = dict.fromkeys(
        ["WEB_CONCURRENCY", "TASRIH_THREADS", "HOST", "TASRIH_BASE_URL", "TASRIH_LOG_LEVEL", "TASRIH_X"], ""
    )
    with serving(tmp_path, **empty) as server:
        assert server.get("/health").status == 200


# --- start and end ---------------------------------------------------------------------------------------------------


def test_sigterm_ends_it_cleanly_and_a_new_start_keeps_what_is_there(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        before = server.get(LIST).body
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()
    with serving(tmp_path, TASRIH_BASE_URL="https://statements.example/api") as server:
        root = "https://statements.example/api"
        assert server.printed == [server.printed[0], f"{root}/", "The API reference:", f"{root}/docs"]
        assert orjson.loads(server.get(LIST).body)["data"] == orjson.loads(before)["data"]
        link = orjson.loads(server.get(LIST).body)["page"]["next"]
        assert link.startswith("https://statements.example/api/v1/statements?")
    with pytest.raises(ConnectionRefusedError):
        server.get("/")


def test_a_database_that_can_only_be_read_is_served(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        expected = server.get("/v1/speakers?fields=id&limit=3").body
    read_only = f"sqlite:///{tmp_path / 'served.db'}?mode=ro"
    with serving(tmp_path, DATABASE_URL=read_only, TASRIH_BASE_URL="http://x") as server:
        assert orjson.loads(server.get("/v1/speakers?fields=id&limit=3").body)["data"] == orjson.loads(expected)["data"]


@pytest.fixture
def mounted(tmp_path: Path) -> tuple[Path, list[str]]:
    """A folder with a database, and what runs a command that sees it on a file system mounted read-only."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    script = f'mount --bind "{folder}" "{folder}" && mount -o remount,bind,ro "{folder}" && exec "$@"'
    alone = ["unshare", "--mount", "sh", "-c", script, "sh"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("Nothing can be mounted here: that takes root.")
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder / 'served.db'}"}
    for command in ("migrate", "load"):
        subprocess.run([COMMAND, command], env=environment, check=True, capture_output=True)
    return folder, alone


def test_a_database_on_a_read_only_file_system_is_served(tmp_path: Path, mounted: tuple[Path, list[str]]) -> None:
    folder, alone = mounted
    before = set(folder.iterdir())
    url = f"sqlite:///{folder / 'served.db'}?mode=ro"
    with serving(tmp_path, command=[*alone, COMMAND, "serve"], DATABASE_URL=url) as server:
        assert server.get(LIST).status == 200
        assert server.get("/health").status == 200
        assert set(folder.iterdir()) == before
        with closing(sqlite3.connect(folder / "served.db")) as writer:  # where the same folder is mounted writable
            (stored,) = writer.execute("SELECT body FROM speaker WHERE id = 'antonio-guterres'").fetchone()
            written = decompressed(stored).replace(b"Guterres", b"Written")
            writer.execute("UPDATE speaker SET body = ?, etag = 'written' WHERE id = 'antonio-guterres'", (written,))
            writer.commit()
            assert b"Written" in server.get("/v1/speakers/antonio-guterres?fields=name").body


def test_changes_that_can_t_be_read_from_a_read_only_file_system_are_said_to_be_there(
    tmp_path: Path, mounted: tuple[Path, list[str]]
) -> None:
    folder, alone = mounted
    shutil.copyfile(folder / "served.db", folder / "copied.db")
    (folder / "copied.db-wal").write_bytes(b"changes")
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder / 'copied.db'}?mode=ro"}
    ended = subprocess.run([*alone, COMMAND, "check"], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "its -wal file holds changes" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "٨٠٠٠"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "two"),
        ("TASRIH_THREADS", "-1"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "tasrih.db"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all/t.db"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/nothing"),
        ("TASRIH_BASE_URL", "statements.example"),
        ("TASRIH_CACHE_SECONDS", "soon"),
        ("TASRIH_TRUSTED_PROXIES", "all"),
        ("TASRIH_LOG_LEVEL", "loud"),
        ("TASRIH_LOGLEVEL", "info"),
        ("HOST", "256.256.256.256"),
        ("DATABASE_URL", "postgres://u:hush@127.0.0.1:1/x"),
    ],
)
def test_a_setting_that_can_t_be_used_is_one_sentence(tmp_path: Path, variable: str, value: str) -> None:
    assert_one_sentence(tmp_path, {"PORT": str(free_port()), variable: value})


def test_a_port_in_use_is_one_sentence(server: Server, tmp_path: Path) -> None:
    assert str(server.port) in assert_one_sentence(tmp_path, {"PORT": str(server.port)})


def assert_one_sentence(folder: Path, settings: dict[str, str]) -> str:
    """Serving with these settings ends with exit code 1 and one sentence; give it."""
    environment = {"PATH": os.environ["PATH"], **settings}
    ended = subprocess.run(
        [COMMAND, "serve"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    told = ended.stderr.strip().splitlines()
    assert len(told) == 1, ended.stderr
    assert told[0].startswith("tasrih: ")
    assert told[0].endswith(".")
    assert "hush" not in told[0]
    return told[0]


# --- the arbiter is killed alone -------------------------------------------------------------------------------------


def test_after_a_kill_of_the_arbiter_alone_it_can_be_started_again_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.kill()
        with serving(tmp_path, PORT=str(server.port)) as again:
            assert again.get(LIST).status == 200
            assert again.stop() == 0


def test_an_address_that_somebody_is_about_to_leave_is_waited_for(tmp_path: Path) -> None:
    with socket.socket() as leaving:
        leaving.bind(("127.0.0.1", free_port()))
        leaving.listen()
        threading.Timer(2.5, leaving.close).start()
        with serving(tmp_path, PORT=str(leaving.getsockname()[1])) as server:
            assert server.get("/health").status == 200


def test_workers_without_an_arbiter_end_and_answer_who_waits(tmp_path: Path) -> None:
    with serving(tmp_path) as server, closing(HTTPConnection("127.0.0.1", server.port, timeout=40)) as waiting:
        with closing(sqlite3.connect(server.database)) as database:
            [[end]] = database.execute('SELECT MAX(sequence) FROM "change"')
        waiting.request("GET", f"/v1/changes?since={end}&wait=30")
        time.sleep(0.5)
        server.kill()
        began = time.monotonic()
        answer = waiting.getresponse()
        assert answer.read()
        assert time.monotonic() - began < 10
        assert answer.status == 200
        with pytest.raises(ConnectionRefusedError):
            server.get("/")
