"""Behind nginx and Apache as docs/ configures them: entity tags of what they compress, links, ids of requests."""

import gzip
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import orjson
import programs
import pytest
from ports import free_port
from programs import path_of, running
from served import Answer, Server, exchange, serving

DOCS = Path(__file__).parents[2] / "docs"
LIST = "/v1/statements?limit=5"
RECORD = "/v1/speakers/antonio-guterres"

APACHE = """
ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
ServerName tasrih.example.org
Listen 127.0.0.1:{port}
User www-data
Group www-data
{modules}
Include {folder}/tasrih.conf
"""
MODULES = ("mpm_event", "authz_core", "filter", "proxy", "proxy_http", "headers", "deflate", "setenvif")


class Proxy(NamedTuple):
    """A proxy in front of a server."""

    name: str
    port: int
    server: Server

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        return exchange(self.port, method, path, body, headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)


NGINX_CONF = (DOCS / "nginx.conf").read_text(encoding="utf-8")


@contextmanager
def nginx(folder: Path, backend: int, port: int, text: str = NGINX_CONF) -> Iterator[None]:
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{backend}").replace("listen 80;", f"listen 127.0.0.1:{port};")
    with programs.nginx(folder, text, port):
        yield


@contextmanager
def apache(folder: Path, backend: int, port: int) -> Iterator[None]:
    command, modules = path_of("apache2"), Path("/usr/lib/apache2/modules")
    text = (DOCS / "apache.conf").read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{backend}").replace("*:80", f"127.0.0.1:{port}")
    (folder / "tasrih.conf").write_text(text, encoding="utf-8")
    loaded = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in MODULES)
    (folder / "apache.conf").write_text(APACHE.format(folder=folder, port=port, modules=loaded))
    with running([command, "-f", str(folder / "apache.conf"), "-DFOREGROUND"], port, folder / "log"):
        yield


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("backend"), TASRIH_TRUSTED_PROXIES="1") as server:
        yield server


