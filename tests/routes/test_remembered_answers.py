"""Answers are remembered while they hold, and never longer."""

from collections.abc import Iterator
from typing import Any

import pytest
from builders import Document, person, world, write
from conftest import NewDatabase, fill
from flask.testing import FlaskClient

from api.application import create_app
from api.changelog.retention import expire
from api.database.connections import connect
from api.database.current import database
from api.http.response_cache import ResponseCache
from api.records.storing import store
from api.settings import Settings
from schemas.records.speakers import SpeakerSchema

SPEAKERS = "/v1/speakers"


@pytest.fixture
def url(new_database: NewDatabase, tmp_path: Any) -> str:
    url = new_database()
    fill(url, write(world(), tmp_path / "world"))
    return url


@pytest.fixture
def service(url: str) -> Iterator[FlaskClient]:
    client = create_app(Settings(database_url=url)).test_client()
    yield client
    database.obj.close_all()


def written_elsewhere(url: str, *speakers: Document) -> None:
    """Store speakers as another process would: through connections of its own."""
    ours = database.obj
    theirs: Any = connect(url)
    database.initialize(theirs)
    try:
        store({"speakers": [SpeakerSchema().load(speaker) for speaker in speakers]})
    finally:
        theirs.close_all()
        database.initialize(ours)


def test_the_same_question_gets_the_same_answer(service: FlaskClient) -> None:
    for address in (SPEAKERS, f"{SPEAKERS}?limit=2", f"{SPEAKERS}/outlet", "/v1/statements/facets", "/v1/suggest?q=o"):
        first, again = service.get(address), service.get(address)
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.data == again.data != b""
        assert list(first.headers) == list(again.headers)


def test_what_another_process_writes_is_seen_at_once(service: FlaskClient, url: str) -> None:
    for name in ("A name", "Another name", "A third name"):
        written_elsewhere(url, person("somebody", name))
        for _ in range(2):
            assert service.get(f"{SPEAKERS}/somebody").json["name"] == {"en": name}  # type: ignore[index]
            assert name in service.get(SPEAKERS).text


def test_a_record_that_was_missing_is_found_once_it_is_there(service: FlaskClient, url: str) -> None:
    assert service.get(f"{SPEAKERS}/somebody").status_code == 404
    written_elsewhere(url, person("somebody", "Somebody"))
    assert service.get(f"{SPEAKERS}/somebody").status_code == 200


def test_what_has_expired_is_not_told_any_more(service: FlaskClient, url: str) -> None:
    for name in ("A name", "Another name"):
        written_elsewhere(url, person("somebody", name))
    first = f"{SPEAKERS}/somebody/revisions/1"
    assert [service.get(first).status_code for _ in range(2)] == [200, 200]
    expire("2999-01-01T00:00:00Z")
    assert service.get(first).status_code in (404, 410)


def test_another_way_of_asking_is_another_question(service: FlaskClient) -> None:
    page = f"{SPEAKERS}?limit=1"
    for _ in range(2):
        assert "http://here.test/" in service.get(page, base_url="http://here.test").text
        assert "https://there.test/" in service.get(page, base_url="https://there.test").text
        assert "http://here.test/under/v1" in service.get(page, base_url="http://here.test/under").text
        assert service.get(page, headers={"Accept": "text/plain"}).status_code == 406
        assert service.get(page, headers={"Accept": "text/html"}).mimetype == "text/html"
        assert (
            service.get("/v1/vocabularies", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
        )
        assert "Content-Encoding" not in service.get("/v1/vocabularies", headers={"Accept-Encoding": "br"}).headers
        assert service.get(page, headers={"Accept": "application/json"}).status_code == 200
        assert service.get(f"{page}&sort=-id").data != service.get(f"{page}&sort=id").data


def test_a_remembered_answer_is_not_sent_to_who_has_it(service: FlaskClient) -> None:
    worked_out = service.get(SPEAKERS, headers={"If-None-Match": "*"})
    first = service.get(SPEAKERS)
    tag = first.headers["ETag"]
    for asked in (tag, f'W/{tag}, "other"', f'{tag[:-1]}-gzip"', "*"):
        told = service.get(SPEAKERS, headers={"If-None-Match": asked})
        assert (told.status_code, told.data) == (worked_out.status_code, b"") == (304, b"")
        assert sorted(told.headers) == sorted(worked_out.headers)
    assert service.get(SPEAKERS, headers={"If-None-Match": '"other"'}).data == first.data


def test_head_is_answered_without_a_body_after_get(service: FlaskClient) -> None:
    got, headed = service.get(SPEAKERS), service.head(SPEAKERS)
    assert (headed.status_code, headed.data, sorted(headed.headers)) == (200, b"", sorted(got.headers))


class Counting:
    """An application around another that counts what it is asked."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.asked = 0

    def __call__(self, environ: Any, start: Any) -> Any:
        self.asked += 1
        return self.application(environ, start)


def asked_of_the_application(url: str, addresses: list[str], size: int) -> int:
    """How often the application itself is asked when these addresses are asked for and so much is remembered."""
    app = create_app(Settings(database_url=url, response_cache_megabytes=0))
    counting = Counting(app.wsgi_app)
    app.wsgi_app = ResponseCache(counting, size)  # type: ignore[assignment, method-assign]
    client = app.test_client()
    for address in addresses:
        assert client.get(address).status_code in (200, 404)
    database.obj.close_all()
    return counting.asked


def test_only_answers_that_hold_are_remembered_and_only_so_many(url: str) -> None:
    several = [f"{SPEAKERS}?limit={limit}" for limit in range(1, 7)]
    assert asked_of_the_application(url, several * 3, size=1_000_000) == len(several)
    assert asked_of_the_application(url, several * 3, size=16_000) > len(several)
    assert asked_of_the_application(url, [SPEAKERS] * 3, size=10_000) == 3, "an answer too large to be kept"
    assert asked_of_the_application(url, [f"{SPEAKERS}/nobody", "/health", "/nowhere"] * 2, size=1_000_000) == 6
