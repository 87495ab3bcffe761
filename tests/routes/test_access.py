"""Nobody writes without a good token of the right scope, whatever the route and whatever else the request holds."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing as closing_after
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from applications import bearer, client_of
from asking import RECORDS, problem
from conftest import NewDatabase
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from api.access import tokens
from api.access.tokens import SCOPES
from api.database.connections import connect
from api.database.current import database
from api.database.dialect import is_sqlite
from api.database.urls import sqlite_path
from api.http.authorization import OPEN, QUERIES
from api.http.operations import Operation, Tag, add_operations, operations_of
from api.models import TABLES
from api.models.access import Token
from api.models.base import tuples
from schemas.values import dates

ITEM = "/v1/speakers/a-speaker"
UNKNOWN = f"tasrih_{'0' * 16}_{'0' * 64}"

Headers = dict[str, str]


def change_everything(**_: str) -> Response:
    """A view whose author thought of no token."""
    raise AssertionError("Somebody was let in.")


def import_everything() -> Response:
    """A view that takes another scope."""
    raise AssertionError("Somebody was let in.")


@pytest.fixture(scope="module")
def services(new_database: NewDatabase) -> Iterator[dict[str, Any]]:
    """Two services on one database: as it is by default, and with reads that take a token too."""
    url = new_database()
    with client_of(url, {}) as served:
        served.application.add_url_rule("/v1/forgetful/<id>", view_func=change_everything, methods=["POST", "PUT"])
        importing = Operation(
            method="POST",
            rule="/v1/everything",
            view=import_everything,
            tag=Tag("bulk", ""),
            success=204,
            scope="import",
        )
        add_operations(served.application, [importing])
        opened = database.obj
        with client_of(url, reads="token", fill=False) as closed:
            yield {"url": url, "opened": opened, "served": served, "closed": closed}


@pytest.fixture
def url(services: dict[str, Any]) -> str:
    database.initialize(services["opened"])
    return str(services["url"])


@pytest.fixture
def served(services: dict[str, Any], url: str) -> FlaskClient:
    client: FlaskClient = services["served"]
    return client


@pytest.fixture
def closed(services: dict[str, Any], url: str) -> FlaskClient:
    client: FlaskClient = services["closed"]
    return client


def sending(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def token_of(headers: Headers) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


def expired() -> Headers:
    made = bearer()
    yesterday = dates.moment(datetime.now(UTC) - timedelta(days=1))
    Token.update(expires_at=yesterday).where(Token.public_id == token_of(made).split("_")[1]).execute()
    return made


def revoked() -> Headers:
    name = f"revoked {time.monotonic_ns()}"
    made = bearer(name=name)
    assert tokens.revoke(name)
    return made


def altered() -> Headers:
    token = token_of(bearer())
    return sending(token[:-1] + ("0" if token[-1] != "0" else "1"))


NOT_GOOD: dict[str, Callable[[], Headers]] = {
    "none": lambda: {},
    "unknown": lambda: sending(UNKNOWN),
    "altered": altered,
    "expired": expired,
    "revoked": revoked,
    "malformed": lambda: sending("letmein"),
    "empty": lambda: sending(""),
    "of another scheme": lambda: {"Authorization": "Basic dXNlcjpwYXNz"},
    "without a scheme": lambda: {"Authorization": token_of(bearer())},
}

WRONG_OTHERWISE: list[dict[str, Any]] = [
    {},
    {"data": b"{", "content_type": "application/json"},
    {"data": b"\xff", "content_type": "text/plain"},
    {"query_string": "no-such-parameter=1"},
    {"headers": {"Accept": "image/png"}},
    {"headers": {"If-Match": "nonsense", "Idempotency-Key": "nonsense"}},
]
"""Requests that are wrong in other ways too: none is told so before it has shown a token."""


def writes(app: Flask) -> list[tuple[str, str, str]]:
    """Every method and path by which something could be changed, with the scope it takes."""
    operations = operations_of(app)
    reading = QUERIES | {endpoint for endpoint, operation in operations.items() if not operation.stores}
    return sorted(
        (method, path, operations[rule.endpoint].scope if rule.endpoint in operations else "write")
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in reading
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        for path in _paths(rule)
    )


def _paths(rule: Rule) -> tuple[str, str]:
    """A path to a record there is, and one to none."""
    record_type = rule.rule.split("/")[2]
    filled = (rule.rule.replace("<id>", record_id) for record_id in (RECORDS.get(record_type, "x"), "no-such-record"))
    first, second = ("/".join("1" if part.startswith("<") else part for part in path.split("/")) for path in filled)
    return first, second


def asked(client: FlaskClient, method: str, path: str, headers: Headers) -> Iterator[Any]:
    for wrong in WRONG_OTHERWISE:
        yield client.open(path, method=method, **{**wrong, "headers": {**wrong.get("headers", {}), **headers}})


@pytest.mark.parametrize("credentials", NOT_GOOD)
def test_no_write_is_open(served: FlaskClient, credentials: str) -> None:
    headers = NOT_GOOD[credentials]()
    for method, path, _ in writes(served.application):
        for answer in asked(served, method, path, headers):
            assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), (method, path)
            assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="tasrih"')
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("narrow", SCOPES)
def test_no_write_is_open_to_a_token_with_another_scope(served: FlaskClient, narrow: str) -> None:
    headers = bearer(narrow)
    for method, path, scope in writes(served.application):
        for answer in asked(served, method, path, headers) if scope != narrow else ():
            told = problem(answer, 403, "missing-scope")
            assert f"'{scope}'" in told["detail"]
            assert f'error="insufficient_scope", scope="{scope}"' in answer.headers["WWW-Authenticate"]


def test_a_route_is_guarded_also_when_its_author_forgot(served: FlaskClient) -> None:
    assert {("POST", "/v1/forgetful/x", "write"), ("PUT", "/v1/forgetful/x", "write")} <= set(
        writes(served.application)
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_everybody_reads(served: FlaskClient, method: str) -> None:
    for headers in ({}, sending(UNKNOWN), expired()):
        answer = served.open(ITEM, method=method, headers=headers)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
        assert "Authorization" not in answer.vary


def reads(app: Flask) -> list[tuple[str, str]]:
    """Every rule that is read by, with a path of it."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert rules > OPEN
    return [(rule, _filled(rule)) for rule in sorted(rules)]


