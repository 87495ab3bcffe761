"""Links between statements both ways, and the three clocks: when it was said, published and known."""

from typing import Any

import pytest
from asking import ask, everything, ids, mistakes, problem
from builders import ref
from changing import Writer
from flask.testing import FlaskClient

from schemas.values import dates

ARMENIA = "/v1/statements/armenia-reports-its-casualties-2022-09"
RELATIONS = ("responds-to", "repeats", "denies", "corrects", "contradicts")


def linked(client: FlaskClient, address: str) -> list[tuple[str, str, str]]:
    data = ask(client, f"{address}/links")["data"]
    return [(link["direction"], link["relation"], link["statement"]["id"]) for link in data]


def test_links_lead_both_ways(client: FlaskClient) -> None:
    assert linked(client, ARMENIA) == [
        ("to", "repeats", "pashinyan-reports-105-soldiers-killed-2022-09"),
        ("from", "responds-to", "jenca-reports-casualty-numbers-of-both-sides-2022-09-15"),
    ]
    problem(client.get("/v1/statements/nobody-said-so/links"), 404, "no-such-record")
    problem(client.get(f"{ARMENIA}/links?as_of=2020-01-01T00:00:00Z"), 404, "no-such-record")


def test_every_link_is_listed_at_both_of_its_ends(client: FlaskClient) -> None:
    for statement in everything(client, "statements", "link=responds-to&link=repeats"):
        for link in statement["links"]:
            other = f"/v1/statements/{link['statement']['id']}"
            assert ("from", link["relation"], statement["id"]) in linked(client, other)


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_filter_finds_the_statements_that_refer_to_others_so(client: FlaskClient, relation: str) -> None:
    whole = everything(client, "statements")
    with_link = {each["id"] for each in whole if relation in {link["relation"] for link in each["links"]}}
    assert {*ids(client, f"/v1/statements?limit=200&link={relation}")} == with_link
    assert {*ids(client, f"/v1/statements?limit=200&not_link={relation}")} == {each["id"] for each in whole} - with_link
    without = {*ids(client, "/v1/statements?limit=200&link=none")}
    assert without == {each["id"] for each in whole if not each["links"]}


# --- clocks ----------------------------------------------------------------------------------------------------------


def published(client: FlaskClient) -> dict[str, dates.Days]:
    return {article["id"]: dates.parse(article["published"]) for article in everything(client, "articles")}


@pytest.mark.parametrize("match", ["possible", "certain"])
@pytest.mark.parametrize(
    ("since", "until"), [("2020-12-04", "2020-12-04"), ("2021-11-27", "2021-11-28"), ("2021", "2022-09"), ("2021-11", "2021-11")]
)  # fmt: skip
def test_a_range_of_days_finds_what_was_published_then(client: FlaskClient, since: str, until: str, match: str) -> None:
    first, last, days = dates.parse(since).earliest, dates.parse(until).latest, published(client)

    def lies_in(article: str) -> bool:
        earliest, latest = days[article]
        if match == "certain":
            return first <= earliest and latest <= last
        return earliest <= last and first <= latest

    query = f"reported_since={since}&reported_until={until}&date_match={match}"
    expected = {
        each["id"]
        for each in everything(client, "statements")
        if any(lies_in(report["article"]["id"]) for report in each["reports"])
    }
    assert {*ids(client, f"/v1/statements?limit=200&{query}")} == expected
    counted = ask(client, f"/v1/statements/facets?facet=year&{query}")["data"][0]["values"]
    assert sum(value["count"] for value in counted) == len(expected)


@pytest.mark.parametrize("order", ["reported", "-reported"])
def test_statements_are_sorted_by_when_they_were_first_published(client: FlaskClient, order: str) -> None:
    days = published(client)
    first = {
        each["id"]: min(days[report["article"]["id"]].earliest for report in each["reports"])
        for each in everything(client, "statements")
    }
    found: list[str] = []
    following: str | None = f"/v1/statements?sort={order}&limit=40"
    while following:
        page = ask(client, following)
        found += [each["id"] for each in page["data"]]
        following = page["page"]["next"]
    assert len(found) == len(first)
    assert [first[each] for each in found] == sorted(first.values(), reverse=order.startswith("-"))


def test_the_range_holds_for_the_same_report_as_the_publisher(client: FlaskClient) -> None:
    assert ids(client, "/v1/statements?publisher=al-jazeera&reported_since=2022-09-15&limit=1")
    assert not ids(client, "/v1/statements?publisher=al-jazeera&reported_until=2022-09-14")
    assert mistakes(client.get("/v1/statements?reported_since=2022&reported_until=2021")) == ["reported_until"]


def test_what_had_been_printed_by_a_day_of_what_was_said_by_then_as_it_was_known_at_a_moment(writer: Writer) -> None:
    """Said on 4 December and printed on the 5th; a second page, printed on the 9th, was found later."""
    address = "/v1/statements/premier-answers"
    article = {**writer.get("/v1/articles/page"), "id": "second-page", "published": "2020-12-09", "sha256": "ef" * 32}
    before = writer.get(address)
    writer.put("/v1/articles/second-page", article)
    report = {**before["reports"][0], "article": ref("second-page")}
    writer.put(address, {**before, "date": "2020-12-04", "reports": [report]})
    moment = before["updated_at"]

    def found(**clocks: Any) -> bool:
        query = "&".join(f"{name}={value}" for name, value in clocks.items())
        return "premier-answers" in ids(writer.client, f"/v1/statements?{query}")

    assert found(until="2020-12-05", reported_until="2020-12-09")
    assert not found(until="2020-12-05", reported_until="2020-12-05")  # as is known by now, it was printed on the 9th
    assert found(until="2020-12-05", reported_until="2020-12-05", as_of=moment)  # then, on the 5th
    assert not found(until="2020-12-03", reported_until="2020-12-05", as_of=moment)
