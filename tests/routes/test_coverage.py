"""Coverage: what was read of which publisher, and what an empty list of statements says about it."""

from typing import Any

import pytest
from asking import ask, ids, problem
from builders import ref
from changing import Writer
from flask.testing import FlaskClient

PERIOD = {
    "id": "outlet-in-december",
    "publisher": ref("outlet"),
    "period": "2020-12-05/2020-12-20",
    "extent": "whole",
    "guide": "1",
    "read_by": "The desk",
    "date": "2021-02",
}


def of_publisher(client: FlaskClient, publisher: str, query: str = "") -> dict[str, Any]:
    [entry] = ask(client, f"/v1/coverage?publisher={publisher}{query}")["data"]
    assert entry["publisher"]["id"] == publisher
    return dict(entry)


def test_each_article_of_the_corpus_was_read_by_two_readers_by_a_version_of_the_guide(client: FlaskClient) -> None:
    readings = ask(client, "/v1/readings?sort=id")["data"]
    assert [reading["article"]["id"] for reading in readings] == ids(client, "/v1/articles?sort=id")
    assert {(reading["extent"], reading["guide"], reading["read_by"]) for reading in readings} == {
        ("double", "1", "Tasrih")
    }


def test_coverage_counts_the_articles_of_each_publisher_and_says_that_no_day_was_read_whole(
    client: FlaskClient,
) -> None:
    entry = of_publisher(client, "russia-islamic-world-vision-group", "&since=2020-12&until=2021-10-31")
    assert entry["articles"] == {"known": 2, "read": 2, "by_extent": [{"extent": "double", "count": 2}]}
    assert entry["stretches"] == []
    assert entry["days"] == {
        "asked": 335,
        "covered": 0,
        "not_covered": [{"start": "2020-12-01", "end": "2021-10-31"}],
    }
    earlier = of_publisher(client, "russia-islamic-world-vision-group", "&until=2020-12")
    assert (earlier["articles"]["known"], earlier["days"]) == (1, None)


def test_coverage_pages_through_the_publishers_both_ways(client: FlaskClient) -> None:
    whole = ask(client, "/v1/coverage")["data"]
    assert [entry["publisher"]["id"] for entry in whole] == sorted(entry["publisher"]["id"] for entry in whole)
    first = ask(client, "/v1/coverage?limit=3")
    second = ask(client, first["page"]["next"])
    assert [*first["data"], *second["data"]] == whole
    assert ask(client, second["page"]["prev"])["data"] == first["data"]


def test_a_period_read_whole_covers_its_days_and_the_articles_in_it(writer: Writer) -> None:
    writer.put("/v1/readings/outlet-in-december", PERIOD)
    article = writer.get("/v1/articles/page")
    writer.put("/v1/articles/within", {**article, "id": "within", "sha256": "0" * 64, "published": "2020-12-10"})
    entry = of_publisher(writer.client, "outlet", "&since=2020-12-01&until=2020-12-31")
    assert entry["articles"]["by_extent"] == [{"extent": "whole", "count": 2}]
    assert entry["stretches"] == [{"start": "2020-12-05", "end": "2020-12-20", "extent": "whole"}]
    assert entry["days"] == {
        "asked": 31,
        "covered": 16,
        "not_covered": [{"start": "2020-12-01", "end": "2020-12-04"}, {"start": "2020-12-21", "end": "2020-12-31"}],
    }
    assert set(ids(writer.client, "/v1/readings?publisher=outlet")) == {"outlet-in-december", "first-reading"}
    assert ids(writer.client, "/v1/readings?publisher=none") == []


def test_what_is_known_but_was_not_read_is_not_counted_as_read(writer: Writer) -> None:
    writer.patch("/v1/readings/first-reading", {"extent": "unread"})
    entry = of_publisher(writer.client, "outlet")
    assert entry["articles"] == {"known": 1, "read": 0, "by_extent": [{"extent": "unread", "count": 1}]}
    coverage = ask(writer.client, "/v1/statements?act=condemn")["coverage"]
    assert (coverage["articles"], coverage["complete"], coverage["periods"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("query", "articles", "href"),
    [
        ("act=condemn", 5, "/v1/coverage"),
        ("act=condemn&publisher=un-news&since=2021", 1, "/v1/coverage?publisher=un-news&since=2021"),
        ("act=condemn&since=2019&reported_until=2021", 3, "/v1/coverage?since=2019&until=2021"),
        ("act=condemn&until=2019", 0, "/v1/coverage?until=2019"),
        (
            "act=condemn&article=vision-group-lavrov-guterres-2020",
            1,
            "/v1/readings?article=vision-group-lavrov-guterres-2020",
        ),
    ],
)
def test_an_empty_list_of_statements_says_what_was_read(
    client: FlaskClient, query: str, articles: int, href: str
) -> None:
    answer = ask(client, f"/v1/statements?{query}")
    assert answer["data"] == []
    assert (answer["coverage"]["articles"], answer["coverage"]["complete"]) == (articles, articles)
    assert answer["coverage"]["href"].removeprefix("http://localhost") == href
    ask(client, href)


def test_a_list_with_statements_and_one_of_other_records_say_nothing_of_coverage(client: FlaskClient) -> None:
    assert "coverage" not in ask(client, "/v1/statements?act=welcome")
    assert "coverage" not in ask(client, "/v1/speakers?kind=group&part_of=russia")


def test_a_publisher_that_nobody_knows_is_named_and_days_in_the_wrong_order_are_refused(client: FlaskClient) -> None:
    answer = ask(client, "/v1/coverage?publisher=nobody")
    assert answer["data"] == []
    assert answer["page"]["warnings"][0]["parameter"] == "publisher"
    problem(client.get("/v1/coverage?since=2022&until=2021"), 422, "invalid-parameters")


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"article": ref("page")}, ["/publisher", "/period"]),
        ({"period": None}, ["/period"]),
        ({"publisher": None, "period": None}, ["/publisher", "/period"]),
    ],
)
def test_a_reading_is_of_an_article_or_of_a_publisher_and_a_period(
    writer: Writer, change: dict[str, Any], pointers: list[str]
) -> None:
    answer = writer.send("POST", "/v1/readings", {**PERIOD, **change})
    errors = problem(answer, 422, "invalid-document")["errors"]
    assert sorted(error["pointer"] for error in errors) == sorted(pointers)
