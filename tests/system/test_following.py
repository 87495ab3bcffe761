"""`tasrih follow`: a mirror that serves what its source serves, byte for byte, whatever happens to either."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from changing import eventually
from conftest import ENGINES, NewDatabase
from served import COMMAND, Server, serving

BASE = "http://mirrored.example"
READ = (
    "/v1/statements?limit=200",
    "/v1/statements?limit=7&sort=-date&speaker=antonio-guterres",
    "/v1/statements?q=%22%D8%A7%D9%84%D8%A8%D9%8A%D8%A7%D9%86%22&facet=act,speaker&highlight=true",
    "/v1/speakers?limit=200",
    "/v1/places?limit=200",
    "/v1/events?limit=200",
    "/v1/agreements?limit=200",
    "/v1/communiques?limit=200",
    "/v1/articles?limit=200",
    "/v1/vocabularies",
    "/v1/suggest?q=lav",
)
"""Collections, a page with links, a search with facets and highlights, and suggestions."""


class Source:
    """A service with the corpus, and a token for it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._headers = {"Authorization": f"Bearer {server.token('write', 'import')}"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def send(self, method: str, path: str, document: Any = None) -> None:
        """Change a record, in whatever state it is."""
        current = self.server.get(path.removesuffix("/merge"))
        condition = {"If-Match": current.headers["etag"]} if current.status == 200 and "etag" in current.headers else {}
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        body = None if document is None else orjson.dumps(document)
        headers = {**self._headers, **condition, **({"Content-Type": kind} if body else {})}
        answer = self.server.request(method, path, body, **headers)
        assert 200 <= answer.status < 300, answer.body


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    with serving(tmp_path_factory.mktemp("source"), TASRIH_BASE_URL=BASE, TASRIH_THREADS="4") as server:
        yield Source(server)


def follow(source: Source, url: str, *options: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    command = [COMMAND, "follow", source.url, "--once", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def checked(url: str) -> str:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    ended = subprocess.run(
        [COMMAND, "check"], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return ended.stdout + ended.stderr


def read_only(url: str) -> str:
    return f"{url}?mode=ro" if url.startswith("sqlite") else url


def differences(source: Source, mirror: Server) -> list[str]:
    """What the two answer differently: status, entity tag or body."""
    addresses = [*READ]
    for collection in READ:
        if "?limit=200" in collection:
            ids = [record["id"] for record in orjson.loads(source.server.get(collection).body)["data"][:3]]
            addresses += [f"{collection.partition('?')[0]}/{record_id}" for record_id in ids]
    gone = (f"/v1/speakers/{name}-{engine}" for engine in ENGINES for name in ("gone", "merged-away"))
    addresses += [*gone, "/v1/places/gone"]
    return [path for path in addresses if _shown(source.server, path) != _shown(mirror, path)]


def _shown(server: Server, path: str) -> Any:
    """What is compared; of a page with a cursor, which holds numbers of its database, the records."""
    answer = server.get(path)
    if b"cursor=" in answer.body:
        return orjson.loads(answer.body)["data"]
    return answer.status, answer.headers.get("etag"), answer.headers.get("location"), answer.body


def test_a_mirror_serves_what_its_source_serves(
    source: Source, engine: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    url = new_database()
    first = follow(source, url)
    assert (first.returncode, first.stderr) == (0, "")
    with serving(tmp_path, DATABASE_URL=read_only(url), TASRIH_BASE_URL=BASE) as mirror:
        assert differences(source, mirror) == []
        _change_all_kinds(source, engine)
        assert "/v1/speakers/antonio-guterres" in differences(source, mirror)
        assert follow(source, url).stderr == ""
        assert differences(source, mirror) == []
        assert mirror.get(f"/v1/speakers/merged-away-{engine}").status == 308
        assert mirror.get(f"/v1/speakers/gone-{engine}").status == 410
        positions = [orjson.loads(each.get("/v1/changes?since=0&limit=1").body) for each in (source.server, mirror)]
        assert positions[0]["data"] == positions[1]["data"]
    assert checked(url) == "The database is sound.\n"
    again = follow(source, url)
    assert "Nothing has changed" in again.stdout


def _change_all_kinds(source: Source, engine: str) -> None:
    """Create, rename, delete, merge, give an identifier to another record and move a record in time."""
    new, gone, merged = (f"/v1/speakers/{name}-{engine}" for name in ("new", "gone", "merged-away"))
    for address in (new, gone, merged):
        source.send("PUT", address, {"kind": "person", "name": {"en": f"Made up {address[13:]}"}})
    wikidata = [{"scheme": "wikidata", "value": f"Q9999999{len(engine)}"}]
    source.send("PATCH", gone, {"identifiers": wikidata})
    source.send("DELETE", gone)
    source.send("PATCH", new, {"identifiers": wikidata})
    source.send("POST", f"{merged}/merge", {"into": new[13:]})
    source.send("PATCH", "/v1/speakers/antonio-guterres", {"name": {"en": f"A. {engine}", "ar": "أنطونيو غوتيريش"}})
    source.send("PUT", "/v1/places/gone", {"kind": "city", "name": {"en": "Gone"}})
    source.send("DELETE", "/v1/places/gone")
    source.send("PUT", "/v1/places/gone", {"kind": "city", "name": {"en": "Here again"}})
    statement = orjson.loads(source.server.get("/v1/statements?limit=1").body)["data"][0]["id"]
    source.send("PATCH", f"/v1/statements/{statement}", {"date": "2020-12-05", "summary": {"en": f"Said {engine}."}})


def test_a_mirror_that_is_killed_at_any_moment_goes_on(
    source: Source, new_database: NewDatabase, tmp_path: Path
) -> None:
    url, moments = new_database(), random.Random(1)
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    for turn in range(3):
        process = subprocess.Popen(
            [COMMAND, "follow", source.url],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(moments.uniform(0.8, 3.0))
            pytest.fail("it ended by itself")
        except subprocess.TimeoutExpired:
            source.send("PUT", f"/v1/places/written-{turn}", {"kind": "city", "name": {"en": f"Written {turn}"}})
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert follow(source, url).returncode == 0
    with serving(tmp_path, DATABASE_URL=read_only(url), TASRIH_BASE_URL=BASE) as mirror:
        assert differences(source, mirror) == []
    assert checked(url) == "The database is sound.\n"


def test_a_mirror_copies_everything_again_when_the_source_was_restored(
    tmp_path: Path,
) -> None:
    url, copy = f"sqlite:///{tmp_path}/mirror.db", tmp_path / "copy"
    (tmp_path / "mirror").mkdir()
    with serving(tmp_path, TASRIH_BASE_URL=BASE) as server:
        source = Source(server)
        server.tasrih("backup", str(copy))
        source.send("PUT", "/v1/places/lost", {"kind": "city", "name": {"en": "Lost"}})
        assert follow(source, url).returncode == 0
        server.tasrih("restore", "--replace", str(copy))
        source.send("PATCH", "/v1/speakers/antonio-guterres", {"name": {"en": "A. Guterres"}})
        server.tasrih("changes", "expire", "--before", "2100-01-01T00:00:00Z")
        with serving(tmp_path / "mirror", DATABASE_URL=read_only(url), TASRIH_BASE_URL=BASE) as mirror:
            assert mirror.get("/v1/places/lost").status == 200
            ended = follow(source, url)
            assert "everything is copied again" in ended.stdout
            assert mirror.get("/v1/places/lost").status == 404
            assert differences(source, mirror) == []
    assert checked(url) == "The database is sound.\n"


def test_a_mirror_waits_for_changes_and_for_its_source(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/mirror.db"}
    (tmp_path / "again").mkdir()
    with serving(tmp_path, TASRIH_THREADS="4") as server:
        source, port, told = Source(server), server.port, tmp_path / "told"
        with told.open("w") as output:
            process = subprocess.Popen(
                [COMMAND, "follow", source.url],
                env=environment,
                stdout=output,
                stderr=output,
                preexec_fn=lambda: signal.signal(
                    signal.SIGINT, signal.SIG_DFL
                ),  # also where tests run in the background
            )
        try:
            assert eventually(lambda: "exact as of" in told.read_text())
            source.send("PUT", "/v1/places/somewhere", {"kind": "city", "name": {"en": "Somewhere"}})
            assert eventually(lambda: told.read_text().count("exact as of") == 2)
            server.stop()
            assert eventually(lambda: "trying again" in told.read_text())
            database = f"sqlite:///{server.database}"
            with serving(tmp_path / "again", PORT=str(port), DATABASE_URL=database, TASRIH_THREADS="4") as restarted:
                source = Source(_with_database(restarted, server.database))
                source.send("PUT", "/v1/places/somewhere-else", {"kind": "city", "name": {"en": "Somewhere else"}})
                assert eventually(lambda: told.read_text().count("exact as of") == 3)
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert "goes on from here" in told.read_text()


def _with_database(server: Server, path: Path) -> Server:
    server.database = path
    return server
