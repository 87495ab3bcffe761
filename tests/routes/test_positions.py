"""Positions in answers and requests, on one database; tests/system/test_replicas.py has those of several."""

import time

import pytest
from addresses import ADDRESSES, Address
from asking import problem
from changing import Writer, log
from every import every
from flask import Flask
from flask.testing import FlaskClient

from api.changelog.positions import last_sequence
from api.replication.positions import Positions
from schemas.answers.changes import LAST_SEQUENCE

RECORD = "/v1/speakers/antonio-guterres"
AT_LEAST = "Tasrih-At-Least"
NO_POSITIONS = ("", "soon", "-1", "+1", "1.5", "1e3", "0x1", "1 ", "1, 2", "١", str(LAST_SEQUENCE + 1), "9" * 5000)
TOO_LONG = 5
"""Seconds, on a machine that may be busy: nothing is waited for where no copy can catch up."""


@every("address", ADDRESSES, ids=lambda address: address.rule)
@every("method", ["GET", "HEAD", "POST"])
def test_what_is_no_position_is_refused_everywhere_by_the_name_of_the_header(
    client: FlaskClient, address: Address, method: str
) -> None:
    client.get(address.path, buffered=True)  # so that a cache could answer
    answer = client.open(address.path, method=method, headers={AT_LEAST: "soon"})
    if method == "HEAD":
        assert answer.status_code == 400
    else:
        assert AT_LEAST in problem(answer, 400, "bad-request")["detail"]


@every("value", NO_POSITIONS, ids=lambda value: value[:20])
def test_no_position_is_guessed_from_a_value(client: FlaskClient, value: str) -> None:
    answer = client.get(RECORD, headers={AT_LEAST: value.encode().decode("latin-1")})
    assert AT_LEAST in problem(answer, 400, "bad-request")["detail"]


@every("beyond", [1, LAST_SEQUENCE])
def test_a_position_that_was_not_reached_is_refused_at_once(client: FlaskClient, beyond: int) -> None:
    reached = int(client.get(RECORD).headers["Tasrih-Position"])
    assert client.get(RECORD, headers={AT_LEAST: str(reached)}).status_code == 200
    began = time.monotonic()
    answer = client.get(RECORD, headers={AT_LEAST: str(min(reached + beyond, LAST_SEQUENCE))})
    assert time.monotonic() - began < TOO_LONG
    problem(answer, 503, "position-not-reached")
    assert answer.headers["Retry-After"] == "1"


@every(
    "address",
    [
        RECORD,
        "/v1/statements",
        "/v1/statements?speaker=russia&total=exact",
        "/v1/statements?q=peace&act=welcome&since=1990",
        "/v1/statements?speaker=nobody-at-all",
        "/v1/statements/facets?facet=act,year",
        f"{RECORD}/statements?limit=1&expand=speakers",
    ],
)
def test_the_position_of_an_answer_costs_no_statement_of_its_own(
    app: Flask, client: FlaskClient, statements_run: list[str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    client.get(address)  # so that documents are there
    statements_run.clear()
    client.get(address)
    by_itself = len(statements_run)
    statements_run.clear()
    with monkeypatch.context() as patched:
        patched.setattr(app.wsgi_app, "application", Positions(app.wsgi_app.application))  # type: ignore[attr-defined]
        answer = client.get(address)
    with_position = len(statements_run)
    assert int(answer.headers["Tasrih-Position"]) == last_sequence() > 0
    assert with_position == by_itself


def test_a_change_is_made_only_where_the_position_was_reached(writer: Writer) -> None:
    address, tag = "/v1/speakers/agency", writer.etag("/v1/speakers/agency")
    reached = int(writer.client.get(address).headers["Tasrih-Position"])
    for position, status in ((reached + 1, 503), (reached, 200)):
        body = {"name": {"en": "Another name"}}
        answer = writer.send("PATCH", address, body, if_match=tag, tasrih_at_least=str(position))
        assert answer.status_code == status, answer.text
        assert bool(log()) == (status == 200)
    assert int(answer.headers["Tasrih-Position"]) > reached
