"""A POST that is sent again with its Idempotency-Key is answered again, and done once."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from applications import add, bearer, client_of, speaker
from asking import problem
from conftest import NewDatabase
from flask import Flask, Response, request
from flask.testing import FlaskClient

from api.access import idempotency_keys
from api.access.idempotency_keys import ABANDONED, KEPT, acquire
from api.access.tokens import recognised
from api.database.current import database
from api.errors import DatabaseUnavailable, NoSuchRecord, RequestInProgress
from api.http.idempotency import LONGEST_KEY, _fingerprint, replayed
from api.models.access import Idempotency
from api.models.speakers import Speaker
from schemas.values import dates

ADDRESS = "/v1/additions"

Step = Callable[[], Any]


class Steps:
    """What happens in the midst of answering, before and after the record is written."""

    before: Step
    after: Step

    def __init__(self) -> None:
        self.nothing()

    def nothing(self) -> None:
        self.before = self.after = lambda: None


def request_body() -> bytes:
    return request.get_data()


def additions(app: Flask, steps: Steps) -> None:
    """A route that adds a speaker of the name that the body is, under an id of its own making."""

    def add_speaker() -> Response:
        steps.before()
        record = speaker(
            f"s-{uuid4().hex}", aliases=[{"value": request.get_data(as_text=True), "lang": "en", "kind": "alias"}]
        )
        record.pop("aliases")
        record["name"] = {"en": request.get_data(as_text=True)}
        add({"speakers": [record]})
        answer = Response(orjson.dumps(record), 201, {"Location": record["id"]}, content_type="application/json")
        return steps.after() or answer

    app.add_url_rule(ADDRESS, view_func=replayed(add_speaker, request_body), methods=["POST"])
    app.add_url_rule(
        f"{ADDRESS}/elsewhere", "elsewhere", view_func=replayed(add_speaker, request_body), methods=["POST"]
    )


@pytest.fixture(scope="module")
def service(new_database: NewDatabase) -> Iterator[tuple[FlaskClient, Steps]]:
    with client_of(new_database(), {}, threads=8) as client:  # as many as ask at once
        steps = Steps()
        additions(client.application, steps)
        yield client, steps


@pytest.fixture
def steps(service: tuple[FlaskClient, Steps]) -> Steps:
    service[1].nothing()
    return service[1]


@pytest.fixture
def client(service: tuple[FlaskClient, Steps], steps: Steps) -> FlaskClient:
    return service[0]


@pytest.fixture
def headers(client: FlaskClient) -> dict[str, str]:
    """A token and a key, both new."""
    return {**bearer("write"), "Idempotency-Key": f'"{uuid4()}"'}


def post(client: FlaskClient, headers: dict[str, str], body: str = "Somebody", address: str = ADDRESS) -> Any:
    return client.application.test_client().post(address, data=body, headers=headers)


def speakers() -> int:
    return int(Speaker.select().count())


def test_the_same_request_is_answered_again_and_done_once(client: FlaskClient, headers: dict[str, str]) -> None:
    before = speakers()
    first, again = post(client, headers), post(client, headers)
    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert list(first.headers) == list(again.headers)
    assert speakers() == before + 1


def test_without_a_key_or_with_another_the_same_request_is_done_again(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    before = speakers()
    for other in (headers, {**headers, "Idempotency-Key": '"another"'}, {"Authorization": headers["Authorization"]}):
        assert post(client, other).status_code == 201
    assert speakers() == before + 3


@pytest.mark.parametrize(
    ("body", "address"),
    [("Somebody else", ADDRESS), ("", ADDRESS), ("Somebody", f"{ADDRESS}/elsewhere"), ("Somebody", f"{ADDRESS}?a=1")],
)
def test_a_key_belongs_to_what_was_asked(client: FlaskClient, headers: dict[str, str], body: str, address: str) -> None:
    assert post(client, headers).status_code == 201
    before = speakers()
    problem(post(client, headers, body, address), 422, "idempotency-key-reused")
    assert speakers() == before


def test_a_key_belongs_to_its_token(client: FlaskClient, headers: dict[str, str]) -> None:
    first = post(client, headers)
    other = post(client, {**headers, **bearer("write")}, "Somebody else")
    assert other.status_code == 201
    assert other.data != first.data


def test_eight_at_once_make_one_record(client: FlaskClient, headers: dict[str, str], steps: Steps) -> None:
    before = speakers()
    steps.before = lambda: time.sleep(0.2)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: post(client, headers), range(8)))
    assert {201} <= {answer.status_code for answer in answers} <= {201, 409}  # who comes late is answered as the first
    assert len({answer.data for answer in answers if answer.status_code == 201}) == 1
    assert speakers() == before + 1


def test_a_request_that_is_under_way_is_not_begun_again(
    client: FlaskClient, headers: dict[str, str], steps: Steps
) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    steps.before = lambda: arrived.set() or go_on.wait(10)  # type: ignore[func-returns-value]
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(post, client, headers)
        assert arrived.wait(10)
        second = post(client, headers)
        other = post(client, headers, "Somebody else")
        go_on.set()
    told = problem(second, 409, "request-in-progress")
    assert 1 <= int(second.headers["Retry-After"]) <= ABANDONED.total_seconds()
    assert "still in progress" in told["detail"]
    problem(other, 422, "idempotency-key-reused")
    assert first.result().status_code == 201
    assert post(client, headers).data == first.result().data


def fail(error: Exception) -> Any:
    raise error


REFUSALS: dict[str, tuple[Step, int]] = {
    "a failure": (lambda: fail(NoSuchRecord("x")), 404),
    "an answer": (lambda: Response("no", 409), 409),
    "a crash": (lambda: fail(ZeroDivisionError()), 500),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_was_refused_left_nothing_behind_and_may_be_asked_again(
    client: FlaskClient, headers: dict[str, str], steps: Steps, refusal: str
) -> None:
    before = speakers()
    steps.after, status = REFUSALS[refusal]
    assert post(client, headers).status_code == status
    assert post(client, headers).status_code == status
    assert speakers() == before
    steps.nothing()
    assert post(client, headers, "Somebody else").status_code == 201
    assert speakers() == before + 1


def test_a_key_is_free_again_when_the_database_is_back(
    client: FlaskClient, headers: dict[str, str], steps: Steps, engine: str
) -> None:
    if engine == "postgresql":
        pytest.skip("Its files are not ours to move.")
    (_, _, path), *_ = database.execute_sql("PRAGMA database_list").fetchall()
    away = f"{path}-away"

    def vanish() -> None:
        os.rename(path, away)
        raise DatabaseUnavailable("it is gone")

    steps.after = vanish
    problem(post(client, headers), 503, "database-unavailable")
    steps.nothing()
    os.rename(away, path)
    assert post(client, headers).status_code == 201


def test_a_claim_of_before_the_clock_was_set_back_holds_nobody_up(client: FlaskClient, headers: dict[str, str]) -> None:
    key, token = headers["Idempotency-Key"].strip('"'), recognised(headers["Authorization"].removeprefix("Bearer "))
    with client.application.test_request_context(ADDRESS, method="POST", data="Somebody"):
        acquire(token.number, key, _fingerprint(b"Somebody"))
    problem(post(client, headers), 409, "request-in-progress")
    later = dates.moment(datetime.now(UTC) + timedelta(hours=2))
    Idempotency.update(claimed_at=later).where(Idempotency.key == key).execute()
    assert post(client, headers).status_code == 201


def test_an_answer_is_kept_for_a_day(client: FlaskClient, headers: dict[str, str]) -> None:
    first = post(client, headers)
    key = headers["Idempotency-Key"].strip('"')
    make_older(key, KEPT - timedelta(minutes=1))
    assert post(client, headers).data == first.data
    make_older(key, timedelta(minutes=2))
    assert post(client, headers).data != first.data


def test_what_is_older_than_a_day_is_forgotten(client: FlaskClient, headers: dict[str, str]) -> None:
    post(client, headers)
    key = headers["Idempotency-Key"].strip('"')
    make_older(key, KEPT + timedelta(minutes=1))
    post(client, {**headers, "Idempotency-Key": '"another"'})
    assert not Idempotency.select().where(Idempotency.key == key).exists()


def make_older(key: str, age: timedelta) -> None:
    row = Idempotency.get(Idempotency.key == key)
    row.claimed_at = dates.moment(datetime.fromisoformat(row.claimed_at) - age)
    row.save()


def test_what_a_killed_process_left_unfinished_is_done_when_it_is_asked_again(
    client: FlaskClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch, steps: Steps
) -> None:
    with monkeypatch.context() as killed:  # nothing that follows a kill is run
        killed.setattr("api.http.idempotency.release", lambda claim: None)
        steps.after = lambda: fail(KeyboardInterrupt())  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            post(client, headers)
    steps.nothing()
    before = speakers()
    problem(post(client, headers), 409, "request-in-progress")
    make_older(headers["Idempotency-Key"].strip('"'), ABANDONED)
    assert post(client, headers).status_code == 201
    assert speakers() == before + 1


def test_who_comes_back_after_another_took_over_writes_nothing(client: FlaskClient, headers: dict[str, str]) -> None:
    token = bearer_number(headers)
    lost = idempotency_keys.acquire(token, "k", "0" * 64)
    make_older("k", ABANDONED)
    assert idempotency_keys.acquire(token, "k", "0" * 64) != lost
    with pytest.raises(RequestInProgress), idempotency_keys.hold(str(lost)):
        raise AssertionError("It holds what it has lost.")


def bearer_number(headers: dict[str, str]) -> int:
    return recognised(headers["Authorization"].removeprefix("Bearer ")).number


@pytest.mark.parametrize(
    "key",
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '"a b"', r'"a\"b\\"', '"a";v=1; w="x;y";z', f'"{"k" * LONGEST_KEY}"'],
)
def test_a_key_is_a_string_of_structured_fields(client: FlaskClient, headers: dict[str, str], key: str) -> None:
    keyed = {**headers, "Idempotency-Key": key}
    assert post(client, keyed).data == post(client, keyed).data


@pytest.mark.parametrize(
    "key",
    ["", '""', "8e03978e-40d5-43dd", "'a'", '"a', 'a"', '"a"b"', '"a", "b"', '"é"', '"a\\b"', '"a" b', '"a";', ":YQ==:", "?1", f'"{"k" * (LONGEST_KEY + 1)}"'],
)  # fmt: skip
def test_a_key_that_is_none_is_refused_before_anything_is_done(
    client: FlaskClient, headers: dict[str, str], key: str
) -> None:
    before = speakers()
    problem(post(client, {**headers, "Idempotency-Key": key}), 400, "invalid-idempotency-key")
    assert speakers() == before


def test_the_answer_is_kept_in_the_transaction_of_the_write(
    client: FlaskClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = speakers()
    with monkeypatch.context() as failing:
        failing.setattr("api.http.idempotency.keep", lambda claim, answer: fail(ZeroDivisionError()))
        assert post(client, headers).status_code == 500
    assert speakers() == before


def test_a_record_of_the_service_is_made_once(client: FlaskClient, headers: dict[str, str]) -> None:
    before = speakers()
    first, again = (
        client.post("/v1/speakers", json={"kind": "person", "name": {"en": "Once"}}, headers=headers) for _ in range(2)
    )
    assert (first.status_code, first.data, first.headers["ETag"]) == (201, again.data, again.headers["ETag"])
    assert (
        first.headers["Location"]
        == again.headers["Location"]
        == f"http://localhost/v1/speakers/{first.get_json()['id']}"
    )
    assert speakers() == before + 1
    other = client.post("/v1/speakers", json={"kind": "person", "name": {"en": "Twice"}}, headers=headers)
    problem(other, 422, "idempotency-key-reused")


def test_a_body_that_can_not_be_stored_may_be_mended_under_the_same_key(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    for body in ({"kind": "robot"}, {"kind": "robot"}):
        problem(client.post("/v1/speakers", json=body, headers=headers), 422, "invalid-document")
    mended = client.post("/v1/speakers", json={"kind": "person", "name": {"en": "Mended"}}, headers=headers)
    assert mended.status_code == 201


def test_two_speakers_are_merged_once(client: FlaskClient, headers: dict[str, str]) -> None:
    add({"speakers": [speaker(name) for name in ("one", "other") if not Speaker.get_or_none(Speaker.id == name)]})
    tag = client.get("/v1/speakers/one").headers["ETag"]
    asked = {**headers, "If-Match": tag}
    first, again = (client.post("/v1/speakers/one/merge", json={"into": "other"}, headers=asked) for _ in range(2))
    assert (first.status_code, first.data) == (200, again.data)
    assert again.status_code == 200
    other_version = {**headers, "If-Match": '"another"'}
    reused = client.post("/v1/speakers/one/merge", json={"into": "other"}, headers=other_version)
    problem(reused, 422, "idempotency-key-reused")
