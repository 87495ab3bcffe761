"""clients/python against the running service: pages, writes, problems, retries, and a mirror."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from served import Server, serving

from tasrih_client import (
    ConnectionLost,
    Gone,
    InvalidRequest,
    Mirror,
    NotFound,
    PreconditionFailed,
    Problem,
    Tasrih,
    Unavailable,
)
from tasrih_client.tables import flat

CLIENT = Path(__file__).parents[2] / "clients" / "python"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served"), TASRIH_THREADS="4") as server:
        yield server


@pytest.fixture(scope="module")
def tasrih(server: Server) -> Tasrih:
    return Tasrih(f"http://127.0.0.1:{server.port}", server.token("write", "import"))


def test_all_pages_are_read_and_records_are_typed(tasrih: Tasrih) -> None:
    first = next(tasrih.statements.pages(limit=5, total="exact"))
    ids = [statement["id"] for statement in tasrih.statements.list(limit=5)]
    assert len(ids) == len(set(ids)) == first.answer["page"]["total"] > 5
    welcomed = list(tasrih.statements.list(speaker="antonio-guterres", act=["welcome", "commend"]))
    assert {statement["act"] for statement in welcomed} == {"welcome", "commend"}
    assert [statement["id"] for statement in tasrih.export_statements(act="welcome")] == sorted(
        statement["id"] for statement in tasrih.statements.list(act="welcome")
    )
    assert tasrih.get("/v1/suggest", q="lav")["data"]


def test_records_are_written_under_conditions(tasrih: Tasrih) -> None:
    created = tasrih.places.put("gyumri", {"kind": "city", "name": {"en": "Gyumri"}})
    with pytest.raises(PreconditionFailed):
        tasrih.places.put("gyumri", {"kind": "city", "name": {"en": "Gyumri"}})
    changed = tasrih.places.patch("gyumri", {"iso_3166": "AM-SH"}, created.etag)
    assert changed.document["iso_3166"] == "AM-SH"
    with pytest.raises(PreconditionFailed) as stale:
        tasrih.places.patch("gyumri", {"iso_3166": None}, created.etag)
    assert (stale.value.status, stale.value.type) == (412, "urn:tasrih:problem:precondition-failed")
    assert tasrih.places.get("gyumri") == changed
    tasrih.places.delete("gyumri", changed.etag)
    with pytest.raises(Gone):
        tasrih.places.get("gyumri")


def test_a_repeated_post_creates_one_record(tasrih: Tasrih) -> None:
    document = {"kind": "person", "name": {"en": "Posted once"}}
    assert tasrih.speakers.create(document, key="k1") == tasrih.speakers.create(document, key="k1")
    assert tasrih.speakers.create(document).document["id"] != tasrih.speakers.create(document).document["id"]
    outcome = tasrih.import_records([("places", {"id": "imported", "kind": "city", "name": {"en": "Imported"}})])
    assert outcome == {"created": 1, "changed": 0, "unchanged": 0}


def test_problems_are_exceptions_with_every_error(tasrih: Tasrih) -> None:
    with pytest.raises(InvalidRequest) as wrong:
        list(tasrih.statements.list(since="2021-13-45", limit=0))
    assert {error["parameter"] for error in wrong.value.errors} == {"since", "limit"}
    with pytest.raises(NotFound):
        tasrih.places.get("nowhere/at all")
    with pytest.raises(Problem) as token:
        Tasrih(tasrih._transport.url).places.put("x", {})
    assert token.value.status == 401
    with pytest.raises(ConnectionLost):
        Tasrih("http://127.0.0.1:1", retries=0).places.get("sochi")


def test_a_mirror_holds_what_the_service_holds(tasrih: Tasrih, tmp_path: Path) -> None:
    mirror = Mirror(tasrih, tmp_path / "copy.db")
    assert mirror.update() > 200
    assert mirror.update() == 0
    new = tasrih.places.put("mirrored", {"kind": "city", "name": {"en": "Mirrored"}})
    assert mirror.get("places", "mirrored") is None
    assert mirror.update() == 1
    assert mirror.get("places", "mirrored") == new.document
    tasrih.places.delete("mirrored", new.etag)
    assert mirror.update() == 1
    assert list(mirror.records("places")) == sorted(tasrih.places.list(), key=lambda place: place["id"])
    mirror._database.execute("UPDATE state SET since = 999999")
    mirror._database.execute("INSERT INTO record VALUES ('places', 'lost', '', 1, '{}')")
    mirror._database.commit()
    assert mirror.update() > 200
    assert mirror.get("places", "lost") is None
    mirror.close()


class _Busy(BaseHTTPRequestHandler):
    """Answers 503 twice, then 200, and notes the requests."""

    seen: list[tuple[str, str | None]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.command, self.headers.get("Idempotency-Key")))
        body = json.dumps(
            {"id": "x"} if len(self.seen) == 3 else {"type": "t", "title": "Busy", "status": 503}
        ).encode()
        self.send_response(201 if len(self.seen) == 3 else 503)
        for name, value in (("Retry-After", "0"), ("ETag", '"1"'), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_busy_service_is_asked_again_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []
    monkeypatch.setattr("tasrih_client.transport.time.sleep", paused.append)
    with HTTPServer(("127.0.0.1", 0), _Busy) as busy:
        Thread(target=busy.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{busy.server_port}"
        assert Tasrih(url).places.create({}).document["id"] == "x"
        assert len(set(_Busy.seen)) == 1
        assert paused == [1.0, 2.0], "as Retry-After: 0 says nothing"
        _Busy.seen.clear()
        with pytest.raises(Unavailable):
            Tasrih(url, retries=0).places.create({})
        busy.shutdown()


def test_records_become_rows(tasrih: Tasrih) -> None:
    row = flat(next(tasrih.statements.list(speaker="antonio-guterres", limit=1)))
    assert row["speakers"] == ["antonio-guterres"]
    assert isinstance(row["summary_en"], str)
    assert all(isinstance(place, str) for place in row["places"])


def test_the_wheel_works_alone(tasrih: Tasrih, tmp_path: Path) -> None:
    shutil.copytree(CLIENT, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=tmp_path / "source", check=True, capture_output=True)
    [wheel] = tmp_path.glob("tasrih_client-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"tasrih_client/py.typed", "tasrih_client/records.py"} <= names
    program = (
        f"import tasrih_client as t; print(t.Tasrih({tasrih._transport.url!r}).places.get('sochi').document['id'])"
    )
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(wheel)!r}); {program}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr) == ("sochi\n", "")


def test_an_address_without_a_scheme_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="begins with http"):
        Tasrih("127.0.0.1:8000")
