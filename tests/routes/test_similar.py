"""The statements that are similar to another, and why."""

import re
from typing import Any

import pytest
from asking import ask, everything
from changing import Writer
from flask.testing import FlaskClient

from api.routes.similar import EXAMPLE

WELCOME = "/v1/statements/guterres-welcomes-russia-role-karabakh-2020-12"

ANSWERS = {
    "armenia-reports-its-casualties-2022-09": "azerbaijan-reports-its-casualties-2022-09",
    "azerbaijan-accuses-armenia-of-new-attacks-2022-09": "armenia-accuses-azerbaijan-of-new-attacks-2022-09",
    "armenia-announces-ceasefire-2022-09-14": "jenca-welcomes-ceasefire-2022-09-15",
    "guterres-welcomes-sochi-trilateral-meeting-2021": "guterres-takes-note-of-sochi-joint-statement-2021",
    "dujarric-un-experts-ready-assess-karabakh-aid-2020": "zakharova-un-assessment-mission-preparing-2020-12-03",
    "guterres-supports-minsk-co-chairs-2021-09": "guterres-welcomes-minsk-co-chairs-statement-2021-09",
    "aliyev-acknowledges-russian-role-2022": "putin-recalls-aliyev-on-russian-role-2022-10-31",
    "un-ready-to-support-armenia-azerbaijan-efforts-2021-11": "un-ready-to-support-through-ongoing-work-2021-09",
    "azerbaijan-offers-remains-of-100-soldiers-2022-09-14": "azerbaijan-says-100-soldiers-died-in-clashes-2022-09-14",
}
"""Statements of the corpus, each with another that says the like."""


def similar(client: FlaskClient, statement: str, query: str = "") -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = ask(client, f"/v1/statements/{statement}/similar?{query}")["similar"]
    return answer


def held(statement: dict[str, Any]) -> dict[str, set[str]]:
    """What a statement has, by the filter that finds it."""
    return {
        "act": {statement["act"]},
        "agreement": {each["agreement"]["id"] for each in statement["agreements"]},
        "event": {each["id"] for each in [statement["event"], *statement["about_events"]] if each},
        "place": {each["id"] for each in statement["places"]},
        "speaker": {each["speaker"]["id"] for each in statement["speakers"]},
        "target": {each["id"] for each in statement["targets"]},
        "topic": set(statement["topics"]),
        "word": {word for text in statement["summary"].values() for word in re.findall(r"[\w'’\u064b-\u0652]+", text)},
    }


def test_statements_that_say_the_like_are_among_the_first(client: FlaskClient) -> None:
    for statement, answer in ANSWERS.items():
        assert answer in [each["id"] for each in similar(client, statement, "limit=5")], statement


def test_each_says_truly_what_it_shares(client: FlaskClient) -> None:
    statements = {each["id"]: each for each in everything(client, "statements", "")}
    for this in ANSWERS:
        nearest = similar(client, this, "limit=50")
        assert this not in [each["id"] for each in nearest]
        scores = [each["score"] for each in nearest]
        assert scores == sorted(scores, reverse=True)
        assert all(0.1 <= score <= 1 for score in scores)
        for each in nearest:
            for kind, values in each["shared"].items():
                others = set(values) if kind == "word" else held(statements[each["id"]])[kind]
                assert set(values) <= held(statements[this])[kind] & others, (this, each, kind)


def test_the_statements_are_those_of_other_lists(client: FlaskClient) -> None:
    answer = ask(client, f"{WELCOME}/similar?limit=3")
    assert answer["page"] == {"limit": 3, "next": None, "prev": None}
    assert [each["id"] for each in answer["data"]] == [each["id"] for each in answer["similar"]]
    assert answer["data"] == [ask(client, f"/v1/statements/{each['id']}") for each in answer["data"]]
    first = answer["data"][0]["id"]
    for query in ("fields=act,date", "expand=places,terms,dates", "lang=ar", "view=summary"):
        shaped = ask(client, f"{WELCOME}/similar?{query}")["data"][0]
        listed = next(each for each in everything(client, "statements", query) if each["id"] == first)
        assert shaped == listed, query


def test_the_example_of_the_contract_is_an_answer(client: FlaskClient) -> None:
    assert ask(client, f"{WELCOME}/similar?limit=1&fields=act,date") == EXAMPLE


@pytest.mark.parametrize("query", ["limit=51", "as_of=2026-01-01T00:00:00Z", "cursor=x", "q=peace"])
def test_it_takes_a_number_and_a_form_and_nothing_else(client: FlaskClient, query: str) -> None:
    assert client.get(f"{WELCOME}/similar?{query}").status_code == 422


def test_a_deleted_statement_is_gone_and_a_lonely_one_is_like_no_other(writer: Writer) -> None:
    path = "/v1/statements/premier-answers"
    assert ask(writer.client, f"{path}/similar")["similar"] is not None
    for statement in everything(writer.client, "statements", ""):
        if statement["id"] != "premier-answers":
            address = f"/v1/statements/{statement['id']}"
            writer.send("DELETE", address, None, if_match=writer.etag(address))
    assert ask(writer.client, f"{path}/similar")["data"] == []
    writer.send("DELETE", path, None, if_match=writer.etag(path))
    assert writer.client.get(f"{path}/similar").status_code == 410
