"""Mirrors in the same process: what they hold beside the bytes, of sources with quotations, renamings and mergers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filling
import pytest
from applications import add, speaker
from asking import RECORD_TYPES
from builders import row_counts, write
from changing import Writer, faults
from conftest import Command, NewDatabase, fill
from flask.testing import FlaskClient
from texts import ANSWERS, article, saved

from api.application import create_app
from api.database.connections import connect
from api.database.current import database, use_database
from api.errors import ServiceRefused
from api.following.arrivals import begin
from api.following.mirroring import follow
from api.remote.service import Answer
from api.settings import Settings
from api.texts.attaching import attach

STATEMENT = "/v1/statements/premier-answers"


class Source:
    """The service of a writer, with a database of its own, read as `api.remote.service.Service` reads one over HTTP."""

    url = "http://source.example"

    def __init__(self, writer: Writer) -> None:
        self.writer, self._database = writer, database.obj

    def get(self, path: str, query: Any = ()) -> Answer:
        answer = self.read(path, query)
        if answer.status_code >= 300:
            problem = answer.get_json()
            raise ServiceRefused(answer.status_code, problem["type"], problem["detail"], problem)
        return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers}, answer.data)

    def read(self, path: str, query: Any = ()) -> Any:
        with use_database(self._database):
            return self.writer.client.get(path, query_string=query or None)

    @contextmanager
    def at_work(self) -> Iterator[Writer]:
        """Its writer, while its database is the current one."""
        with use_database(self._database):
            yield self.writer
            database.close()


class Mirror:
    """A mirror of a source, and its service."""

    def __init__(self, source: Source, url: str) -> None:
        self.source, self.database = source, connect(url)
        with use_database(self.database):
            filling.migrated(url)
        self.client: FlaskClient = _client_of(url)
        self.told: list[str] = []
        self.follow()

    def follow(self) -> None:
        with use_database(self.database):
            follow(self.source, self.told.append, once=True)  # type: ignore[arg-type]

    def read(self, path: str, query: Any = ()) -> Any:
        with use_database(self.database):
            return self.client.get(path, query_string=query or None)

    def differences(self, *more: str) -> list[str]:
        """What it answers otherwise than its source: all collections, and these addresses."""
        addresses = [*(f"/v1/{name}" for name in RECORD_TYPES), *more]
        return [path for path in addresses if _shown(self.read(path)) != _shown(self.source.read(path))]

    def faults(self) -> list[str]:
        with use_database(self.database):
            return faults()


def _client_of(url: str) -> FlaskClient:
    served = database.obj
    client = create_app(Settings(database_url=url)).test_client()
    database.obj.close_all()
    database.initialize(served)
    return client


def _shown(answer: Any) -> Any:
    return answer.status_code, answer.headers.get("ETag"), answer.headers.get("Location"), answer.data


@pytest.fixture
def source(new_database: NewDatabase, tmp_path: Path) -> Iterator[Source]:
    """A service with the world whose statements quote a text."""
    url = new_database()
    opened: Any = fill(url, write(article(), tmp_path / "world"))
    opened.close_all()
    client = create_app(Settings(database_url=url)).test_client()
    served: Any = database.obj
    yield Source(Writer(client))
    served.close_all()


@pytest.fixture
def mirror(source: Source, new_database: NewDatabase) -> Iterator[Mirror]:
    mirror = Mirror(source, new_database())
    yield mirror
    opened: Any = mirror.database
    opened.close_all()


def test_renamings_and_mergers_arrive_with_all_that_follows(source: Source, mirror: Mirror) -> None:
    assert mirror.differences() == []
    assert mirror.faults() == []
    with source.at_work() as desk:
        desk.patch("/v1/speakers/minister", {"name": {"en": "The renamed one"}, "aliases": []})
        desk.put("/v1/speakers/twin", {"kind": "person", "name": {"en": "A twin"}})
        desk.merge("twin", "premier")
    mirror.follow()
    assert (
        mirror.differences(
            "/v1/statements?q=renamed", "/v1/suggest?q=renamed", "/v1/speakers/minister/history", "/v1/speakers/twin"
        )
        == []
    )
    assert mirror.faults() == []


def test_quotations_are_shown_and_found_as_at_the_source(source: Source, mirror: Mirror, tmp_path: Path) -> None:
    with source.at_work():
        attach(saved(tmp_path), longest_quotation=600)
    mirror.follow()
    word = ANSWERS.split()[-1]
    assert source.read(STATEMENT).get_json()["reports"][0]["evidence"][0]["quotation"]
    assert mirror.differences(STATEMENT, f"/v1/statements?q={word}") == []
    assert all(
        "shows other evidence" in fault or "stored otherwise" in fault or "searched" in fault
        for fault in mirror.faults()
    )
    with source.at_work() as desk:
        desk.patch("/v1/speakers/premier", {"name": {"en": "Somebody else"}})
    mirror.follow()
    assert mirror.differences(STATEMENT, f"/v1/statements?q={word}") == []


def test_the_past_begins_with_the_copy(source: Source, mirror: Mirror) -> None:
    with source.at_work() as desk:
        desk.patch("/v1/places/land", {"iso_3166": "NO-01"})
    mirror.follow()
    mirrored, first = mirror.read("/v1/places/land/history").get_json(), source.read("/v1/places/land/revisions/1")
    assert [each["revision"] for each in mirrored["data"]] == [2, 1]
    assert mirror.read("/v1/places/land/revisions/1").data == first.data
    moment = mirrored["data"][1]["recorded_at"]
    assert mirror.read("/v1/places/land", {"as_of": moment}).data == first.data
    with source.at_work() as desk:
        desk.patch("/v1/places/land", {"iso_3166": "NO-02"})
        desk.patch("/v1/places/land", {"iso_3166": "NO-03"})
    mirror.follow()
    assert mirror.differences("/v1/places/land", "/v1/places/land/revisions/4") == []
    assert mirror.read("/v1/places/land", {"as_of": moment}).status_code == 410
    assert mirror.read("/v1/places/land/revisions/3").status_code == 404
    assert mirror.faults() == []


def test_what_somebody_else_writes_to_a_mirror_is_undone(source: Source, mirror: Mirror) -> None:
    with use_database(mirror.database):
        add({"speakers": [speaker("intruder")]})
    assert mirror.read("/v1/speakers/intruder").status_code == 200
    mirror.follow()
    assert "Somebody else has written to the mirror" in " ".join(mirror.told)
    assert mirror.read("/v1/speakers/intruder").status_code == 404
    assert mirror.differences() == []
    assert mirror.faults() == []


def _with_own_records() -> None:
    add({"speakers": [speaker("own")]})


def _of_another_service() -> None:
    begin("http://other.example", 0)


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (_with_own_records, "The database holds records of its own"),
        (_of_another_service, "The database is a mirror of http://other.example"),
    ],
)
def test_a_database_of_others_is_left_alone(
    tasrih: Command, new_tables: NewDatabase, prepare: Callable[[], None], words: str
) -> None:
    url = new_tables()
    opened: Any = connect(url)
    with use_database(opened):
        prepare()
        before = row_counts()
    ended = tasrih("follow", "http://127.0.0.1:1", DATABASE_URL=url)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert words in ended.stderr
    with use_database(opened):
        assert row_counts() == before
    opened.close_all()


def test_an_address_or_a_token_that_can_not_be_used_is_said(tasrih: Command, new_database: NewDatabase) -> None:
    url = new_database()
    for address in ("ftp://example.org", "example.org", "http://user@example.org", "http://example.org/?q=1"):
        ended = tasrih("follow", address, DATABASE_URL=url)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert "is not the http or https address of a service" in ended.stderr
