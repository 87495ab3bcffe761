"""Documents that a process has read are not read again while they are the same, and never sent when they are not."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asking import ask
from builders import person, world, write
from conftest import NewDatabase, fill
from flask.testing import FlaskClient

from api.application import create_app
from api.database.compression import decompressed
from api.database.connections import connect
from api.database.current import database, use_database
from api.database.document_cache import DocumentCache
from api.queries.page import documents as page_documents
from api.records.storing import store
from api.settings import Settings
from schemas.records.speakers import SpeakerSchema

SPEAKERS = "/v1/speakers"
READ = "SELECT 'speakers', number, etag, body FROM"


@pytest.fixture
def url(new_database: NewDatabase, tmp_path: Any) -> str:
    url = new_database()
    fill(url, write(world(), tmp_path / "world"))
    rename(url, "A name")
    return url


@pytest.fixture
def client(url: str) -> Iterator[FlaskClient]:
    client = create_app(Settings(database_url=url, response_cache_megabytes=0)).test_client()
    yield client
    database.obj.close_all()


def rename(url: str, name: str) -> None:
    """Give the speaker `somebody` a name, as another process would."""
    other = connect(url)
    with use_database(other):
        store({"speakers": [SpeakerSchema().load(person("somebody", name))]})
    other.close_all()  # type: ignore[no-untyped-call]


def documents_read(monkeypatch: pytest.MonkeyPatch, before: Callable[[], None] = lambda: None) -> list[int]:
    """The numbers of documents that are read by themselves from now on; something may happen `before` they are."""
    numbers: list[int] = []
    real = database.obj.execute_sql

    def noted(sql: str, parameters: Any = (), *rest: Any) -> Any:
        if sql.startswith(READ):
            numbers.extend(json.loads(parameters[0]))
            before()
        return real(sql, parameters, *rest)

    monkeypatch.setattr(database.obj, "execute_sql", noted)
    return numbers


def documents_decompressed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The documents that are decompressed to be sent from now on."""
    documents: list[bytes] = []

    def noted(body: bytes) -> bytes:
        documents.append(decompressed(body))
        return documents[-1]

    monkeypatch.setattr(page_documents, "decompressed", noted)
    return documents


def test_after_a_write_only_what_it_changed_is_read(
    client: FlaskClient, url: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get(SPEAKERS).json
    read, unpacked = documents_read(monkeypatch), documents_decompressed(monkeypatch)
    assert client.get(SPEAKERS).json == before
    assert read == []
    assert unpacked == []
    rename(url, "Another name")
    changed = {"somebody": {"en": "Another name"}}
    after = client.get(SPEAKERS).json
    assert before
    assert after
    names = {each["id"]: each["name"] for each in before["data"]}
    assert {each["id"]: each["name"] for each in after["data"]} == {**names, **changed}
    assert client.get(f"{SPEAKERS}/somebody").json["name"] == changed["somebody"]  # type: ignore[index]
    assert len(read) == (engine == "postgresql"), "SQLite reads documents in place"
    assert [json.loads(document)["id"] for document in unpacked] == ["somebody"]


def test_a_record_changed_while_its_document_is_read_is_sent_as_one_of_both(
    client: FlaskClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get(f"{SPEAKERS}/somebody")
    rename(url, "Another name")
    documents_read(monkeypatch, before=lambda: rename(url, "A third name"))
    item, page = client.get(f"{SPEAKERS}/somebody"), client.get(f"{SPEAKERS}?limit=100")
    assert item.json
    assert page.json
    [listed] = [each for each in page.json["data"] if each["id"] == "somebody"]
    assert item.json["name"]["en"] in ("Another name", "A third name")
    assert listed["name"] == item.json["name"]
    assert item.headers["ETag"] != before.headers["ETag"]
    monkeypatch.undo()
    assert client.get(f"{SPEAKERS}/somebody").headers["ETag"] == item.headers["ETag"]


def test_expanded_records_are_those_of_now(client: FlaskClient) -> None:
    statements = ask(client, "/v1/statements?expand=speakers")
    assert ask(client, "/v1/statements?expand=speakers") == statements
    speaker = statements["data"][0]["speakers"][0]["speaker"]
    assert speaker == {**ask(client, f"{SPEAKERS}/{speaker['id']}"), **speaker}


def test_documents_are_kept_by_version_within_their_size() -> None:
    kept = DocumentCache(10_000)
    for number in range(100):
        kept.keep(("speakers", number, '"a"'), b"x" * 1000)
        assert kept.get(("speakers", 0, '"a"')) is not None, "what is used stays"
    assert sum(kept.get(("speakers", number, '"a"')) is not None for number in range(100)) in range(3, 8)
    assert kept.get(("speakers", 0, '"b"')) is None
    assert kept.get(("events", 0, '"a"')) is None
    kept.resize(0)
    assert not kept.has_room
    assert kept.get(("speakers", 0, '"a"')) is None