def _filled(rule: str) -> str:
    path = rule.replace("<digest>/<name>", "x/icon.svg").replace("<name>", "start.js").replace("<id>", "a-speaker")
    return path.replace("<any(ar, en):language>", "ar").replace("<path:rest>", "x")


@pytest.mark.parametrize("credentials", NOT_GOOD)
def test_reads_that_take_a_token_are_not_open(closed: FlaskClient, credentials: str) -> None:
    headers = NOT_GOOD[credentials]()
    for rule, path in reads(closed.application):
        answer = closed.get(path, headers=headers)
        assert answer.status_code == (200 if rule in OPEN else 401), path


def test_which_methods_an_address_has_is_told_without_a_token(closed: FlaskClient) -> None:
    for _, path in reads(closed.application):
        assert closed.options(path).status_code == 200, path


def test_the_contract_says_what_reading_takes(served: FlaskClient, closed: FlaskClient) -> None:
    paths = closed.get("/openapi.json").get_json()["paths"]
    for path, operations in paths.items():
        if "get" in operations:
            assert ("security" in operations["get"]) == ("401" in operations["get"]["responses"]) == (path not in OPEN)
    assert "security" not in served.get("/openapi.json").get_json()["paths"]["/v1/speakers"]["get"]


def test_a_token_that_may_read_reads_where_it_takes_one(closed: FlaskClient) -> None:
    answer = closed.get(ITEM, headers=bearer("read"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "Authorization" in answer.vary
    problem(closed.get(ITEM, headers=bearer("write")), 403, "missing-scope")


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer   {}", " Bearer {} "])
def test_the_scheme_may_be_written_in_any_case(closed: FlaskClient, form: str) -> None:
    token = token_of(bearer("read"))
    assert closed.get(ITEM, headers={"Authorization": form.format(token)}).status_code == 200


@pytest.mark.parametrize("form", ["Bearer {0}, Bearer {0}", "Bearer {0},{0}", "Bearer {0},Basic dXNlcjpwYXNz"])
def test_several_credentials_are_refused(closed: FlaskClient, form: str) -> None:
    answer = closed.get(ITEM, headers={"Authorization": form.format(token_of(bearer("read")))})
    problem(answer, 400, "bad-request")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tasrih", error="invalid_request"'


@pytest.mark.parametrize("besides", [False, True])
def test_a_token_in_the_address_is_refused(closed: FlaskClient, besides: bool) -> None:
    headers = bearer("read")
    answer = closed.get(f"{ITEM}?access_token={token_of(headers)}", headers=headers if besides else {})
    told = problem(answer, 400, "bad-request")
    assert token_of(headers) not in str(told)


def test_who_brings_no_token_is_told_how_and_who_brings_a_wrong_one_why(closed: FlaskClient) -> None:
    nothing = closed.get(ITEM)
    assert "Authorization: Bearer" in problem(nothing, 401, "token-required")["detail"]
    assert nothing.headers["WWW-Authenticate"] == 'Bearer realm="tasrih"'
    for headers, reason in ((sending(UNKNOWN), "not one of"), (expired(), "is expired"), (revoked(), "is revoked")):
        wrong = closed.get(ITEM, headers=headers)
        assert reason in problem(wrong, 401, "invalid-token")["detail"]
        assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="tasrih", error="invalid_token"'


def test_a_token_ends_at_its_time_and_at_once_when_it_is_revoked(closed: FlaskClient) -> None:
    ending = datetime.now(UTC) + timedelta(seconds=0.5)
    short, other = tokens.create("short", ["read"], ending), bearer("read", name="other")
    assert closed.get(ITEM, headers=sending(short)).status_code == 200
    assert closed.get(ITEM, headers=other).status_code == 200
    tokens.revoke("other")
    assert closed.get(ITEM, headers=other).status_code == 401
    time.sleep(max(0, (ending - datetime.now(UTC)).total_seconds()) + 0.01)
    assert closed.get(ITEM, headers=sending(short)).status_code == 401


def last_used(name: str) -> str | None:
    found: str | None = next(tuples(Token.select(Token.last_used_at).where(Token.name == name)))[0]
    return found


def test_the_last_use_is_known_to_the_minute_and_most_requests_write_nothing(closed: FlaskClient) -> None:
    headers = bearer("read", name="reader")
    assert last_used("reader") is None
    closed.get(ITEM, headers=headers)
    first = last_used("reader")
    assert first is not None
    closed.get(ITEM, headers=headers)
    assert last_used("reader") == first
    long_ago = dates.moment(datetime.now(UTC) - timedelta(seconds=61))
    Token.update(last_used_at=long_ago).where(Token.name == "reader").execute()
    closed.get(ITEM, headers=headers)
    assert (last_used("reader") or "") > first


def test_who_may_read_may_do_so_in_a_database_that_can_not_be_written_to(url: str) -> None:
    headers = bearer("read", name="kept from writing")
    if not is_sqlite():
        pytest.skip("a PostgreSQL database is not opened read-only by its URL")
    with client_of(f"{url}?mode=ro", reads="token", fill=False) as client:
        assert client.get(ITEM, headers=headers).status_code == 200
    database.initialize(connect(url))
    assert last_used("kept from writing") is None
    database.obj.close_all()


def test_who_reads_does_not_wait_for_who_writes(closed: FlaskClient, url: str) -> None:
    headers = bearer("read", name="patient")
    path = sqlite_path(url)
    if path is None:
        pytest.skip("writers of other rows are not waited for")
    with closing_after(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        before = time.monotonic()
        assert closed.get(ITEM, headers=headers).status_code == 200
        assert time.monotonic() - before < 2
    assert last_used("patient") is None
    closed.get(ITEM, headers=headers)
    assert last_used("patient") is not None


def test_no_secret_is_told_or_kept(
    served: FlaskClient, closed: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    good, old = bearer("read"), revoked()
    told: list[str] = []
    for headers in (good, old, altered()):
        for client in (served, closed):
            for answer in (client.get(ITEM, headers=headers), *asked(client, "POST", "/v1/forgetful/x", headers)):
                told += [answer.text, str(answer.headers)]
    stored = [row for table in TABLES for row in tuples(table.select())]
    everything = "".join([*told, caplog.text, *capfd.readouterr(), str(stored)])
    assert everything
    for headers in (good, old):
        assert token_of(headers)[-64:] not in everything
