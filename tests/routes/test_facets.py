"""Counting statements: by value and along time, always in agreement with the lists."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from asking import ask, everything, mistakes
from every import every
from flask.testing import FlaskClient

NARROWINGS = ("", "speaker=antonio-guterres", "q=غوتيريش&since=2021", "agreement=trilateral-statement-2020-11-09&relation=describes", "first_hand=true&agent=tass")  # fmt: skip
ALSO_FILTERS = "speaker target act agreement relation topic place event article publisher agent mode".split()
FACETS = [*ALSO_FILTERS, "year", "month"]

narrowed = pytest.mark.parametrize("query", NARROWINGS)


def counts(client: FlaskClient, facet: str, query: str = "") -> dict[str, int]:
    (counted,) = ask(client, f"/v1/statements/facets?facet={facet}&facet_limit=1000&{query}")["data"]
    assert (counted["facet"], counted["more"]) == (facet, 0)
    values = [value["value"] for value in counted["values"]]
    assert len(values) == len(set(values))
    return {value["value"]: value["count"] for value in counted["values"]}


def total(client: FlaskClient, query: str) -> int:
    return int(ask(client, f"/v1/statements?limit=1&total=exact&{query}")["page"]["total"])


def test_everything_is_counted_unless_asked_for_less(client: FlaskClient) -> None:
    assert [counted["facet"] for counted in ask(client, "/v1/statements/facets")["data"]] == FACETS
    two = ask(client, "/v1/statements/facets?facet=year,act")["data"]
    assert [counted["facet"] for counted in two] == ["year", "act"]


@every("facet", ALSO_FILTERS)
def test_a_count_is_the_length_of_the_list_that_the_value_finds(client: FlaskClient, facet: str) -> None:
    counted = counts(client, facet)
    assert counted
    assert counted == {value: total(client, f"{facet}={value}") for value in counted}


@pytest.mark.parametrize("facet", ["act", "topic", "article", "agent", "speaker"])
def test_counts_of_a_narrowed_search_are_those_of_the_narrowed_list(client: FlaskClient, facet: str) -> None:
    query = "since=2021&until=2021&q=غوتيريش"
    counted = counts(client, facet, query)
    assert counted == {value: total(client, f"{facet}={value}&{query}") for value in counted} != {}


@narrowed
def test_years_and_months_add_up_to_everything_found(client: FlaskClient, query: str) -> None:
    found = everything(client, "statements", query)
    for facet, characters in (("year", 4), ("month", 7)):
        assert counts(client, facet, query) == Counter(_sort_key(statement)[:characters] for statement in found)


def _sort_key(statement: dict[str, Any]) -> str:
    return str(statement["date_earliest"] or statement["date_latest"])


def test_the_most_frequent_come_first_and_the_rest_are_counted(client: FlaskClient) -> None:
    (whole,) = ask(client, "/v1/statements/facets?facet=topic&facet_limit=1000")["data"]
    keys = [(-value["count"], value["value"]) for value in whole["values"]]
    assert keys == sorted(keys)
    (short,) = ask(client, "/v1/statements/facets?facet=topic&facet_limit=3")["data"]
    assert short == {**whole, "values": whole["values"][:3], "more": len(whole["values"]) - 3}


def test_values_carry_their_labels(client: FlaskClient) -> None:
    data = ask(client, "/v1/statements/facets?facet=act,speaker,year&facet_limit=1000")["data"]
    labels = {(counted["facet"], value["value"]): value["name"] for counted in data for value in counted["values"]}
    assert labels["act", "welcome"]["en"] == "Welcome"
    assert labels["speaker", "antonio-guterres"]["ar"] == "أنطونيو غوتيريش"
    assert labels["year", "2020"] is None


def test_a_facet_named_twice_is_counted_once(client: FlaskClient) -> None:
    once = ask(client, "/v1/statements/facets?facet=act")
    assert ask(client, "/v1/statements/facets?facet=act,act") == once


def test_nothing_found_counts_nothing(client: FlaskClient) -> None:
    data = ask(client, "/v1/statements/facets?speaker=nobody")["data"]
    assert [(counted["values"], counted["more"]) for counted in data] == [([], 0)] * len(FACETS)
    assert ask(client, "/v1/statements/timeline?speaker=nobody")["data"] == []


# --- along time ------------------------------------------------------------------------------------------------------

LENGTHS = {"day": 1, "week": 7, "month": 31, "year": 366}


@narrowed
@pytest.mark.parametrize("interval", LENGTHS)
def test_the_stretches_of_a_timeline_hold_everything_found_once(client: FlaskClient, interval: str, query: str) -> None:
    answer = ask(client, f"/v1/statements/timeline?interval={interval}&{query}")
    assert answer["interval"] == interval
    spans = [(date.fromisoformat(s["start"]), date.fromisoformat(s["end"]), s["count"]) for s in answer["data"]]
    days = [date.fromisoformat(_sort_key(statement)) for statement in everything(client, "statements", query)]
    assert [count for _, _, count in spans] == [sum(start <= day <= end for day in days) for start, end, _ in spans]
    assert sum(count for _, _, count in spans) == len(days) > 0
    assert spans == sorted(spans)
    assert all(timedelta(0) <= end - start < timedelta(LENGTHS[interval]) for start, end, _ in spans)


def test_weeks_begin_on_monday_and_months_and_years_are_those_of_the_calendar(client: FlaskClient) -> None:
    def stretches(interval: str) -> list[tuple[str, str]]:
        data = ask(client, f"/v1/statements/timeline?interval={interval}&since=2020-11-13&until=2020-11-13&act=decree")
        return [(span["start"], span["end"]) for span in data["data"]]

    assert stretches("day") == [("2020-11-13", "2020-11-13")]
    assert stretches("week") == [("2020-11-09", "2020-11-15")]
    assert stretches("month") == [("2020-11-01", "2020-11-30")]
    assert stretches("year") == [("2020-01-01", "2020-12-31")]


def test_a_month_is_the_interval_unless_another_is_asked_for(client: FlaskClient) -> None:
    assert ask(client, "/v1/statements/timeline") == ask(client, "/v1/statements/timeline?interval=month")


@every(
    ("address", "wrong"),
    [
        ("facets?facet=nonsense", ["facet"]),
        ("facets?facet=", ["facet"]),
        ("facets?facet_limit=0", ["facet_limit"]),
        ("facets?facet_limit=1001", ["facet_limit"]),
        ("facets?limit=5", ["limit"]),
        ("facets?sort=date&facet=x", ["facet", "sort"]),
        ("facets?since=2021&until=2020", ["until"]),
        ("facets?q=-", ["q"]),
        ("timeline?interval=hour", ["interval"]),
        ("timeline?interval=day&interval=week", ["interval"]),
        ("timeline?facet=act", ["facet"]),
        ("timeline?q=%22", ["q"]),
        ("timeline?cursor=x&limit=1", ["cursor", "limit"]),
    ],
)  # fmt: skip
def test_what_can_t_be_counted_is_refused(client: FlaskClient, address: str, wrong: list[str]) -> None:
    assert mistakes(client.get(f"/v1/statements/{address}")) == wrong
