"""Request ids, what is observed of requests, and what is logged of them."""

import logging
import time
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from applications import bearer, client_of
from conftest import NewDatabase
from every import every
from flask import Flask
from flask.testing import FlaskClient

from api.errors import DatabaseUnavailable, TooSlow
from api.monitoring.observing import NO_ROUTE, Observation, Observed
from api.routes import services

RECORD = "/v1/places/sochi"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def observed(app: Flask) -> Iterator[list[Observation]]:
    observations: list[Observation] = []
    app.extensions["observers"].append(observations.append)
    yield observations
    app.extensions["observers"].clear()


@every("path", [RECORD, "/v1/statements?limit=1", "/", "/nowhere", f"{RECORD}?a=1"])
@every("method", ["GET", "HEAD", "OPTIONS"])
def test_the_id_of_a_request_comes_back(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method, headers={"X-Request-Id": "a1-B2._~+/=:@"})
    assert answer.headers.getlist("X-Request-Id") == ["a1-B2._~+/=:@"]
    if answer.is_json and answer.status_code >= 400 and method == "GET":
        assert answer.get_json()["request_id"] == "a1-B2._~+/=:@"
    assert "X-Request-Id" not in client.open(path, method=method).headers


@pytest.mark.parametrize("value", ["", "a b", 'a"b', "a\\nb", "ü", "a" * 129, "<script>", "a,b", "{}"])
def test_an_id_that_can_t_be_logged_as_it_is_is_ignored(client: FlaskClient, value: str) -> None:
    headers = {"X-Request-Id": value.encode().decode("latin-1")}
    assert "X-Request-Id" not in client.get(RECORD, headers=headers).headers
    answer = client.get("/nowhere", headers=headers)
    assert "X-Request-Id" not in answer.headers
    assert "request_id" not in answer.get_json()


def test_a_not_modified_answer_of_the_cache_has_the_id_of_its_own_request(client: FlaskClient) -> None:
    tag = client.get(RECORD, headers={"X-Request-Id": "first"}).headers["ETag"]
    answer = client.get(RECORD, headers={"X-Request-Id": "second", "If-None-Match": tag})
    assert (answer.status_code, answer.headers.getlist("X-Request-Id")) == (304, ["second"])


def test_a_failure_is_logged_under_the_id_that_its_problem_shows(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(services, "refuse_newer_while_serving", fail)
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    made = answer.get_json()["request_id"]
    assert answer.headers.getlist("X-Request-Id") == [made]
    assert f"[request {made}]" in caplog.text
    assert app.test_client().get("/health", headers={"X-Request-Id": "mine"}).get_json()["request_id"] == "mine"
    assert "[request mine]" in caplog.text


def test_what_is_logged_of_an_address_stays_on_its_line(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: str) -> None:
        raise TooSlow(5)

    monkeypatch.setitem(app.view_functions, "get_statement", fail)
    path = "/v1/statements/a%0Ab?q=%0Aforged%20line"
    with caplog.at_level(logging.WARNING):
        assert app.test_client().get(path).status_code == 503
    [record] = caplog.records
    assert record.getMessage().startswith(f"Too slow: {path} [request ")


def test_every_request_is_observed_by_its_route(client: FlaskClient, observed: list[Observation]) -> None:
    client.get(RECORD, headers={"X-Request-Id": "one", "traceparent": TRACE})
    client.get(RECORD, headers={"traceparent": "00-nonsense"})
    client.put(RECORD, json={})
    client.get("/nowhere/at/all")
    client.get("/docs/assets/swagger-ui.css", buffered=True)
    first, again, refused, missing, asset = observed
    assert (first.request_id, first.method, first.route, first.status) == ("one", "GET", "/v1/places/{id}", 200)
    assert (first.trace_parent, again.trace_parent) == (TRACE, None)
    assert again.is_cached is True
    assert refused.is_cached is None
    assert (refused.method, refused.route, refused.status, refused.token) == ("PUT", "/v1/places/{id}", 401, None)
    assert (missing.route, missing.status) == (NO_ROUTE, 404)
    assert asset.route == "/docs/assets/{name}"
    assert len({observation.request_id for observation in observed}) == 5
    assert all(0 < observation.seconds < 60 for observation in observed)


def test_a_stream_is_observed_when_it_has_ended(client: FlaskClient, observed: list[Observation]) -> None:
    answer = client.get("/v1/statements/export")
    began = len(observed)
    assert answer.data
    answer.close()
    assert (began, [observation.route for observation in observed]) == (0, ["/v1/statements/export"])


def test_the_name_of_a_token_is_observed_and_never_the_token(writer_with_token: tuple[FlaskClient, str]) -> None:
    client, token = writer_with_token
    observations: list[Observation] = []
    client.application.extensions["observers"].append(observations.append)
    client.put(RECORD, json={}, headers={"Authorization": f"Bearer {token}"})
    assert observations[0].token == "observed"
    assert token not in repr(observations)


@pytest.fixture
def writer_with_token(new_database: NewDatabase) -> Iterator[tuple[FlaskClient, str]]:
    with client_of(new_database(), {}, needed=False) as client:
        yield client, bearer("write", name="observed")["Authorization"].removeprefix("Bearer ")


def test_without_observers_a_request_is_only_looked_at(app: Flask) -> None:
    passed: list[object] = []

    def answer(environ: object, start: object) -> tuple[()]:
        passed[:] = environ, start
        return ()

    observed, environ, start = Observed(answer, app), {"REQUEST_METHOD": "GET", "PATH_INFO": RECORD}, Mock()
    began = time.process_time()
    for _ in range(10_000):
        observed(environ, start)
    assert time.process_time() - began < 0.1, "10 microseconds each would be seen in every read"
    assert (passed[0], passed[1]) == (environ, start), "the response goes straight to the server"
    assert environ.keys() == {"REQUEST_METHOD", "PATH_INFO"}


# --- health ----------------------------------------------------------------------------------------------------------


def test_the_process_is_alive_whatever_the_database_does(app: Flask, statements_run: list[str]) -> None:
    client = app.test_client()
    for path, statements in (("/livez", 0), ("/readyz", 1), ("/health", 1)):
        statements_run.clear()
        answer = client.get(path)
        assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(statements_run) == statements


@pytest.mark.parametrize(("names", "health"), [(["9999_newer"], 503), ([], 200)])
def test_it_is_ready_only_with_a_database_of_its_version(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, names: list[str], health: int
) -> None:
    monkeypatch.setattr("api.migrations.versions._names_while_serving", lambda: names)
    assert client.get("/readyz").status_code == 503
    assert client.get("/health").status_code == health
    assert client.get("/livez").status_code == 200
