"""What filters exclude, records without a value, and ids in filters that no record has."""

from typing import Any

import pytest
from addresses import READS, parameters
from asking import ask, mistakes
from changing import Writer
from every import every
from flask.testing import FlaskClient

from api.application import OPERATIONS
from schemas.fields import Slug
from schemas.parameters.filters import NOT
from schemas.parameters.values import AnyOf

COLLECTIONS = {address.rule: address for address in READS if address.rule.count("/") == 2}
FIELDS: dict[str, Any] = {operation.rule: operation.query.fields for operation in OPERATIONS if operation.reads}
EXCLUDABLE = [
    (rule, name)
    for rule in COLLECTIONS
    for name, field in FIELDS[rule].items()
    if f"{NOT}{name}" in FIELDS[rule] and rule != "/v1/figures"  # which have no ids: tests/routes/test_figures.py
]
OPTIONAL = [(rule, name) for rule, name in EXCLUDABLE if getattr(FIELDS[rule][name], "optional", False)]


def total(client: FlaskClient, path: str, query: str) -> int:
    return int(ask(client, f"{path}?limit=1&total=exact&{query}")["page"]["total"])


def listed(client: FlaskClient, path: str, query: str) -> set[str]:
    return {record["id"] for record in ask(client, f"{path}?limit=200&{query}")["data"]}


def example(rule: str, name: str) -> Any:
    return parameters(COLLECTIONS[rule])[name][0]


def test_every_filter_that_may_be_repeated_can_exclude() -> None:
    for address in COLLECTIONS.values():
        if address.rule == "/v1/coverage":  # a list of publishers, of which some are wanted
            continue
        repeatable = {name for name, field in FIELDS[address.rule].items() if isinstance(field, AnyOf)}
        assert {name for name in repeatable if f"{NOT}{name}" not in repeatable and not name.startswith(NOT)} <= {
            "type"
        }


@every(("rule", "name"), EXCLUDABLE)
def test_what_a_filter_finds_and_what_it_excludes_are_everything(client: FlaskClient, rule: str, name: str) -> None:
    value = example(rule, name)
    found, rest = (listed(client, rule, f"{prefix}{name}={value}") for prefix in ("", NOT))
    assert found
    assert not found & rest
    assert found | rest == listed(client, rule, "")
    assert listed(client, rule, f"{NOT}{name}={value}&sort=updated_at") == rest


@every(("rule", "name"), OPTIONAL)
def test_none_finds_the_records_that_no_value_finds(client: FlaskClient, rule: str, name: str) -> None:
    without = listed(client, rule, f"{name}=none")
    assert len(without) == total(client, rule, f"{name}=none")
    assert not without & listed(client, rule, f"{name}={example(rule, name)}")
    assert without <= listed(client, rule, f"{NOT}{name}={example(rule, name)}")


def test_facets_tell_how_many_records_have_none(client: FlaskClient) -> None:
    for query in ("", "since=2021&until=2021", "not_act=report"):
        for facet in ask(client, f"/v1/statements/facets?{query}")["data"]:
            without = ("/v1/statements", facet["facet"]) in OPTIONAL
            expected = total(client, "/v1/statements", f"{facet['facet']}=none&{query}") if without else 0
            assert facet["missing"] == expected, facet["facet"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("speaker=antonio-guterres&not_act=discuss", "speaker=antonio-guterres"),
        ("agreement=none&speaker=antonio-guterres&sort=date", "speaker=antonio-guterres&sort=date"),
        ("q=غوتيريش&not_speaker=antonio-guterres&not_topic=ceasefire", "q=غوتيريش"),
        ("since=2021&until=2021&topic=none", "since=2021&until=2021"),
        ("act=welcome&act=commend&not_agent=tass&place=none", "act=welcome&act=commend"),
    ],
)
def test_exclusions_narrow_what_other_filters_find(client: FlaskClient, query: str, expected: str) -> None:
    excluded = {name: value for name, value in (part.split("=") for part in query.split("&")) if name not in expected}
    rest = listed(client, "/v1/statements", expected)
    for name, value in excluded.items():
        if value == "none":
            rest &= listed(client, "/v1/statements", f"{name}=none")
        else:
            rest -= listed(client, "/v1/statements", f"{name.removeprefix(NOT)}={value}")
    assert listed(client, "/v1/statements", query) == rest
    paged = ask(client, f"/v1/statements?limit=1&{query}")["page"]["next"]
    assert (paged is not None) == (len(rest) > 1)


@pytest.mark.parametrize(
    "query", ["act=none", "speaker=none", "not_agreement=none", "agreement=none&agreement=sochi", "article=none"]
)
def test_none_is_refused_where_it_would_find_nothing_or_say_two_things(client: FlaskClient, query: str) -> None:
    assert mistakes(client.get(f"/v1/statements?{query}")) == [query.partition("=")[0]]


def test_no_record_can_be_called_none(writer: Writer) -> None:
    answer = writer.client.put(
        "/v1/places/none",
        json={"kind": "city", "name": {"en": "None"}},
        headers={**writer.headers, "If-None-Match": "*"},
    )
    assert answer.status_code == 422
    assert "'none'" in answer.get_json()["errors"][0]["detail"]


# --- ids -------------------------------------------------------------------------------------------------------------

UNKNOWN = [{"parameter": "speaker", "detail": "No record of 'speakers' has the id 'nobody'."}]


@pytest.mark.parametrize(
    ("query", "is_empty"),
    [
        ("speaker=nobody", True),
        ("speaker=nobody&speaker=antonio-guterres", False),
        ("speaker=nobody&act=welcome", True),
    ],
)
def test_an_id_that_no_record_has_is_told(client: FlaskClient, query: str, is_empty: bool) -> None:
    page = ask(client, f"/v1/statements?{query}")
    assert page["page"]["warnings"] == UNKNOWN
    assert (page["data"] == []) == is_empty
    assert ask(client, f"/v1/statements/facets?{query}")["warnings"] == UNKNOWN
    assert ask(client, f"/v1/statements/timeline?{query}")["warnings"] == UNKNOWN
    assert mistakes(client.get(f"/v1/statements/export?{query}")) == ["speaker"]


@every(("rule", "name"), [(r, n) for r, n in EXCLUDABLE if isinstance(FIELDS[r][n].inner, Slug)])
def test_an_unknown_id_is_told_in_every_filter_that_takes_ids(client: FlaskClient, rule: str, name: str) -> None:
    for parameter in (name, f"{NOT}{name}"):
        [warning] = ask(client, f"{rule}?{parameter}=nobody&limit=1")["page"]["warnings"]
        assert warning["parameter"] == parameter


def test_known_ids_that_find_nothing_give_no_warning(client: FlaskClient) -> None:
    page = ask(client, "/v1/statements?speaker=tass&act=welcome&act=decree")
    assert (page["data"], "warnings" in page["page"]) == ([], False)