@pytest.fixture(scope="module", params=[nginx, apache], ids=["nginx", "apache"])
def proxy(request: pytest.FixtureRequest, backend: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder, port = tmp_path_factory.mktemp("proxied"), free_port()
    os.chmod(folder, 0o755)
    with request.param(folder, backend.port, port):
        yield Proxy(request.param.__name__, port, backend)


COMPRESSED = {"Accept-Encoding": "gzip"}


def test_a_compressed_page_is_not_sent_again(proxy: Proxy) -> None:
    own = proxy.get(LIST).headers["etag"]
    answer = proxy.get(LIST, **COMPRESSED)
    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert orjson.loads(gzip.decompress(answer.body))["data"]
    packed = answer.headers["etag"]
    assert packed == own[:-1] + '-gzip"'
    for tag in (own, packed, f"W/{packed}", f'"other", {packed}'):
        again = proxy.get(LIST, **COMPRESSED, **{"If-None-Match": tag})
        assert (again.status, again.body) == (304, b""), tag


def test_a_record_keeps_its_tag_and_can_be_changed_by_it(proxy: Proxy) -> None:
    writing = {"Authorization": f"Bearer {proxy.server.token()}", "Content-Type": "application/merge-patch+json"}
    answer = proxy.get(RECORD, **COMPRESSED)
    assert answer.headers["content-encoding"] == "gzip"
    body = orjson.dumps({"name": {"ar": "أنطونيو", "en": f"Guterres of {proxy.name}"}})
    plain = answer.headers["etag"].replace("-gzip", "")
    for altered, reason in ((f"W/{plain}", "weak"), (plain[:-1] + '-br"', "proxy")):
        refused = proxy.ask("PATCH", RECORD, body, **writing, **{"If-Match": altered})
        assert refused.status == 412
        assert reason in refused.problem["detail"]
        assert "has changed" not in refused.problem["detail"]
    made = proxy.ask("PATCH", RECORD, body, **writing, **COMPRESSED, **{"If-Match": answer.headers["etag"]})
    assert made.status == 200
    assert made.headers["etag"].replace("-gzip", "") == proxy.get(RECORD).headers["etag"]


def test_what_is_created_has_the_tag_for_its_first_change(proxy: Proxy) -> None:
    writing = {"Authorization": f"Bearer {proxy.server.token()}", "Content-Type": "application/json"}
    body = orjson.dumps({"kind": "person", "name": {"en": "New " * 60}})
    made = proxy.ask("POST", "/v1/speakers", body, **{**writing, **COMPRESSED})
    assert made.status == 201, made.body
    location = "/" + made.headers["location"].split("/", 3)[3]
    assert proxy.ask("DELETE", location, None, **writing, **{"If-Match": made.headers["etag"]}).status == 204


def test_links_lead_to_the_proxy_and_no_client_forges_them(proxy: Proxy) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Proto": "ftp"}
    answer = proxy.get("/v1/statements?limit=1", Host="statements.example:8080", **forged)
    assert orjson.loads(answer.body)["page"]["next"].startswith("http://statements.example:8080/v1/statements?")


def test_the_id_of_a_request_goes_through(proxy: Proxy) -> None:
    answer = proxy.get("/nowhere", **{"X-Request-Id": "through"})
    assert answer.headers["x-request-id"] == answer.problem["request_id"] == "through"


def test_what_is_percent_encoded_arrives_as_it_was(proxy: Proxy) -> None:
    assert proxy.get("/v1/speakers/a%20b").problem["type"] == "urn:tasrih:problem:no-such-record"
    assert proxy.get("/v1/statements?q=%D8%AA%D8%B5%D8%B1%D9%8A%D8%AD&limit=1").status == 200


@pytest.mark.parametrize(
    "line_and_fields",
    [
        "GET /v1/speakers/%00 HTTP/1.1\r\nHost: x",
        "GET /v1/speakers HTTP/1.1",
        f"GET /v1/speakers?q={'a' * 20_000} HTTP/1.1\r\nHost: x",
        f"GET /v1/speakers HTTP/1.1\r\nHost: x\r\nX: {'a' * 20_000}",
        "TRACE /v1/speakers HTTP/1.1\r\nHost: x",
        "POST /v1/speakers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked",
    ],
    ids=lambda request: request[:30],
)
def test_whoever_refuses_a_request_answers_with_a_problem(proxy: Proxy, line_and_fields: str) -> None:
    with closing(socket.create_connection(("127.0.0.1", proxy.port), timeout=30)) as connection:
        connection.sendall(f"{line_and_fields}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower(), answer[:500]
    assert orjson.loads(body)["status"] == int(head.split()[1]) >= 400


@pytest.fixture(scope="module")
def limited(backend: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx with the limits of its file, but that what an address has used up comes back at a request a second."""
    folder, port = tmp_path_factory.mktemp("limited"), free_port()
    os.chmod(folder, 0o755)
    slow, rates = re.subn(r"rate=\d+r/[sm]", "rate=1r/s", NGINX_CONF)
    assert rates == len(BURSTS)
    with nginx(folder, backend.port, port, slow):
        yield Proxy("nginx", port, backend)


BURSTS = {zone: int(burst) for zone, burst in re.findall(r"limit_req zone=tasrih_(\w+) burst=(\d+)", NGINX_CONF)}
"""How many requests an address may send at once, by what for."""
LIMITED = [
    ("readers", "GET", "/livez", 200, "127.0.0.2"),
    ("writers", "POST", "/v1/speakers", 401, "127.0.0.3"),
    ("exporters", "GET", "/v1/statements/export?limit=1", 422, "127.0.0.4"),
]


@pytest.mark.parametrize(("zone", "method", "path", "status", "address"), LIMITED)
def test_an_address_that_asks_for_too_much_is_told_when_to_come_back_and_keeps_nobody_else_out(
    limited: Proxy, zone: str, method: str, path: str, status: int, address: str
) -> None:
    def ask(source: str = address) -> Answer:
        return exchange(limited.port, method, path, b"{}" if method == "POST" else None, {}, source)

    answers = [ask()]
    while answers[-1].status != 429:
        answers.append(ask())
        assert len(answers) < 4 * BURSTS[zone]
    assert {answer.status for answer in answers[:-1]} == {status}
    assert len(answers) > BURSTS[zone]
    refused = answers[-1]
    assert refused.problem["type"] == "urn:tasrih:problem:http-error"
    assert refused.headers["cache-control"] == "no-store"
    assert ask("127.0.0.9").status == status
    time.sleep(int(refused.headers["retry-after"]))
    assert ask().status == status
    assert exchange(limited.port, "OPTIONS", path, None, {}, address).status in (200, 204), "these cost nothing"
